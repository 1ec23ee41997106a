#include "web/admin_writes.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "web/http.hpp"

namespace web {

namespace {

using stored::pause_scope;

std::string pauses_json(const std::vector<stored::write_pause>& all) {
    json::writer w;
    w.begin_object().key("pauses").begin_array();
    for (const auto& one : all) {
        const auto scope = stored::name_of(one.of.scope);
        w.begin_object().member("of", scope);
        if (one.of.scope != pause_scope::all) w.member(scope, one.of.subject);
        w.member("since", oauth::iso_time(one.since));
        if (!one.reason.empty()) w.member("reason", one.reason);
        w.end_object();
    }
    w.end_array().end_object();
    return w.take();
}

response told_pauses(const result<std::vector<stored::write_pause>>& all) {
    if (!all) return plain_error(all.failure());
    return json_response(200, pauses_json(*all));
}

// Threat: a slip lets everybody's writes go on, or stops them. Defence: the body names exactly one
// choice, and everybody only when it says so.
result<stored::pause_target> target_of(const admin_arguments& given) {
    std::vector<stored::pause_target> named;
    if (given.has("all")) named.push_back({pause_scope::all, {}});
    for (const auto scope : {pause_scope::connection, pause_scope::key})
        if (given.has(stored::name_of(scope)))
            named.push_back({scope, given.text(stored::name_of(scope))});
    if (named.size() != 1)
        return error{errc::bad_request,
                     "Say whose writes: exactly one of connection, key and all."};
    return std::move(named.front());
}

} // namespace

asio::awaitable<response> list_pauses(const admin_needs& needs, admin_call) {
    actors::list_pauses question;
    const auto all = co_await needs.actors.ask(std::move(question));
    co_return told_pauses(all);
}

asio::awaitable<response> pause_writes(const admin_needs& needs, admin_call call) {
    auto of = target_of(call.given);
    if (!of) co_return plain_error(of.failure());
    stored::write_pause pause{*std::move(of), call.given.text("reason"), {}};
    // Models read the reason, and administrators' terminals show it.
    pause.reason = text::trim(text::without_invisible(pause.reason, false));
    actors::pause_writes question(std::move(pause), call.source);
    const auto all = co_await needs.actors.ask(std::move(question));
    co_return told_pauses(all);
}

asio::awaitable<response> resume_writes(const admin_needs& needs, admin_call call) {
    auto of = target_of(call.given);
    if (!of) co_return plain_error(of.failure());
    actors::resume_writes question(*std::move(of), call.source);
    const auto all = co_await needs.actors.ask(std::move(question));
    co_return told_pauses(all);
}

} // namespace web
