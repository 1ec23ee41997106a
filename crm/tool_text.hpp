// What a client reads of a tool. crm/tools/NAME.json holds it as JSON Schema, and what several
// tools share is in crm/tools/shared.json: {"$ref": "shared.json#/NAME"} stands for that.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace crm {

struct tool_text {
    std::string title;
    std::string description;
    std::string input_schema; // compact, every $ref replaced
    // The same, with the types that are taken besides: {"type": "string", "alsoTakes": ["object"]}
    // is advertised as a string, because converters of some clients know one type a value only. And
    // with "errorExamples", which an error shows and no list.
    std::string accepted_schema;
    std::string output_schema;
};

// errc::bad_request where the document lacks one of the four members or has another one, or refers
// to what is not in `shared`.
result<tool_text> read_tool_text(std::string_view document, const json::object& shared);

// The text of a tool that is built in; it lives as long as the program. errc::not_found without a
// file of that name.
result<const tool_text*> built_in_text(std::string_view tool);

} // namespace crm
