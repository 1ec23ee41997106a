// How often an address or a client may ask for what costs us, Twenty or a person's trust.
#pragma once

#include "http/limiter.hpp"

#include <array>
#include <string_view>

namespace web {

// The rules that endpoints name: so many at once, refilled evenly over a time; once empty, nothing
// for a while (0 s: only until refilled).
namespace limit {

using http::counted;
using http::limit_rule;
using namespace std::chrono_literals;

// GET /authorize, by address
inline constexpr limit_rule authorize{"authorize", 60, 60s, 0s};
// API keys pasted at /authorize, by address
inline constexpr limit_rule consent{"consent", 20, 600s, 0s};
// POST /connections, by address
inline constexpr limit_rule connections{"connections", 60, 600s, 0s};
// API keys that were refused, by address
inline constexpr limit_rule failed_key{"failed_key", 5, 600s, 900s};
// the networks that such a key came from lately
inline constexpr limit_rule refused_network{"refused_network", 1, 900s, 0s, counted::by_network};
// questions to Twenty about a key, all together; those of the networks above, all together; and by
// network
inline constexpr limit_rule key_check{"key_check", 60, 60s, 0s, counted::together};
inline constexpr limit_rule key_check_refused{"key_check_refused", 60, 60s, 0s, counted::together};
inline constexpr limit_rule key_check_network{"key_check_network", 30, 60s, 0s,
                                              counted::by_network};
// POST /register, by address, and the same from egress that many people share
inline constexpr limit_rule registration{"registration", 30, 3600s, 0s};
inline constexpr limit_rule registration_shared{"registration_shared", 600, 3600s, 0s};
// codes, rotations and revocations, by client and address, and from shared egress
inline constexpr limit_rule token{"token", 60, 60s, 0s};
inline constexpr limit_rule token_shared{"token_shared", 1200, 60s, 0s};
// wrong client secrets, by client and address, and from shared egress
inline constexpr limit_rule failed_secret{"failed_secret", 20, 600s, 0s};
inline constexpr limit_rule wrong_secret_shared{"wrong_secret_shared", 600, 600s, 0s};
// wrong codes and refresh tokens, by client and address
inline constexpr limit_rule failed_token{"failed_token", 20, 600s, 0s};
// access tokens that are not good, by address; beyond it a token is looked up before its message is
// read
inline constexpr limit_rule bad_token{"bad_token", 60, 60s, 0s};
// fetches of clients' documents, by address
inline constexpr limit_rule document{"document", 10, 60s, 0s};
// the same, by the host that is asked, and where it is a known one, whose clients others must not
// lock out
inline constexpr limit_rule document_host{"document_host", 6, 60s, 0s};
inline constexpr limit_rule document_known_host{"document_known_host", 60, 60s, 0s};
// wrong admin tokens, by address, and all together
inline constexpr limit_rule failed_admin{"failed_admin", 5, 300s, 1800s};
inline constexpr limit_rule failed_admin_all{"failed_admin_all", 100, 3600s, 0s, counted::together};
// wrong admin tokens that are written down, all together
inline constexpr limit_rule noted_failure{"noted_failure", 60, 60s, 0s, counted::together};
// calls with the right one, by address
inline constexpr limit_rule admin{"admin", 120, 60s, 0s};

// All of them.
inline constexpr std::array all{&authorize,
                                &consent,
                                &connections,
                                &failed_key,
                                &refused_network,
                                &key_check,
                                &key_check_refused,
                                &key_check_network,
                                &registration,
                                &registration_shared,
                                &token,
                                &token_shared,
                                &failed_secret,
                                &wrong_secret_shared,
                                &failed_token,
                                &bad_token,
                                &document,
                                &document_host,
                                &document_known_host,
                                &failed_admin,
                                &failed_admin_all,
                                &noted_failure,
                                &admin};

} // namespace limit

// Egress that many people share, as oauth/known_clients.hpp lists it. Only ever chooses a wider
// bucket, never grants anything.
bool is_shared_egress(std::string_view peer);

} // namespace web
