#include "crm/duplicates_read.hpp"

#include "twenty/duplicates.hpp"
#include "twenty/names.hpp"
#include "twenty/query.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

using twenty::field_type;

constexpr int most_scanned_pages = 5;             // of twenty::max_page records
constexpr int most_repeated = 25;                 // values that Twenty counts twice, of one field
constexpr std::size_t most_duplicate_tests = 400; // conditions of one request

// The parts of a field that Twenty can count by.
std::vector<std::string> counted_parts(const twenty::field& f) {
    if (f.type == field_type::full_name) return {"firstName", "lastName"};
    const auto* parts = twenty::composite_of(f.type);
    if (!parts) return {""};
    return {std::string(parts->main)};
}

// A value of the field whose parts are those of a group; null where one of them is empty.
json::value counted_value(const twenty::field& f, const json::value& dimensions) {
    const auto* told = dimensions.if_array();
    const auto parts = counted_parts(f);
    if (!told || told->size() != parts.size()) return {};
    json::object out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto* text = (*told)[i].if_string();
        if (!text || text->empty()) return {};
        if (parts[i].empty()) return (*told)[i];
        out.append(parts[i], (*told)[i]);
    }
    return json::value(std::move(out));
}

// What several records have in one field, as Twenty counts it: exactly the same.
async<std::vector<json::object>> repeated_values(call_slot& slot, const twenty::readable_object& of,
                                                 const twenty::access& may,
                                                 const twenty::field& f) {
    twenty::aggregation what;
    for (const auto& part : counted_parts(f)) {
        twenty::grouping group;
        group.field = part.empty() ? f.name : f.name + "." + part;
        what.group_by.push_back(std::move(group));
    }
    what.limit = most_repeated;
    what.order_by = {"-count"};
    std::vector<json::object> out;
    auto prepared = twenty::prepare_aggregate(of, may, what);
    if (!prepared) co_return out;
    twenty::request sent = std::move(prepared->request);
    auto answer = co_await ask_about(slot, of, std::move(sent), false);
    if (!answer || !answer->ok()) co_return out; // servers before 1.x cannot count so
    auto root = twenty::root_of(std::move(*answer), prepared->root);
    const auto* groups = root ? root->if_array() : nullptr;
    if (!groups || prepared->keys.empty()) co_return out;
    for (const auto& group : *groups) {
        const auto* count = group.find(prepared->keys.front());
        const auto* dimensions = group.find("groupByDimensionValues");
        if (!count || !dimensions || count->as_int().value_or(0) < 2) continue;
        auto value = counted_value(f, *dimensions);
        if (value.is_null()) continue;
        json::object record;
        record.append(f.name, std::move(value));
        out.push_back(std::move(record));
    }
    co_return out;
}

} // namespace

// When it was made is what people decide by.
twenty::wanted_fields telling_selection(const twenty::object& of, const twenty::access& may,
                                        const std::vector<const twenty::field*>& fields) {
    twenty::wanted_fields want;
    const auto add = [&](const std::string& name) {
        if (std::ranges::find(want.fields, name) == want.fields.end()) want.fields.push_back(name);
    };
    add("id");
    if (const auto* label = may.label(of)) add(label->name);
    if (of.find_field("createdAt")) add("createdAt");
    for (const auto* f : fields)
        add(f->name);
    return want;
}

async<result<std::int64_t>> scan_newest(call_slot& slot, const twenty::readable_object& of,
                                        const twenty::access& may,
                                        const std::vector<const twenty::field*>& fields,
                                        pool& found, std::vector<std::string>& notes) {
    twenty::page page;
    page.first = twenty::max_page;
    if (of->find_field("createdAt"))
        page.order = json::list({json::make({{"createdAt", "DescNullsLast"}})});
    std::int64_t total = 0;
    for (int n = 0; n < most_scanned_pages; ++n) {
        twenty::wanted_fields want = telling_selection(of, may, fields);
        twenty::page next = page;
        reading read = co_await read_list(slot, of, may, std::move(want), std::move(next));
        if (read.failure) co_return std::move(*read.failure);
        if (n == 0) notes = std::move(read.notes);
        if (const auto* count = read.root.find("totalCount")) total = count->as_int().value_or(0);
        const auto* info = read.root.find("pageInfo");
        page.after = info ? std::string(info->text("endCursor")) : std::string();
        const bool last = !info || !info->flag("hasNextPage") || page.after.empty();
        found.add(read.take_nodes());
        if (last) break;
    }
    co_return total;
}

async<result<done>> read_sharing(call_slot& slot, const twenty::readable_object& of,
                                 const twenty::access& may,
                                 const std::vector<const twenty::field*>& fields,
                                 std::vector<const json::object*> given, pool& found) {
    json::array any = similar_tests(fields, given, most_duplicate_tests);
    if (any.empty()) co_return done();
    twenty::page page;
    page.filter = json::make({{"or", std::move(any)}});
    page.first = twenty::max_page;
    twenty::wanted_fields want = telling_selection(of, may, fields);
    reading read = co_await read_list(slot, of, may, std::move(want), std::move(page));
    if (read.failure) co_return std::move(*read.failure);
    found.add(read.take_nodes());
    co_return done();
}

async<done> add_repeated(call_slot& slot, const twenty::readable_object& of,
                         const twenty::access& may, const std::vector<const twenty::field*>& fields,
                         pool& found) {
    std::vector<json::object> repeated;
    for (const auto* f : fields) {
        std::vector<json::object> some = co_await repeated_values(slot, of, may, *f);
        for (auto& one : some)
            repeated.push_back(std::move(one));
    }
    std::vector<const json::object*> given;
    for (const auto& one : repeated)
        given.push_back(&one);
    auto read = co_await read_sharing(slot, of, may, fields, std::move(given), found);
    (void)read; // what was scanned is told all the same
    co_return done();
}

async<json::array> twentys_duplicates(call_slot& slot, const twenty::readable_object& of,
                                      const twenty::access& may,
                                      const std::vector<const twenty::field*>& fields,
                                      const std::string& id) {
    json::array none;
    if (of->duplicate_criteria.empty()) co_return none;
    request_maker make = [&of, &id](const std::string& selection) {
        return twenty::duplicates_request(of, id, selection);
    };
    twenty::wanted_fields want = telling_selection(of, may, fields);
    reading read = co_await read_root(slot, of, may, std::move(want), std::move(make),
                                      twenty::root_duplicates(of));
    auto* listed = read.failure ? nullptr : read.root.if_array();
    if (!listed || listed->empty()) co_return none;
    read.root = json::value(std::move(listed->front()));
    co_return read.take_nodes();
}

} // namespace crm
