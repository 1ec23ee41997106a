#include "web/consent_page.hpp"

#include "base/text.hpp"
#include "base/uri.hpp"
#include "oauth/client_document.hpp"
#include "oauth/redirect_uri.hpp"
#include "web/page.hpp"

#include <algorithm>
#include <array>
#include <embedded/web_pages_consent_mustache.hpp>
#include <set>

namespace web {

namespace {

namespace mustache = kainjow::mustache;

struct offered_lifetime {
    std::string_view days;
    std::string_view words;
};
constexpr std::array<offered_lifetime, 5> offered_lifetimes{{{"", "No end of its own"},
                                                             {"1", "After 1 day"},
                                                             {"7", "After 7 days"},
                                                             {"30", "After 30 days"},
                                                             {"90", "After 90 days"}}};

std::string day_of_unix_time(std::int64_t unix_seconds) {
    return text::iso_time(unix_seconds).substr(0, 10);
}

// is_limited() takes ticked objects without a word on the reach for a limit: less, when in doubt.
bool is_limited(const consent_values& values) {
    return values.reach == "chosen" || (values.reach.empty() && !values.objects.empty());
}

// Where the answer goes, in the words that fit its kind (MCP, authorization: the redirect
// target is shown; RFC 8252 §8.6: a loopback client can be any program).
void describe_target(mustache::data& values, const std::string& uri) {
    const auto kind = oauth::check_redirect_uri(uri);
    const bool web = kind && *kind == oauth::redirect_kind::web;
    const bool loopback = kind && *kind == oauth::redirect_kind::loopback;
    values.set("web", web);
    values.set("loopback", loopback);
    values.set("private_scheme", !web && !loopback);
    values.set("local", !web);
    values.set("host", uri::display_host(uri));
    values.set("redirect_uri", uri);
}

// How far the client's name can be believed (draft-ietf-oauth-client-id-metadata-document: the
// host of the client id is shown).
void describe_client(mustache::data& values, const oauth::authorization_request& asked) {
    const auto& name = asked.client_name;
    values.set("client", name.empty() ? std::string("An unnamed application") : name);
    if (asked.kind == oauth::client_kind::metadata_document)
        values.set("verified_host", oauth::document_host(asked.client_id));
    else
        values.set("verified_host", false);
    values.set("configured", asked.kind == oauth::client_kind::configured);
    values.set("self_declared", asked.kind == oauth::client_kind::registered);
}

void describe_problems(mustache::data& values, const consent_view& view) {
    values.set("problems", !view.problems.empty());
    if (view.problems.empty()) return;
    mustache::data list{mustache::data::type::list};
    for (const auto& problem : view.problems) {
        mustache::data item;
        item.set("text", problem.text);
        // Both are set in every item: an absent name is looked up outside of the list.
        if (problem.field.empty())
            item.set("field", false);
        else
            item.set("field", problem.field);
        list.push_back(item);
        if (!problem.field.empty()) values.set(problem.field + "_problem", problem.text);
    }
    mustache::data problems;
    problems.set("list", list);
    values.set("problems", problems);
}

mustache::data what_both_show(const consent_view& view) {
    mustache::data values;
    describe_client(values, view.request);
    values.set("stylesheet", stylesheet_address());
    if (view.twenty_url.empty()) {
        values.set("twenty", false);
    } else {
        mustache::data twenty;
        twenty.set("url", view.twenty_url);
        twenty.set("host", uri::display_host(view.twenty_url));
        values.set("twenty", twenty);
    }
    values.set("sealed", view.sealed);
    values.set("label", view.values.label);
    describe_target(values, view.request.redirect_uri);
    describe_problems(values, view);
    return values;
}

// -- The objects ----------------------------------------------------------------------------------

bool holds(const std::string& text, const std::string& lower_part) {
    return text::lower(text).find(lower_part) != std::string::npos;
}

bool matches(const twenty::object& object, const std::string& lower_filter) {
    return holds(object.label_plural, lower_filter) || holds(object.label_singular, lower_filter) ||
           holds(object.name_singular, lower_filter) || holds(object.name_plural, lower_filter);
}

struct object_list {
    mustache::data rows{mustache::data::type::list};
    std::size_t shown = 0;
    bool any_ticked = false;

