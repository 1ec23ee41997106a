// Records that a caller names instead of giving their ids: an owner by name or e-mail, a company
// by name. A name counts only when exactly one record has it.
#pragma once

#include "crm/workspace.hpp"
#include "twenty/data.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace crm {

// Object and name as written.
using wanted_names = std::vector<std::pair<twenty::readable_object, std::string>>;

struct named_record {
    std::string id;
    std::string label;
};

// What was looked up, by object (nameSingular) and name as written.
class name_book {
  public:
    // Looks up every name not known yet, with one request an object. Only readable objects and
    // fields are looked at. Failures are kept for find().
    async<done> look_up(call_slot& slot, const twenty::access& may, wanted_names names);
    // errc::bad_request unless exactly one record has the name; several are listed with what
    // tells them apart.
    [[nodiscard]] result<named_record> find(const twenty::object& of, std::string_view name) const;

  private:
    std::map<std::pair<std::string, std::string>, result<named_record>> found_;
};

// Puts the ids of data.named into its values, with a note for each, and empties that list.
result<done> resolve(twenty::prepared_data& data, const name_book& book);
// Which names `data` needs.
void add_names(wanted_names& names, const twenty::prepared_data& data);

} // namespace crm
