// What a call asks of its person, and how many records it may still change.
#include "actors/session.hpp"

namespace actors {

twenty::caution session_logic::caution_of(const call& c) const {
    const auto& chosen = c.who->connection;
    if (chosen.by_person) { // neither asked once more, nor held to what a model may change
        twenty::caution out;
        out.by_person = true;
        return out;
    }
    return twenty::caution_of(chosen.ask, chosen.quota, settings_->caution);
}

void session_logic::add_caution(call& c) const {
    c.context.caution = caution_of(c);
    c.context.counts_changes = true;
    c.context.question_key = &peers_.question_key;
}

void session_logic::perform(std::uint64_t number, mcp::need_approval what) {
    using reply = result<mcp::approval>;
    // A client that asks its own person needs no page for the answer.
    const bool reachable = what.what.is_answered || !settings_->approve_url.empty();
    if (!peers_.asked || !reachable)
        return resume(number, reply(error(errc::unsupported, "Nobody can be asked here.")));
    auto answer = peers_.asked->ask(find(number)->who, std::move(what.what), settings_->now());
    if (answer && !answer->link.empty()) answer->link = settings_->approve_url + "/" + answer->link;
    resume(number, std::move(answer));
}

void session_logic::perform(std::uint64_t number, const mcp::need_quota_left&) {
    using reply = result<twenty::change_quota>;
    const call& c = *find(number);
    const auto quota = caution_of(c).quota;
    read_quota question(c.who->grant_id, {quota.hour, quota.day});
    ask(self_, peers_.store, std::move(question),
        [this, number](const result<stored::change_quota>& left) {
            if (!left) return resume(number, reply(left.failure()));
            resume(number, reply(twenty::change_quota{left->hour, left->day}));
        });
}

} // namespace actors
