// When and where a tool call reads days: the call's clock, and its argument timeZone.
#pragma once

#include "crm/protocol.hpp"
#include "twenty/days.hpp"

namespace crm {

// errc::bad_request when timeZone names no zone.
inline result<twenty::moment> moment_of(const json::value& arguments, const call_context& context) {
    twenty::moment at;
    at.now = context.now;
    if (const auto zone = arguments.text("timeZone"); !zone.empty()) {
        TRY(named, time_zone::named(zone));
        at.zone = named;
    }
    return at;
}

} // namespace crm
