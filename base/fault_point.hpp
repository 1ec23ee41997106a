// Names the places between two steps of a durable change, for tests that end the process there.
// The program links a function that does nothing (fault_point.cpp) and knows no way to die; the
// crash tests link another object in its place (tests/support/fault_point.cpp). Every name
// stands once in tests/support/fault_points.txt, with what must be left of the step.
#pragma once

#include <string_view>

void fault_point(std::string_view name) noexcept;
