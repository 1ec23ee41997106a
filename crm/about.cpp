#include "crm/about.hpp"

#include "base/text.hpp"
#include "crm/reading.hpp"
#include "twenty/names.hpp"
#include "twenty/query.hpp"
#include "twenty/shape.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace crm {

namespace {

constexpr std::size_t most_items = 20; // of one record
constexpr std::size_t longest_name = 200;

// The object whose rows link records of `of`, and the column that holds the record's id.
struct target_rows {
    twenty::writable_object rows;
    std::string owner;
};
result<target_rows> rows_of(const twenty::object& of, const twenty::access& may) {
    const auto name = of.name_singular + "Target";
    const auto* rows = may.schema().by_singular(name);
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
    const bool one = w && w->id.empty() != w->name.empty() && !w->object.empty();
    if (!one || (!w->id.empty() && !text::is_uuid(w->id)) || w->name.size() > longest_name)
        return error(errc::bad_request,
                     "\"about\" takes a list of {\"object\": \"company\", \"id\": \"<UUID>\"} or "
                     "{\"object\": \"company\", \"name\": \"Acme\"}.");
    TRY(target, may.readable(w->object));
    about_item out{target, column_for(in, target), text::lower(w->id), std::string(w->name)};
    if (out.column.empty())
        return error(errc::bad_request,
                     in.rows->name_plural + " can't link to a " + target->name_singular + ".");
    return out;
}

result<void> add_items(about_list& out, const json::value& list, const target_rows& in,
                       const twenty::access& may) {
    const auto* items = list.if_array();
    if (!items) {
        TRY(item, item_of(list, in, may));
        out.push_back(std::move(item));
        return {};
    }
    for (const auto& v : *items) {
        if (out.size() == most_items)
            return error(errc::bad_request, "\"about\" takes at most 20 records.");
        TRY(item, item_of(v, in, may));
        out.push_back(std::move(item));
    }
    return {};
}

using row_key = std::pair<std::string, std::string>; // the record's id; column and linked id

// Which of the wanted rows are there: of these records, and to one of these ends.
json::value wanted_rows(const target_rows& in, const std::vector<linked_record>& records) {
    json::array owners;
    std::map<std::string, json::array> ends;
    std::set<row_key> known; // column and id
    for (const auto& r : records) {
        owners.emplace_back(r.id);
        for (const auto& item : *r.about)
            if (known.emplace(item.column, item.id).second) ends[item.column].emplace_back(item.id);
    }
    const auto among = [](const std::string& column, json::array ids) {
        json::object test;
        test.append("in", std::move(ids));
        json::object out;
        out.append(column, std::move(test));
        return out;
    };
    json::array any;
    for (auto& [column, ids] : ends)
        any.emplace_back(among(column, std::move(ids)));
    json::object to_any;
    to_any.append("or", std::move(any));
    json::array both;
    both.emplace_back(among(in.owner, std::move(owners)));
    both.emplace_back(std::move(to_any));
    json::object out;
    out.append("and", std::move(both));
    return out;
}

void add_rows(std::set<row_key>& out, const json::array& rows, const target_rows& in,
              const std::vector<std::string>& columns) {
    for (const auto& row : rows)
        for (const auto& column : columns)
            if (column != in.owner && column != "id")
                out.emplace(text::lower(row.text(in.owner)),
                            column + " " + text::lower(row.text(column)));
}

task<result<std::set<row_key>>> stored_rows(exchange& slot, const target_rows& in,
                                            const twenty::access& may,
                                            const std::vector<linked_record>& records) {
    constexpr int most_pages = 20; // 60 records about 20 each fill six; the rest are doubles
    twenty::wanted_fields want;
    want.fields = {"id", in.owner};
    for (const auto& r : records)
        for (const auto& item : *r.about)
            if (std::ranges::find(want.fields, item.column) == want.fields.end())
                want.fields.push_back(item.column);
    twenty::page page;
    page.filter = wanted_rows(in, records);
    page.first = twenty::max_page;
    std::set<row_key> out;
    for (int n = 0; n < most_pages; ++n) {
        twenty::wanted_fields columns = want;
        twenty::page next = page;
        reading read = co_await read_list(slot, in.rows, may, std::move(columns), std::move(next));
        if (read.failure) co_return std::move(*read.failure);
        if (!read.notes.empty()) co_return error(errc::not_allowed, read.notes.front());
        add_rows(out, read.nodes(), in, want.fields);
        const auto* info = read.root.find("pageInfo");
        page.after = info ? std::string(info->text("endCursor")) : std::string();
        if (!info || !info->flag("hasNextPage") || page.after.empty()) co_return out;
    }
    co_return error(errc::too_large, "There are too many links to look through; link fewer "
                                     "records a call.");
}

} // namespace

