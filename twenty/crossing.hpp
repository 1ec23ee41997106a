// Arguments of hand-written GraphQL documents, checked for the fields and relations they
// touch. Values stay as they are; only names decide. Used by the document policy alone.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/access.hpp"

namespace twenty {

// Every key must be a field, a join column or a followable relation of `of`; inside a
// relation the same for its target. errc::bad_request or errc::not_allowed otherwise.
result<void> check_filter(const access& may, const object& of, const json::value& filter);
// errc::bad_request for an empty text that does not stand alone in its own item of "and".
result<void> empty_texts_alone(const json::value& filter);
// orderBy, orderByForRecords and groupBy share one form. `grouped` allows `aggregate`.
result<void> check_order(const access& may, const object& of, const json::value& order,
                         bool grouped = false);
// Data of a create or update: an object, or a list of them. Twenty would move an updated record
// to another id and leave its links behind, so only `new_records` name one.
result<void> check_data(const access& may, const object& of, const json::value& data,
                        bool new_records = true);

// Is `name` an aggregate that Twenty offers on this object's connections (sumAmountAmountMicros,
// countNotEmptyId, totalCount)?
bool is_aggregate(const access& may, const object& of, std::string_view name);

} // namespace twenty
