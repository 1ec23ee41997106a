#include "primer/secret_signs.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string>

namespace primer {

namespace {

// Keys that say what they are by how they begin. `least`: a shorter run is a mere word.
struct key_start {
    std::string_view text;
    std::size_t least;
    std::string_view noun;
};
constexpr key_start key_starts[] = {
    {"eyJ", 24, "An API key or token (JWT)"},
    {"twa_", 14, "A token of this server"},
    {"twr_", 14, "A token of this server"},
    {"twk_", 14, "A code of this server"},
    {"sk-", 23, "An API key"},
    {"sk_live_", 20, "An API key"},
    {"ghp_", 24, "A token of GitHub"},
    {"github_pat_", 30, "A token of GitHub"},
    {"glpat-", 20, "A token of GitLab"},
    {"xoxb-", 20, "A token of Slack"},
    {"xoxp-", 20, "A token of Slack"},
    {"AKIA", 20, "An access key of AWS"},
    {"AIza", 30, "An API key of Google"},
};

// What a value behind it is called. In lower case.
constexpr std::string_view secret_words[] = {"password", "passwort", "passwd", "pwd",
                                             "api key",  "api_key",  "apikey", "api-key",
                                             "secret",   "token",    "bearer"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) {
    return is_letter(c) || text::is_digit(c) || c == '_' || c == '-' || c == '.';
}

// A key stands at the beginning of a word.
std::string_view key_in(std::string_view line) {
    for (std::size_t i = 0; i < line.size();) {
        auto end = i;
        while (end < line.size() && is_word(line[end]))
            ++end;
        const auto word = line.substr(i, end - i);
        for (const auto& start : key_starts)
            if (word.size() >= start.least && word.starts_with(start.text)) return start.noun;
        i = end + 1;
    }
    return {};
}

// A word that was made up: letters with digits or signs among them, as names and prose have not.
bool is_password(std::string_view value) {
    constexpr std::size_t least = 8;
    if (value.starts_with('$') || value.starts_with('%')) return false; // a variable's name
    const auto odd = [](char c) { return text::is_digit(c) || c == '!' || c == '$' || c == '%'; };
    return value.size() >= least && std::ranges::any_of(value, is_letter) &&
           std::ranges::any_of(value, odd);
}

std::string_view without(std::string_view text, std::string_view front) {
    const auto at = text.find_first_not_of(front);
    return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

// `rest` stands behind one of the secret words: " = value", ": `value`", " is value", and behind a
// bearer the value alone.
bool gives_value(std::string_view rest, bool sign_needed) {
    if (!rest.empty() && is_letter(rest.front())) return false; // "tokens", "bearers"
    constexpr std::size_t most_read = 200; // so that many words cost no more than their line
    constexpr std::string_view is = "is";
    rest = without(rest.substr(0, most_read), "`\"'* ");
    const bool sign = rest.starts_with(':') || rest.starts_with('=') || rest.starts_with("is ") ||
                      rest.starts_with("is:");
    if (sign_needed && !sign) return false;
    if (rest.starts_with(is)) rest.remove_prefix(is.size());
    rest = without(rest, ":=`\"'* ");
    return is_password(rest.substr(0, rest.find_first_of("`\"'*,; \t)")));
}

// "https://ada:x7@host"; one that says "password" is an example.
bool has_login(std::string_view line) {
    for (auto at = line.find("://"); at != std::string_view::npos; at = line.find("://", at + 3)) {
        const auto rest = line.substr(at + 3);
        const auto host = rest.substr(0, rest.find_first_of("/ \t`\"'<>)"));
        const auto sign = host.find('@');
        const auto colon = host.find(':');
        if (sign == std::string_view::npos || colon >= sign) continue;
        const auto password = host.substr(colon + 1, sign - colon - 1);
        if (!password.empty() && !text::iequals(password, "password")) return true;
    }
    return false;
}

} // namespace

std::string_view secret_in(std::string_view line) {
    if (const auto key = key_in(line); !key.empty()) return key;
    if (line.find("PRIVATE KEY-----") != std::string_view::npos) return "A private key";
    if (has_login(line)) return "An address with a password";
    const auto low = text::lower(line);
    for (const auto word : secret_words)
        for (auto at = low.find(word); at != std::string::npos; at = low.find(word, at + 1))
            if (gives_value(line.substr(at + word.size()), word != "bearer"))
                return "A password or key";
    return {};
}

} // namespace primer
