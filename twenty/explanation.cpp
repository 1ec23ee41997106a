#include "twenty/explanation.hpp"

#include "base/text.hpp"
#include "twenty/error_meaning.hpp"

#include <algorithm>

namespace twenty {

namespace {

constexpr std::string_view limit_used_up =
    "The workspace's plan, credits or a usage limit in Twenty are used up; waiting a moment or "
    "repeating won't help. An administrator of Twenty can raise them.";

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

// read_denied_field() takes the names out of 'no permission to read field "jobTitle" on "person"',
// so that reads can be repeated without that field.
void read_denied_field(upstream_error& e) {
    const std::string_view m = e.message;
    auto from = m.find("no permission to ");
    if (from == std::string_view::npos) return;
    constexpr std::size_t longest_name = 128;
    const auto quoted = [&](std::string& into) {
        const auto open = m.find('"', from);
        const auto close = open == std::string_view::npos ? open : m.find('"', open + 1);
        if (close == std::string_view::npos) return;
        into = text::visible_start(m.substr(open + 1, close - open - 1), longest_name);
        from = close + 1;
    };
    quoted(e.denied_field);
    quoted(e.denied_object);
}

void explain_dead_key(upstream_error& e) {
    // A code is Twenty's own form of an error. The words alone may be a proxy's, and a key is not
    // given up for those.
    e.dead_key = !e.code.empty() &&
                 (mentions(e.message, "is revoked") || mentions(e.message, "Token has expired"));
    e.message = mentions(e.message, "revoked")   ? "Twenty has revoked this API key; "
                : mentions(e.message, "expired") ? "This Twenty API key has expired; "
                                                 : "Twenty doesn't accept this API key; ";
    e.message += "connect again with a new one.";
}

void explain_limit(upstream_error& e) {
    // Twenty 2.19 sends no Retry-After. Its limiter gives back one token after another, so the time
    // of one is the wait.
    e.limit = parse_rate(e.message);
    const auto limit = e.limit.value_or(rate{});
    if (!e.retry_after) e.retry_after = limit.per / std::max(limit.tokens, 1);
    e.message = "Twenty's limit of " + std::to_string(limit.tokens) + " calls in " +
                std::to_string(limit.per.count() / 1000) +
                " s is used up for this workspace; try again in a moment.";
}

// no_empty_value() names the column of 'null value in column "tagline" of relation "company"
// violates not-null constraint'. The caller may have sent "": Twenty makes null of it for some
// columns.
std::string no_empty_value(std::string_view message) {
    constexpr std::string_view before = "null value in column \"";
    const auto from = message.find(before);
    if (from == std::string_view::npos) return {};
    const auto rest = message.substr(from + before.size());
    const auto name = rest.substr(0, rest.find('"'));
    // Only a name passes, because all else of such a sentence is PostgreSQL's.
    const bool plain = !name.empty() && name.size() <= 64 &&
                       name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_") == std::string_view::npos;
    return plain ? "Twenty takes no empty value for \"" + std::string(name) + "\"." : "";
}

} // namespace

void explain(upstream_error& e) {
    switch (e.meaning) {
    case errc::upstream_auth:
        explain_dead_key(e);
        break;
    case errc::not_allowed:
        read_denied_field(e);
        if (!e.denied_field.empty())
            e.message = "The API key's role may not use the field \"" + e.denied_field + "\" of " +
                        (e.denied_object.empty() ? "this object" : e.denied_object) + ".";
        else
            e.message = "The API key's role in Twenty doesn't allow this.";
        break;
    case errc::rate_limited:
        explain_limit(e);
        break;
    case errc::not_found:
        e.message = no_such_record;
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

// settle() looks for words of the database first, because their codes say bad input and failure
// alike. An error with broken rules is exempt: people wrote its sentences and may use any words.
void settle(upstream_error& e) {
    for (const auto& known : internals)
        if (e.broken_rules.empty() && mentions(e.message, known.marker)) {
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

} // namespace twenty
