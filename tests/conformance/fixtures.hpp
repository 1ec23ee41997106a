// The catalogue that the official conformance suite calls for: tools, resources and prompts with
// fixed names and answers. Never part of the product.
#pragma once

#include "mcp/catalogue.hpp"

namespace conformance {

const mcp::catalogue& fixtures();

// The parts, a file each.
std::vector<mcp::tool> content_tools(); // what a result may hold, progress, logging
std::vector<mcp::tool> asking_tools();  // elicitation, sampling, roots; rounds of questions
std::vector<mcp::tool> task_tools();    // the tasks extension
std::vector<mcp::resource> resources();
std::vector<mcp::prompt> prompts();

// A tool result with one text block, or with a JSON array of blocks.
mcp::tool_result text_result(std::string_view text);
mcp::tool_result content_result(std::string content);

mcp::tool tool_of(std::string_view name, std::string_view description, mcp::tool_handler run,
                  std::string_view input_schema = R"({"type":"object"})");

inline constexpr std::string_view one_pixel_png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Erk"
    "Jggg==";

} // namespace conformance
