#include "crm/hanging.hpp"

#include "base/text.hpp"
#include "crm/reading.hpp"
#include "twenty/many.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace crm {

namespace {

constexpr int most_moved_pages = 5; // of twenty::max_page rows of a kind

twenty::wanted_fields kept_columns(const hanging& kind) {
    twenty::wanted_fields want;
    want.fields = {"id", kind.column};
    for (const auto& end : kind.ends)
        want.fields.push_back(end);
    if (kind.rows->find_field("updatedAt")) want.fields.emplace_back("updatedAt");
    return want;
}

// What a link leads to, whoever it belongs to.
std::string ends_of(const json::value& row, const hanging& kind) {
    std::string out;
    for (const auto& end : kind.ends)
        out += std::string(row.text(end)) + " ";
    return out;
}

// How many there are; the rows of the first pages.
async<result<std::int64_t>> read_rows(call_slot& slot, const twenty::access& may,
                                      const hanging& kind, std::vector<std::string> owners,
                                      json::array& rows) {
    json::array ids;
    for (auto& id : owners)
        ids.emplace_back(std::move(id));
    twenty::page page;
    page.filter = json::make({{kind.column, json::make({{"in", std::move(ids)}})}});
    page.first = twenty::max_page;
    // What Twenty moves by itself is read so far that an undo can bring most of it back.
    const int pages = kind.moved_by_twenty ? 1 : most_moved_pages;
    std::int64_t total = 0;
    for (int n = 0; n < pages; ++n) {
        twenty::wanted_fields want = kept_columns(kind);
        twenty::page next = page;
        reading read = co_await read_list(slot, kind.rows, may, std::move(want), std::move(next));
        if (read.failure) co_return std::move(*read.failure);
        if (!read.notes.empty()) co_return error(errc::not_allowed, read.notes.front());
        if (const auto* count = read.root.find("totalCount")) total = count->as_int().value_or(0);
        const auto* info = read.root.find("pageInfo");
        page.after = info ? std::string(info->text("endCursor")) : std::string();
        const bool last = !info || !info->flag("hasNextPage") || page.after.empty();
        for (auto& row : read.take_nodes())
            rows.push_back(std::move(row));
        if (last) break;
    }
    co_return total;
}

// A note about two of the records would be linked twice.
void leave_out_doubles(hanging& kind, const json::array& standing) {
    std::set<std::string> known;
    for (const auto& row : standing)
        known.insert(ends_of(row, kind));
    json::array out;
    for (auto& row : kind.found)
        if (known.insert(ends_of(row, kind)).second)
            out.push_back(std::move(row));
        else
            ++kind.doubles;
    kind.found = std::move(out);
}

std::string cannot_move(const hanging& kind, const std::string& why) {
    return "The " + kind.name + " could not be moved: " + why;
}

// Writes one owner to some of the rows. `given` becomes how many of them have it, or may have it.
async<write_end> give_rows(call_slot& slot, const twenty::access& may, const hanging& kind,
                           std::string owner, std::vector<const json::value*> rows,
                           std::size_t& given) {
    given = 0;
    write_end out;
    const auto writable = may.as_writable(*kind.rows);
    if (!writable) {
        out.failure = error(errc::not_allowed, "This connection may not change them.");
        co_return out;
    }
    json::object values;
    values.append(kind.column, owner);
    const std::string selection = kind.rows->find_field("updatedAt")
                                      ? "id " + kind.column + " updatedAt"
                                      : "id " + kind.column;
    for (std::size_t from = 0; from < rows.size() && !out.failure; from += twenty::most_changed) {
        const auto end = std::min(rows.size(), from + twenty::most_changed);
        std::vector<std::string> ids;
        std::vector<const json::value*> before;
        for (std::size_t i = from; i < end; ++i) {
            ids.push_back(text::lower(rows[i]->text("id")));
            before.push_back(rows[i]);
        }
        std::string selected = selection;
        out = co_await write_together(slot, *writable, may, write_kind::update, std::move(ids),
                                      values, std::move(selected), std::move(before));
        if (!out.failure || out.perhaps) given = end;
    }
    co_return out;
}

// A record that is merged itself is no row that moves.
void leave_out_merged(hanging& kind, const std::string& keeps,
                      const std::vector<std::string>& others) {
    std::erase_if(kind.found, [&](const json::value& row) {
        const auto id = text::lower(row.text("id"));
        return id == keeps || std::ranges::find(others, id) != others.end();
    });
}

} // namespace

