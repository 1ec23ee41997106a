// Conditions on lists asked of Twenty: which of our records meet them.
#include "base/text.hpp"
#include "crm/having.hpp"
#include "crm/reading.hpp"
#include "twenty/compared_fields.hpp"
#include "twenty/filter.hpp"
#include "twenty/names.hpp"

#include <utility>

namespace crm {

namespace {

// ask_one() turns a condition on a list into one on our id.
async<result<json::value>> ask_one(call_slot& slot, const twenty::object& of, having condition) {
    twenty::request sent = twenty::joined_ids_request(condition.rows, condition.join,
                                                      condition.filter, most_having_ids + 1);
    sent = twenty::also_selecting(std::move(sent), condition.rows, condition.compared);
    auto answer =
        co_await ask_about(slot, condition.rows, std::move(sent), condition.compares_related);
    if (!answer) co_return std::move(answer).failure();
    if (!answer->ok()) {
        error why = answer->failure();
        why.message = "\"" + condition.name + "\" could not be looked at: " + why.message;
        co_return why;
    }
    const auto* groups = answer->data.find(twenty::root_groups(*condition.rows));
    const auto* all = groups ? groups->if_array() : nullptr;
    if (!all) co_return twenty::unexpected_form();
    // Cut ids would make a wrong answer that looks right, so too many are refused.
    if (all->size() > most_having_ids)
        co_return error(errc::too_large, "More than " + std::to_string(most_having_ids) + " " +
                                             of.name_plural + " have such " + condition.name +
                                             "; narrow that condition, e.g. by a later date.");
    json::array ids;
    for (const auto& group : *all) {
        const auto* values = group.find("groupByDimensionValues");
        const auto* listed = values ? values->if_array() : nullptr;
        const auto* id = listed && !listed->empty() ? listed->front().if_string() : nullptr;
        if (id && text::is_uuid(*id)) ids.emplace_back(*id);
    }
    // "None" of no records is no condition. "Some" of no records holds for nothing: an id is never
    // null.
    if (ids.empty()) {
        json::value none = json::object();
        if (!condition.none) none = json::make({{"id", json::make({{"is", "NULL"}})}});
        co_return none;
    }
    json::object in;
    in.append("in", std::move(ids));
    json::object found;
    found.append("id", std::move(in));
    if (!condition.none) co_return json::value(std::move(found));
    json::object others;
    others.append("not", std::move(found));
    co_return json::value(std::move(others));
}

} // namespace

async<result<json::value>> ask_having(call_slot& slot, const twenty::object& of,
                                      std::vector<having> conditions) {
    json::value all = json::object();
    for (auto& condition : conditions) {
        having one = std::move(condition);
        auto found = co_await ask_one(slot, of, std::move(one));
        if (!found) co_return std::move(found).failure();
        all = twenty::both(std::move(all), std::move(found).value());
    }
    co_return all;
}

} // namespace crm
