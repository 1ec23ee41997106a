// A runner for tool coroutines without network, actors or clock: a test lays down what Twenty
// will answer, in order, and reads afterwards what was asked.
#pragma once

#include "base/json.hpp"
#include "base/text.hpp"
#include "crm/catalogue.hpp"
#include "mcp/server.hpp"
#include "primer/skill.hpp"
#include "tests/mcp/support/kept_journal.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mcp_test {

twenty::schema_ptr sample_schema(); // person, company, opportunity, note, noteTarget
twenty::connection sample_connection(twenty::mode mode,
                                     std::optional<std::set<std::string>> objects = std::nullopt);

// The stock model, with a relation "cover" from company to attachment, as people can make one.
twenty::schema_ptr schema_with_cover();

inline constexpr const char* ada = "20202020-b000-4485-94de-70c2a98daef2";
inline constexpr const char* acme = "20202020-a000-4485-94de-70c2a98daef2";
inline constexpr const char* fresh_id = "0190c1f2-5f5c-4e0a-9a35-0d9c1a2b3c4d";

// The n-th id: of the records that a test creates, or of stored ones.
inline std::string id_of(int n) {
    const auto digits = std::to_string(n);
    return "0190c1f2-5f5c-4e0a-9a35-" + std::string(12 - digits.size(), '0') + digits;
}

class script {
  public:
    explicit script(twenty::mode mode = twenty::mode::write,
                    std::optional<std::set<std::string>> objects = std::nullopt)
        : connection_(sample_connection(mode, std::move(objects))), schema(sample_schema()) {
        context.connection = &connection_;
        context.catalogue = &crm::catalogue();
        context.scope_write = mode == twenty::mode::write;
        context.twenty_base_url = "https://crm.example.com";
        context.state_key = &state_key_;
        context.principal = "grant-of-ada";
        context.now = 1'800'000'000;
        context.new_id = [] { return std::string(fresh_id); };
    }
    script(const script&) = delete;
    script& operator=(const script&) = delete;

    // Twenty's next answer: HTTP 200 and this body.
    void answers(std::string body) { answers(200, "application/json", std::move(body)); }
    void answers(int status, std::string content_type, std::string body) {
        twenty::response r;
        r.status = status;
        r.content_type = std::move(content_type);
        r.body = std::move(body);
        replies_.emplace_back(std::move(r));
    }
    void fails(error why) { replies_.emplace_back(std::move(why)); }

    // Sends one message through handle().
    mcp::answer send(mcp::incoming message) {
        context.keeps_changes = journal.on;
        mcp::run<mcp::answer> call(
            [&](mcp::call_slot& slot) { return mcp::handle(slot, std::move(message), context); });
        call.listen(out);
        step([&] { call.start(); });
        while (!call.finished()) {
            auto answer = meet(call.take_need());
            step([&] { call.resume(std::move(answer)); });
        }
        journal.call_is_over();
        told = call.take_told();
        return call.take();
    }
    mcp::call_report told; // of the last message

    mcp::answer send(std::string method, json::value params = {},
                     mcp::era speaks = mcp::era::session) {
        mcp::incoming m;
        m.id = "1";
        m.era = speaks;
        m.method = std::move(method);
        m.params = std::move(params);
        return send(std::move(m));
    }

    struct called {
        bool is_error = false;
        json::value body; // structuredContent, or the parsed text of an error
        std::string text;

        [[nodiscard]] std::string_view code() const {
            const auto* e = body.find("error");
            return e ? e->text("code") : "";
        }
        [[nodiscard]] std::string_view message() const {
            const auto* e = body.find("error");
            return e ? e->text("message") : "";
        }
    };
    // tools/call; `arguments` is JSON text.
    called call(std::string tool, std::string_view arguments) {
        auto parsed = json::parse(arguments);
        REQUIRE(parsed.ok());
        const auto params =
            json::make({{"name", std::move(tool)}, {"arguments", std::move(parsed).value()}});
        const auto reply = send("tools/call", params);
        const auto body = json::parse(reply.body);
        REQUIRE(body.ok());
        INFO(reply.body);
        const auto* result = body->find("result");
        REQUIRE(result);
        called out;
        out.is_error = result->flag("isError");
        out.text = result->find("content")->if_array()->front().text("text");
        const auto* structured = result->find("structuredContent");
        CHECK(out.is_error == (structured == nullptr));
        out.body = json::parse(out.text).value();
        if (structured) CHECK(*structured == out.body);
        return out;
    }

