#include "crm/duplicates.hpp"

#include "base/text.hpp"
#include "crm/columns.hpp"
#include "crm/duplicates_read.hpp"
#include "crm/tools.hpp"
#include "twenty/identity.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace crm {

namespace {

constexpr std::size_t most_groups_told = 30;
constexpr std::size_t most_members_told = 10;

json::object told_record(const json::value& record, const twenty::object& of) {
    json::object out;
    out.append("id", record.text("id"));
    if (auto label = shown_label(twenty::record_label(record, of)); !label.empty())
        out.append("label", std::move(label));
    if (const auto at = record.text("createdAt"); !at.empty()) out.append("createdAt", at);
    return out;
}

std::string joined_reasons(const std::set<std::string_view>& why) {
    std::string out;
    for (const auto& one : why)
        out += (out.empty() ? "" : ", ") + std::string(one);
    return out;
}

error nothing_tells(const twenty::object& of) {
    return {errc::bad_request, "Nothing tells whether two " + of.name_plural +
                                   " are one: they have no addresses, numbers or domains, and "
                                   "Twenty has no rule for their duplicates."};
}

// sets keeps which records belong together.
class sets {
  public:
    explicit sets(std::size_t n) : above_(n) { std::iota(above_.begin(), above_.end(), 0); }
    std::size_t of(std::size_t i) {
        while (above_[i] != i)
            i = above_[i] = above_[above_[i]];
        return i;
    }
    void join(std::size_t a, std::size_t b) {
        a = of(a);
        b = of(b);
        if (a != b) above_[std::max(a, b)] = std::min(a, b);
    }

  private:
    std::vector<std::size_t> above_;
};

void tell_groups(crm_outcome& out, const std::vector<alike>& groups, const json::array& records,
                 const twenty::object& of, std::size_t budget) {
    json::array told;
    std::size_t bytes = 0;
    for (const auto& group : groups) {
        if (told.size() == most_groups_told) break;
        json::object line;
        line.append("why", joined_reasons(group.why));
        json::array members;
        for (const auto at : group.members)
            if (members.size() < most_members_told)
                members.emplace_back(told_record(records[at], of));
        line.append("records", std::move(members));
        if (group.members.size() > most_members_told)
            line.append("more", group.members.size() - most_members_told);
        bytes += json::dumped_size(json::value(line)) + 1;
        if (bytes > budget && !told.empty()) break;
        told.emplace_back(std::move(line));
    }
    if (told.size() < groups.size())
        out.notes.push_back(std::to_string(groups.size() - told.size()) +
                            " further groups are not shown; merge these first.");
    out.body.set("groups", std::move(told));
}

} // namespace

std::vector<alike> group_alike(const std::vector<const twenty::field*>& fields,
                               const json::array& records) {
    sets together(records.size());
    struct shared {
        std::size_t record;
        const twenty::field* by;
    };
    std::vector<shared> links;
    std::vector<std::unordered_map<std::string, std::size_t>> first(fields.size()); // of each key
    for (std::size_t i = 0; i < records.size(); ++i) {
        auto keys = keys_of_all(fields, records[i]);
        for (std::size_t n = 0; n < fields.size(); ++n)
            for (const auto& key : keys[n]) {
                const auto [at, is_new] = first[n].emplace(key, i);
                if (is_new || at->second == i) continue;
                together.join(at->second, i);
                links.push_back({i, fields[n]});
            }
    }
    std::map<std::size_t, alike> by_first;
    for (const auto& link : links) {
        auto& group = by_first[together.of(link.record)];
        group.why.insert(reason(*link.by));
        if (twenty::identifies(link.by->type)) group.only_by_name = false;
    }
    for (std::size_t i = 0; i < records.size(); ++i)
        if (const auto group = by_first.find(together.of(i)); group != by_first.end())
            group->second.members.push_back(i);
    std::vector<alike> out;
    for (auto& [_, group] : by_first)
        out.push_back(std::move(group));
    std::ranges::stable_sort(out, [](const alike& a, const alike& b) {
        if (a.only_by_name != b.only_by_name) return !a.only_by_name;
        return a.members.size() > b.members.size();
    });
    return out;
}

async<crm_outcome> duplicates_among(call_slot& slot, const twenty::readable_object& of,
                                    const twenty::access& may) {
    const auto fields = telling_fields(of, may, true);
    if (fields.empty()) co_return failed(nothing_tells(of));
    crm_outcome out;
    pool found;
    auto total = co_await scan_newest(slot, of, may, fields, found, out.notes);
    if (!total) co_return failed(total.failure());
    const auto scanned = static_cast<std::int64_t>(found.records.size());
    if (*total > scanned) {
        co_await add_repeated(slot, of, may, fields, found);
        out.notes.push_back("There are " + std::to_string(*total) + " " + of->name_plural +
                            ". In any spelling the newest " + std::to_string(scanned) +
                            " were compared, and of all others what is exactly the same in "
                            "several; give an id to compare one record with all.");
    }
    const auto groups = group_alike(fields, found.records);
    out.body.set("object", of->name_singular);
    tell_groups(out, groups, found.records, of, page_budget);
    co_return out;
}

async<crm_outcome> duplicates_of(call_slot& slot, const twenty::readable_object& of,
                                 const twenty::access& may, std::string id) {
    const auto fields = telling_fields(of, may, true);
    if (fields.empty()) co_return failed(nothing_tells(of));
    request_maker make = [&of, &id](const std::string& selection) {
        return twenty::get_request(of, id, selection);
    };
    twenty::wanted_fields want = telling_selection(of, may, fields);
    reading read =
        co_await read_root(slot, of, may, std::move(want), std::move(make), twenty::root_one(of));
    if (read.failure) co_return failed(read);
    const json::value record = std::move(read.root);
    crm_outcome out;
    add_notes(out, read.notes);
    pool found;
    found.ids.insert(id); // is not its own duplicate
    std::vector<const json::object*> given;
    if (record.if_object()) given.push_back(record.if_object());
    auto shared = co_await read_sharing(slot, of, may, fields, std::move(given), found);
    if (!shared) co_return failed(shared.failure());
    const auto own = keys_of_all(fields, record);
    json::array duplicates;
    std::set<std::string> told;
    for (const auto& other : found.records) {
        const auto keys = keys_of_all(fields, other);
        std::set<std::string_view> why;
        for (std::size_t n = 0; n < fields.size(); ++n)
            if (std::ranges::any_of(keys[n], [&](const auto& key) { return own[n].contains(key); }))
                why.insert(reason(*fields[n]));
        if (why.empty()) continue;
        told.insert(text::lower(other.text("id")));
        json::object line = told_record(other, of);
        line.append("why", joined_reasons(why));
        duplicates.emplace_back(std::move(line));
    }
    const json::array theirs = co_await twentys_duplicates(slot, of, may, fields, id);
    for (const auto& other : theirs) {
        const auto other_id = text::lower(other.text("id"));
        if (other_id == id || !told.insert(other_id).second) continue;
        json::object line = told_record(other, of);
        line.append("why", "Twenty's rule for duplicates");
        duplicates.emplace_back(std::move(line));
    }
    out.body.set("object", of->name_singular);
    out.body.set("id", id);
    if (auto label = shown_label(twenty::record_label(record, of)); !label.empty())
        out.body.set("label", std::move(label));
    out.body.set("duplicates", std::move(duplicates));
    co_return out;
}

} // namespace crm
