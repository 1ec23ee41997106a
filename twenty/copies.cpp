#include "twenty/copies.hpp"

#include <algorithm>

namespace twenty {

namespace {

constexpr copy all[] = {
    // The name of a timeline entry says what was linked.
    {"timelineActivity", "name"},
    // The same wherever an entry has moved to since.
    {"*", "linkedRecord*"},
    // A participant's handle is a person's or a member's address.
    {"*Participant", "handle"},
    {"*Participant", "displayName"},
    // Since 2.44. Chats with agents and what their tools answered: agentChatThread, agentMessage,
    // agentMessagePart, agentTurn, agentTurnEvaluation and what else belongs to them.
    {"agent*", "*"},
    // The address that a link in somebody's mail leads to.
    {"shortLink*", "*"},
    // Addresses of people: to whom a campaign went, and who wants none. What a campaign itself says
    // (messageCampaign) is its own.
    {"campaignDelivery*", "*"},
    {"messageSuppression*", "*"},
    // The records that are shared, and with whom.
    {"recordShare*", "*"},
};

bool matches(std::string_view pattern, std::string_view name) noexcept {
    if (pattern.empty()) return name.empty();
    if (pattern.back() == '*') return name.starts_with(pattern.substr(0, pattern.size() - 1));
    if (pattern.front() == '*') return name.ends_with(pattern.substr(1));
    return name == pattern;
}

// Values of these types name nobody; relations and actors have rules of their own.
bool has_no_words(field_type type) noexcept {
    switch (type) {
    case field_type::actor:
    case field_type::boolean:
    case field_type::date:
    case field_type::date_time:
    case field_type::morph_relation:
    case field_type::multi_select:
    case field_type::number:
    case field_type::numeric:
    case field_type::position:
    case field_type::rating:
    case field_type::relation:
    case field_type::select:
        return true;
    default:
        return false;
    }
}

} // namespace

std::span<const copy> copies() noexcept { return all; }

bool tells_of_others(const field& f, const object& of) noexcept {
    if (f.name == "id") return false;
    // Objects and fields that people made may have any of these names.
    const bool own = of.is_system || (of.source == "standard" && !f.is_custom);
    // "*" as a field stands for whatever has words, so that a new field of such an object is hidden
    // before anybody has heard of it.
    const bool named =
        own && std::ranges::any_of(all, [&](const copy& c) {
            return matches(c.object, of.name_singular) &&
                   (c.field == "*" ? !has_no_words(f.type) : matches(c.field, f.name));
        });
    if (named || !of.is_system) return named;
    // Known to hold nothing but its own: a call's transcript.
    if (of.name_singular == "callRecording" && f.name == "transcript") return false;
    // JSON and bare ids of Twenty's own objects count whether they are listed or not: what a new
    // version adds must not leak until somebody lists it.
    return f.type == field_type::raw_json || f.type == field_type::uuid;
}

} // namespace twenty
