// Beast's HTTP/1.1 parser, fed by hand: bytes in, an http::request or an upstream response
// out. No other file includes Beast, so it compiles once, whatever streams there are.
//
// Threat: the fields of a chunked body's trailer are handed out like header fields, so that a
// client could add an Authorization after the checks. Defence: fields are taken only until the
// header is complete.
#pragma once

#include "http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

enum class parse_state {
    need_more, // nothing wrong, but bytes are missing
    head,      // the head has just become complete
    done,      // the message is complete
    too_large, // the head or the body is over its limit
    broken,    // not HTTP/1.x, or a framing error
};

struct parse_step {
    parse_state state = parse_state::need_more;
    std::size_t used = 0; // bytes of the input that need not be offered again
};

class request_parser {
  public:
    explicit request_parser(std::size_t header_bytes);
    ~request_parser();

    // Begins a message; fills method, headers (names lower-cased) and body of `into`.
    void begin(request& into);
    // Stops once at parse_state::head; the next calls read the body.
    parse_step put(std::string_view bytes);

    // These hold from parse_state::head on.
    [[nodiscard]] std::string_view target() const noexcept;
    [[nodiscard]] unsigned version() const noexcept;
    [[nodiscard]] bool keep_alive() const noexcept; // RFC 9112 §9.3, from the head alone
    [[nodiscard]] bool done() const noexcept;
    [[nodiscard]] std::optional<std::uint64_t> content_length() const noexcept;
    void limit_body(std::uint64_t bytes);

  private:
    struct sink;
    struct state;
    std::unique_ptr<state> state_;
};

// What Twenty or a client's host answered, as far as anybody here looks at it.
struct upstream_head {
    int status = 0;
    bool keep_alive = false;
    std::string content_type;
    std::string retry_after;
    std::string content_encoding;
    std::string cache_control;
    std::vector<std::pair<std::string, std::string>> fields; // all, if the parser keeps them
};

class response_parser {
  public:
    response_parser(std::size_t header_bytes, std::uint64_t body_bytes, bool keep_fields = false);
    ~response_parser();

    void begin(upstream_head& head, std::string& body);
    // Content-Length, chunked, or up to the end of the connection. Interim answers (1xx) are
    // skipped. Never stops at parse_state::head.
    parse_step put(std::string_view bytes);
    // The peer closed. True: that ends the message regularly.
    bool end_of_stream();

  private:
    struct sink;
    struct state;
    std::unique_ptr<state> state_;
};

// "Not Found"; "Status" for an unknown one.
std::string_view reason_phrase(int status) noexcept;

} // namespace http