    void add(const twenty::object& object, bool ticked) {
        mustache::data row;
        row.set("name", object.name_singular);
        row.set("title", object.label_plural.empty() ? object.name_plural : object.label_plural);
        row.set("ticked", ticked);
        rows.push_back(row);
        ++shown;
        any_ticked = any_ticked || ticked;
    }
    void show_as(const std::string& name, mustache::data& values, bool open) const {
        if (shown == 0) {
            values.set(name, false);
            return;
        }
        mustache::data group;
        group.set("rows", rows);
        group.set("count", std::to_string(shown));
        group.set("open", open || any_ticked);
        values.set(name, group);
    }
};

// ticked_names() keeps what the workspace has, each object under one name; what else the form names
// is not shown.
std::set<std::string> ticked_names(const consent_values& values, const twenty::schema& schema) {
    std::set<std::string> names;
    for (const auto& name : values.objects)
        if (const auto* object = schema.find(name)) names.insert(object->name_singular);
    return names;
}

// A ticked object stays in sight whatever the filter: what is not seen would be lost, or given
// without being seen.
void describe_objects(mustache::data& values, const consent_view& view,
                      const twenty::schema& schema) {
    const auto ticked = ticked_names(view.values, schema);
    const auto filter = text::lower(view.values.filter);
    object_list standard, custom, internal;
    std::size_t found = 0;
    for (const auto& object : schema.objects()) {
        const bool chosen = ticked.contains(object.name_singular);
        const bool matching = filter.empty() || matches(object, filter);
        found += matching ? 1 : 0;
        if (!matching && !chosen) continue;
        const bool own = object.source == "custom" || object.source.starts_with("app:");
        (object.is_system ? internal : own ? custom : standard).add(object, chosen);
    }
    standard.show_as("standard", values, true);
    custom.show_as("custom", values, true);
    internal.show_as("internal", values, !filter.empty());
    values.set("filter", view.values.filter);
    values.set("filter_told", !filter.empty());
    values.set("found", std::to_string(found));
    values.set("total", std::to_string(schema.objects().size()));
}

void describe_key(mustache::data& values, const actors::checked_key& key) {
    values.set("workspace", key.workspace.name.empty() ? "without a name" : key.workspace.name);
    values.set("expires", key.facts.expires_at.has_value());
    if (key.facts.expires_at) values.set("expiry", day_of_unix_time(*key.facts.expires_at));
}

// What is below the administrator's floor is not offered.
void describe_caution(mustache::data& values, const consent_values& chosen,
                      const twenty::caution_rules& rules) {
    using twenty::asking;
    const auto picked =
        std::max(twenty::asking_named(chosen.ask).value_or(asking::risky), rules.floor);
    for (const auto each : {asking::nothing, asking::risky, asking::every}) {
        const std::string name(twenty::name_of(each));
        values.set("ask_" + name, each >= rules.floor);
        values.set("ask_" + name + "_chosen", each == picked);
    }
    values.set("ask_above", std::to_string(rules.above));
    values.set("changes_hour", chosen.changes_hour);
    values.set("changes_day", chosen.changes_day);
    values.set("usual_hour", std::to_string(std::min(rules.usual.hour, rules.most.hour)));
    values.set("usual_day", std::to_string(std::min(rules.usual.day, rules.most.day)));
    values.set("most_hour", std::to_string(rules.most.hour));
    values.set("most_day", std::to_string(rules.most.day));
}

void describe_lifetimes(mustache::data& values, const consent_values& chosen,
                        const oauth::lifetimes& lifetimes) {
    mustache::data list{mustache::data::type::list};
    for (const auto& [days, words] : offered_lifetimes) {
        mustache::data row;
        row.set("days", std::string(days));
        row.set("words", std::string(words));
        row.set("selected", chosen.lifetime == days);
        list.push_back(row);
    }
    values.set("lifetimes", list);
    values.set("longest", std::to_string(lifetimes.refresh_absolute.count() / 24));
    values.set("idle", std::to_string(lifetimes.refresh_idle.count() / 24));
}

} // namespace

bool is_offered_lifetime(std::string_view days) noexcept {
    return std::any_of(offered_lifetimes.begin(), offered_lifetimes.end(),
                       [&](const offered_lifetime& offered) { return offered.days == days; });
}

std::string render_key_step(const consent_view& view) {
    auto values = what_both_show(view);
    values.set("key_step", true);
    values.set("choices_step", false);
    // The choices go along with the key's page as hidden fields: who goes back to another key, or
    // has to paste it again, loses none. They are as the form had them, and judged with the next
    // one; what nobody sees in them goes.
    mustache::data kept{mustache::data::type::list};
    const auto keep = [&](const char* name, const std::string& value) {
        if (value.empty()) return;
        mustache::data field;
        field.set("name", name);
        field.set("value", text::without_invisible(value, false));
        kept.push_back(field);
    };
    keep("mode", view.values.mode);
    keep("label", view.values.label);
    keep("reach", view.values.reach);
    keep("objects", text::join(view.values.objects, ", "));
    keep("lifetime", view.values.lifetime);
    keep("ask", view.values.ask);
    keep("changes_hour", view.values.changes_hour);
    keep("changes_day", view.values.changes_day);
    values.set("kept", kept);
    return render_page(embedded::web_pages_consent_mustache, values);
}

std::string render_choices_step(const consent_view& view, const choices_view& known) {
    auto values = what_both_show(view);
    values.set("key_step", false);
    values.set("choices_step", true);
    values.set("held_key", known.held_key);
    values.set("connections_ticket", known.connections_ticket);
    values.set("write_offered", view.request.scope.write);
    // Never ticked where the application did not ask for it: the form would be refused.
    values.set("write_chosen", view.values.mode == "write" && view.request.scope.write);
    values.set("limited", is_limited(view.values));
    values.set("filtered", known.filtered && view.problems.empty());
    describe_key(values, known.key);
    describe_objects(values, view, *known.key.schema);
    describe_caution(values, view.values, view.caution);
    values.set("quota_problem",
               std::ranges::any_of(view.problems, [](const consent_problem& problem) {
                   return problem.field.starts_with("changes_");
               }));
    describe_lifetimes(values, view.values, known.lifetimes);
    return render_page(embedded::web_pages_consent_mustache, values);
}

} // namespace web
