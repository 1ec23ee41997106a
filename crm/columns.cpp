#include "crm/columns.hpp"

#include "base/text.hpp"
#include "mcp/session_memory.hpp"
#include "twenty/bounds.hpp"
#include "twenty/near_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crm {

namespace {

using twenty::field_type;

// rank() says how telling a type of field is in a list: lower comes first, 0 is never shown
// unasked.
int rank(field_type type) {
    switch (type) {
    case field_type::emails:
        return 1;
    case field_type::select:
        return 2;
    case field_type::currency:
        return 3;
    case field_type::relation:
        return 4;
    case field_type::phones:
        return 5;
    case field_type::date:
    case field_type::date_time:
        return 6;
    case field_type::text:
        return 7;
    case field_type::number:
    case field_type::numeric:
        return 8;
    case field_type::links:
        return 9;
    case field_type::full_name:
    case field_type::multi_select:
    case field_type::rating:
        return 10;
    case field_type::boolean:
        return 11;
    case field_type::address:
        return 12;
    case field_type::actor:
    case field_type::array:
    case field_type::files:
    case field_type::morph_relation:
    case field_type::position:
    case field_type::raw_json:
    case field_type::rich_text:
    case field_type::ts_vector:
    case field_type::uuid:
    case field_type::other:
        return 0;
    }
    return 0;
}

// Fields that tell more than their type does: when something was, whose address it is, what about.
constexpr std::array<std::string_view, 11> telling{"happensAt", "receivedAt", "startsAt",  "endsAt",
                                                   "sentAt",    "startedAt",  "userEmail", "handle",
                                                   "type",      "target",     "properties"};

int telling_place(const twenty::field& f) {
    const auto at = std::find(telling.begin(), telling.end(), f.name);
    return static_cast<int>(at - telling.begin());
}

bool is_telling(const twenty::field& f) { return telling_place(f) < std::ssize(telling); }

bool is_time(const twenty::field& f) { return is_telling(f) && f.type == field_type::date_time; }

bool is_to_one_field(const twenty::field& f) {
    return !f.relations.empty() && f.relations.front().kind == twenty::relation_kind::many_to_one;
}

// Keys of other programs, and texts of Twenty's own objects that are too long for a row.
bool is_technical(const twenty::field& f, const twenty::object& of) {
    const bool long_text = f.name == "text" || f.name == "description" || f.name == "bodyTemplate";
    return f.name.ends_with("Id") || f.name.starts_with("external") || f.name.ends_with("Uid") ||
           (of.is_system && long_text);
}

// The parts of a composite that say it in one column.
std::vector<std::string> list_parts(const twenty::field& f) {
    switch (f.type) {
    case field_type::emails:
        return {f.name + ".primaryEmail"};
    case field_type::phones:
        return {f.name + ".primaryPhoneCallingCode", f.name + ".primaryPhoneNumber"};
    case field_type::links:
        return {f.name + ".primaryLinkUrl"};
    case field_type::address:
        return {f.name + ".addressCity"};
    default:
        return {f.name};
    }
}

// showable() is true of a field that is fit for a column, if somebody wants it.
bool showable(const twenty::field& f) {
    if (!f.relations.empty()) return is_to_one_field(f);
    if (f.name == "properties" && is_telling(f)) return true;
    return rank(f.type) != 0 && f.name != "updatedAt" && f.name != "deletedAt";
}

// listed() is true of fields that are shown unasked. Whether people may edit one does not count:
// receivedAt of a mail is edited by nobody.
bool listed(const twenty::field& f, const twenty::object& of) {
    // Only a timeline entry's JSON is made short (twenty/timeline.hpp).
    if (f.type == field_type::raw_json && of.name_singular != "timelineActivity") return false;
    return showable(f) && (!f.is_system || is_telling(f)) && !is_technical(f, of);
}

} // namespace

void remember_used(session_memory* memory, const twenty::object& of, const json::value& named) {
    if (!memory) return;
    if (const auto* name = named.if_string()) {
        const auto join = of.find_join(*name);
        const auto* f = join ? join->field : of.find_field(*name);
        // Fields that make no column (id, updatedAt) must not push out those that do.
        if (f && showable(*f)) memory->used(of.name_singular, f->name);
    }
    if (const auto* all = named.if_array())
        for (const auto& each : *all)
            remember_used(memory, of, each);
    if (const auto* members = named.if_object())
        for (const auto& [name, inner] : *members) {
            if (name == "and" || name == "or" || name == "not")
                remember_used(memory, of, inner);
            else
                remember_used(memory, of, json::value(name));
        }
}

