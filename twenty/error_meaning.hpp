// What an error of Twenty's means for us, from its codes and, where there are none, from its words.
#pragma once

#include "twenty/answer.hpp"

namespace twenty {

// By code, subcode, conflict and message as Twenty sent them.
errc meaning_of(const upstream_error& e);

} // namespace twenty
