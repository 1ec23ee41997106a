// Text rules that two rooms or more need: encodings, escaping, UTF-8, small parsing helpers.
// All functions are pure and take and return UTF-8 bytes.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace text {

// RFC 4648 §5 without padding. decode refuses foreign characters and non-canonical tails.
std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);
// Whether base64url_decode() takes it, found without a copy of the bytes. They have one such text:
// the bits behind the last byte are zero (RFC 4648 §3.5).
bool is_base64url(std::string_view text) noexcept;
// RFC 4648 §4, with padding; strict.
std::string base64_encode(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text);
std::string hex_encode(std::string_view bytes);
std::optional<std::string> hex_decode(std::string_view text);

// RFC 3986: everything but unreserved characters becomes %HH.
std::string percent_encode(std::string_view text);
// Strict: a bad %HH is refused. With plus_is_space, '+' decodes to a space (HTML forms).
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

// RFC 6750 §2.1: what may stand behind "Bearer ".
bool is_token68(std::string_view text) noexcept;

// A form's names and values, in order. They carry API keys, codes and tokens, so the values
// are wiped when the form goes, whichever way that is.
class fields : public std::vector<std::pair<std::string, std::string>> {
  public:
    using vector::vector;
    fields(const fields&) = default;
    fields(fields&&) noexcept = default;
    fields& operator=(const fields&) = default;
    fields& operator=(fields&&) noexcept = default;
    ~fields();
};

// application/x-www-form-urlencoded, duplicates kept. Refuses bad escapes, NUL, invalid UTF-8
// and more than `most` fields.
// Threat: looking for repeated names costs the square of their number. Defence: few are taken.
inline constexpr std::size_t max_form_fields = 64;
result<fields> parse_form(std::string_view body, std::size_t most = max_form_fields);
// The first value of a name, or nullptr.
const std::string* find(const fields& form, std::string_view name);

std::string html_escape(std::string_view text); // & < > " '

bool valid_utf8(std::string_view text) noexcept;
// Number of code points of valid UTF-8.
std::size_t code_points(std::string_view text) noexcept;
// Cuts to at most n bytes without splitting a code point.
std::string_view cut_utf8(std::string_view text, std::size_t bytes) noexcept;
// Any C0 control or DEL but the tab and the ends of lines?
bool has_control(std::string_view text) noexcept;
// Drops control, bidi and other invisible format characters, which can hide text from a
// person or steer a model. Keeps \n and \t when keep_lines is set.
std::string without_invisible(std::string_view text, bool keep_lines);

// What without_invisible leaves of the beginning, at most `bytes`: for messages that name what
// somebody wrote, however long that is. Reads no more than 4 KiB.
std::string visible_start(std::string_view text, std::size_t bytes);

std::string_view trim(std::string_view text) noexcept;
std::string lower(std::string_view ascii);
inline bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; } // ASCII
bool iequals(std::string_view a, std::string_view b) noexcept;         // ASCII
bool starts_with_ci(std::string_view text, std::string_view prefix) noexcept;
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// 8-4-4-4-12 hex digits; any version, because Twenty checks the version itself.
bool is_uuid(std::string_view text) noexcept;

// Levenshtein distance on lower-cased ASCII, for near-miss suggestions.
std::size_t distance(std::string_view a, std::string_view b);
// Equal but for one letter, or for two neighbours that changed places; names of four letters and
// more. Letter case counts.
bool one_slip(std::string_view a, std::string_view b) noexcept;
// At most `most` candidates close enough to be a typing error or a near name, best first.
std::vector<std::string> nearest(std::string_view wanted, const std::vector<std::string>& names,
                                 std::size_t most = 3);

// Seconds since the epoch as "2026-11-22T12:05:17Z".
std::string iso_time(std::int64_t unix_seconds);
// The way back, also with a fraction of the second, which does not count. nullopt: another form, or
// not between the years 1970 and 2200.
std::optional<std::int64_t> read_iso_time(std::string_view value);

} // namespace text
