#include "twenty/answer.hpp"

#include "base/text.hpp"
#include "twenty/error_meaning.hpp"
#include "twenty/explanation.hpp"
#include "twenty/retry.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace twenty {

namespace {

constexpr std::size_t most_errors = 100; // that are read of an answer

// suggests_stale_schema() knows the sentences in which Twenty speaks of a name, type or choice that
// it does not have: our copy may be older than the workspace. A false alarm costs one question for
// the version of its data model (crm's work_in_workspace).
bool suggests_stale_schema(std::string_view message) {
    static constexpr std::string_view signs[] = {
        "Cannot query field",    "doesn't have any \"",     "Valid values are",
        "is not sortable",       "not found. Did you mean", "invalid input value for enum",
        "is not defined by type"};
    return std::any_of(std::begin(signs), std::end(signs),
                       [&](std::string_view sign) { return mentions(message, sign); });
}

upstream_error of_status(errc meaning, std::string message) {
    upstream_error e;
    e.meaning = meaning;
    e.message = std::move(message);
    return e;
}

// A usage limit of a period has the status of a rate limit (429), and the limiter answers for
// GraphQL in REST's form.
bool names_used_up(const response& r) {
    if (r.status != 429) return false;
    const auto body = json::parse(r.body, json::upstream);
    if (!body) return false;
    if (says_used_up(body->text("error")) || says_used_up(body->text("code"))) return true;
    const auto* errors = body->find("errors");
    const auto* listed = errors ? errors->if_array() : nullptr;
    return listed && std::any_of(listed->begin(), listed->end(), [](const json::value& e) {
               const auto* x = e.find("extensions");
               return x && (says_used_up(x->text("code")) || says_used_up(x->text("subCode")));
           });
}

// by_status() judges an answer without a readable error of Twenty's own: a proxy's page, an empty
// body, or the stack trace in plain text that Twenty 2.19 sends with some of its 500s. Nothing of
// the body is quoted.
upstream_error by_status(const response& r) {
    const auto http = " (HTTP " + std::to_string(r.status) + ").";
    if (r.status == 402 || names_used_up(r)) {
        upstream_error e;
        e.code = "QUOTA_EXHAUSTED";
        e.meaning = errc::upstream_refused;
        explain(e);
        return e;
    }
    if (r.status == 401 || r.status == 403) {
        upstream_error e;
        e.meaning = errc::upstream_auth;
        explain(e);
        return e;
    }
    if (r.status == 429) {
        upstream_error e;
        e.meaning = errc::rate_limited;
        e.retry_after = r.retry_after;
        explain(e);
        return e;
    }
    if (r.status == 413 || r.status == 414 || r.status == 431)
        return of_status(errc::too_large, "The request is too large for Twenty" + http);
    if (r.status == 504) return of_status(errc::upstream_timeout, "Twenty took too long" + http);
    if (r.status == 502 || r.status == 503)
        return of_status(errc::upstream_down, "Twenty is not available just now" + http);
    if (r.status >= 500)
        return of_status(errc::upstream_refused, "Twenty failed with an internal error" + http);
    // A status that is none of these, a 200 with HTML among them, means that something else answers
    // at that address.
    return of_status(errc::upstream_down,
                     "The configured address answers, but not as a Twenty server" + http);
}

std::optional<std::chrono::milliseconds> wait_named_in(const json::value& v) {
    if (const auto* ms = v.find("retryAfterMs"))
        if (const auto n = ms->as_int()) return std::chrono::milliseconds(*n);
    if (const auto* s = v.find("retryAfterSeconds"))
        if (const auto n = s->as_int()) return std::chrono::seconds(*n);
    return std::nullopt;
}

upstream_error of_graphql(const json::value& raw, bool& stale) {
    upstream_error e;
    e.message = raw.text("message");
    stale = stale || suggests_stale_schema(e.message);
    if (const auto* path = raw.find("path"))
        if (const auto* steps = path->if_array(); steps && !steps->empty())
            if (const auto* root = steps->front().if_string()) e.path = *root;
    if (const auto* x = raw.find("extensions")) {
        e.code = x->text("code");
        e.subcode = x->text("subCode");
        // Threat: an upstream text smuggled in as an id. Defence: ids are UUIDs or nothing.
        if (text::is_uuid(x->text("conflictingRecordId"))) {
            e.conflict_id = x->text("conflictingRecordId");
            e.conflict_object = clean_message(x->text("conflictingObjectNameSingular"));
        }
        e.retry_after = wait_named_in(*x);
        e.broken_rules = read_broken_rules(*x);
    }
    settle(e);
    return e;
}

// messages[], message (text or list), or the body itself when it is a bare string.
std::string rest_message(const json::value& body) {
    if (const auto* bare = body.if_string()) return *bare;
    for (const auto* name : {"messages", "message"}) {
        const auto* v = body.find(name);
        if (!v) continue;
        if (const auto* one = v->if_string()) return *one;
        if (const auto* many = v->if_array()) {
            std::string out;
            for (const auto& m : *many) {
                if (!m.if_string()) continue;
                if (!out.empty()) out += "; ";
                out += *m.if_string();
            }
            return out;
        }
    }
    return {};
}

bool has_too_many_values(const result<json::value>& body) {
    return !body && body.failure().detail == json::too_many_values;
}

answer unread_answer() {
    answer out;
    const auto why = answer_too_large();
    out.errors.push_back(of_status(why.code, why.message));
    out.unread = true;
    return out;
}

} // namespace

