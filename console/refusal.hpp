// Why a call came to nothing, as a sentence for the administrator: what was said, and what to do.
#pragma once

#include "base/result.hpp"
#include "http/probe.hpp"

#include <string>

namespace console {

// Of an answer that is no success. Its code is never bad_request: the command line was right.
// rate_limited and unavailable: the same call may do later. `named_etag`: If-Match was sent.
error refusal(const http::probe_answer& answer, bool named_etag = false);
// Where the server is not reached: `at` is its address or the path of its socket.
// upstream_down and upstream_timeout: it may be there again later. too_large: it answered, and will
// answer as much again.
error unreachable(const error& why, const std::string& at, bool is_socket);
// Where an answer was begun and not ended. The same call may do later.
error cut_off(const std::string& at);
// What is wrong with the certificate, where there is something.
error bad_certificate(const http::certificate_facts& seen);

// Whether it is worth while to ask again.
bool passes_by(const error& why) noexcept;

} // namespace console
