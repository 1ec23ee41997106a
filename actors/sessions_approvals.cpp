// The questions that wait for a person, as the page of approvals sees them.
#include "actors/sessions.hpp"

namespace actors {

namespace {

error no_such_question() {
    return {errc::not_found,
            "No question waits here for you. It may have been answered, or its ten "
            "minutes are over; then the assistant can ask again."};
}

approval_view view_of(const approvals::question& q, oauth::time_point now) {
    approval_view out;
    out.client = q.who->client_name;
    out.label = q.who->connection.label;
    out.title = q.what.title;
    out.lines = q.what.lines;
    out.now = q.now;
    out.left = std::chrono::duration_cast<std::chrono::seconds>(q.asked + approvals::lasts - now);
    return out;
}

} // namespace

void sessions_logic::seen(owed promise, const find_approval& m) const {
    const auto now = settings_->now();
    const auto* q = approvals_->find(m.id, m.by, now);
    if (!q) return promise.answer(no_such_question());
    promise.answer(view_of(*q, now));
}

void sessions_logic::waiting(owed promise, const list_approvals& m) const {
    std::vector<waiting_approval> all;
    for (const auto& grant : m.grants)
        for (const auto* q : approvals_->of(grant, settings_->now()))
            all.push_back({q->id, grant, q->what.title});
    promise.answer(std::move(all));
}

void sessions_logic::answered(owed promise, const answer_approval& m) {
    const auto now = settings_->now();
    const auto* q = approvals_->answer(m.id, m.by, m.yes, now);
    if (!q) return promise.answer(no_such_question());
    logging::event(logging::level::info, "approval_answered",
                   {{"grant", q->who->grant_id},
                    {"answer", q->now == approval_state::approved ? "yes" : "no"}});
    promise.answer(view_of(*q, now));
}

} // namespace actors
