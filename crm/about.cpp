#include "crm/about.hpp"

#include "base/text.hpp"
#include "crm/about_rows.hpp"
#include "twenty/names.hpp"
#include "twenty/values.hpp"

#include <algorithm>

namespace crm {

namespace {

constexpr std::size_t most_items = 20; // of one record
constexpr std::size_t longest_name = 200;

// column_for() finds the column of a target row that leads to an object (targetCompanyId). The
// record's own column and the author are links of these rows as well, and are not what the record
// is about.
std::string column_for(const target_rows& in, const twenty::object& target) {
    for (const auto& f : in.rows->fields)
        for (const auto& r : f.relations)
            if (r.target_object == target.name_singular && r.join_column != in.owner &&
                r.kind == twenty::relation_kind::many_to_one && f.name != "createdBy")
                return r.join_column;
    return {};
}

struct written {
    std::string_view object, id, name;
};
// read_item() reads {object, id}, {object, name} and "company:Acme"; what stands behind the colon
// is an id when it has the form of one.
std::optional<written> read_item(const json::value& v) {
    if (v.is_object()) {
        const auto object = v.text("object", v.text("objectName"));
        const auto name = v.text("name", v.text("email"));
        return written{object, text::trim(v.text("id")), text::trim(name)};
    }
    const auto* s = v.if_string();
    const auto colon = s ? s->find(':') : std::string::npos;
    if (colon == std::string::npos) return std::nullopt;
    const auto rest = text::trim(std::string_view(*s).substr(colon + 1));
    const bool is_id = text::is_uuid(rest);
    return written{text::trim(std::string_view(*s).substr(0, colon)), is_id ? rest : "",
                   is_id ? "" : rest};
}

result<about_item> item_of(const json::value& v, const target_rows& in, const twenty::access& may) {
    const auto w = read_item(v);
    // An item with both an id and a name could mean two records, so exactly one of them is taken.
    const bool one = w && w->id.empty() != w->name.empty() && !w->object.empty();
    if (!one || (!w->id.empty() && !text::is_uuid(w->id)) || w->name.size() > longest_name)
        return error(errc::bad_request,
                     "\"about\" takes a list of {\"object\": \"company\", \"id\": \"<UUID>\"} or "
                     "{\"object\": \"company\", \"name\": \"Acme\"}.");
    // The linked record only has to be readable: what is written is the row between the two.
    TRY(target, may.readable(w->object));
    about_item out{target, column_for(in, target), text::lower(w->id), std::string(w->name)};
    if (out.column.empty())
        return error(errc::bad_request,
                     in.rows->name_plural + " can't link to a " + target->name_singular + ".");
    return out;
}

result<done> add_items(about_list& out, const json::value& list, const target_rows& in,
                       const twenty::access& may) {
    const auto* items = list.if_array();
    if (!items) {
        TRY(item, item_of(list, in, may));
        out.push_back(std::move(item));
        return done{};
    }
    for (const auto& v : *items) {
        if (out.size() == most_items)
            return error(errc::bad_request, "\"about\" takes at most 20 records.");
        TRY(item, item_of(v, in, may));
        out.push_back(std::move(item));
    }
    return done{};
}

} // namespace

result<about_list> take_about(json::value& data, const json::value* given, const twenty::object& of,
                              const twenty::access& may) {
    about_list out;
    auto* members = data.if_object();
    // An object with a field of its own that is called about keeps it.
    const bool own = of.find_field("about") || of.find_relation("about");
    const auto* inside = members && !own ? members->find("about") : nullptr;
    if (!given && !inside) return out;
    // about_rows_of() comes first, so a connection that may not write the rows costs no look at
    // names.
    TRY(in, about_rows_of(of, may));
    if (given) CHECK_OK(add_items(out, *given, in, may));
    if (inside) {
        CHECK_OK(add_items(out, *inside, in, may));
        members->erase("about");
    }
    return out;
}

result<twenty::prepared_data> prepare_beside(const about_list& about, const json::value& data,
                                             const twenty::object& of, const twenty::access& may,
                                             bool replace) {
    // prepare_update() refuses an update without values, which is right where no links are wanted.
    const bool empty = data.is_object() && data.if_object()->empty();
    if (!about.empty() && empty) return twenty::prepared_data();
    return twenty::prepare_update(data, of, may, replace);
}

void add_names(wanted_names& names, const about_list& about) {
    for (const auto& item : about)
        if (item.id.empty()) names.emplace_back(item.target, item.name);
}

result<done> resolve(about_list& about, const name_book& book) {
    for (auto& item : about) {
        if (!item.id.empty()) continue;
        TRY(record, book.find(item.target, item.name));
        item.id = record.id;
        item.name = record.label;
    }
    return done{};
}

result<target_rows> about_rows_of(const twenty::object& of, const twenty::access& may) {
    const auto name = of.name_singular + "Target";
    const auto* rows = may.schema().by_singular(name);
    // The rows are known by their form and not by their name alone: noteTarget has a field `note`
    // that leads to a note.
    if (rows)
        for (const auto& f : rows->fields)
            for (const auto& r : f.relations)
                if (r.target_object == of.name_singular && f.name == of.name_singular) {
                    TRY(writable, may.writable(name));
                    return target_rows{std::move(writable), r.join_column};
                }
    return error(errc::bad_request, "\"about\" is for notes and tasks; a " + of.name_singular +
                                        " is linked by its own relations (describe_object).");
}

json::value shown(const about_list& about) {
    json::array out;
    for (const auto& item : about) {
        json::object one;
        one.append("object", item.target->name_singular);
        one.append("id", item.id);
        if (!item.name.empty()) one.append("name", item.name);
        out.emplace_back(std::move(one));
    }
    return out;
}

} // namespace crm
