// From a command and its arguments to the request that asks for it.
#pragma once

#include "base/result.hpp"
#include "console/commands.hpp"
#include "http/probe.hpp"

namespace console {

// Which of the command's operations knows all that is given. errc::bad_request: none does.
result<const web::admin_operation*> chosen_operation(const command& of, const operations& all,
                                                     const arguments& given);

// Judged by the server's own rules, before anything is sent. errc::bad_request says what is wrong.
result<http::probe_request> request_of(const web::admin_operation& op, const arguments& given);

} // namespace console
