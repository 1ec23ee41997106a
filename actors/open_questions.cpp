#include "actors/open_questions.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace actors {

namespace {

constexpr std::size_t question_id_bytes =
    12; // 96 bits: nobody guesses the id of another's question

// Versions sort as text.
constexpr std::string_view first_with_modes = "2025-11-25";

std::string request_text(const std::string& id, const mcp::input_request& q,
                         std::string_view version) {
    json::value params = q.params;
    // MCP 2025-11-25 brought the member "mode"; before, there was only the form.
    if (auto* members = params.if_object(); members && version < first_with_modes)
        members->erase("mode");
    json::writer out;
    out.begin_object().member("jsonrpc", "2.0").member_raw("id", id);
    out.member("method", q.method).member("params", params).end_object();
    return out.take();
}

// MCP 2025-11-25, cancellation: either side may send it for a request of its own.
std::string cancelled(const std::string& id) {
    json::writer out;
    out.begin_object().member("jsonrpc", "2.0").member("method", "notifications/cancelled");
    out.key("params").begin_object().member_raw("requestId", id).end_object().end_object();
    return out.take();
}

} // namespace

std::vector<std::string> open_questions::ask(number call, std::uint64_t round,
                                             const std::vector<mcp::input_request>& questions,
                                             std::string_view version) {
    std::vector<std::string> out;
    auto& opened = rounds_[call];
    opened.name = round;
    for (const auto& q : questions) {
        // Random ids, not counted ones: another client of the same grant must not answer by
        // accident, nor an answer that was meant for an earlier life of the session.
        auto id = '"' + text::base64url_encode(crypto::random_bytes(question_id_bytes)) + '"';
        out.push_back(request_text(id, q, version));
        by_id_.emplace(id, question{call, q.key});
        opened.unanswered.push_back(std::move(id));
    }
    return out;
}

// take() erases the id first: a question is answered once, and a second answer to it finds nothing.
// An outcome leaves the round open; the session ends it with end_round(), which takes back the
// questions that a failed round still has.
std::optional<open_questions::outcome> open_questions::take(const std::string& raw_id,
                                                            json::value answer) {
    const auto found = by_id_.find(raw_id);
    if (found == by_id_.end()) return std::nullopt;
    const auto asked = std::move(found->second);
    by_id_.erase(found);
    auto& round = rounds_.at(asked.call);
    std::erase(round.unanswered, raw_id);
    // A JSON-RPC error has no result: the client could not ask.
    if (!answer.is_object())
        return outcome(asked.call,
                       error(errc::unsupported, "The client could not ask its person."));
    round.answers.set(asked.key, std::move(answer));
    if (!round.unanswered.empty()) return std::nullopt;
    return outcome(asked.call, json::value(std::move(round.answers)));
}

std::vector<std::string> open_questions::end_round(number call) {
    std::vector<std::string> out;
    const auto found = rounds_.find(call);
    if (found == rounds_.end()) return out;
    for (const auto& id : found->second.unanswered) {
        out.push_back(cancelled(id));
        by_id_.erase(id);
    }
    rounds_.erase(found);
    return out;
}

bool open_questions::is_open(number call, std::uint64_t round) const {
    const auto found = rounds_.find(call);
    return found != rounds_.end() && found->second.name == round;
}

} // namespace actors
