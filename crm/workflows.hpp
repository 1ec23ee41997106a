// What people do with a CRM again and again, each in a few sentences for a model: a prompt that a
// person picks and fills in, and a skill that a model takes by itself, of the same words.
#pragma once

#include "crm/protocol.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

struct workflow {
    std::string_view prompt; // the skill has "-" for "_"
    std::string_view title;
    std::string_view description;
    std::vector<prompt_argument> arguments;
    std::string (*asked)(const json::value& arguments); // the prompt's first sentence
    std::string_view steps;
    std::string_view when;     // the skill's own: when to take it up
    std::string_view find_out; // and what has to be known first
    std::string_view objects;  // that it cannot do without, with blanks between them
    bool writes = false;       // is of no use where nothing may be changed
};

inline constexpr std::size_t workflow_count = 4;
const std::array<workflow, workflow_count>& workflows();

} // namespace crm
