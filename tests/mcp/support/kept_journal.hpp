// The change journal of a scripted call, in memory and in the clear. Off until a test wants it.
#pragma once

#include "base/result.hpp"
#include "mcp/changes.hpp"

#include <algorithm>
#include <map>
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
    int asked = 0;
    std::vector<std::size_t> sent_before; // requests that had left when each began

    result<std::string> begin(mcp::change_begun what, std::int64_t now, std::size_t sent) {
        if (!on) return std::string();
        if (refuses) return *refuses;
        mcp::change_record c;
        c.call = id_of_call();
        c.number = static_cast<std::int64_t>(kept.size()) + 1;
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
            if (c.id == what.id && c.state != mcp::change_state::refused) {
                if (c.state == mcp::change_state::begun && what.state == mcp::change_state::refused)
                    c.begun.clear();
                c.state = what.state;
                if (!what.body.empty()) c.ended = std::move(what.body);
            }
        return done{};
    }
    result<std::vector<mcp::change_record>> find(const mcp::change_query& q) {
        if (!on) return error(errc::unsupported, "The change journal is switched off.");
        ++asked;
        std::vector<mcp::change_record> out;
        bool behind = q.before.empty();
        for (const auto& c : std::views::reverse(kept)) {
            const auto among = [](const auto& list, const auto& one) {
                return std::ranges::find(list, one) != list.end();
            };
            const bool wanted =
                behind && (q.ids.empty() || among(q.ids, c.id)) &&
                (q.call.empty() || q.call == c.call) &&
                (q.object.empty() || q.object == c.object) &&
                (q.records.empty() ||
                 std::ranges::any_of(q.records, [&](const auto& r) { return among(c.ids, r); })) &&
                (q.since == 0 || c.at >= q.since);
            behind = behind || c.id == q.before;
            if (!wanted || out.size() >= q.limit) continue;
            out.push_back(c);
            note_undone(out.back());
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
    // Of the changes that undo one, or undo that, the last has the say (store/changes_undone).
    void note_undone(mcp::change_record& of) const {
        std::map<std::string, bool> undoes{{of.id, false}}; // what undoes `id`: does it undo `of`?
        std::map<std::string, bool> done;                   // by record
        std::map<std::string, bool> open;
        for (const auto& c : kept) {
            const auto target = undoes.find(c.undoes);
            if (target == undoes.end() || c.state == mcp::change_state::refused) continue;
            undoes.emplace(c.id, !target->second);
            const bool is_done = c.state == mcp::change_state::done;
            for (const auto& record : c.ids) {
                open[record] = !is_done;
                if (is_done) done[record] = !target->second;
            }
        }
        for (const auto& [record, taken_back] : done)
            if (taken_back) of.undone.push_back(record);
        for (const auto& [record, is_open] : open)
            if (is_open) of.undone_perhaps.push_back(record);
    }
    // Ten letters, as calls have them.
    [[nodiscard]] std::string id_of_call() const {
        std::string out(10, 'b');
        for (int rest = call_, at = 9; rest > 0; rest /= 20, --at)
            out[static_cast<std::size_t>(at)] = "bcdfghjklmnpqrstvwxz"[rest % 20];
        return out;
    }
    int call_ = 1;
    int in_call_ = 0;
};

} // namespace mcp_test
