#include "twenty/answer.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "twenty/error_meaning.hpp"
#include "twenty/retry.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace twenty {

namespace {

constexpr std::size_t longest_message = 300;

// Twenty 2.45 and later share each record with some people, and answer the same for the others.
constexpr std::string_view missing =
    "There is no such record, or it is deleted or not shared with this API key.";
constexpr std::string_view limit_used_up =
    "The workspace's plan, credits or a usage limit in Twenty are used up; waiting a moment or "
    "repeating won't help. An administrator of Twenty can raise them.";

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// Upstream texts that quote database or runtime internals, and what is said instead.
struct replacement {
    std::string_view marker;
    std::string_view text;
    errc meaning;
};
constexpr replacement internals[] = {
    {"invalid input value for enum", "A choice isn't among the field's options.",
     errc::bad_request},
    {"violates foreign key constraint", "A linked record doesn't exist.", errc::bad_request},
    {"violates not-null constraint", "A required value is missing.", errc::bad_request},
    {"violates unique constraint", "Another record has this unique value already.", errc::conflict},
    {"duplicate key value", "Another record has this unique value already.", errc::conflict},
    {"invalid input syntax", "A value has the wrong form for its field.", errc::bad_request},
    {"Cannot read properties of", "Twenty could not process the request.", errc::upstream_refused},
    {"is not a function", "Twenty could not process the request.", errc::upstream_refused},
    {"is not iterable", "Twenty could not process the request.", errc::upstream_refused},
    {"Data validation error", "Twenty could not store a value.", errc::bad_request},
};

// no permission to read field "jobTitle" on "person"
void read_denied_field(upstream_error& e) {
    const std::string_view m = e.message;
    auto from = m.find("no permission to ");
    if (from == std::string_view::npos) return;
    const auto quoted = [&](std::string& into) {
        const auto open = m.find('"', from);
        const auto close = open == std::string_view::npos ? open : m.find('"', open + 1);
        if (close == std::string_view::npos) return;
        into = m.substr(open + 1, close - open - 1);
        from = close + 1;
    };
    quoted(e.denied_field);
    quoted(e.denied_object);
}

// What the model and the person read, where Twenty's own words would not help.
void explain(upstream_error& e) {
    switch (e.meaning) {
    case errc::upstream_auth:
        e.dead_key = !e.code.empty() && (contains(e.message, "is revoked") ||
                                         contains(e.message, "Token has expired"));
        e.message = contains(e.message, "revoked")   ? "Twenty has revoked this API key; "
                    : contains(e.message, "expired") ? "This Twenty API key has expired; "
                                                     : "Twenty doesn't accept this API key; ";
        e.message += "connect again with a new one.";
        break;
    case errc::not_allowed:
        read_denied_field(e);
        if (!e.denied_field.empty())
            e.message = "The API key's role may not use the field \"" + e.denied_field + "\" of " +
                        (e.denied_object.empty() ? "this object" : e.denied_object) + ".";
        else
            e.message = "The API key's role in Twenty doesn't allow this.";
        break;
    case errc::rate_limited: {
        e.limit = parse_rate(e.message);
        const auto limit = e.limit.value_or(rate{});
        if (!e.retry_after) e.retry_after = limit.per / std::max(limit.tokens, 1);
        e.message = "Twenty's limit of " + std::to_string(limit.tokens) + " calls in " +
                    std::to_string(limit.per.count() / 1000) +
                    " s is used up for this workspace; try again in a moment.";
        break;
    }
    case errc::not_found:
        e.message = missing;
        break;
    case errc::conflict:
        e.message = "Another record has this unique value already";
        if (!e.conflict_id.empty())
            e.message += ": " +
                         (e.conflict_object.empty() ? std::string("record") : e.conflict_object) +
                         " " + e.conflict_id;
        e.message += ".";
        break;
    case errc::upstream_timeout:
        e.message = "Twenty took too long over this request.";
        break;
    case errc::upstream_refused:
        e.used_up = says_used_up(e.code) || says_used_up(e.subcode);
        e.message = e.used_up ? limit_used_up
                    : e.subcode == rule_failure || e.code == rule_failure
                        ? "Twenty could not evaluate a rule of this workspace; an administrator "
                          "of Twenty has to mend the rule."
                        : "Twenty failed to process the request.";
        if (e.used_up) e.retry_after.reset();
        break;
    default:
        if (auto rules = rules_sentence(e.broken_rules); !rules.empty())
            e.message = std::move(rules);
        if (e.message.empty()) e.message = "Twenty refused the request.";
    }
}

// null value in column "tagline" of relation "company" violates not-null constraint. A text of ""
// is null to Twenty where it was so for a column that takes none.
std::string no_empty_value(std::string_view message) {
    constexpr std::string_view before = "null value in column \"";
    const auto from = message.find(before);
    if (from == std::string_view::npos) return {};
    const auto rest = message.substr(from + before.size());
    const auto name = rest.substr(0, rest.find('"'));
    const bool plain = !name.empty() && name.size() <= 64 &&
                       name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_") == std::string_view::npos;
    return plain ? "Twenty takes no empty value for \"" + std::string(name) + "\"." : "";
}

void settle(upstream_error& e) {
    for (const auto& known : internals)
        if (e.broken_rules.empty() && contains(e.message, known.marker)) {
            const auto named = no_empty_value(e.message);
            e.message = named.empty() ? std::string(known.text) : named;
            e.meaning = known.meaning;
            if (e.meaning != errc::bad_request) explain(e);
            return;
        }
    e.meaning = meaning_of(e);
    if (!e.broken_rules.empty()) e.message = clean_message(e.message);
    explain(e); // the rules' own sentences are clean
    if (e.broken_rules.empty()) e.message = clean_message(e.message);
}

bool suggests_stale_schema(std::string_view message) {
    static constexpr std::string_view signs[] = {
        "Cannot query field",    "doesn't have any \"",     "Valid values are",
        "is not sortable",       "not found. Did you mean", "invalid input value for enum",
        "is not defined by type"};
    return std::any_of(std::begin(signs), std::end(signs),
                       [&](std::string_view sign) { return contains(message, sign); });
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

// An answer that carries no readable error of Twenty's own.
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

bool is_word_end(char c) { return c == ' ' || c == '\t'; }

// One word of an upstream text, made harmless.
std::string clean_word(std::string_view word) {
    if (const auto at = word.find("workspace_"); at != std::string_view::npos) {
        const auto dot = word.find('.', at);
        return std::string(word.substr(0, at)) + (dot == std::string_view::npos
                                                      ? std::string("…")
                                                      : std::string(word.substr(dot + 1)));
    }
    for (const auto prefix : {"FK_", "IDX_", "UQ_", "PK_", "REL_", "CHK_"})
        if (contains(word, prefix)) return "…";
    const auto first = word.find('/');
    const bool is_path = first != std::string_view::npos && first < 2 &&
                         word.find('/', first + 1) != std::string_view::npos;
    return is_path || contains(word, "://") ? "…" : std::string(word);
}

} // namespace

std::string clean_message(std::string_view upstream) {
    const auto line = text::trim(upstream.substr(0, upstream.find_first_of("\r\n")));
    const auto plain = logging::redact(text::without_invisible(line, false));
    std::string out;
    std::size_t from = 0;
    while (from < plain.size()) {
        auto end = from;
        while (end < plain.size() && !is_word_end(plain[end]))
            ++end;
        if (!out.empty()) out += ' ';
        out += clean_word(std::string_view(plain).substr(from, end - from));
        from = end;
        while (from < plain.size() && is_word_end(plain[from]))
            ++from;
    }
    return std::string(text::cut_utf8(out, longest_message));
}

answer read_graphql(const response& r) {
    answer out;
    auto body = json::parse(r.body, json::upstream);
    const auto* errors = body ? body->find("errors") : nullptr;
    const auto* listed = errors ? errors->if_array() : nullptr;
    if (listed)
        for (const auto& raw : *listed)
            out.errors.push_back(of_graphql(raw, out.stale_schema));
    if (body)
        if (auto* o = body->if_object())
            if (auto* data = o->find("data")) out.data = std::move(*data);
    const bool readable = out.data.is_object() || !out.errors.empty();
    if (!readable || r.status == 402 || r.status == 429 || r.status >= 500) {
        out.data = nullptr;
        out.errors.assign(1, by_status(r));
    }
    for (auto& e : out.errors)
        if (e.meaning == errc::rate_limited && r.retry_after) e.retry_after = r.retry_after;
    return out;
}

answer read_rest(const response& r) {
    answer out;
    auto body = json::parse(r.body, json::upstream);
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
    if (e.message.empty() || (r.status >= 500 && r.status != 504)) {
        out.errors.push_back(by_status(r));
        return out;
    }
    settle(e);
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
    if (first.dead_key) out.detail = dead_key;
    if (first.used_up) out.detail = used_up;
    out.retry_after = first.retry_after;
    return out;
}

result<json::value> data_of(const answer& a) {
    if (!a.ok()) return a.failure();
    return a.data;
}

result<json::value> root_of(const answer& a, std::string_view root) {
    if (!a.ok()) return a.failure();
    const auto* found = a.data.find(root);
    if (!found || found->is_null()) return error{errc::not_found, std::string(missing)};
    if (!found->is_object() && !found->is_array()) return unexpected_form();
    return *found;
}

error unexpected_form() {
    return {errc::upstream_refused, "Twenty answered in an unexpected form."};
}

} // namespace twenty
