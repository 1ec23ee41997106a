// A client of the tools whose Twenty is the demo workspace: the requests that our rules build
// must be understood by something that answers as Twenty does, and its answers by our rules.
#pragma once

#include "crm/catalogue.hpp"
#include "demo/workspace.hpp"
#include "mcp/server.hpp"
#include "mcp/session_memory.hpp"
#include "tests/mcp/support/kept_journal.hpp"
#include "tests/support/catch.hpp"
#include "twenty/schema_query.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tool_test {

inline const demo::time_point today = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

class tool_desk {
  public:
    explicit tool_desk(demo::role who = demo::role::full, twenty::mode mode = twenty::mode::write,
                       std::optional<std::set<std::string>> objects = std::nullopt,
                       bool newer = false)
        : workspace(chosen(newer)) {
        connection_.api_key = secret(workspace.keys().of(who).token);
        connection_.workspace.id = workspace.id();
        connection_.workspace.name = "Halcyon Orbital";
        connection_.mode = mode;
        connection_.objects = std::move(objects);
        context_.connection = &connection_;
        context_.catalogue = &crm::catalogue();
        context_.scope_write = mode == twenty::mode::write;
        context_.twenty_base_url = "https://crm.example.com";
        context_.memory = &memory_;
        context_.now =
            std::chrono::duration_cast<std::chrono::seconds>(today.time_since_epoch()).count();
        schema_ = load();
    }

    struct called {
        bool is_error = false;
        json::value body;
        std::string text;
    };
    called call(std::string tool, std::string_view arguments) {
        mcp::incoming m;
        m.id = "1";
        m.method = "tools/call";
        m.params =
            json::make({{"name", std::move(tool)}, {"arguments", json::parse(arguments).value()}});
        const auto reply = json::parse(send(std::move(m)).body).value();
        const auto* result = reply.find("result");
        REQUIRE(result);
        called out;
        out.is_error = result->flag("isError");
        out.text = result->find("content")->if_array()->front().text("text");
        out.body = json::parse(out.text).value();
        return out;
    }
    called good(std::string tool, std::string_view arguments) {
        INFO(tool << " " << arguments);
        auto out = call(std::move(tool), arguments);
        INFO(out.text);
        CHECK_FALSE(out.is_error);
        return out;
    }
    std::string error_code(std::string tool, std::string_view arguments) {
        const auto out = call(std::move(tool), arguments);
        const auto* e = out.body.find("error");
        return e ? std::string(e->text("code")) : "";
    }
    mcp::answer send(mcp::incoming message) {
        context_.keeps_changes = journal->on;
        mcp::run<mcp::answer> run(
            [&](mcp::call_slot& slot) { return mcp::handle(slot, std::move(message), context_); });
        run.start();
        while (!run.finished())
            run.resume(meet(run.take_need()));
        journal->call_is_over();
        return run.take();
    }

    // A method's result, or null when it is refused.
    json::value ask(std::string method, json::value params) {
        mcp::incoming m;
        m.id = "1";
        m.method = std::move(method);
        m.params = std::move(params);
        const auto reply = json::parse(send(std::move(m)).body).value();
        const auto* result = reply.find("result");
        return result ? *result : json::value{};
    }

    [[nodiscard]] const twenty::schema& model() const { return *schema_.value(); }

    // The page where people approve; null: there is none.
    std::function<result<mcp::approval>(const mcp::approval_question&)> approve;
    static result<mcp::approval> nobody() {
        return error(errc::unsupported, "Nobody can be asked here.");
    }
    mcp::call_context& context() { return context_; }

    demo::workspace workspace;
    mcp_test::kept_journal own_journal; // switched off
    mcp_test::kept_journal* journal = &own_journal;
    int calls = 0;
    std::vector<twenty::request> sent; // to Twenty, but for what reads the schema

  private:
    static demo::options chosen(bool newer) {
        demo::options o;
        o.newer = newer;
        o.now = today;
        o.size.companies = 60;
        o.size.people = 150;
        o.size.opportunities = 40;
        o.size.notes = 40;
        o.size.tasks = 40;
        return o;
    }

    result<twenty::response> exchange(const twenty::request& r) {
        ++calls;
        demo::request q;
        q.method = r.method;
        q.target = r.target;
        q.authorization = "Bearer " + std::string(connection_.api_key.reveal());
        q.content_type = "application/json";
        q.body = r.body;
        const auto a = workspace.handle(q, today + std::chrono::seconds(calls));
        if (a.hangs) return error(errc::upstream_timeout, "Twenty did not answer in time.");
        if (a.empty_reply) return error(errc::upstream_down, "Twenty closed the connection.");
        twenty::response out;
        out.status = a.status;
        out.content_type = a.content_type;
        out.body = a.body;
        return out;
    }

    result<twenty::schema_ptr> load() {
        twenty::schema_loader loader;
        while (auto r = loader.next()) {
            TRY(response, exchange(*r));
            CHECK_OK(loader.feed(response));
        }
        return loader.take();
    }

    mcp::reply meet(mcp::need wanted) {
        if (const auto* ask = std::get_if<mcp::need_twenty>(&wanted)) {
            sent.push_back(ask->request);
            return exchange(ask->request);
        }
        if (const auto* ask = std::get_if<mcp::need_schema>(&wanted)) {
            if (ask->wanted != mcp::freshness::cached) schema_ = load();
            return schema_;
        }
        if (std::holds_alternative<mcp::need_pause>(wanted)) return result<done>(done{});
        if (auto* ask = std::get_if<mcp::need_approval>(&wanted))
            return approve ? approve(ask->what) : nobody();
        if (auto* told = std::get_if<mcp::need_change_begun>(&wanted))
            return journal->begin(std::move(told->what), context_.now, sent.size());
        if (auto* told = std::get_if<mcp::need_change_ended>(&wanted))
            return journal->end(std::move(told->what));
        if (auto* ask = std::get_if<mcp::need_changes>(&wanted)) return journal->find(ask->query);
        if (std::holds_alternative<mcp::need_primer>(wanted))
            return result<std::string>(std::string("# House rules"));
        return result<json::value>(error(errc::unsupported, "nobody to ask"));
    }

    twenty::connection connection_;
    mcp::session_memory memory_;
    mcp::call_context context_;
    result<twenty::schema_ptr> schema_ = error(errc::internal, "not loaded");
};

inline std::size_t rows_of(const tool_desk::called& r) {
    const auto* rows = r.body.find("rows");
    return rows && rows->if_array() ? rows->if_array()->size() : 0;
}

inline std::string cell(const tool_desk::called& r, std::size_t row, std::string_view column) {
    const auto& columns = *r.body.find("columns")->if_array();
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (*columns[i].if_string() == column) {
            const auto& v = (*(*r.body.find("rows")->if_array())[row].if_array())[i];
            return v.if_string() ? *v.if_string() : json::dump(v);
        }
    return "";
}

inline std::string one(std::string object, std::string id, std::string more = "") {
    return R"({"objectName":")" + object + R"(","id":")" + id + "\"" + more + "}";
}

} // namespace tool_test
