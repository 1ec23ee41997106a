#include "twenty/schema_query.hpp"

#include "base/text.hpp"

#include <array>

namespace twenty {

namespace {

// `questions` stand best first. Every later one is asked only because the server said that it does
// not know the one before; a refused key never gets a second question. __typename is none of them:
// Twenty answers it without any credential.
struct question {
    const char* document; // nullptr: GET /rest/companies
    const char* answer_in;
};
constexpr std::array<question, 5> questions{{
    {"query{currentWorkspace{id displayName}}", "currentWorkspace"},
    {"query{currentWorkspace{id}}", "currentWorkspace"},
    {"query{minimalMetadata{collectionHashes{collectionName hash}}}", "minimalMetadata"},
    {"query{objects(paging:{first:1}){edges{node{id}}}}", "objects"},
    {nullptr, nullptr},
}};

// unknown_to_server() trusts this one sentence of GraphQL's validation. A refusal in other words is
// the answer to the key.
bool unknown_to_server(const answer& a) {
    for (const auto& e : a.errors)
        if (e.meaning == errc::bad_request &&
            e.message.find("Cannot query field") != std::string::npos)
            return true;
    return false;
}

error refused(const answer& a) {
    auto e = a.failure();
    switch (e.code) {
    case errc::upstream_auth:
        return e;
    // "Forbidden resource": the request arrived without an effective credential.
    case errc::not_allowed:
        return {errc::upstream_auth,
                "Twenty didn't accept the API key. Check that it was copied whole, and that no "
                "proxy in front of Twenty removes the Authorization header."};
    case errc::bad_request:
        return {errc::upstream_down, "The configured Twenty server doesn't understand the "
                                     "question for its workspace."};
    default:
        return e;
    }
}

} // namespace

std::optional<request> key_check::next() const {
    if (done_ || attempt_ >= questions.size()) return std::nullopt;
    request r;
    r.safe_to_repeat = true;
    const auto& q = questions[attempt_];
    if (!q.document) {
        r.method = "GET";
        r.target = "/rest/companies?limit=1&depth=0";
        return r;
    }
    r.target = "/metadata";
    json::writer body;
    body.begin_object().member("query", q.document).end_object();
    r.body = body.take();
    return r;
}

// key_check has two ends: finished, when a question was answered, and a failure, which the caller
// shows. Anything else moves to the next question.
result<done> key_check::feed(const response& r) {
    const auto& q = questions.at(attempt_);
    found_.id = facts_.workspace_id;
    if (!q.document) {
        const auto a = read_rest(r);
        // A role without access to companies proves the key as well.
        if (!a.ok() && !(a.failure().code == errc::not_allowed && r.status == 400))
            return refused(a);
        done_ = true;
        return done{};
    }
    const auto a = read_graphql(r);
    if (unknown_to_server(a) && attempt_ + 1 < questions.size()) {
        ++attempt_;
        return done{};
    }
    if (!a.ok()) return refused(a);
    const auto* data = a.data.find(q.answer_in);
    if (!data || data->is_null())
        return error{errc::upstream_down,
                     "The configured address answers, but not as a Twenty server."};
    if (std::string_view(q.answer_in) == "currentWorkspace") {
        const auto id = data->text("id");
        if (!text::is_uuid(id))
            return error{errc::upstream_auth, "Twenty names no workspace for this API key."};
        // The key says of itself which workspace it is for; the grant is bound to the one that
        // Twenty answers for, so the two have to be one.
        if (!text::iequals(id, facts_.workspace_id))
            return error{errc::upstream_auth,
                         "The API key names another workspace than the one that Twenty answers "
                         "for. Create a new key in the workspace that you mean."};
        found_.name = text::without_invisible(data->text("displayName"), false);
    }
    done_ = true;
    return done{};
}

} // namespace twenty
