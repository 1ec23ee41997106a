// Answers in JSON as people read them: a table of columns, or an object name by name. Everything
// goes through shown().
#pragma once

#include "base/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace console {

struct column {
    std::string_view title;
    std::string_view member; // of an item; a.b: of an object in it
    std::size_t most = 32;   // characters; what is longer is cut
};

// Rows under titles. It can be written piece by piece: columns grow with what comes, and the titles
// stand above the first piece alone.
class table {
  public:
    explicit table(const std::vector<column>& columns);
    std::string write(const json::array& items);

  private:
    std::vector<column> columns_;
    std::vector<std::size_t> widths_;
    bool titled_ = false;
};

// A line for each member, "name  value"; what is inside of a member is indented below it.
std::string facts(const json::object& of);

} // namespace console
