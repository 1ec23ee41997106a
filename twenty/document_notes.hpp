// What Twenty does with a hand-written document that its writer may not expect, for the answer.
#pragma once

#include "twenty/access.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace twenty {

// Of a document that graphql_request() has let pass; each note once, in the order of the document.
std::vector<std::string> document_notes(const access& may, graphql_tool tool, endpoint where,
                                        std::string_view document, const json::value& variables);

} // namespace twenty
