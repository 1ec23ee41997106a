// What people call the choices that an answer shows, where it is not the value itself: a team may
// have renamed the label "Customer" of CUSTOMER to "Closed won".
#pragma once

#include "base/json.hpp"
#include "twenty/access.hpp"

#include <string>

namespace crm {

class choice_labels {
  public:
    // A value of SELECT or MULTI_SELECT, of other fields nothing.
    void add(const std::string& path, const twenty::field& f, const json::value& v);
    // All of a compact record, and of the records inside it.
    void add_record(const json::value& record, const twenty::object& of, const twenty::access& may,
                    const std::string& before = {});
    // Sets "labels": {"stage": {"CUSTOMER": "Closed won"}}, if there are any.
    void write_to(json::object& body) const;

  private:
    json::object labels_;
};

} // namespace crm
