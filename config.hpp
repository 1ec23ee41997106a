// The environment, read once into an immutable struct. One table row a variable drives the
// parsing, `--help`, `check-config` and the README section. No other file calls getenv().
#pragma once

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "oauth/client_document.hpp"
#include "oauth/types.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct config {
    std::string twenty_base_url;  // no trailing slash
    secret cookie_encryption_key; // 32 bytes
    std::vector<secret> previous_keys;
    std::optional<secret> admin_token;
    std::string listen_address;
    std::uint16_t listen_port = 0;
    std::string public_url; // origin, no trailing slash
    std::string data_dir;
    std::vector<std::string> trusted_proxies;
    std::vector<std::string> allowed_origins;
    std::vector<std::string> allowed_hosts;
    std::string twenty_public_url; // for record links, default twenty_base_url
    std::string twenty_shown_url;  // told to anybody; empty unless it was set for people
    logging::level log_level = logging::level::info;
    oauth::document_policy client_documents = oauth::document_policy::any;
    std::vector<oauth::client> configured_clients;
    std::vector<std::string> trusted_redirect_hosts; // lower-case
    oauth::reuse_policy refresh_reuse = oauth::reuse_policy::end;
    std::optional<int> calls_per_minute; // the most of one workspace; nullopt: Twenty decides
    std::string ca_file;                 // extra CA certificates for Twenty's TLS, may be empty
};

struct variable {
    std::string_view name;
    std::string_view fallback = {}; // as shown; empty: none
    bool required = false;
    bool is_secret = false; // also read from $CREDENTIALS_DIRECTORY/NAME
    std::string_view help;
    std::string_view example;
};

// In the order of --help and the README.
const std::vector<variable>& variables();

// How a variable is looked up: getenv in the program, a map in tests.
using lookup = std::function<std::optional<std::string>(std::string_view name)>;

// Errors are one line: the variable, what is wrong, an example. `names` are all variables of
// the environment, so that an unknown TWENTY_MCP_* is an error.
result<config> read_config(const lookup& get, const std::vector<std::string>& names,
                           const std::function<result<std::string>(const std::string&)>& read_file);
