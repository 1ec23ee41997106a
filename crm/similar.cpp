#include "crm/similar.hpp"

#include "base/text.hpp"
#include "crm/reading.hpp"
#include "crm/telling.hpp"
#include "twenty/identity.hpp"
#include "twenty/names.hpp"
#include "twenty/query.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace crm {

namespace {

constexpr std::size_t most_similar_shown = 3; // of one record
constexpr std::size_t most_tests = 400;       // of one call
constexpr std::size_t longest_similar_label = 100;

bool share_one(const std::set<std::string>& a, const std::set<std::string>& b) {
    return std::ranges::any_of(a, [&](const auto& key) { return b.contains(key); });
}

// matches() puts records with the same address or domain first: a name is shared by many.
json::array matches(const twenty::object& of, const std::vector<const twenty::field*>& fields,
                    const json::object& values, const json::array& stored,
                    const std::vector<record_keys>& stored_keys) {
    const auto given = keys_of_all(fields, values);
    json::array strong;
    json::array weak;
    for (std::size_t n = 0; n < stored.size() && strong.size() < most_similar_shown; ++n) {
        std::string why;
        bool by_name = true;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (!share_one(given[i], stored_keys[n][i])) continue;
            why += (why.empty() ? "" : ", ") + std::string(reason(*fields[i]));
            by_name = by_name && !twenty::identifies(fields[i]->type);
        }
        if (why.empty() || (by_name && weak.size() == most_similar_shown)) continue;
        const auto& record = stored[n];
        json::object one;
        one.append("id", record.text("id"));
        one.append("label",
                   text::cut_utf8(twenty::record_label(record, of), longest_similar_label));
        one.append("why", std::move(why));
        (by_name ? weak : strong).emplace_back(std::move(one));
    }
    for (auto& one : weak)
        if (strong.size() < most_similar_shown) strong.push_back(std::move(one));
    return strong;
}

} // namespace

// find_similar() compares here, because Twenty's own search for duplicates compares names by case,
// short ones not at all, and additional addresses never.
async<std::vector<json::array>> find_similar(call_slot& slot, const twenty::writable_object& of,
                                             const twenty::access& may,
                                             std::vector<const json::object*> created) {
    std::vector<json::array> out(created.size());
    const auto fields = telling_fields(of, may, false);
    json::array any = similar_tests(fields, created, most_tests);
    if (any.empty()) co_return out;
    json::object filter;
    filter.append("or", std::move(any));
    twenty::page page;
    page.filter = std::move(filter);
    page.first = twenty::max_page; // namesakes come unordered
    twenty::wanted_fields want;
    want.fields.emplace_back("id");
    if (const auto* label = may.label(of)) want.fields.push_back(label->name);
    for (const auto* f : fields)
        if (std::ranges::find(want.fields, f->name) == want.fields.end())
            want.fields.push_back(f->name);
    reading read = co_await read_list(slot, of, may, std::move(want), std::move(page));
    // A failed read hinders no create.
    if (read.failure) co_return out;
    // Keys of the stored records are made once, for all new ones.
    const json::array stored = read.take_nodes();
    std::vector<record_keys> stored_keys;
    for (const auto& record : stored)
        stored_keys.push_back(keys_of_all(fields, record));
    for (std::size_t i = 0; i < created.size(); ++i)
        out[i] = matches(of, fields, *created[i], stored, stored_keys);
    co_return out;
}

std::vector<std::optional<std::size_t>>
find_twins(const twenty::object& of, const twenty::access& may,
           const std::vector<const json::object*>& created) {
    std::vector<std::optional<std::size_t>> out(created.size());
    const auto fields = telling_fields(of, may, false);
    // `first` has the earliest record for each key, so that sixty records are not compared with
    // each other.
    std::vector<std::map<std::string, std::size_t>> first(fields.size());
    for (std::size_t i = 0; i < created.size(); ++i) {
        const auto keys = keys_of_all(fields, *created[i]);
        for (std::size_t n = 0; n < fields.size(); ++n)
            for (const auto& key : keys[n]) {
                const auto known = first[n].emplace(key, i).first->second;
                if (known != i && (!out[i] || known < *out[i])) out[i] = known;
            }
    }
    return out;
}

std::string similar_note(const twenty::object& of) {
    return "similar: each a " + of.name_singular +
           " that was there before and is probably the same. If so, delete_record the new one and "
           "update_record the other.";
}

} // namespace crm
