#include "web/approve_endpoint.hpp"

#include "actors/messages.hpp"
#include "base/text.hpp"
#include "twenty/connection.hpp"
#include "web/approve_page.hpp"
#include "web/browser_cookie.hpp"
#include "web/browser_form.hpp"
#include "web/delivery.hpp"
#include "web/page.hpp"

#include <set>
#include <utility>

namespace web {

namespace {

constexpr std::string_view path_before_id = "/approve/";
constexpr std::size_t longest_id = 64;
constexpr std::chrono::minutes ticket_lasts{10};

struct approve_form {
    secret api_key;
    std::string ticket;
    std::string answer;
};

result<approve_form> read_approve_form(request& r) {
    TRY(fields, read_browser_form(r));
    approve_form form;
    std::set<std::string> seen;
    for (auto& [name, value] : fields) {
        if (!seen.insert(name).second) return error{errc::bad_request, "The form repeats a field."};
        if (name == "api_key")
            form.api_key = twenty::trimmed_key(secret(std::move(value)));
        else if (name == "ticket")
            form.ticket = std::move(value);
        else if (name == "answer")
            form.answer = std::move(value);
    }
    return form;
}

std::string question_id(const request& r) {
    if (!r.path.starts_with(path_before_id)) return {};
    auto id = r.path.substr(path_before_id.size());
    return id.size() <= longest_id ? std::string(id) : std::string();
}

carried_for ticket_use(const std::string& id, const std::string& cookie) {
    return {"approve", id, cookie};
}

// What the ticket carries is the key, where that was the proof: the answer proves it once more.
response question_page(const approve_needs& needs, const std::string& id, const std::string& cookie,
                       const actors::person_proof& by, const actors::approval_view& view) {
    const auto ticket = needs.seals.seal(secret(by.api_key.reveal()), ticket_use(id, cookie),
                                         needs.guard.now() + ticket_lasts);
    return html_page(200, render_approve(view, ticket));
}

response key_question(int status, const std::string& problem) {
    return html_page(status, render_approve_key(problem));
}

response not_reached(const error& e) {
    auto r = local_page(503, "That did not work",
                        "The question can't be reached right now. Try again in a moment.");
    set_retry_after(r, std::chrono::seconds(2));
    note_error(r, e);
    return r;
}

// Who looks: by the form's key, by what its ticket carries, and by the browser in any case.
actors::person_proof proof_of(const approve_needs& needs, const approve_form& form,
                              const std::string& id, const std::string& cookie) {
    actors::person_proof by;
    by.browser = browser_proof(needs.keys, cookie);
    by.api_key = form.api_key;
    if (form.ticket.empty()) return by;
    auto carried = needs.seals.open(form.ticket, ticket_use(id, cookie));
    if (carried && !carried->empty()) by.api_key = std::move(carried).value();
    return by;
}

} // namespace

std::string browser_proof(const key_verifier& keys, const std::string& cookie) {
    return cookie.empty() ? std::string()
                          : text::base64url_encode(keys.keyed_hash("consented in " + cookie));
}

asio::awaitable<response> get_approve(const approve_needs& needs, request r) {
    if (const auto wait = needs.guard.take(limit::connections, r.peer))
        co_return too_many_attempts(wait->as_error({}));
    auto cookie = browser_cookie(needs.identity, r);
    const auto id = question_id(r);
    const approve_form nothing;
    const auto by = proof_of(needs, nothing, id, cookie);
    actors::find_approval look(id, by);
    const auto found = co_await needs.actors.ask(std::move(look));
    if (!found && found.failure().code != errc::not_found) co_return not_reached(found.failure());
    if (found) co_return question_page(needs, id, cookie, by, *found);
    auto page = key_question(200, {});
    if (cookie.empty()) set_browser_cookie(needs.identity, page, new_browser_cookie());
    co_return page;
}

asio::awaitable<response> post_approve(const approve_needs& needs, request r) {
    // Read first: it wipes the body, and a key may be in it.
    auto form = read_approve_form(r);
    if (is_cross_site(needs.identity, r))
        co_return local_page(403, "This form came from another site", "Nothing was answered.");
    if (!form) co_return local_page(400, "This form can't be used", form.failure().message);
    if (const auto wait = needs.guard.take(limit::connections, r.peer))
        co_return too_many_attempts(wait->as_error({}));
    const auto cookie = browser_cookie(needs.identity, r);
    if (cookie.empty())
        co_return local_page(400, "Cookies are needed",
                             "Your browser did not send this server's cookie. Allow cookies for "
                             "this page and open it again.");
    const auto id = question_id(r);
    const auto by = proof_of(needs, *form, id, cookie);
    const bool answers = form->answer == "yes" || form->answer == "no";
    // Only a ticket answers anything: this page was shown to this browser before.
    const bool may_answer = answers && needs.seals.open(form->ticket, ticket_use(id, cookie)).ok();
    if (answers && !may_answer)
        co_return key_question(422, "Too much time has passed. Look again.");
    if (may_answer) {
        actors::answer_approval wish(id, by, form->answer == "yes");
        const auto answered = co_await needs.actors.ask(std::move(wish));
        if (answered) {
            auto page = html_page(200, render_approve(*answered, {}));
            page.log.emplace_back("approval", form->answer);
            co_return page;
        }
        if (answered.failure().code != errc::not_found) co_return not_reached(answered.failure());
        co_return key_question(422, answered.failure().message);
    }
    actors::find_approval look(id, by);
    const auto found = co_await needs.actors.ask(std::move(look));
    if (found) co_return question_page(needs, id, cookie, by, *found);
    if (found.failure().code != errc::not_found) co_return not_reached(found.failure());
    co_return key_question(422, found.failure().message);
}

} // namespace web
