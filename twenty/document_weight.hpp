// What the arguments of a document take as JSON trees, known before they are made.
#pragma once

#include "base/json.hpp"
#include "twenty/graphql.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>

namespace twenty {

class document_weight {
  public:
    // In bytes, about. A variable is looked through once, however often it is named.
    std::size_t of(const graphql::value& v, const json::object& variables);

  private:
    std::map<std::string, std::size_t, std::less<>> known_;
};

} // namespace twenty
