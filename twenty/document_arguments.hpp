// Values of the arguments of hand-written GraphQL documents. Used by the document policy alone.
#pragma once

#include "twenty/document_types.hpp"

namespace twenty {

// One argument of a root field or a to-many relation, its variables put in. errc::bad_request or
// errc::not_allowed; the message says what to change.
result<done> check_argument(const access& may, std::string_view name, const json::value& v,
                            const root_field& takes);

} // namespace twenty
