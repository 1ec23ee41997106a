// What a call tells the journal of changes, and asks of it.
#include "actors/session.hpp"

namespace actors {

namespace {

mcp::change_state told_state(stored::change_state s) {
    switch (s) {
    case stored::change_state::begun:
        return mcp::change_state::begun;
    case stored::change_state::done:
        return mcp::change_state::done;
    case stored::change_state::refused:
        return mcp::change_state::refused;
    case stored::change_state::unknown:
        break;
    }
    return mcp::change_state::unknown;
}

mcp::change_record told_change(stored::change_record row) {
    mcp::change_record out;
    out.number = row.number;
    out.id = std::move(row.id);
    out.call = std::move(row.call);
    out.tool = std::move(row.tool);
    out.object = std::move(row.object);
    out.effect = std::move(row.effect);
    out.undoes = std::move(row.undoes);
    out.ids = std::move(row.ids);
    out.at = row.at;
    out.state = told_state(row.state);
    out.undone = std::move(row.undone);
    out.undone_perhaps = std::move(row.undone_perhaps);
    out.begun = std::move(row.begun);
    out.ended = std::move(row.ended);
    out.sealed_away = row.sealed_away;
    return out;
}

} // namespace

call_changes& session_logic::changes_of(call& c) {
    if (!c.changes) c.changes.emplace(peers_.store, c.who, c.request_id);
    return *c.changes;
}

void session_logic::perform(std::uint64_t number, mcp::need_change_begun what) {
    using reply = result<std::string>;
    call& c = *find(number);
    if (what.what.ids.size() > mcp::most_change_ids ||
        what.what.body.size() > mcp::most_change_body)
        return resume(number, reply(error(errc::too_large, "The change is too large.")));
    auto question = changes_of(c).begin(std::move(what.what), c.report.tool, caution_of(c).quota);
    auto id = question.what.id;
    ask(self_, peers_.store, std::move(question),
        [this, number, id = std::move(id)](const result<bool>& begun) {
            auto* asker = find(number);
            if (!asker) return; // call_changes has told that nobody knows
            if (begun && *begun) return resume(number, reply(id));
            asker->changes->never_began(id);
            resume(number, begun ? reply(std::string()) : reply(begun.failure()));
        });
}

// The end of a change is answered in place: a call that tells of many in a row would go deeper on
// the stack with each. False: `what` is another need.
bool session_logic::ends_change(call& c, mcp::need& what) {
    auto* ended = std::get_if<mcp::need_change_ended>(&what);
    if (!ended) return false;
    // Without a journal a change has no id, and its tool need not know.
    if (!ended->what.id.empty()) changes_of(c).end(std::move(ended->what));
    c.coroutine->resume(mcp::reply(result<done>(done{})));
    return true;
}

void session_logic::perform(std::uint64_t number, mcp::need_changes what) {
    using reply = result<std::vector<mcp::change_record>>;
    auto& asked = what.query;
    stored::change_query query;
    query.ids = std::move(asked.ids);
    query.call = std::move(asked.call);
    query.object = std::move(asked.object);
    query.records = std::move(asked.records);
    query.since = asked.since;
    query.until = asked.until;
    query.before = std::move(asked.before);
    query.limit = std::min(asked.limit, mcp::most_changes_listed);
    if (query.ids.size() > mcp::most_changes_listed ||
        query.records.size() > mcp::most_changes_listed)
        return resume(number, reply(error(errc::too_large, "Too many changes are asked for.")));
    read_changes question(std::move(query), owner_of_changes(*find(number)->who));
    ask(self_, peers_.store, std::move(question),
        [this, number](result<std::vector<stored::change_record>> rows) {
            if (!rows) return resume(number, reply(std::move(rows).failure()));
            std::vector<mcp::change_record> changes;
            changes.reserve(rows->size());
            for (auto& row : *rows)
                changes.push_back(told_change(std::move(row)));
            resume(number, reply(std::move(changes)));
        });
}

} // namespace actors
