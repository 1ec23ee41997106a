// The server that the commands go to, over its Unix socket or over the network.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/probe.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace console {

struct target {
    std::string socket; // the path of its Unix socket; empty: `url`
    http::base_url url;
    secret token; // over the network alone
    std::string ca_file;
    std::chrono::milliseconds timeout{10'000};
};

// An address of a server, with or without /mcp behind it. Threat: a token is read on its way.
// Defence: https, or this very machine. errc::bad_request says what is wrong.
result<http::base_url> read_address(std::string_view url);
// As it stands in a file or a variable. errc::bad_request: it can be no token.
result<secret> read_token(const secret& given);

class server {
  public:
    // errc::bad_request: the CA file cannot be used.
    static result<std::unique_ptr<server>> create(target to);
    // Errors are those of console/refusal; any answer is a success here. A connection is kept for
    // the next call.
    result<http::probe_answer> ask(http::probe_request r);

  private:
    server(target to, http::tls_trust trust);
    target to_;
    http::probe client_;
};

} // namespace console
