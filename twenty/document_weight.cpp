#include "twenty/document_weight.hpp"

namespace twenty {

namespace {

// node_bytes stands for what a value takes in a tree beside its text.
constexpr std::size_t node_bytes = 64;

std::size_t weight(const json::value& v) {
    std::size_t out = node_bytes;
    if (const auto* s = v.if_string()) out += s->size();
    if (const auto* items = v.if_array())
        for (const auto& item : *items)
            out += weight(item);
    if (const auto* members = v.if_object())
        for (const auto& [name, member] : *members)
            out += name.size() + weight(member);
    return out;
}

} // namespace

std::size_t document_weight::of(const graphql::value& v) {
    if (v.type == graphql::value::kind::variable) {
        // A variable is weighed once and counted at each of its uses, because each becomes a copy.
        const auto known = known_.find(v.text);
        if (known != known_.end()) return known->second;
        const auto* given = variable_(v.text);
        return known_[v.text] = given ? weight(*given) : 0;
    }
    std::size_t out = node_bytes + v.text.size();
    for (const auto& item : v.items)
        out += of(item);
    for (const auto& member : v.members)
        out += member.name.size() + of(member.val);
    return out;
}

} // namespace twenty