async<done> read_hanging(call_slot& slot, const twenty::access& may, const std::string& keeps,
                         const std::vector<std::string>& others, std::vector<hanging>& kinds) {
    for (auto& kind : kinds) {
        if (kind.unread) continue;
        std::vector<std::string> owners = others;
        auto total = co_await read_rows(slot, may, kind, std::move(owners), kind.found);
        if (!total) {
            kind.unread = std::move(total).failure();
            continue;
        }
        kind.total = *total;
        leave_out_merged(kind, keeps, others);
        if (kind.ends.empty() || kind.found.empty()) continue;
        json::array standing;
        std::vector<std::string> winner(1, keeps);
        auto read = co_await read_rows(slot, may, kind, std::move(winner), standing);
        if (!read)
            kind.unread = std::move(read).failure();
        else
            leave_out_doubles(kind, standing);
    }
    co_return done();
}

std::int64_t moving(const std::vector<hanging>& kinds) {
    std::int64_t out = 0;
    for (const auto& kind : kinds)
        if (kind.is_moved_here) out += static_cast<std::int64_t>(kind.found.size());
    return out;
}

std::vector<std::string> hanging_lines(const std::vector<hanging>& kinds) {
    std::vector<std::string> moved;
    std::vector<std::string> lost;
    std::vector<std::string> shared;
    for (const auto& kind : kinds) {
        if (kind.unread) {
            lost.push_back(kind.name + " that cannot be seen");
            continue;
        }
        const auto here = kind.is_moved_here ? static_cast<std::int64_t>(kind.found.size()) : 0;
        const auto goes = kind.moved_by_twenty ? kind.total - kind.doubles : here;
        const auto left = kind.total - kind.doubles - goes;
        if (kind.doubles > 0)
            shared.push_back(kind.name + " (" + std::to_string(kind.doubles) + ")");
        if (goes > 0) moved.push_back(kind.name + " (" + std::to_string(goes) + ")");
        if (left > 0) lost.push_back(kind.name + " (" + std::to_string(left) + ")");
    }
    std::vector<std::string> out;
    if (!shared.empty())
        out.push_back("linked to both, which no undo links twice again: " +
                      text::join(shared, ", "));
    if (!moved.empty()) out.push_back("moved: " + text::join(moved, ", "));
    if (!lost.empty()) out.push_back("perhaps lost: " + text::join(lost, ", "));
    return out;
}

std::optional<error> unmovable(const std::vector<hanging>& kinds) {
    for (const auto& kind : kinds) {
        if (kind.moved_by_twenty || kind.is_bookkeeping) continue;
        if (kind.unread) return error(kind.unread->code, cannot_move(kind, kind.unread->message));
        const auto known = static_cast<std::int64_t>(kind.found.size()) + kind.doubles;
        if (!kind.is_moved_here && kind.total > 0)
            return error(errc::not_allowed,
                         cannot_move(kind, "this connection may not change them."));
        if (kind.total > known)
            return error(errc::too_large,
                         cannot_move(kind, "there are " + std::to_string(kind.total) +
                                               "; merge these in Twenty."));
    }
    return std::nullopt;
}

async<write_end> move_hanging(call_slot& slot, const twenty::access& may, const std::string& keeps,
                              std::vector<hanging>& kinds, std::vector<std::string>& notes) {
    for (std::size_t n = 0; n < kinds.size(); ++n) {
        auto& kind = kinds[n];
        if (!kind.is_moved_here || kind.found.empty()) continue;
        std::vector<const json::value*> rows;
        for (const auto& row : kind.found)
            rows.push_back(&row);
        std::string owner = keeps;
        std::size_t given = 0;
        write_end end =
            co_await give_rows(slot, may, kind, std::move(owner), std::move(rows), given);
        if (!end.failure) continue;
        kind.found.resize(given); // the others are not to be moved back
        end.failure->message = cannot_move(kind, end.failure->message);
        if (!(kind.is_bookkeeping || kind.moved_by_twenty) || meets_all(*end.failure)) {
            for (++n; n < kinds.size(); ++n) // were never moved
                kinds[n].found.clear();
            co_return end;
        }
        notes.push_back(end.failure->message);
    }
    write_end none;
    co_return none;
}

async<write_end> move_back(call_slot& slot, const twenty::access& may, const std::string& keeps,
                           const std::vector<hanging>& kinds) {
    write_end out;
    for (const auto& kind : kinds) {
        if (!kind.is_moved_here) continue;
        std::map<std::string, std::vector<const json::value*>> by_owner;
        for (const auto& row : kind.found)
            by_owner[std::string(row.text(kind.column))].push_back(&row);
        for (auto& [owner, rows] : by_owner) {
            // What is moved back is owned by the record that was to stay.
            json::array held;
            for (const auto* row : rows) {
                json::value now = *row;
                now.if_object()->set(kind.column, keeps);
                held.push_back(std::move(now));
            }
            std::vector<const json::value*> before;
            for (const auto& row : held)
                before.push_back(&row);
            std::string back = owner;
            std::size_t given = 0;
            write_end end =
                co_await give_rows(slot, may, kind, std::move(back), std::move(before), given);
            if (end.failure) out = std::move(end);
        }
    }
    co_return out;
}

} // namespace crm
