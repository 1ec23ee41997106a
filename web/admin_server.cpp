#include "web/admin_server.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "web/health.hpp"
#include "web/http.hpp"

namespace web {

namespace {

constexpr std::int64_t default_rows = 100;

std::string_view name_of(stored::key_use::age state) noexcept {
    switch (state) {
    case stored::key_use::age::current:
        return "current";
    case stored::key_use::age::previous:
        return "previous";
    case stored::key_use::age::unknown:
        return "unknown";
    }
    return {};
}

void write_row(json::writer& w, const stored::audit_row& row) {
    w.begin_object()
        .member("id", row.id)
        .member("time", oauth::iso_time(row.at))
        .member("kind", row.kind);
    if (row.times > 1) w.member("times", row.times).member("last", oauth::iso_time(row.last_at));
    if (!row.grant_id.empty()) w.member("connection", row.grant_id);
    if (!row.source.empty()) w.member("source", row.source);
    if (!row.detail.empty()) w.member("detail", row.detail);
    w.end_object();
}

} // namespace

asio::awaitable<response> get_admin_status(const admin_needs& needs, admin_call) {
    actors::get_status question;
    const auto status = co_await needs.actors.ask(std::move(question));
    if (!status) co_return plain_error(status.failure());
    actors::count_grants counting;
    const auto connections = co_await needs.actors.ask(std::move(counting));
    if (!connections) co_return plain_error(connections.failure());
    json::writer w;
    w.begin_object()
        .member("version", TWENTY_MCP_VERSION)
        .member("started", oauth::iso_time(needs.started))
        .member("ready", status->ready);
    if (!status->ready) w.member("why", status->why);
    w.member("twenty", state_of(status->twenty))
        .member("sessions", status->sessions)
        .member("connections", *connections)
        .member("pauses", status->pauses)
        .member("log_level",
                logging::level_names.at(static_cast<std::size_t>(logging::least_level())))
        .end_object();
    co_return json_response(200, w.take());
}

// The cache is no part of the database, so the call is written down before it is done.
asio::awaitable<response> refresh_schema(const admin_needs& needs, admin_call call) {
    const auto workspace = call.given.text("workspace");
    stored::audit_note note{stored::audit_kind::schema_refreshed, call.source,
                            workspace.empty() ? "all" : workspace};
    actors::note_audit writing(std::move(note));
    const auto written = co_await needs.actors.ask(std::move(writing));
    if (!written) co_return plain_error(written.failure());
    actors::drop_schemas question(workspace);
    const auto dropped = co_await needs.actors.ask(std::move(question));
    if (!dropped) co_return plain_error(dropped.failure());
    json::writer w;
    w.begin_object().member("dropped", *dropped).end_object();
    co_return json_response(200, w.take());
}

asio::awaitable<response> get_keys(const admin_needs& needs, admin_call) {
    actors::list_keys question;
    const auto keys = co_await needs.actors.ask(std::move(question));
    if (!keys) co_return plain_error(keys.failure());
    bool finished = true;
    json::writer w;
    w.begin_object().key("keys").begin_array();
    for (const auto& key : *keys) {
        w.begin_object().member("id", key.id).member("state", name_of(key.state)).key("rows");
        w.begin_object();
        for (const auto& [table, count] : key.rows)
            w.member(table, count);
        w.end_object().end_object();
        // `done` is about previous keys alone: rows of a key that is not configured cannot be
        // opened, whether one waits or not.
        if (key.state == stored::key_use::age::previous && !key.rows.empty()) finished = false;
    }
    w.end_array().member("done", finished).end_object();
    co_return json_response(200, w.take());
}

asio::awaitable<response> get_log_level(const admin_needs&, admin_call) {
    json::writer w;
    const auto level = static_cast<std::size_t>(logging::least_level());
    w.begin_object().member("level", logging::level_names.at(level)).end_object();
    co_return json_response(200, w.take());
}

asio::awaitable<response> put_log_level(const admin_needs& needs, admin_call call) {
    const auto level = logging::level_named(call.given.text("level"));
    if (level) logging::set_level(*level);
    auto now = co_await get_log_level(needs, std::move(call));
    co_return now;
}

asio::awaitable<response> get_audit(const admin_needs& needs, admin_call call) {
    if (auto refused = refuse_two_ways(call.given)) co_return std::move(*refused);
    stored::audit_query query;
    query.since = call.given.time("since");
    query.kind = stored::audit_kind_named(call.given.text("kind"));
    query.before = call.given.whole("before", 0);
    if (call.given.has("after")) query.after = call.given.whole("after", 0);
    query.limit = static_cast<std::size_t>(call.given.whole("limit", default_rows));
    actors::read_audit question(query);
    const auto rows = co_await needs.actors.ask(std::move(question));
    if (!rows) co_return plain_error(rows.failure());
    json::writer w;
    w.begin_object().key("events").begin_array();
    for (const auto& row : *rows)
        write_row(w, row);
    w.end_array();
    // A full page: there may be more. An exactly full last one costs the caller one empty page.
    if (!rows->empty() && query.after)
        w.member("next_after", rows->back().id);
    else if (rows->size() == query.limit)
        w.member("next_before", rows->back().id);
    w.end_object();
    co_return json_response(200, w.take());
}

} // namespace web
