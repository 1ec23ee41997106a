#include "base/fault_point.hpp"

void fault_point(std::string_view) noexcept {}
