#include "web/connections_page.hpp"

#include "base/text.hpp"
#include "base/uri.hpp"
#include "oauth/client.hpp"
#include "oauth/client_document.hpp"
#include "web/page.hpp"

#include <embedded/web_pages_connections_mustache.hpp>

#include <algorithm>

namespace web {

namespace {

namespace mustache = kainjow::mustache;

std::string day_of(oauth::time_point t) { return oauth::iso_time(t).substr(0, 10); }

// "2026-11-22 12:05 UTC"
std::string minute_of(oauth::time_point t) {
    const auto iso = oauth::iso_time(t);
    return iso.substr(0, 10) + " " + iso.substr(11, 5) + " UTC";
}

std::string objects_of(const oauth::grant_summary& one) {
    if (!one.objects) return "not known (connected with an older version)";
    if (one.objects->empty()) return "all that the key can reach";
    return "only " + text::join(text::split(*one.objects, ','), ", ");
}

std::string made_known_by(const std::string& client_id) {
    switch (oauth::kind_of(client_id)) {
    case oauth::client_kind::metadata_document:
        return "verified: " + oauth::document_host(client_id);
    case oauth::client_kind::configured:
        return "set up by the administrator";
    case oauth::client_kind::registered:
        break;
    }
    return "self-declared name";
}

void describe_state(mustache::data& row, const connections_view& view,
                    const oauth::grant_summary& one) {
    const bool paused = view.paused.contains(one.id);
    row.set("paused", paused);
    row.set("may_pause", one.scope.write && !paused);
    mustache::data list{mustache::data::type::list};
    bool any = false;
    for (const auto& each : view.waiting) {
        if (each.grant_id != one.id) continue;
        mustache::data item;
        item.set("question_id", each.id);
        item.set("question_title", each.title);
        list.push_back(item);
        any = true;
    }
    if (const auto quota = words_for_quota(view.quotas, one.id); !quota.empty())
        row.set("quota", quota);
    else
        row.set("quota", false);
    row.set("any_waiting", any);
    row.set("waiting", list);
}

mustache::data describe(const oauth::grant_summary& one) {
    const auto client = one.client_name.empty() ? "An unnamed application" : one.client_name;
    mustache::data row;
    row.set("id", one.id);
    row.set("title", one.label.empty() ? client : one.label);
    row.set("client", client);
    row.set("made_known", made_known_by(one.client_id));
    row.set("host", uri::display_host(one.redirect_uri));
    if (one.workspace_name.empty())
        row.set("workspace", false);
    else
        row.set("workspace", one.workspace_name);
    row.set("write", one.scope.write);
    row.set("objects", objects_of(one));
    row.set("created", day_of(one.created_at));
    row.set("used", minute_of(one.last_used_at));
    row.set("ends", day_of(one.expires_at));
    return row;
}

mustache::data blank() {
    mustache::data values;
    values.set("stylesheet", stylesheet_address());
    for (const auto* absent : {"asking", "listing", "told", "problem"})
        values.set(absent, false);
    return values;
}

} // namespace

std::string words_for_quota(const std::vector<stored::quota_use>& quotas, const std::string& id) {
    const auto found = std::ranges::find(quotas, id, &stored::quota_use::grant_id);
    if (found == quotas.end()) return {};
    return std::to_string(found->left.hour) + " of " + std::to_string(found->most.hour) +
           " records in an hour, " + std::to_string(found->left.day) + " of " +
           std::to_string(found->most.day) + " in a day";
}

std::string render_connections_question(const std::string& problem) {
    auto values = blank();
    values.set("asking", true);
    if (!problem.empty()) values.set("problem", problem);
    return render_page(embedded::web_pages_connections_mustache, values);
}

std::string render_connections(const connections_view& view) {
    auto values = blank();
    values.set("listing", true);
    if (!view.told.empty()) values.set("told", view.told);
    values.set("ticket", view.ticket);
    mustache::data list{mustache::data::type::list};
    for (const auto& one : view.connections) {
        auto row = describe(one);
        describe_state(row, view, one);
        list.push_back(row);
    }
    values.set("connections", list);
    values.set("any", !view.connections.empty());
    values.set("several", view.connections.size() > 1);
    values.set("count", std::to_string(view.connections.size()));
    return render_page(embedded::web_pages_connections_mustache, values);
}

} // namespace web
