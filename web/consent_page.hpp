// What a person sees at /authorize: first the question for the key, then what it opens and the
// choices. Rendering only; which step is due is decided in authorize_endpoint.
#pragma once

#include "actors/messages.hpp"
#include "oauth/types.hpp"
#include "twenty/caution.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace web {

inline constexpr std::size_t max_filter_bytes = 100;

// What the person chose, as sent and given back. Never the key.
struct consent_values {
    std::string mode; // empty: read
    std::string label;
    std::string reach;                // all, chosen; empty: chosen if there are objects
    std::vector<std::string> objects; // by any of their names
    std::string lifetime;             // in days; empty: no end of its own
    std::string filter;
    std::string ask;                       // a name of asking; empty: the administrator's floor
    std::string changes_hour, changes_day; // records; empty: as usual
};
bool is_offered_lifetime(std::string_view days) noexcept;

// What was wrong. `field` is the form field's name; empty: the form as a whole.
struct consent_problem {
    std::string field;
    std::string text;
};

struct consent_view {
    const oauth::authorization_request& request;
    std::string sealed;     // the hidden field
    std::string twenty_url; // empty: not told
    consent_values values;
    std::vector<consent_problem> problems;
    const twenty::caution_rules& caution;
};
// Step 1. The choices are kept, unseen.
std::string render_key_step(const consent_view& view);

// What the second step knows more.
struct choices_view {
    const actors::checked_key& key; // with its schema
    std::string held_key;           // sealed
    std::string connections_ticket;
    const oauth::lifetimes& lifetimes;
    bool filtered; // the person pressed Filter just now
};
std::string render_choices_step(const consent_view& view, const choices_view& known);

} // namespace web
