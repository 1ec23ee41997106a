// One examination of a server: what it was given, and what its checks have found out so far. The
// checks (doctor/checks.hpp) run in the order of their table; a later one uses what an earlier one
// left here.
#pragma once

#include "base/json.hpp"
#include "base/secret.hpp"
#include "doctor/judge_connection.hpp"
#include "doctor/judge_mcp.hpp"
#include "doctor/judge_oauth.hpp"
#include "doctor/judge_twenty.hpp"
#include "http/probe.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace doctor {

// The server's address: an origin, given with or without /mcp behind it.
struct target {
    http::base_url url;
    std::string origin;   // as OAuth's issuer
    std::string resource; // origin + /mcp
    bool loopback = false;
};
// errc::bad_request says what is wrong.
result<target> read_target(std::string_view url);

// The server's own machine, where the examination runs there.
struct machine {
    std::string listen_address;
    std::uint16_t listen_port = 0;
    std::string data_dir;
    std::vector<std::string> key_files; // where keys may be
    bool only_loopback_trusted = false;
    std::optional<secret> admin_token;
    std::string twenty_url;
    std::string twenty_ca_file;
    std::optional<int> calls_per_minute;
    std::function<result<std::string>()> examine_database;
    // Sends it a request without spans; null: there is none.
    std::function<result<twenty::response>(std::chrono::milliseconds within)> ask_collector;
};

struct settings {
    target where;
    std::string ca_file; // PEM, beside the system's; empty: none
    std::chrono::milliseconds timeout{10'000};
    std::optional<result<secret>> key; // of Twenty; nullopt: none was given
    std::string key_path;              // where it was read
    // What is wrong with the settings of the service; nullopt: they are not looked at.
    std::optional<result<machine>> here;
};

class examination {
  public:
    // errc::bad_request: the CA file cannot be used.
    static result<std::unique_ptr<examination>> create(settings given);
    // Threat: an examination that is broken off leaves a connection behind. Defence: what was made
    // is revoked in any case. A code whose tokens were lost is sent again, which ends its
    // connection (OAuth 2.1 §4.1.3); one that nobody takes ends by itself.
    ~examination();

    [[nodiscard]] asked get(std::string target);
    [[nodiscard]] asked post_form(std::string target, const text::fields& form);
    // A message to /mcp, by `bearer` or without.
    [[nodiscard]] asked call(std::string_view method, json::value params, const secret& bearer,
                             std::vector<std::pair<std::string, std::string>> headers = {});
    [[nodiscard]] asked mcp(std::string method, const secret& bearer = secret());
    [[nodiscard]] std::string authorize_target(std::string_view client_id,
                                               std::string_view redirect_uri,
                                               std::string_view challenge) const;
    // `code` with its verifier to /token.
    [[nodiscard]] asked exchange_code();
    // Revokes once; later calls give back what the first one came to.
    const asked& revoke();
    [[nodiscard]] const machine& here() const { return given.here->value(); }
    [[nodiscard]] const secret& key() const { return given.key->value(); }

    settings given;
    http::probe client; // to the server's address

    http::looked_up names;
    reached tried;
    std::optional<asked> bare; // POST /mcp without a token
    std::int64_t bare_at = 0;
    asked resource_answer = error();
    asked server_answer = error();
    json::value resource_document;
    json::value server_document;
    std::string client_id;
    asked page = error();
    std::string verifier;
    secret code;
    std::optional<tokens> held;
    asked initialized = error();
    std::string session_id;
    asked stream = error();
    std::unique_ptr<http::probe> twenty;
    std::vector<object_read> reads;

  private:
    examination(settings s, http::tls_trust trust);
    std::optional<asked> revoked_;
    std::int64_t last_id_ = 0;
};

inline constexpr std::string_view callback = "http://127.0.0.1:33418/callback"; // nobody listens
inline constexpr std::string_view consent_state = "doctor";

} // namespace doctor
