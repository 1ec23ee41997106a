#include "actors/approvals.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace actors {

namespace {

std::string new_question_id() { return text::base64url_encode(crypto::random_bytes(16)); }

std::size_t size_of(const mcp::approval_question& what) {
    constexpr std::size_t around = 512;
    std::size_t bytes = around + what.title.size() + what.digest.size();
    for (const auto& line : what.lines)
        bytes += line.size() + sizeof(std::string);
    return bytes;
}

bool is_over(const approvals::question& q, oauth::time_point now) {
    return now - q.asked >= approvals::lasts;
}

bool proves(const person_proof& by, const bearer& who) {
    const auto& known = who.connection;
    const bool browser =
        !by.browser.empty() && !known.browser.empty() && crypto::equal(by.browser, known.browser);
    const bool key =
        !by.api_key.empty() && crypto::equal(by.api_key.reveal(), known.api_key.reveal());
    return browser || key;
}

} // namespace

result<mcp::approval> approvals::ask(const bearer_ptr& who, mcp::approval_question what,
                                     oauth::time_point now) {
    forget_old(now);
    if (what.is_answered) return use_once(*who, what.digest, now);
    mcp::approval out;
    const auto known = ids_.find({who->grant_id, what.digest});
    if (known != ids_.end()) {
        const auto& found = by_id_.at(known->second);
        out.link = found.id;
        out.now = found.now == state::declined ? mcp::approval::state::declined
                                               : mcp::approval::state::open;
        if (found.now != state::approved) return out;
        out.now = mcp::approval::state::approved;
        erase(std::string(found.id));
        return out;
    }
    const auto bytes = size_of(what);
    const auto own = std::ranges::count_if(
        by_id_, [&](const auto& each) { return each.second.who->grant_id == who->grant_id; });
    if (static_cast<std::size_t>(own) >= most_of_connection || by_id_.size() >= most ||
        bytes_ + bytes > most_bytes)
        return error(errc::busy, "Too many questions wait for a person; nothing was written. Wait "
                                 "until some are answered, or ten minutes.");
    question q;
    q.id = new_question_id();
    q.who = who;
    q.what = std::move(what);
    q.asked = now;
    out.link = q.id;
    bytes_ += bytes;
    ids_.emplace(std::pair(who->grant_id, q.what.digest), q.id);
    by_id_.emplace(out.link, std::move(q));
    return out;
}

result<mcp::approval> approvals::use_once(const bearer& who, const std::string& digest,
                                          oauth::time_point now) {
    const auto own = std::ranges::count_if(
        used_, [&](const auto& each) { return each.first.first == who.grant_id; });
    if (static_cast<std::size_t>(own) >= most_remembered)
        return error(errc::busy, "Too many changes were approved at once; try again in a moment.");
    mcp::approval out;
    const bool first = used_.emplace(std::pair(who.grant_id, digest), now).second;
    out.now = first ? mcp::approval::state::approved : mcp::approval::state::declined;
    return out;
}

const approvals::question* approvals::find(const std::string& id, const person_proof& by,
                                           oauth::time_point now) const {
    const auto found = by_id_.find(id);
    if (found == by_id_.end() || is_over(found->second, now) || !proves(by, *found->second.who))
        return nullptr;
    return &found->second;
}

const approvals::question* approvals::answer(const std::string& id, const person_proof& by,
                                             bool yes, oauth::time_point now) {
    if (!find(id, by, now)) return nullptr;
    auto& q = by_id_.at(id);
    if (q.now == state::open) q.now = yes ? state::approved : state::declined;
    return &q;
}

std::vector<const approvals::question*> approvals::of(std::string_view grant_id,
                                                      oauth::time_point now) const {
    std::vector<const question*> out;
    for (const auto& [_, q] : by_id_)
        if (q.who->grant_id == grant_id && q.now == state::open && !is_over(q, now))
            out.push_back(&q);
    std::ranges::sort(out, [](const auto* a, const auto* b) {
        return std::pair(a->asked, a->id) < std::pair(b->asked, b->id);
    });
    return out;
}

void approvals::erase(const std::string& id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return;
    bytes_ -= size_of(found->second.what);
    ids_.erase({found->second.who->grant_id, found->second.what.digest});
    by_id_.erase(found);
}

void approvals::forget_connection(const std::string& grant_id) {
    std::vector<std::string> gone;
    for (const auto& [id, q] : by_id_)
        if (q.who->grant_id == grant_id) gone.push_back(id);
    for (const auto& id : gone)
        erase(id);
}

void approvals::forget_old(oauth::time_point now) {
    std::vector<std::string> gone;
    for (const auto& [id, q] : by_id_)
        if (is_over(q, now)) gone.push_back(id);
    for (const auto& id : gone)
        erase(id);
    std::erase_if(used_, [&](const auto& each) { return now - each.second >= remembered; });
}

} // namespace actors
