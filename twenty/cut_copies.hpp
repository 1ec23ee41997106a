// Texts and lists that a model read cut off, and writes back as if they were whole.
#pragma once

#include "base/json.hpp"

#include <string_view>

namespace twenty {

// Threat: a model reads a long text, of which the tools show the beginning, changes it and writes
// it back; the rest is gone. Defence: a text is refused that has a cut mark where the stored one
// goes on, or that ends in the middle of one of its words, as a text does whose mark was left out.
bool is_cut_copy(std::string_view given, std::string_view stored);
// The same of a list: the tools show its first items. An item that was added or taken away does
// not hide that the stored end is gone.
bool is_cut_list(const json::array& given, const json::array& stored);

} // namespace twenty
