// Fields of Twenty's own objects that may tell of records of any object without being relations:
// what a timeline entry changed, the state of a workflow run, what was said in a chat with an
// agent, whom a campaign was sent to.
#pragma once

#include "twenty/schema.hpp"

#include <span>
#include <string_view>

namespace twenty {

// Names end or begin with * for all that begin or end so.
struct copy {
    std::string_view object; // nameSingular
    std::string_view field;  // "*": whatever has words, links or ids in it
};
// All of them, beside JSON and bare ids, which count for every object of Twenty's own.
std::span<const copy> copies() noexcept;

// Threat: a limited grant reads other people's records in the copies that Twenty keeps of them.
// Defence: such fields do not exist for it (access::visible), nor can their words be searched.
bool tells_of_others(const field& f, const object& of) noexcept;

} // namespace twenty
