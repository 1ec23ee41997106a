// Arguments of hand-written GraphQL documents, checked for the fields and relations they
// touch. Values stay as they are; only names decide. Used by the document policy alone.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/access.hpp"
#include "twenty/restricted.hpp"

namespace twenty {

// Every key must be a field, a join column or a followable relation of `of`; inside a
// relation the same for its target. What may be private is named at its own root alone.
// errc::bad_request or errc::not_allowed otherwise.
result<done> check_filter(const access& may, const object& of, const json::value& filter,
                          asked_at where = asked_at::own_root);
// errc::bad_request for an empty text that does not stand alone in its own item of "and".
result<done> empty_texts_alone(const json::value& filter);
// orderBy, orderByForRecords and groupBy share one form; those of groups may name an `aggregate`.
result<done> check_order(const access& may, const object& of, const json::value& order,
                         field_use use = field_use::sorted, asked_at where = asked_at::own_root);
// Data of a create or update: an object, or a list of them. Twenty would move an updated record
// to another id and leave its links behind, so only `new_records` name one.
result<done> check_data(const access& may, const object& of, const json::value& data,
                        bool new_records = true);

// Is `name` an aggregate that Twenty offers on this object's connections (sumAmountAmountMicros,
// countNotEmptyId, totalCount)?
bool is_aggregate(const access& may, const object& of, std::string_view name);
// errc::bad_request for one that counts what may be private.
result<done> check_counted(const access& may, const object& of, std::string_view aggregate);

} // namespace twenty
