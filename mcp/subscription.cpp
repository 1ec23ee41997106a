#include "mcp/subscription.hpp"

#include "mcp/catalogue.hpp"
#include "mcp/message.hpp"
#include "mcp/protocol.hpp"

#include <algorithm>

namespace mcp {

namespace {

// `flags` says each flag once: how a client names it, which notification it stands for, and where
// the wish, the change and the offer are found.
struct list_flag {
    std::string_view wanted;
    std::string_view method;
    bool interest::*wants;
    bool change::*changed;
    bool lists_changing::*offered;
};
constexpr list_flag flags[] = {
    {"toolsListChanged", "notifications/tools/list_changed", &interest::tools, &change::tools,
     &lists_changing::tools},
    {"promptsListChanged", "notifications/prompts/list_changed", &interest::prompts,
     &change::prompts, &lists_changing::prompts},
    {"resourcesListChanged", "notifications/resources/list_changed", &interest::resources,
     &change::resources, &lists_changing::resources},
};

// A URI that no change ever announces is not honoured: a promise that nothing would keep.
bool announces(const catalogue& offered, std::string_view uri) {
    const auto found = offered.find_resource(uri);
    return found && found->what->depends_on != source::none;
}

void write_listen_id(json::writer& out, std::string_view listen_id) {
    if (listen_id.empty()) return;
    out.key("_meta").begin_object().member_raw(meta::subscription_id, listen_id).end_object();
}

std::string notification(std::string_view method, std::string_view uri,
                         std::string_view listen_id) {
    json::writer out;
    out.begin_object().member("jsonrpc", "2.0").member("method", method);
    if (!uri.empty() || !listen_id.empty()) {
        out.key("params").begin_object();
        if (!uri.empty()) out.member("uri", uri);
        write_listen_id(out, listen_id);
        out.end_object();
    }
    out.end_object();
    return out.take();
}

} // namespace

// MCP 2026-07-28, subscriptions/listen: what this server does not announce is left out and no
// error; the acknowledgement tells. Only a member of a wrong type is a fault of the client.
result<interest> read_interest(const json::value& params, const catalogue& offered) {
    const auto* wanted = params.find("notifications");
    if (!wanted || !wanted->is_object())
        return error(errc::bad_request, "\"notifications\" must be an object.");
    interest honoured;
    for (const auto& flag : flags) {
        const auto* given = wanted->find(flag.wanted);
        if (!given) continue;
        if (!given->is_bool())
            return error(errc::bad_request,
                         "\"" + std::string(flag.wanted) + "\" must be true or false.");
        honoured.*flag.wants = *given->as_bool() && offered.changing().*flag.offered;
    }
    const auto* uris = wanted->find("resourceSubscriptions");
    if (!uris) return honoured;
    const auto* list = uris->if_array();
    if (!list || list->size() > max_subscriptions)
        return error(errc::bad_request, "\"resourceSubscriptions\" must be a list of at most " +
                                            std::to_string(max_subscriptions) + " URIs.");
    for (const auto& uri : *list) {
        const auto* text = uri.if_string();
        if (!text) return error(errc::bad_request, "A resource subscription must be a URI.");
        if (announces(offered, *text) &&
            std::ranges::find(honoured.uris, *text) == honoured.uris.end())
            honoured.uris.push_back(*text);
    }
    return honoured;
}

// A session asks for no lists: MCP 2025-11-25 sends list_changed to whoever was told listChanged in
// initialize.
interest session_interest(const catalogue& offered, std::vector<std::string> uris) {
    interest all;
    for (const auto& flag : flags)
        all.*flag.wants = offered.changing().*flag.offered;
    all.uris = std::move(uris);
    return all;
}

// notifications_for() serves both eras. Under listen each notification carries the id of its
// request, for a client may have several streams open (MCP 2026-07-28, subscriptions/listen).
std::vector<std::string> notifications_for(const change& what, const interest& wants,
                                           const catalogue& offered, std::string_view listen_id) {
    std::vector<std::string> out;
    for (const auto& flag : flags)
        if (what.*flag.changed && wants.*flag.wants)
            out.push_back(notification(flag.method, {}, listen_id));
    for (const auto& uri : wants.uris) {
        const auto found = offered.find_resource(uri);
        if (found && overlap(found->what->depends_on, what.what))
            out.push_back(notification("notifications/resources/updated", uri, listen_id));
    }
    return out;
}

std::string acknowledgement(const interest& honoured, std::string_view listen_id) {
    json::writer out;
    out.begin_object().member("jsonrpc", "2.0");
    out.member("method", "notifications/subscriptions/acknowledged");
    out.key("params").begin_object().key("notifications").begin_object();
    for (const auto& flag : flags)
        if (honoured.*flag.wants) out.member(flag.wanted, true);
    if (!honoured.uris.empty()) {
        out.key("resourceSubscriptions").begin_array();
        for (const auto& uri : honoured.uris)
            out.string(uri);
        out.end_array();
    }
    out.end_object();
    write_listen_id(out, listen_id);
    out.end_object().end_object();
    return out.take();
}

// The end of a listen comes from the stream, long after handle() returned; so decorate() does not
// see it, and its members are written here.
std::string listen_result(const catalogue& offered, std::string_view listen_id) {
    json::writer out;
    out.begin_object().member("resultType", "complete");
    out.key("_meta").begin_object();
    out.member_raw(meta::server_info, offered.server_info());
    out.member_raw(meta::subscription_id, listen_id).end_object().end_object();
    return result_body(listen_id, out.take());
}

} // namespace mcp
