// The status line and header of an answer, as they go out.
#pragma once

#include "http/message.hpp"

#include <string>
#include <string_view>

namespace http {

struct response_facts {
    std::string_view id;
    std::string_view date;
    bool keep_alive = false;
    unsigned version = 11; // of the request
};

// RFC 9110 §6.4.1: 1xx, 204 and 304 have none.
[[nodiscard]] bool may_have_body(int status) noexcept;

// Replaces `out`. Framing (Content-Length, Connection) is decided here, whatever fields of that
// name the answer has; a body from a source is chunked, and ends with the connection for HTTP/1.0.
// False: a field would not stay one field on the wire; `out` is unusable.
[[nodiscard]] bool write_response_head(std::string& out, const response& a,
                                       const response_facts& facts);

} // namespace http
