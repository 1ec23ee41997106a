// What a client wants to be told of, and how it is told: list_changed and resources/updated,
// for sessions (resources/subscribe) and for subscriptions/listen of MCP 2026-07-28.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mcp {

class catalogue;

// Something that a catalogue's contents depend on. A resource names its sources in the table.
enum class source : unsigned {
    none = 0,
    primer = 1,  // the administrator's text
    schema = 2,  // the workspace's objects and fields
    fixture = 4, // conformance fixtures only
    skills = 8,  // what skills/list names, any of them
};
constexpr source operator|(source a, source b) noexcept {
    return static_cast<source>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool overlap(source a, source b) noexcept {
    return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0;
}

// What happened: contents changed, or a list of what is offered.
struct change {
    source what = source::none; // resources that depend on it were updated
    bool tools = false;
    bool prompts = false;
    bool resources = false;
};

// resources/subscribe (on) or resources/unsubscribe (off).
struct subscription_edit {
    std::string uri;
    bool on = true;
};

// What one stream is told of.
struct interest {
    bool tools = false;
    bool prompts = false;
    bool resources = false;
    std::vector<std::string> uris;
};
inline constexpr std::size_t max_subscriptions = 100; // URIs of one session or stream

// MCP 2026-07-28, subscriptions/listen: the part of params.notifications that this catalogue
// honours. errc::bad_request.
result<interest> read_interest(const json::value& params, const catalogue& offered);
// A session is told of every list that may change, and of the URIs it subscribed to.
interest session_interest(const catalogue& offered, std::vector<std::string> uris);

// The JSON-RPC notifications that `wants` is owed for `what`. With `listen_id` (the raw id of
// the listen request) each carries it.
std::vector<std::string> notifications_for(const change& what, const interest& wants,
                                           const catalogue& offered,
                                           std::string_view listen_id = {});
// The first message of a listen stream, and the result that ends it.
std::string acknowledgement(const interest& honoured, std::string_view listen_id);
std::string listen_result(const catalogue& offered, std::string_view listen_id);

} // namespace mcp
