// The environment, read once into an immutable struct. One row of settings() a variable drives
// the parsing, the default, `--help`, `check-config` and the table in docs/operating.md; what each
// component gets of it stands beside the rows, in config.cpp.
#pragma once

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "config_values.hpp"
#include "http/proxy_rules.hpp"
#include "oauth/client_document.hpp"
#include "oauth/types.hpp"
#include "twenty/caution.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace actors {
struct settings;
}
namespace http {
struct client_options;
struct export_options;
struct server_options;
} // namespace http
namespace stored {
struct options;
}
namespace web {
struct document_fetch_options;
struct site_settings;
} // namespace web

// What the variables say. Every default is in its row of settings(), none is here.
struct config {
    std::string twenty_base_url;  // no trailing slash
    secret cookie_encryption_key; // 32 bytes
    std::vector<secret> previous_keys;
    std::optional<secret> admin_token;
    std::string listen_address;
    std::uint16_t listen_port = 0;
    int listen_socket = -1; // listens there already, passed by the service manager
    std::string public_url; // origin, no trailing slash
    std::string data_dir;
    std::vector<std::string> trusted_proxies;
    std::vector<std::string> allowed_origins;
    std::vector<std::string> allowed_hosts;
    std::string twenty_public_url; // for record links, default twenty_base_url
    std::string twenty_shown_url;  // told to anybody; empty unless it was set for people
    std::string website_url;       // empty: the start page
    bool server_card = false;
    logging::level log_level{};
    std::optional<logging::format> log_format; // nullopt: the journal where standard error is its
    std::chrono::milliseconds slow_call{};     // 0: none is
    std::optional<config_values::endpoint> metrics_listen;
    // Path of the administrator's Unix socket; empty: there is none. Never nullopt once it was
    // read.
    std::optional<std::string> admin_socket;
    std::string collector_url; // for spans, no trailing slash; empty: there is none
    secret collector_fields;   // of each request's head (http::client_options)
    double trace_ratio = 0;
    std::int64_t audit_days = 0;
    std::int64_t audit_calls = 0;
    twenty::caution_rules caution;
    std::int64_t journal_days = 0; // of the journal of changes; 0: there is none
    std::int64_t journal_mb = 0;
    oauth::document_policy client_documents{};
    std::vector<oauth::client> configured_clients;
    std::vector<std::string> trusted_redirect_hosts; // lower-case
    oauth::reuse_policy refresh_reuse{};
    std::size_t max_connections = 0;
    std::optional<int> calls_per_minute; // the most of one workspace; nullopt: Twenty decides
    http::proxy_settings proxies;
    std::string ca_file; // extra CA certificates for Twenty's TLS, may be empty
};

// One variable.
struct setting {
    std::string_view name;
    std::string_view also = {}; // another spelling of the name; where both are set, this one holds
    std::string_view fallback = {};  // is read where the variable is not set; empty: nothing is
    std::string_view otherwise = {}; // says what holds then, where that is no fixed value
    bool required = false;
    bool is_secret = false; // also read from $CREDENTIALS_DIRECTORY/NAME
    std::string_view help;
    std::string_view example;
    // Puts a value, which is trimmed and not empty, where it belongs. The error's message is the
    // end of a sentence that begins with the name: "must be any, trusted or off".
    result<done> (*read)(std::string_view value, config& into);
};

// In the order of --help and of the documents' table.
const std::vector<setting>& settings();

// How a variable is looked up: getenv in the program, a map in tests.
using lookup = std::function<std::optional<std::string>(std::string_view name)>;
using file_reader = std::function<result<std::string>(const std::string& path)>;

// The value of one variable, trimmed; nullopt: it is not set. Errors are those of read_config().
result<std::optional<secret>> value_of(const setting& s, const lookup& get,
                                       const file_reader& read_file);

// Where the database is when TWENTY_MCP_DATA_DIR does not say it.
std::string default_data_dir(const lookup& get);

// Where the administrator's socket is when TWENTY_MCP_ADMIN_SOCKET does not say it; empty: nowhere.
std::string default_admin_socket(const lookup& get);

// The error's message has a line for each fault: the variable, what is wrong, an example. `names`
// are all variables of the environment, so that an unknown TWENTY_MCP_* is an error.
result<config> read_config(const lookup& get, const std::vector<std::string>& names,
                           const file_reader& read_file);

// -- What each component gets ------------------------------------------------------------------

// `path` of the database; `resource` is the identity's (oauth::make_identity).
stored::options store_options(const config& c, std::string path, std::string resource);
http::client_options twenty_client_options(const config& c);
http::server_options server_options(const config& c);
std::optional<http::server_options> admin_socket_options(const config& c); // nullopt: there is none
// Of the listener for metrics alone, if there is one.
std::optional<http::server_options> metrics_options(const config& c);
// Of the way to a collector of traces, if there is one.
std::optional<http::export_options> export_options(const config& c);
// Without the catalogue, `spans` and `fatal`, which are the program's.
actors::settings actor_settings(const config& c);
// Without `resolve`, which is the program's.
web::document_fetch_options document_options(const config& c);
// The key in use and then its predecessors.
std::vector<secret> server_keys(const config& c);
// Without identity, secrets of the store and source of documents, which are the program's.
web::site_settings site_settings(const config& c);

// -- What people read --------------------------------------------------------------------------

std::string settings_help(const std::vector<setting>& shown);  // for --help
std::string settings_table(const std::vector<setting>& shown); // for the documents, as Markdown
std::string config_summary(const config&);                     // for check-config
