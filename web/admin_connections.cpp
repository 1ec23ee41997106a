#include "web/admin_connections.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/uri.hpp"
#include "web/http.hpp"

namespace web {

namespace {

constexpr std::size_t default_page = 50;

void write_client(json::writer& w, const oauth::grant_summary& one) {
    w.begin_object().member("name", one.client_name).member("id", one.client_id);
    if (one.kind) w.member("kind", oauth::client_kind_names[static_cast<std::size_t>(*one.kind)]);
    // Only the address of a metadata document is proven; a registered client can say any name.
    if (one.kind == oauth::client_kind::metadata_document)
        w.member("host", uri::display_host(one.client_id));
    w.end_object();
}

void write_objects(json::writer& w, const std::optional<std::string>& objects) {
    w.key("objects");
    if (!objects) {
        w.string("unknown");
    } else if (objects->empty()) {
        w.string("all");
    } else {
        w.begin_array();
        for (const auto& name : text::split(*objects, ','))
            w.string(name);
        w.end_array();
    }
}

void write_connection(json::writer& w, const oauth::grant_summary& one) {
    w.begin_object().member("id", one.id).member("label", one.label).key("client");
    write_client(w, one);
    w.member("redirect_host", uri::display_host(one.redirect_uri))
        .member("workspace", one.workspace_name)
        .member("mode", one.scope.write ? "write" : "read");
    write_objects(w, one.objects);
    w.member("created", oauth::iso_time(one.created_at))
        .member("last_used", oauth::iso_time(one.last_used_at))
        .member("expires", oauth::iso_time(one.expires_at))
        .member("key", one.key_id)
        .end_object();
}

response ended(const std::vector<std::string>& ids) {
    json::writer w;
    w.begin_object().member("ended", ids.size()).end_object();
    return json_response(200, w.take());
}

// One answer for a connection that never was and for one that has ended: nothing is kept of the
// latter but what the audit says.
response no_such_connection() {
    return json_error(404, "not_found", "There is no such connection; perhaps it has ended.");
}

} // namespace

asio::awaitable<response> list_connections(const admin_needs& needs, admin_call call) {
    stored::grant_filter filter;
    filter.client = call.given.text("client");
    filter.mode = call.given.text("mode");
    filter.object = call.given.text("object");
    filter.key_id = call.given.text("key");
    filter.unused_since = call.given.time("unused_since");
    const auto limit = static_cast<std::size_t>(call.given.whole("limit", default_page));
    actors::find_grants question(std::move(filter), limit, call.given.text("cursor"));
    const auto page = co_await needs.actors.ask(std::move(question));
    if (!page) co_return plain_error(page.failure());
    json::writer w;
    w.begin_object().key("connections").begin_array();
    for (const auto& one : page->grants)
        write_connection(w, one);
    w.end_array();
    if (!page->next.empty()) w.member("next_cursor", page->next);
    w.end_object();
    co_return json_response(200, w.take());
}

asio::awaitable<response> get_connection(const admin_needs& needs, admin_call call) {
    stored::grant_filter filter;
    filter.id = call.given.text("id");
    actors::find_grants question(std::move(filter), 1, {});
    const auto page = co_await needs.actors.ask(std::move(question));
    if (!page) co_return plain_error(page.failure());
    if (page->grants.empty()) co_return no_such_connection();
    json::writer w;
    write_connection(w, page->grants.front());
    co_return json_response(200, w.take());
}

asio::awaitable<response> delete_connection(const admin_needs& needs, admin_call call) {
    stored::grant_choice choice;
    choice.id = call.given.text("id");
    actors::end_chosen question(std::move(choice), call.source);
    const auto gone = co_await needs.actors.ask(std::move(question));
    if (!gone) co_return plain_error(gone.failure());
    if (gone->empty()) co_return no_such_connection();
    co_return ended(*gone);
}

// Threat: a slip ends everybody's connections. Defence: the body names exactly one choice, and
// all of them only when it says so.
asio::awaitable<response> revoke_connections(const admin_needs& needs, admin_call call) {
    if (call.given.size() != 1)
        co_return json_error(400, "bad_request",
                             "Say which connections: exactly one of key, client_id and all.");
    stored::grant_choice choice;
    choice.key_id = call.given.text("key");
    choice.client_id = call.given.text("client_id");
    choice.all = call.given.has("all");
    actors::end_chosen question(std::move(choice), call.source);
    const auto gone = co_await needs.actors.ask(std::move(question));
    if (!gone) co_return plain_error(gone.failure());
    co_return ended(*gone);
}

} // namespace web
