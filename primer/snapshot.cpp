#include "primer/snapshot.hpp"

#include "base/text.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <array>

// A snapshot is written at one level of detail after another until it fits. Each level drops what a
// model misses least: the descriptions and to-many relations of everything, then the fields of
// system objects (which gives the other objects theirs back), then values of choices, types, and at
// last all fields. Names of objects are never dropped, only cut at the very end.

namespace primer {

namespace {

using twenty::field_type;

// `detail` is what is written of each object, from everything to its name.
struct detail {
    bool system_fields;  // fields of system objects, not only their names
    std::size_t choices; // most values of a choice field
    bool labels;         // of choices, where they say more than the values
    bool types;
    bool to_many;
    bool fields;
    bool descriptions;
};
constexpr std::array<detail, 7> levels{{
    {true, 24, true, true, true, true, true},
    {true, 24, true, true, false, true, false},
    {false, 24, true, true, true, true, true},
    {false, 12, true, true, false, true, false},
    {false, 6, false, true, false, true, false},
    {false, 0, false, false, false, true, false},
    {false, 0, false, false, false, false, false},
}};

// is_common() has the fields of every object, which are described once.
bool is_common(const twenty::field& f) {
    static constexpr std::string_view names[] = {"id",        "createdAt",   "updatedAt",
                                                 "deletedAt", "createdBy",   "updatedBy",
                                                 "position",  "searchVector"};
    return std::find(std::begin(names), std::end(names), f.name) != std::end(names);
}

// Threat: a label or a value, which people write, reads like a heading, a table or a tag, and the
// model takes it for instructions of ours. Defence: one line, without hidden characters, and
// nothing in it that starts Markdown of its own.
std::string line(std::string_view s, std::size_t bytes) {
    auto plain = text::without_invisible(s, false);
    for (auto& c : plain)
        if (c == '`' || c == '#' || c == '|' || c == '<' || c == '>') c = ' ';
    return std::string(text::cut_utf8(text::trim(plain), bytes));
}

void add(std::string& list, const std::string& item) {
    if (!list.empty()) list += ", ";
    list += item;
}

std::string field_entry(const twenty::field& f, const detail& d, bool of_system) {
    std::string out = f.name;
    if (d.types) out += " " + f.type_name;
    if (f.is_unique) out += " unique";
    if (f.is_read_only && d.types && !of_system) out += " read-only";
    if (!f.options.empty() && d.choices > 0) {
        std::string values;
        for (std::size_t i = 0; i < std::min(f.options.size(), d.choices); ++i) {
            const auto& o = f.options[i];
            values += (i ? "|" : "") + line(o.value, 40);
            if (d.labels && twenty::has_own_label(f, o)) values += " \"" + line(o.label, 40) + "\"";
        }
        if (f.options.size() > d.choices) values += "|…";
        out += " (" + values + ")";
    }
    return out;
}

std::string entry(const twenty::object& o, const twenty::access& may, const detail& d) {
    std::string out = "**" + o.name_singular + "** (" + o.name_plural + ")";
    if (o.source != "standard" && !o.source.empty()) out += " [" + line(o.source, 40) + "]";
    if (d.descriptions && o.source != "standard") {
        const auto label = line(o.label_singular, 40);
        if (!text::iequals(label, o.name_singular)) out += " \"" + label + "\"";
        if (const auto about = line(o.description, 160); !about.empty()) out += ": " + about;
    }
    if (!d.fields || (o.is_system && !d.system_fields)) return out + "\n";
    std::string fields;
    std::string to_one;
    std::string to_many;
    for (const auto* f : may.fields(o)) {
        if (is_common(*f)) continue;
        if (f->relations.empty()) add(fields, field_entry(*f, d, o.is_system));
        for (const auto* r : may.relations(*f)) {
            if (!r->join_column.empty())
                add(to_one, r->join_column + "→" + r->target_object);
            else
                add(to_many, r->query_name + "→" + r->target_object);
        }
    }
    out += "\n";
    if (!fields.empty()) out += "- " + fields + "\n";
    if (!to_one.empty()) out += "- to one: " + to_one + "\n";
    if (d.to_many && !to_many.empty()) out += "- to many: " + to_many + "\n";
    return out;
}

// written() gives at least the first `budget` bytes; what is longer ends soon after, because it is
// cut anyway. So a workspace of any size costs each level the budget and not its size.
std::string written(const twenty::access& may, const detail& d, std::size_t budget) {
    std::string out = "Every object also has id, createdAt, updatedAt, deletedAt, createdBy and "
                      "updatedBy.\n\n";
    std::string system =
        "\nSystem objects, kept by Twenty itself; most of their fields are read-only:\n\n";
    bool any_system = false;
    for (const auto* o : may.objects()) {
        if (out.size() > budget) return out;
        // Members own deals and tasks, and the targets tie notes to records: no mere machinery.
        const bool everyday = o->name_singular == "workspaceMember" ||
                              o->name_singular == "noteTarget" || o->name_singular == "taskTarget";
        if (o->is_system && !everyday) {
            if (out.size() + system.size() <= budget) system += entry(*o, may, d);
            any_system = true;
            continue;
        }
        auto shown = d;
        shown.system_fields = true;
        out += entry(*o, may, shown);
    }
    return any_system ? out + system : out;
}

} // namespace

std::string snapshot(const twenty::access& may, std::size_t budget) {
    std::string out;
    for (const auto& d : levels) {
        out = written(may, d, budget);
        if (out.size() <= budget) return out;
    }
    const std::string tail = "…\nThe list is cut; list_objects has all of it.\n";
    auto cut = std::string(text::cut_utf8(out, budget > tail.size() ? budget - tail.size() : 0));
    cut.resize(cut.rfind('\n') == std::string::npos ? cut.size() : cut.rfind('\n') + 1);
    return cut + tail;
}

} // namespace primer