    // What was sent to Twenty, in order.
    [[nodiscard]] const std::vector<twenty::request>& sent() const { return sent_; }
    [[nodiscard]] json::value variables(std::size_t n) const {
        const auto body = json::parse(sent_.at(n).body).value();
        const auto* v = body.find("variables");
        return v ? *v : json::value{};
    }
    [[nodiscard]] std::string query(std::size_t n) const {
        return std::string(json::parse(sent_.at(n).body).value().text("query"));
    }
    [[nodiscard]] bool all_used() const { return replies_.empty(); }

  private:
    mcp::reply meet(mcp::need wanted) {
        if (auto* ask = std::get_if<mcp::need_twenty>(&wanted)) {
            sent_.push_back(std::move(ask->request));
            if (replies_.empty())
                return result<twenty::response>(error(errc::upstream_down, "nothing scripted"));
            auto next = std::move(replies_.front());
            replies_.pop_front();
            return next;
        }
        if (auto* ask = std::get_if<mcp::need_schema>(&wanted)) {
            schemas_asked.push_back(ask->wanted);
            const bool newer = ask->wanted != mcp::freshness::cached;
            if (newer) ++refreshes;
            if (newer && refreshed_schema) return result<twenty::schema_ptr>(refreshed_schema);
            return schema;
        }
        if (std::holds_alternative<mcp::need_primer>(wanted)) return result<std::string>(primer);
        if (std::holds_alternative<mcp::need_skills>(wanted)) {
            std::vector<std::string> abouts;
            for (const auto& one : skills)
                abouts.push_back(::primer::entry_text(::primer::entry_of(one)));
            return result<std::vector<std::string>>(std::move(abouts));
        }
        if (auto* one = std::get_if<mcp::need_skill>(&wanted)) {
            if (before_skill) before_skill();
            const auto found = std::ranges::find(skills, one->name, &::primer::skill::name);
            if (found == skills.end())
                return result<std::string>(error(errc::not_found, "No such skill."));
            return result<std::string>(::primer::files_text(*found));
        }
        if (std::holds_alternative<mcp::need_pause>(wanted)) return result<done>(done{});
        if (auto* ask = std::get_if<mcp::need_approval>(&wanted)) {
            if (approve) return approve(ask->what);
            return result<mcp::approval>(error(errc::unsupported, "Nobody can be asked here."));
        }
        if (std::holds_alternative<mcp::need_quota_left>(wanted))
            return result<twenty::change_quota>(context.caution.quota);
        if (auto* told = std::get_if<mcp::need_change_begun>(&wanted))
            return journal.begin(std::move(told->what), context.now, sent_.size());
        if (auto* told = std::get_if<mcp::need_change_ended>(&wanted))
            return journal.end(std::move(told->what));
        if (auto* ask = std::get_if<mcp::need_changes>(&wanted)) return journal.find(ask->query);
        if (auto* ask = std::get_if<mcp::need_input>(&wanted); ask && person)
            return person(ask->questions);
        return result<json::value>(error(errc::unsupported, "nobody to ask"));
    }

    twenty::connection connection_;
    secret state_key_{std::string(32, 's')};
    std::deque<result<twenty::response>> replies_;
    std::vector<twenty::request> sent_;

  public:
    mcp::call_context context;
    kept_journal journal;
    result<twenty::schema_ptr> schema;
    twenty::schema_ptr refreshed_schema;
    // The page where people approve; null: there is none.
    std::function<result<mcp::approval>(const mcp::approval_question&)> approve;
    std::string primer = "# House rules\nBe brief.";
    std::vector<::primer::skill> skills; // that the administrator uploaded
    std::function<void()> before_skill;  // the text of one is read
    int refreshes = 0;
    std::vector<mcp::freshness> schemas_asked;
    mcp::outbound* out = nullptr; // who hears notifications
    // Runs what a call does without letting others in between.
    std::function<void(const std::function<void()>&)> step = [](const auto& work) { work(); };
    // Answers the questions of a session.
    std::function<result<json::value>(const std::vector<mcp::input_request>&)> person;
};

// Each new record gets the next id_of, from 0 on.
inline void count_ids(script& s) {
    s.context.new_id = [n = 0]() mutable { return id_of(n++); };
}

} // namespace mcp_test
