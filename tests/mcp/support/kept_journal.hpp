// The change journal of a scripted call, in memory and in the clear. Off until a test wants it.
#pragma once

#include "base/result.hpp"
#include "mcp/changes.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

namespace mcp_test {

class kept_journal {
  public:
    bool on = false;
    std::optional<error> refuses;         // what is told before a write
    std::vector<mcp::change_record> kept; // the oldest first
    std::vector<std::size_t> sent_before; // requests that had left when each began

    result<std::string> begin(mcp::change_begun what, std::int64_t now, std::size_t sent) {
        if (!on) return std::string();
        if (refuses) return *refuses;
        mcp::change_record c;
        c.call = "call" + std::to_string(call_);
        c.id = c.call + "." + std::to_string(++in_call_);
        c.tool = "tool";
        c.object = std::move(what.object);
        c.effect = std::move(what.effect);
        c.undoes = std::move(what.undoes);
        c.ids = std::move(what.ids);
        c.at = now;
        c.begun = std::move(what.body);
        kept.push_back(std::move(c));
        sent_before.push_back(sent);
        return kept.back().id;
    }
    result<done> end(mcp::change_ended what) {
        for (auto& c : kept)
            if (c.id == what.id) {
                c.state = what.state;
                if (!what.body.empty()) c.ended = std::move(what.body);
            }
        return done{};
    }
    result<std::vector<mcp::change_record>> find(const mcp::change_query& q) {
        if (!on) return error(errc::unsupported, "The change journal is switched off.");
        std::vector<mcp::change_record> out;
        bool behind = q.before.empty();
        for (const auto& c : std::views::reverse(kept)) {
            const auto among = [](const auto& list, const auto& one) {
                return std::ranges::find(list, one) != list.end();
            };
            const bool wanted = behind && (q.ids.empty() || among(q.ids, c.id)) &&
                                (q.call.empty() || q.call == c.call) &&
                                (q.object.empty() || q.object == c.object) &&
                                (q.record.empty() || among(c.ids, q.record)) &&
                                (q.since == 0 || c.at >= q.since);
            behind = behind || c.id == q.before;
            if (!wanted || out.size() >= q.limit) continue;
            out.push_back(c);
            out.back().undone = undone_of(c);
        }
        return out;
    }
    void call_is_over() {
        ++call_;
        in_call_ = 0;
        for (auto& c : kept)
            if (c.state == mcp::change_state::begun) c.state = mcp::change_state::unknown;
    }

  private:
    [[nodiscard]] std::vector<std::string> undone_of(const mcp::change_record& c) const {
        std::vector<std::string> out;
        for (const auto& u : kept) {
            if (u.undoes != c.id || u.state != mcp::change_state::done) continue;
            const auto redone = undone_of(u);
            for (const auto& id : u.ids)
                if (std::ranges::find(redone, id) == redone.end()) out.push_back(id);
        }
        return out;
    }
    int call_ = 1;
    int in_call_ = 0;
};

} // namespace mcp_test
