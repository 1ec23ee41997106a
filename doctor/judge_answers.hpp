// Rules about /mcp without a good token: is it twenty-mcp that answers, and does what was sent and
// what is answered come through the proxy unchanged?
#pragma once

#include "base/result.hpp"
#include "doctor/finding.hpp"
#include "http/probe.hpp"

#include <string>
#include <string_view>

namespace doctor {

using answer = http::probe_answer;
using asked = result<answer>;

// A request that nobody answered, or what the answer is like: for `seen`.
std::string told(const asked& a);

// Is it this server's own JSON? A proxy's error page is none, and a proxy that answers in JSON does
// so in another form.
bool is_ours(const answer& a);

finding judge_redirect(const asked& mcp);
finding judge_proxy(const asked& mcp);
finding judge_host(const asked& mcp, std::string_view authority);
finding judge_refusal(const asked& mcp); // 401 without a token
finding judge_challenge(const asked& mcp, std::string_view origin);
finding judge_head(const asked& head);
// GET and DELETE without a token.
finding judge_methods(const asked& get, const asked& del);
// A preflight of claude.ai.
finding judge_preflight(const asked& options, std::string_view web_origin);
// With a token that nobody gave: only a server that sees it calls it invalid.
finding judge_authorization(const asked& with_token);
finding judge_large_header(const asked& a);
finding judge_large_body(const asked& a);
finding judge_keep_alive(const asked& second, int connections);
finding judge_ready(const asked& a);

} // namespace doctor
