#include "crm/asked_changes.hpp"

#include "base/text.hpp"
#include "crm/tools.hpp"
#include "twenty/days.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace crm {

namespace {

constexpr std::size_t usual_listed = 20;
constexpr std::size_t much_listed = std::size_t{8} << 20U; // bytes: below it no list is cut
constexpr std::string_view no_call = "No change or call of this connection has the id ";

} // namespace

// A day of the calendar begins where it does in UTC, as the times of changes are told.
result<std::int64_t> read_since(std::string_view written, const call_context& context) {
    if (const auto at = text::read_iso_time(written)) return *at;
    twenty::moment now;
    now.now = context.now;
    if (const auto days = twenty::read_days(written, now))
        return std::chrono::duration_cast<std::chrono::seconds>(days->from.time_since_epoch())
            .count();
    return error(errc::bad_request, "\"since\" is a day (2026-12-01, today, -7d) or a time in UTC "
                                    "(2026-12-01T09:30:00Z).");
}

async<result<std::vector<change_record>>> ask_journal(call_slot& slot, change_query wanted) {
    need what = need_changes(std::move(wanted));
    need_awaiter<result<std::vector<change_record>>> wait(slot, std::move(what));
    co_return co_await wait;
}

async<result<std::vector<change_record>>> named_changes(call_slot& slot,
                                                        std::vector<std::string> ids) {
    std::vector<change_record> out;
    std::set<std::string> known;
    change_query singly;
    singly.limit = mcp::most_changes_listed;
    for (const auto& id : ids)
        if (id.find('.') != std::string::npos) singly.ids.push_back(id);
    std::vector<change_query> queries;
    if (!singly.ids.empty()) queries.push_back(std::move(singly));
    for (auto& id : ids) {
        if (id.find('.') != std::string::npos) continue;
        change_query whole;
        whole.call = std::move(id);
        whole.limit = mcp::most_changes_listed;
        queries.push_back(std::move(whole));
    }
    for (const auto& query : queries) {
        change_query asked = query;
        auto found = co_await ask_journal(slot, std::move(asked));
        if (!found) co_return std::move(found).failure();
        if (found->empty())
            co_return error(errc::not_found,
                            std::string(no_call) +
                                (query.call.empty() ? query.ids.front() : query.call) +
                                "; list_changes shows them.");
        for (auto& change : *found)
            if (known.insert(change.id).second) out.push_back(std::move(change));
    }
    // Ids of one call end in its number; of several calls the time orders.
    std::ranges::stable_sort(out, [](const auto& a, const auto& b) { return a.at > b.at; });
    co_return out;
}

std::vector<std::string> names_in(const json::value& ids) {
    std::vector<std::string> out;
    for (const auto& id : *ids.if_array())
        if (const auto* name = id.if_string()) out.push_back(*name);
    return out;
}

result<change_query> query_of(const json::value& arguments, const call_context& context,
                              const twenty::access& may) {
    change_query query;
    query.limit = usual_listed;
    if (const auto name = arguments.text("objectName"); !name.empty()) {
        TRY(of, may.readable(name));
        query.object = of->name_singular;
    }
    if (const auto id = arguments.text("id"); !id.empty()) {
        TRY(checked, checked_id(id));
        query.record = std::move(checked);
    }
    if (const auto since = arguments.text("since"); !since.empty()) {
        TRY(from, read_since(since, context));
        query.since = from;
    }
    query.before = arguments.text("cursor");
    return query;
}

bool may_be_more(const std::vector<change_record>& found, std::size_t asked) {
    std::size_t bytes = 0;
    for (const auto& change : found)
        bytes += change.begun.size() + change.ended.size();
    return found.size() >= asked || bytes > much_listed;
}

} // namespace crm
