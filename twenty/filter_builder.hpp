// A filter while it is made: filter.cpp walks conditions and relations, filter_parts.cpp reads
// fields of several parts.
#pragma once

#include "twenty/compare.hpp"
#include "twenty/filter.hpp"
#include "twenty/values.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace twenty {

// All (or one) of these conditions; one alone is itself.
json::value conjunction(const char* name, json::array all);
// Do all keys read as operators, and none as a field of the object behind a relation?
bool only_operators(const json::value& v, const object& behind = {});

class filter_builder {
  public:
    filter_builder(const access& may, const moment& at, prepared_filter& out)
        : may_(may), at_(at), out_(out) {}

    // The conditions of one filter object, each a complete filter object of its own.
    result<json::array> group(const object& of, const json::value& v,
                              const std::vector<std::string>& above, int depth);

  private:
    result<json::array> condition(const object& of, const std::string& name, const json::value& v,
                                  const std::vector<std::string>& above, int depth);
    result<json::array> relation(const object& of, const object::join& to, const json::value& v,
                                 const std::vector<std::string>& above, int depth);
    // filter_parts.cpp
    result<json::array> composite_field(const field& f, const twenty::composite& parts,
                                        const json::value& v, column c);
    result<json::array> money(const field& f, const json::value& v, const column& micros);
    void note_micros(const field& f, const json::value& v);
    result<json::array> identity(const field& f, const json::value& v, const column& main);
    void note(std::string what) { add_note(out_.notes, std::move(what)); }
    static error bad(std::string what) { return {errc::bad_request, std::move(what)}; }

    const access& may_;
    const moment& at_;
    prepared_filter& out_;
    std::size_t conditions_ = 0;
    std::size_t identities_ = 0; // that are compared in any spelling, in the whole filter
};

} // namespace twenty
