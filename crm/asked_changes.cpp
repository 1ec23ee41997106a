#include "crm/asked_changes.hpp"

#include "base/text.hpp"
#include "crm/tools.hpp"
#include "crm/undo.hpp"
#include "twenty/days.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace crm {

namespace {

constexpr std::size_t usual_listed = 20;
constexpr std::size_t much_listed = std::size_t{8} << 20U; // bytes: below it no list is cut

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

namespace {

// An id as calls give them: ten letters, for one change a dot and a number.
bool is_change_id(std::string_view id) {
    const auto dot = std::min(id.find('.'), id.size());
    const auto call = id.substr(0, dot);
    const auto number = id.substr(dot);
    return call.size() == 10 && number.size() != 1 && number.size() <= 7 &&
           std::ranges::all_of(
               call, [](char c) { return (c >= 'a' && c <= 'z') || text::is_digit(c); }) &&
           (number.empty() || std::ranges::all_of(number.substr(1), text::is_digit));
}

error no_change(std::string_view id) {
    std::string message = "No change or call of this connection has the id \"";
    message += text::cut_utf8(id, 40);
    return {errc::not_found, message + "\"; list_changes shows them."};
}

// One query for all changes that are named singly, and one for each call.
std::vector<change_query> queries_for(const std::vector<std::string>& ids) {
    std::vector<change_query> out(1);
    std::set<std::string_view> seen;
    for (const auto& id : ids) {
        if (!seen.insert(id).second) continue;
        if (id.find('.') != std::string::npos) {
            out.front().ids.push_back(id);
            continue;
        }
        change_query whole;
        whole.call = id;
        out.push_back(std::move(whole));
    }
    if (out.front().ids.empty()) out.erase(out.begin());
    return out;
}

std::size_t body_bytes(const std::vector<change_record>& changes) {
    std::size_t bytes = 0;
    for (const auto& change : changes)
        bytes += change.begun.size() + change.ended.size();
    return bytes;
}

} // namespace

async<result<found_changes>> named_changes(call_slot& slot, std::vector<std::string> ids) {
    for (const auto& id : ids)
        if (!is_change_id(id)) co_return no_change(id);
    std::set<std::string> known;
    std::size_t bytes = 0;
    found_changes out;
    std::vector<change_query> queries = queries_for(ids);
    for (const auto& query : queries) {
        // Each call may hold what one list may.
        out.more = out.more || bytes > much_listed;
        if (out.more) break;
        change_query asked = query;
        asked.limit = mcp::most_changes_listed;
        auto found = co_await ask_journal(slot, std::move(asked));
        if (!found) co_return std::move(found).failure();
        if (found->empty())
            co_return no_change(query.call.empty() ? query.ids.front() : query.call);
        out.more = may_be_more(*found, mcp::most_changes_listed);
        bytes += body_bytes(*found);
        for (auto& change : *found)
            if (known.insert(change.id).second) out.changes.push_back(std::move(change));
        if (out.more) break;
        for (const auto& id : query.ids)
            if (!known.contains(id)) co_return no_change(id);
    }
    std::ranges::sort(out.changes,
                      [](const auto& a, const auto& b) { return a.number > b.number; });
    co_return out;
}

namespace {

// known_since() tells of changes by their ids which of them happened since.
async<result<std::set<std::string>>> known_since(call_slot& slot, std::int64_t since,
                                                 const std::vector<change_record>& undoing) {
    std::set<std::string> ids;
    for (const auto& change : undoing)
        if (!change.undoes.empty()) ids.insert(change.undoes);
    std::set<std::string> out;
    if (ids.empty()) co_return out;
    change_query query;
    query.ids.assign(ids.begin(), ids.end());
    query.since = since;
    query.limit = mcp::most_changes_listed;
    auto found = co_await ask_journal(slot, std::move(query));
    if (!found) co_return std::move(found).failure();
    if (body_bytes(*found) > much_listed)
        co_return error(errc::too_large,
                        "So much was changed since that it is taken back by \"ids\" "
                        "only; list_changes shows them.");
    for (auto& change : *found)
        out.insert(std::move(change.id));
    co_return out;
}

} // namespace

async<result<found_changes>> standing_changes(call_slot& slot, std::int64_t since) {
    constexpr int most_pages = 20;
    found_changes out;
    std::size_t bytes = 0;
    std::string before;
    for (int page = 0; page < most_pages; ++page) {
        change_query query;
        query.since = since;
        query.before = before;
        query.limit = mcp::most_changes_listed;
        auto found = co_await ask_journal(slot, std::move(query));
        if (!found) co_return std::move(found).failure();
        out.more = may_be_more(*found, mcp::most_changes_listed);
        if (found->empty()) break;
        before = found->back().id;
        auto recent = co_await known_since(slot, since, *found);
        if (!recent) co_return std::move(recent).failure();
        for (auto& change : *found) {
            const bool is_nothing = is_undone(change) || recent->contains(change.undoes) ||
                                    change.state == change_state::refused;
            if (is_nothing) continue;
            bytes += change.begun.size() + change.ended.size();
            out.changes.push_back(std::move(change));
        }
        if (!out.more || out.changes.size() >= mcp::most_changes_listed || bytes > much_listed)
            break;
    }
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
        query.records.push_back(std::move(checked));
    }
    if (const auto since = arguments.text("since"); !since.empty()) {
        TRY(from, read_since(since, context));
        query.since = from;
    }
    query.before = arguments.text("cursor");
    return query;
}

bool may_be_more(const std::vector<change_record>& found, std::size_t asked) {
    return found.size() >= asked || body_bytes(found) > much_listed;
}

} // namespace crm
