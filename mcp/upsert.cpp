#include "mcp/upsert.hpp"

#include "base/text.hpp"
#include "twenty/data.hpp"
#include "twenty/merge.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <utility>

namespace mcp {

namespace {

std::string_view main_part(const twenty::field& key) {
    const auto* parts = twenty::composite_of(key.type);
    return parts ? parts->main : std::string_view();
}

// Which stored values mean one of these.
json::object holder_filter(const twenty::field& key, const std::vector<json::value>& values) {
    json::array in;
    for (const auto& v : values) {
        if (const auto* s = v.if_string())
            for (auto& spelled : twenty::spellings(key.type, *s))
                in.emplace_back(std::move(spelled));
        else
            in.push_back(v);
    }
    json::value test = json::make({{"in", std::move(in)}});
    if (const auto part = main_part(key); !part.empty())
        test = json::make({{part, std::move(test)}});
    json::object filter;
    filter.append(key.name, std::move(test));
    return filter;
}

bool holds(const twenty::field& key, const json::value& record, const json::value& wanted) {
    const auto part = main_part(key);
    const auto* v = part.empty() ? record.find(key.name) : record.at(key.name, part);
    if (!v) return false;
    const auto* a = v->if_string();
    const auto* b = wanted.if_string();
    return a && b ? twenty::same_primary(key.type, *a, *b) : *v == wanted;
}

// The best of several: not deleted.
json::value pick(const twenty::field& key, const json::array& found, const json::value& wanted) {
    const json::value* best = nullptr;
    for (const auto& record : found)
        if (holds(key, record, wanted) && (!best || record.text("deletedAt").empty()))
            best = &record;
    return best ? *best : json::value();
}

} // namespace

result<const twenty::field*> unique_field(const twenty::object& of, const twenty::access& may,
                                          std::string_view name) {
    const auto written = text::trim(name);
    const auto dot = written.find('.');
    const auto field_name = twenty::exact_name(may, of, written.substr(0, dot));
    const auto* f = of.find_field(field_name);
    const auto part = dot == written.npos ? std::string_view() : written.substr(dot + 1);
    if (f && f->is_unique && may.visible(*f) && (part.empty() || part == main_part(*f))) return f;
    std::vector<std::string> unique;
    for (const auto* each : may.fields(of))
        if (each->is_unique && twenty::writable(*each)) {
            const auto main = main_part(*each);
            unique.push_back(each->name + (main.empty() ? "" : "." + std::string(main)));
        }
    return error(errc::bad_request,
                 "\"upsertBy\" takes a unique field of " + of.name_singular + "; " +
                     (unique.empty() ? "it has none that can be written."
                                     : "it has: " + text::join(unique, ", ") + "."));
}

result<json::value> unique_value(const twenty::field& key, const json::object& values) {
    const auto* v = values.find(key.name);
    const auto part = main_part(key);
    if (v && !part.empty()) v = v->find(part);
    const bool empty = !v || v->is_null() || (v->if_string() && v->if_string()->empty());
    if (empty || v->is_object() || v->is_array())
        return error(errc::bad_request, "The record lacks " + key.name +
                                            (part.empty() ? "" : "." + std::string(part)) +
                                            ", which upsertBy names.");
    return *v;
}

task<result<std::vector<json::value>>> find_holders(exchange& slot, const twenty::object& of,
                                                    const twenty::access& may,
                                                    const twenty::field& key,
                                                    std::vector<json::value> values,
                                                    std::vector<std::string> more) {
    twenty::wanted_fields want;
    want.fields = std::move(more);
    for (const auto& name : {std::string("id"), std::string("deletedAt"), key.name})
        if (of.find_field(name) && std::ranges::find(want.fields, name) == want.fields.end())
            want.fields.push_back(name);
    twenty::page page;
    page.filter = twenty::deleted_too(holder_filter(key, values));
    page.first = twenty::max_page;
    request_maker make = [&of, &page](const std::string& selection) {
        return result<twenty::request>(twenty::find_request(of, selection, page));
    };
    reading read =
        co_await read_root(slot, of, may, std::move(want), std::move(make), twenty::root_many(of));
    if (read.failure) co_return std::move(*read.failure);
    if (!read.notes.empty()) co_return error(errc::not_allowed, read.notes.front());
    const auto nodes = twenty::connection_nodes(read.root);
    std::vector<json::value> holders;
    for (const auto& wanted : values)
        holders.push_back(pick(key, nodes.if_array() ? *nodes.if_array() : json::array(), wanted));
    co_return holders;
}

} // namespace mcp
