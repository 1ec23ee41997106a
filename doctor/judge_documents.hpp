// Rules about the two discovery documents (RFC 9728, RFC 8414): are they whole, and do they speak
// of the address that was used?
#pragma once

#include "base/json.hpp"
#include "doctor/judge_answers.hpp"

#include <string_view>

namespace doctor {

// The document, or null: nobody may read it.
json::value document_of(const asked& a);

finding judge_document(const asked& a, std::string_view member);
// Neither compressed although nobody asked for it, nor another type.
finding judge_encoding(const asked& a, const asked& b);
finding judge_resource(const json::value& document, std::string_view resource);
finding judge_issuer(const json::value& document, std::string_view origin);
// S256 is all that MCP clients take.
finding judge_promises(const json::value& document);

} // namespace doctor
