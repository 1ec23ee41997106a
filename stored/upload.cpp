#include "stored/upload.hpp"

namespace stored {

std::string skill_upload(std::string_view skill) { return "skill/" + std::string(skill); }

} // namespace stored