std::vector<std::string> list_fields(const twenty::object& of, const twenty::access& may,
                                     const session_memory* memory) {
    constexpr std::size_t most = 6; // beside the name and updatedAt
    // Each costs an id and a label. Twenty's own objects, and rows without a name, are little more
    // than what they link; columns that stay empty are not shown.
    const auto* label = may.label(of);
    const bool of_links = of.is_system || !label;
    const std::size_t most_links = of_links ? 6 : 2;
    static const std::vector<std::string> none;
    const auto& recent = memory ? memory->recent(of.name_singular) : none;
    const auto place = [&](const twenty::field* f) {
        return static_cast<int>(std::find(recent.begin(), recent.end(), f->name) - recent.begin());
    };
    const auto is_recent = [&](const twenty::field* f) { return place(f) < std::ssize(recent); };
    std::vector<const twenty::field*> chosen;
    for (const auto* f : may.fields(of))
        if (f != label && (listed(*f, of) || (is_recent(f) && showable(*f)))) chosen.push_back(f);
    // A workspace's own fields say more than the stock ones of the same kind.
    const auto order = [&](const twenty::field* f) {
        // The three bands are: what this session named (latest first), what tells most by its name,
        // and the rest by type.
        if (is_recent(f)) return place(f);
        if (is_telling(*f)) return 100 + telling_place(*f);
        const auto type = is_to_one_field(*f) ? field_type::relation : f->type;
        return 200 + 2 * rank(type) - f->is_custom;
    };
    std::stable_sort(chosen.begin(), chosen.end(),
                     [&](const auto* a, const auto* b) { return order(a) < order(b); });
    std::size_t links = 0;
    std::size_t counted = 0;
    std::erase_if(chosen, [&](const auto* f) {
        const bool link = is_to_one_field(*f);
        // Links of such objects do not count among the six fields, or there would be no room for a
        // text.
        const bool free = link && of_links;
        if ((link && links == most_links) || (!free && counted == most)) return true;
        links += link;
        counted += !free;
        return false;
    });

    std::vector<std::string> names{"id"};
    if (label) names.push_back(label->name);
    for (const auto* f : chosen)
        for (auto& part : list_parts(*f))
            names.push_back(std::move(part));
    // updatedAt of the row would be taken for the record's own time where it has one.
    const bool timed =
        std::any_of(chosen.begin(), chosen.end(), [](const auto* f) { return is_time(*f); });
    if (!timed && of.find_field("updatedAt")) names.emplace_back("updatedAt");
    return names;
}

std::set<std::string> split_paths(const twenty::object& of, const twenty::access& may) {
    std::set<std::string> paths;
    const auto add_composites = [&](const twenty::object& in, const std::string& before) {
        for (const auto* f : may.fields(in))
            if (twenty::composite_of(f->type)) paths.insert(before + f->name);
    };
    add_composites(of, "");
    for (const auto* f : may.fields(of))
        if (f->type == field_type::morph_relation) paths.insert(f->name);
    for (const auto* f : may.fields(of))
        for (const auto* to : may.relations(*f)) {
            if (to->kind != twenty::relation_kind::many_to_one) continue;
            paths.insert(to->query_name);
            add_composites(*may.schema().by_singular(to->target_object), to->query_name + ".");
        }
    return paths;
}

std::string shown_member(const twenty::object& of, const twenty::access& may,
                         std::string_view path) {
    const auto first = [](std::string_view all) {
        return text::trim(all.substr(0, all.find('.')));
    };
    auto name = twenty::exact_name(may, of, first(path));
    if (path.find('.') != path.npos) return name;
    // select_fields() reads "email" as emails.primaryEmail, so that is where the answer has it.
    const auto meant = twenty::meant_path(may, of, name);
    return meant ? std::string(first(*meant)) : name;
}

std::vector<std::string> name_list(const json::value* given) {
    std::vector<std::string> names;
    if (!given) return names;
    const auto add = [&](std::string_view name) {
        if (const auto trimmed = text::trim(name); !trimmed.empty()) names.emplace_back(trimmed);
    };
    const auto enough = [&] { return names.size() > twenty::most_names; };
    if (const auto* line = given->if_string())
        for (std::size_t from = 0; from <= line->size() && !enough();) {
            const auto to = std::min(line->find(',', from), line->size());
            add(std::string_view(*line).substr(from, to - from));
            from = to + 1;
        }
    if (const auto* items = given->if_array())
        for (auto item = items->begin(); item != items->end() && !enough(); ++item)
            if (const auto* name = item->if_string()) add(*name);
    return names;
}

int int_argument(const json::value& arguments, std::string_view name, int fallback) {
    const auto* v = arguments.find(name);
    return v ? static_cast<int>(v->as_int().value_or(fallback)) : fallback;
}

std::string shown_label(std::string_view written) {
    constexpr std::size_t longest = 300;
    auto label = text::without_invisible(written, false);
    if (label.size() <= longest) return label;
    return std::string(text::cut_utf8(label, longest)) + "…";
}

} // namespace crm
