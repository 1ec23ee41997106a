#include "actors/upstream.hpp"

#include "base/text.hpp"
#include "twenty/answer.hpp"

namespace actors {

namespace {

// is_suspect() is a cheap sieve in front of a parse, which decides: a record may hold the same
// words. Twenty puts the words of its refusals into bodies of status 200 on GraphQL.
bool is_suspect(const twenty::response& r) {
    if (r.status == 401 || r.status == 429 || r.status >= 500) return true;
    constexpr std::size_t longest_refusal = 16384; // a page of records is not worth searching
    if (r.body.size() > longest_refusal) return false;
    const std::string_view text(r.body);
    for (const std::string_view word :
         {"UNAUTHENTICATED", "LIMIT_REACHED", "RATE_LIMITED", "FORBIDDEN_EXCEPTION"})
        if (text.find(word) != std::string_view::npos) return true;
    return false;
}

} // namespace

std::optional<upstream_failure> find_failure(std::string_view target,
                                             const twenty::response& answer) {
    if (!is_suspect(answer)) return std::nullopt;
    const bool rest = target.starts_with("/rest");
    const auto read = rest ? twenty::read_rest(answer) : twenty::read_graphql(answer);
    if (read.ok()) return std::nullopt; // a record that merely contains the word
    upstream_failure found;
    found.why = read.failure();
    found.said_by_twenty = !read.errors.front().code.empty();
    found.for_good = read.errors.front().dead_key;
    const bool ours = found.why.code == errc::rate_limited ||
                      found.why.code == errc::upstream_auth || answer.status >= 500;
    if (!ours) return std::nullopt;
    if (found.why.code == errc::rate_limited) found.learned = read.errors.front().limit;
    return found;
}

bool is_of_twenty(const twenty::response& answer) {
    return answer.content_type.find("json") != std::string::npos;
}

std::string what_came(const result<twenty::response>& outcome) {
    if (!outcome) {
        const auto& why = outcome.failure();
        return why.detail.empty() ? std::string(to_string(why.code)) : why.detail;
    }
    constexpr std::size_t longest_type = 64; // whoever answers there may write anything
    const auto type =
        text::trim(
            std::string_view(outcome->content_type).substr(0, outcome->content_type.find(';')))
            .substr(0, longest_type);
    return "HTTP " + std::to_string(outcome->status) + ", " +
           (type.empty() ? "without a type" : std::string(type));
}

} // namespace actors
