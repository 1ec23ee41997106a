// What the arguments of a document take as JSON trees, known before they are made.
#pragma once

#include "base/json.hpp"
#include "twenty/graphql.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>

namespace twenty {

class document_weight {
  public:
    // `variable` must outlive the weight.
    explicit document_weight(graphql::find_variable variable) : variable_(std::move(variable)) {}

    // In bytes, about. A variable is looked through once, however often it is named.
    std::size_t of(const graphql::value& v);

  private:
    graphql::find_variable variable_;
    std::map<std::string, std::size_t, std::less<>> known_;
};

} // namespace twenty
