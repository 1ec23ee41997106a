#include "web/health.hpp"

#include "base/json.hpp"
#include "web/http.hpp"

namespace web {

asio::awaitable<response> get_start_page(const health_needs& needs, request) {
    std::string text = "twenty-mcp connects MCP clients such as Claude to Twenty CRM.\n\n"
                       "Connector URL: " +
                       needs.identity.resource + "\n";
    if (!needs.twenty_url.empty()) text += "Twenty:        " + needs.twenty_url + "\n";
    text += "\nAdd the connector URL as a custom connector (remote MCP server) in your client.\n"
            "It opens a page here that asks for your Twenty API key.\n\n"
            "See and end your connections: " +
            needs.identity.issuer + "/connections\n";
    response r(200, "text/plain; charset=utf-8", std::move(text));
    r.set("Cache-Control", "public, max-age=300");
    co_return r;
}

// get_health() asks nobody: it says that the process turns, and a restart helps where it does not.
asio::awaitable<response> get_health() {
    co_return response(200, "text/plain; charset=utf-8", "ok\n");
}

std::string_view state_of(std::optional<bool> twenty_answers) {
    if (!twenty_answers) return "not asked yet";
    return *twenty_answers ? "reachable" : "unreachable";
}

// "set back by 7200 s"
std::string set_by(std::chrono::seconds by) {
    const bool back = by.count() < 0;
    return (back ? "set back by " : "set forward by ") +
           std::to_string(back ? -by.count() : by.count()) + " s";
}

// get_readiness() is open to everybody: it says what fails, and the log has the private half.
asio::awaitable<response> get_readiness(const health_needs& needs, request) {
    actors::get_status question;
    const auto status = co_await needs.actors.ask(std::move(question));
    const bool ready = status && status->ready;
    json::writer w;
    w.begin_object().member("ready", ready);
    if (!status)
        w.member("why", "the database does not answer");
    else if (!ready)
        w.member("why", status->why);
    if (status) w.member("twenty", state_of(status->twenty)).member("sessions", status->sessions);
    // What restarting would not mend decides nothing, and whoever looks here sees it.
    if (status && status->clock_set.count() != 0) w.member("clock", set_by(status->clock_set));
    if (needs.files_used_up()) w.member("files", "used up");
    w.end_object();
    auto r = json_response(ready ? 200 : 503, w.take());
    if (!ready) set_retry_after(r, std::chrono::seconds(1));
    co_return r;
}

} // namespace web