result<about_list> take_about(json::value& data, const json::value* given, const twenty::object& of,
                              const twenty::access& may) {
    about_list out;
    auto* members = data.if_object();
    const bool own = of.find_field("about") || of.find_relation("about");
    const auto* inside = members && !own ? members->find("about") : nullptr;
    if (!given && !inside) return out;
    TRY(in, rows_of(of, may));
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
    const bool empty = data.is_object() && data.if_object()->empty();
    if (!about.empty() && empty) return twenty::prepared_data();
    return twenty::prepare_update(data, of, may, replace);
}

void add_names(wanted_names& names, const about_list& about) {
    for (const auto& item : about)
        if (item.id.empty()) names.emplace_back(item.target, item.name);
}

result<void> resolve(about_list& about, const name_book& book) {
    for (auto& item : about) {
        if (!item.id.empty()) continue;
        TRY(record, book.find(item.target, item.name));
        item.id = record.id;
        item.name = record.label;
    }
    return {};
}

task<write_end> link_records(exchange& slot, const twenty::object& of, const twenty::access& may,
                             std::vector<linked_record> records, bool look_first) {
    write_end out;
    auto in = rows_of(of, may);
    if (!in) {
        out.failure = in.failure();
        co_return out;
    }
    std::set<row_key> known;
    if (look_first) {
        auto stored = co_await stored_rows(slot, *in, may, records);
        if (!stored) {
            out.failure = stored.failure();
            co_return out;
        }
        known = std::move(stored).value();
    }
    std::vector<json::object> rows;
    for (const auto& r : records)
        for (const auto& item : *r.about) {
            if (!known.emplace(r.id, item.column + " " + item.id).second) continue;
            json::object row;
            row.append("id", slot.context->new_id());
            row.append(in->owner, r.id);
            row.append(item.column, item.id);
            rows.push_back(std::move(row));
        }
    for (std::size_t from = 0; from < rows.size() && !out.failure; from += twenty::max_page) {
        const auto end = std::min(rows.size(), from + twenty::max_page);
        std::vector<json::object> some(rows.begin() + static_cast<std::ptrdiff_t>(from),
                                       rows.begin() + static_cast<std::ptrdiff_t>(end));
        out = co_await write_new(slot, in->rows, may, std::move(some));
    }
    co_return out;
}

task<crm_outcome> link_created(exchange& slot, const twenty::writable_object& of, crm_outcome made,
                               const about_list& about, const twenty::access& may) {
    if (made.failure || about.empty()) co_return made;
    std::string id(made.body.find("id")->if_string() ? *made.body.find("id")->if_string() : "");
    std::vector<linked_record> records;
    records.push_back({id, &about});
    write_end linked = co_await link_records(slot, of, may, std::move(records), false);
    if (!linked.failure) {
        made.body.set("about", shown(about));
        co_return made;
    }
    linked.stale_schema = false; // a second run of the call would create a second record
    if (linked.perhaps || meets_all(*linked.failure)) {
        made.notes.push_back(std::string("The record is stored, ") +
                             (linked.perhaps ? "but of its links no answer came: "
                                             : "but its links were not written: ") +
                             linked.failure->message +
                             " update_record with this id and the same about writes those that "
                             "are missing.");
        co_return made;
    }
    const json::object nothing;
    write_end undone = co_await write_one(slot, of, may, write_kind::remove, id, nothing, "id");
    linked.failure->message =
        "The links of \"about\" could not be written: " + linked.failure->message +
        (undone.perhaps ? " It is not known whether the " + of->name_singular + " " + id +
                              " was deleted again; get_record tells."
         : undone.failure ? " The " + of->name_singular + " is stored without them: " + id + "."
                          : " The new " + of->name_singular +
                                " was deleted again (softly, as delete_record does).");
    co_return failed(std::move(linked));
}

task<crm_outcome> link_stored(exchange& slot, const twenty::writable_object& of, crm_outcome done,
                              const about_list& about, const twenty::access& may, bool alone) {
    if (done.failure || about.empty()) co_return done;
    std::vector<linked_record> records;
    records.push_back({*done.body.find("id")->if_string(), &about});
    write_end linked = co_await link_records(slot, of, may, std::move(records), true);
    if (!linked.failure) {
        done.body.set("about", shown(about));
        co_return done;
    }
    const std::string why = std::string(linked.perhaps ? "It is not known whether the" : "The") +
                            " links of \"about\" were " + (linked.perhaps ? "" : "not ") +
                            "written: " + linked.failure->message;
    if (alone) {
        linked.failure->message = why;
        if (linked.perhaps) {
            json::object look;
            look.append("object", of->name_singular);
            look.append("id", *done.body.find("id")->if_string());
            look.append("hint", "The same call again writes those that are missing.");
            linked.more = std::move(look);
        }
        co_return failed(std::move(linked));
    }
    done.notes.push_back(why + " A call with the same about alone writes those that are missing.");
    co_return done;
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
