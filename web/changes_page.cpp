#include "web/changes_page.hpp"

#include "base/text.hpp"
#include "web/page.hpp"

#include <embedded/web_pages_changes_mustache.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace web {

namespace {

namespace mustache = kainjow::mustache;

constexpr std::size_t longest_value_told = 300; // bytes

// Values are of strangers: what nobody sees goes, and a long one is cut.
std::string told_text(std::string_view text) {
    auto out = text::without_invisible(text, true);
    if (out.size() <= longest_value_told) return out;
    return std::string(text::cut_utf8(out, longest_value_told)) + "…";
}

std::string told_value(const json::value* v) {
    if (!v || v->is_null()) return "empty";
    const auto* text = v->if_string();
    if (text && text->empty()) return "empty";
    return told_text(text ? *text : json::dump(*v));
}

struct effect_words {
    std::string_view effect;
    std::string_view did;
};
constexpr std::array<effect_words, 5> effects_told{{{"create", "Created"},
                                                    {"update", "Changed"},
                                                    {"delete", "Deleted"},
                                                    {"restore", "Restored"},
                                                    {"merge", "Merged"}}};

std::string did(std::string_view effect) {
    const auto* const found = std::ranges::find(effects_told, effect, &effect_words::effect);
    return found == effects_told.end() ? "Did " + std::string(effect) : std::string(found->did);
}

const json::array& list_in(const json::value& v, std::string_view name) {
    static const json::array none;
    const auto* found = v.find(name);
    const auto* listed = found ? found->if_array() : nullptr;
    return listed ? *listed : none;
}

std::size_t records_told(const json::value& change) {
    const auto* more = change.find("more");
    const auto left = more ? more->as_int().value_or(0) : 0;
    return list_in(change, "records").size() + static_cast<std::size_t>(left);
}

std::string title_of(const json::value& change) {
    const auto count = records_told(change);
    return did(change.text("effect")) + " " + std::to_string(count) + " " +
           told_text(change.text("object")) + (count == 1 ? " record" : " records");
}

mustache::data field_row(const std::string& name, const json::value& both) {
    mustache::data row;
    row.set("name", told_text(name));
    row.set("before", told_value(both.find("before")));
    row.set("after", told_value(both.find("after")));
    return row;
}

mustache::data record_row(const json::value& record, const std::string& object) {
    mustache::data row;
    const auto label = record.text("label");
    row.set("name", told_text(label.empty() ? record.text("id") : label));
    row.set("key", object + " " + std::string(record.text("id")));
    mustache::data fields{mustache::data::type::list};
    const auto* members = record.find("fields");
    const auto* all = members ? members->if_object() : nullptr;
    if (all)
        for (const auto& [name, both] : *all)
            fields.push_back(field_row(name, both));
    row.set("any_fields", all && !all->empty());
    row.set("fields", fields);
    return row;
}

// The same change with its values, where there was room for them.
const json::value& with_values(const json::value& change, const json::value& values) {
    for (const auto& one : list_in(values, "changes"))
        if (one.text("id") == change.text("id")) return one;
    return change;
}

// The changes of one call have one name in front of the dot.
std::string call_of(const json::value& change) {
    const auto id = change.text("id");
    return std::string(id.substr(0, id.find('.')));
}

mustache::data change_row(const json::value& listed, const changes_view& view) {
    const auto& change = with_values(listed, view.values);
    const std::string object = told_text(change.text("object"));
    mustache::data row;
    row.set("id", std::string(change.text("id")));
    row.set("title", title_of(change));
    const auto call = call_of(change);
    const auto& all = list_in(view.listed, "changes");
    const bool several =
        std::ranges::count_if(all, [&](const auto& one) { return call_of(one) == call; }) > 1;
    if (several)
        row.set("call", call);
    else
        row.set("call", false);
    row.set("time", std::string(change.text("at").substr(11, 5)));
    row.set("is_undo", !change.text("undoes").empty());
    row.set("undone", change.text("undone") == "all");
    row.set("undone_in_part", change.text("undone") == "some");
    row.set("unknown", change.text("state") == "unknown");
    row.set("refused", change.text("state") == "refused");
    row.set("may_undo", change.text("undone") != "all" && change.text("state") != "refused");
    mustache::data records{mustache::data::type::list};
    for (const auto& record : list_in(change, "records"))
        records.push_back(record_row(record, object));
    row.set("records", records);
    const auto* more = change.find("more");
    row.set("any_more", more != nullptr);
    row.set("more", std::to_string(more ? more->as_int().value_or(0) : 0));
    return row;
}

// Changes of one day stand together; they come newest first.
mustache::data by_day(const changes_view& view) {
    mustache::data days{mustache::data::type::list};
    mustache::data changes{mustache::data::type::list};
    std::string day;
    const auto close = [&] {
        if (day.empty()) return;
        mustache::data row;
        row.set("day", day);
        row.set("changes", changes);
        days.push_back(row);
        changes = mustache::data{mustache::data::type::list};
    };
    for (const auto& change : list_in(view.listed, "changes")) {
        const auto at = std::string(change.text("at").substr(0, 10));
        if (at != day) {
            close();
            day = at;
        }
        changes.push_back(change_row(change, view));
    }
    close();
    return days;
}

std::string undone_words(const json::value& undone) {
    const auto* count = undone.find("undone");
    const auto n = count ? count->as_int().value_or(0) : 0;
    if (n == 0) return "Nothing was taken back.";
    return n == 1 ? "1 record is as it was before."
                  : std::to_string(n) + " records are as they were before.";
}

mustache::data leftover_rows(const json::value& undone) {
    mustache::data rows{mustache::data::type::list};
    for (const auto& result : list_in(undone, "results")) {
        const bool is_plain = result.text("outcome") == "undone" && result.text("why").empty();
        if (is_plain) continue;
        const auto label = result.text("label");
        std::string line = told_text(label.empty() ? result.text("id") : label);
        line += ": " +
                told_text(result.text("why").empty() ? result.text("outcome") : result.text("why"));
        if (const auto* fields = result.find("fields"); fields && fields->if_object())
            for (const auto& [name, both] : *fields->if_object())
                line += " " + told_text(name) + ": written " + told_value(both.find("written")) +
                        ", now " + told_value(both.find("now")) + ".";
        mustache::data row;
        row.set("line", line);
        rows.push_back(row);
    }
    for (const auto& note : list_in(undone, "notes")) {
        mustache::data row;
        row.set("line", note.if_string() ? told_text(*note.if_string()) : std::string());
        rows.push_back(row);
    }
    return rows;
}

} // namespace

std::string render_changes(const changes_view& view) {
    mustache::data values;
    values.set("stylesheet", stylesheet_address());
    values.set("ticket", view.ticket);
    values.set("of", view.of.id);
    const auto client =
        view.of.client_name.empty() ? "an unnamed application" : view.of.client_name;
    values.set("title", view.of.label.empty() ? client : view.of.label);
    for (const auto* absent : {"told", "problem", "quota", "cursor", "record"})
        values.set(absent, false);
    if (!view.problem.empty()) values.set("problem", view.problem);
    if (!view.quota.empty()) values.set("quota", view.quota);
    if (!view.undone.is_null()) {
        values.set("told", undone_words(view.undone));
        values.set("leftover", leftover_rows(view.undone));
    }
    if (!view.record.empty()) values.set("record", told_text(view.record));
    if (const auto cursor = view.listed.text("cursor"); !cursor.empty())
        values.set("cursor", std::string(cursor));
    values.set("any", !list_in(view.listed, "changes").empty());
    values.set("days", by_day(view));
    return render_page(embedded::web_pages_changes_mustache, values);
}

} // namespace web
