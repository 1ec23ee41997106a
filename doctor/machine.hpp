// What the system tells of files: for doctor/judge_machine.
#pragma once

#include "base/result.hpp"
#include "doctor/judge_machine.hpp"

#include <cstdint>
#include <string>

namespace doctor {

file_facts look_at(const std::string& path);
// For somebody without privileges.
result<std::uint64_t> free_bytes(const std::string& folder);
unsigned own_user();

} // namespace doctor
