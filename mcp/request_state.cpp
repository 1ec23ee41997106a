#include "mcp/request_state.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

// A round of questions: handle() opens the answers so far, the tool asks, and what is missing goes
// out with a new state in which the answers are sealed. Between two rounds the state is all that
// there is of the call: a restart loses nothing, and a client that never comes back costs nothing.

namespace mcp {

namespace {

// ordered() sorts members by name, since a client may build the same request anew, and JSON objects
// have no order.
json::value ordered(const json::value& v) {
    if (const auto* items = v.if_array()) {
        json::array out;
        for (const auto& item : *items)
            out.push_back(ordered(item));
        return out;
    }
    const auto* members = v.if_object();
    if (!members) return v;
    std::vector<const json::object::member*> sorted;
    for (const auto& m : *members)
        sorted.push_back(&m);
    std::ranges::sort(sorted, {}, [](const auto* m) -> const std::string& { return m->first; });
    json::object out;
    for (const auto* m : sorted)
        out.append(m->first, ordered(m->second));
    return out;
}

// binding() names the request that a state belongs to: whose, which method, which parameters. The
// id, _meta and the two members that carry the rounds differ from round to round.
std::string binding(const incoming& request, const call_context& context) {
    json::object rest;
    if (const auto* params = request.params.if_object())
        for (const auto& [name, v] : *params)
            if (name != "_meta" && name != "inputResponses" && name != "requestState")
                rest.append(name, v);
    json::writer out;
    out.begin_array().string("mcp request state").string(context.principal);
    out.string(request.method).string(text::hex_encode(crypto::sha256(json::dump(ordered(rest)))));
    out.end_array();
    return out.take();
}

const error& bad_state() {
    static const error e(errc::bad_request, "The requestState does not belong to this request or "
                                            "has expired; start again without it.");
    return e;
}

} // namespace

std::string seal_state(const json::object& answers, const incoming& request,
                       const call_context& context) {
    json::writer plain;
    plain.begin_object().member("until", context.now + request_state_seconds);
    plain.member("answers", json::value(answers)).end_object();
    return text::base64url_encode(
        crypto::seal(*context.state_key, plain.text(), binding(request, context)));
}

result<json::object> open_answers(const incoming& request, const call_context& context) {
    json::object answers;
    if (const auto* state = request.params.find("requestState"); state && !state->is_null()) {
        const auto* text = state->if_string();
        const auto sealed = text ? text::base64url_decode(*text) : std::nullopt;
        if (!sealed || !context.state_key) return bad_state();
        const auto plain = crypto::unseal(*context.state_key, *sealed, binding(request, context));
        if (!plain) return bad_state();
        const auto read = json::parse(plain->reveal());
        if (!read || read->find("until")->as_int().value_or(0) < context.now) return bad_state();
        answers = *read->find("answers")->if_object();
    }
    const auto* given = request.params.find("inputResponses");
    if (!given || given->is_null()) return answers;
    if (!given->is_object())
        return error(errc::bad_request, "\"inputResponses\" must be an object.");
    // The answers of this round win: a client may correct what it said in an earlier one. Those of
    // the state are few, and are looked up among the new ones, of which a client may send any
    // number: the other way round each would be compared with all.
    auto all = *given->if_object();
    for (const auto& [key, answer] : answers)
        if (!all.contains(key)) all.append(key, answer);
    return all;
}

std::string input_required_result(const input_required& asked, const call_slot& slot,
                                  const call_context& context) {
    json::writer out;
    out.begin_object().key("inputRequests").begin_object();
    for (const auto& q : asked.questions) {
        out.key(q.key).begin_object().member("method", q.method);
        out.member("params", q.params).end_object();
    }
    out.end_object();
    // Answers to earlier rounds go on, but only to what was asked: a client cannot make its own
    // state grow with the rounds.
    json::object answers;
    for (const auto& key : slot.answered)
        if (const auto* given = slot.answers.find(key)) answers.set(key, *given);
    out.member("requestState", seal_state(answers, *slot.request, context)).end_object();
    return out.take();
}

} // namespace mcp
