// What tells that two records are probably of one person or company: an e-mail address, a domain, a
// number, a full name, and what Twenty's own rules for duplicates name. Shared by the look beside a
// create and by find_duplicates.
#pragma once

#include "twenty/access.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

// The fields that tell, as far as the grant sees them. Numbers are shared in an office, so they
// tell only where they are asked for.
std::vector<const twenty::field*> telling_fields(const twenty::object& of,
                                                 const twenty::access& may, bool phones);

// What tells that two values of a field are of one record, each in one spelling; none: nothing can
// be told.
std::set<std::string> keys_of(const twenty::field& f, const json::value& v);
// The keys of each of `fields`, in their order. `values`: a record, or the values of a new one.
using record_keys = std::vector<std::set<std::string>>;
template <class Values>
record_keys keys_of_all(const std::vector<const twenty::field*>& fields, const Values& values) {
    record_keys out;
    for (const auto* f : fields) {
        const auto* v = values.find(f->name);
        out.push_back(v ? keys_of(*f, *v) : std::set<std::string>());
    }
    return out;
}

// Conditions, alternatives, that hold for all stored records which share a key with one of
// `records`, and for some others; at most `most`.
json::array similar_tests(const std::vector<const twenty::field*>& fields,
                          const std::vector<const json::object*>& records, std::size_t most);

// "same domain"
std::string_view reason(const twenty::field& f);

} // namespace crm
