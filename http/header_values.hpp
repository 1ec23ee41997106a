// What may stand in a header field that we send, and the two field values that need reading or
// writing by rule: dates and Retry-After. Used towards clients and towards Twenty.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace http {

// Threat: a CR or LF in a value adds header fields or a second message (response splitting);
// Beast writes fields verbatim. Defence: every outgoing field passes these two, and a field
// that fails ends its message.
// RFC 9110 §5.5: no controls but the tab, and 0x7F neither.
[[nodiscard]] bool safe_header_value(std::string_view value) noexcept;
// RFC 9110 §5.1: a token.
[[nodiscard]] bool safe_header_name(std::string_view name) noexcept;
// The target of an outgoing request: origin-form, visible ASCII only.
[[nodiscard]] bool safe_target(std::string_view target) noexcept;

// RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::int64_t unix_seconds);

// RFC 9110 §13.1.2: does If-None-Match name this strong etag? Compared weakly; "*" names all.
[[nodiscard]] bool names_etag(std::string_view if_none_match, std::string_view etag);

// RFC 9110 §10.2.3: seconds, or a date that is compared with `now` (unix seconds). Never
// negative, never more than a day. nullopt: neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                           std::int64_t now);

} // namespace http
