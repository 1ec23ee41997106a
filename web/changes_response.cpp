#include "web/changes_response.hpp"

#include "web/connections_page.hpp"
#include "web/page.hpp"
#include "web/person_call.hpp"

#include <utility>

namespace web {

namespace {

json::value undo_arguments(const changes_form& form) {
    json::object out;
    if (!form.undo.empty())
        out.append("ids", json::list({json::value(form.undo)}));
    else
        out.append("since", form.since);
    return json::value(std::move(out));
}

json::value list_arguments(const changes_form& form) {
    json::object out;
    const auto blank = form.record.find(' ');
    if (blank != std::string::npos) {
        out.append("objectName", form.record.substr(0, blank));
        out.append("id", form.record.substr(blank + 1));
    }
    if (!form.older.empty()) out.append("cursor", form.older);
    return json::value(std::move(out));
}

json::value ids_of(const json::value& listed) {
    json::array ids;
    const auto* changes = listed.find("changes");
    const auto* all = changes ? changes->if_array() : nullptr;
    if (all)
        for (const auto& change : *all)
            ids.emplace_back(change.text("id"));
    return json::value(std::move(ids));
}

} // namespace

void changes_form::take(const std::string& name, std::string value) {
    if (name == "changes")
        of = std::move(value);
    else if (name == "older")
        older = std::move(value);
    else if (name == "record")
        record = std::move(value);
    else if (name == "undo")
        undo = std::move(value);
    else if (name == "since")
        since = std::move(value);
}

asio::awaitable<response> changes_response(http::actor_bridge& actors, const secret& api_key,
                                           changes_form form, changes_view view) {
    if (!form.undo.empty() || !form.since.empty()) {
        auto arguments = undo_arguments(form);
        auto undone =
            co_await call_as_person(actors, view.of, api_key, "undo_changes", std::move(arguments));
        if (undone)
            view.undone = std::move(undone).value();
        else
            view.problem = undone.failure().message;
    }
    std::vector<std::string> own(1, view.of.id);
    actors::list_quotas look_at_quota(std::move(own));
    const auto quotas = co_await actors.ask(std::move(look_at_quota));
    if (quotas) view.quota = words_for_quota(*quotas, view.of.id);
    view.record = form.record;
    auto wanted = list_arguments(form);
    auto listed =
        co_await call_as_person(actors, view.of, api_key, "list_changes", std::move(wanted));
    if (!listed) {
        if (view.problem.empty()) view.problem = listed.failure().message;
        co_return html_page(200, render_changes(view));
    }
    view.listed = std::move(listed).value();
    json::value ids = ids_of(view.listed);
    // A list of one record's changes has their values already.
    if (form.record.empty() && !ids.if_array()->empty()) {
        json::object named;
        named.append("ids", std::move(ids));
        json::value arguments(std::move(named));
        auto values =
            co_await call_as_person(actors, view.of, api_key, "list_changes", std::move(arguments));
        if (values) view.values = std::move(values).value();
    }
    co_return html_page(200, render_changes(view));
}

} // namespace web
