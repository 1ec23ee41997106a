// Rules about Twenty as this server reaches it, and about an API key there.
#pragma once

#include "doctor/judge_answers.hpp"
#include "http/certificate.hpp"
#include "twenty/connection.hpp"
#include "twenty/transport.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace doctor {

finding judge_twenty(const asked& a, const http::certificate_facts& seen);
// POST /graphql without a key.
finding judge_twenty_api(const asked& a);
// GET /client-config.
finding judge_twenty_kind(const asked& a, std::string_view host);

// What the key says of itself.
finding judge_key(const result<twenty::key_facts>& facts, std::int64_t now);

// One page of one record of some of Twenty's standard objects.
struct object_read {
    std::string name;
    asked came;
};
finding judge_role(const std::vector<object_read>& reads);
// The catalogue of tools of Twenty's own MCP server [twenty-golden mcp/call-catalog], for this key.
finding judge_writes(const asked& catalogue);
// What the collector of traces answered to a request without spans.
finding judge_collector(const result<twenty::response>& answer);
finding judge_rate(const std::vector<object_read>& reads, std::optional<int> calls_per_minute);

} // namespace doctor