answer read_graphql(const response& r, json::limits allowed) {
    answer out;
    auto body = json::parse(r.body, allowed);
    if (has_too_many_values(body)) return unread_answer();
    const auto* errors = body ? body->find("errors") : nullptr;
    const auto* listed = errors ? errors->if_array() : nullptr;
    if (listed)
        for (std::size_t i = 0; i < std::min(listed->size(), most_errors); ++i)
            out.errors.push_back(of_graphql((*listed)[i], out.stale_schema));
    if (body)
        if (auto* o = body->if_object())
            if (auto* data = o->find("data")) out.data = std::move(*data);
    // GraphQL answers errors under HTTP 200, and data may stand beside them. The status decides
    // where nothing of that can be read, and where a limiter or a gateway spoke: data of such an
    // answer is not believed.
    const bool readable = out.data.is_object() || !out.errors.empty();
    if (!readable || r.status == 402 || r.status == 429 || r.status >= 500) {
        out.data = nullptr;
        out.errors.assign(1, by_status(r));
    }
    // The header Retry-After wins over the wait that an error names in its body.
    for (auto& e : out.errors)
        if (e.meaning == errc::rate_limited && r.retry_after) e.retry_after = r.retry_after;
    return out;
}

answer read_graphql(const response& r) { return read_graphql(r, json::upstream); }

answer read_rest(const response& r) {
    answer out;
    auto body = json::parse(r.body, json::upstream);
    if (has_too_many_values(body)) return unread_answer();
    if (r.status >= 200 && r.status < 300) {
        if (!body || body->is_string()) {
            out.errors.push_back(by_status(r));
            return out;
        }
        out.data = *std::move(body);
        return out;
    }
    upstream_error e;
    if (body) {
        e.message = rest_message(*body);
        e.code = body->text("code", body->text("error"));
        e.retry_after = wait_named_in(*body);
        e.broken_rules = read_broken_rules(*body);
        out.stale_schema = suggests_stale_schema(e.message);
    }
    // A 5xx text may hold a stack trace with paths of the server, so its words are dropped. A 504
    // alone is read like a refusal.
    if (e.message.empty() || (r.status >= 500 && r.status != 504)) {
        out.errors.push_back(by_status(r));
        return out;
    }
    settle(e);
    // REST answers 403 for a revoked or missing key and 400 for what a role may not do with
    // records; only its metadata answers 403 for a role.
    if (r.status == 401 || (r.status == 403 && e.meaning != errc::not_allowed)) {
        e.meaning = errc::upstream_auth;
        explain(e);
    }
    if ((r.status == 429 && e.meaning != errc::rate_limited) || r.status == 402) e = by_status(r);
    if (e.meaning == errc::rate_limited && r.retry_after) e.retry_after = r.retry_after;
    out.errors.push_back(std::move(e));
    return out;
}

error answer::failure() const {
    if (errors.empty()) return {errc::internal, "no failure"};
    const auto& first = errors.front();
    error out{first.meaning, first.message, first.code + "/" + first.subcode};
    // `detail` holds Twenty's codes for the log. The two marks replace them, because code compares
    // them.
    if (first.dead_key) out.detail = dead_key;
    if (first.used_up) out.detail = used_up;
    out.retry_after = first.retry_after;
    return out;
}

result<json::value> data_of(const answer& a) {
    if (!a.ok()) return a.failure();
    return a.data;
}

result<json::value> root_of(answer a, std::string_view root) {
    if (!a.ok()) return a.failure();
    auto* roots = a.data.if_object();
    auto* found = roots ? roots->find(root) : nullptr;
    if (!found || found->is_null()) return error{errc::not_found, std::string(no_such_record)};
    if (!found->is_object() && !found->is_array()) return unexpected_form();
    return std::move(*found);
}

error unexpected_form() {
    return {errc::upstream_refused, "Twenty answered in an unexpected form."};
}

} // namespace twenty
