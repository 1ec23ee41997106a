// The skills extension (io.modelcontextprotocol/skills, SEP-2640): what a catalogue says of its
// skills, and how skills/list, skills/get and resources/directory/read show them. Their files are
// resources like any other, read through one of the catalogue's templates.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

inline constexpr std::string_view skills_extension = "io.modelcontextprotocol/skills";
inline constexpr std::string_view skill_main_file = "SKILL.md";

// A file is named within its skill, with "/" between segments that a URI takes as they are.
struct skill_file {
    std::string path;
    std::string digest; // sha256: and 64 hexadecimal digits
    std::size_t size = 0;
};
struct skill {
    std::string path; // of the skill; its last segment is the name
    std::string name;
    std::string description;
    std::string frontmatter; // a JSON object, as the SKILL.md has it
    std::vector<skill_file> files;
};

// skill://PATH/FILE
std::string uri_of(const skill& s, std::string_view file);
std::string_view media_type_of(std::string_view file);

std::string skills_list(const std::vector<skill>& skills);
const skill* find_skill(const std::vector<skill>& skills, std::string_view main_uri);
std::string skill_result(const skill& s);
// The direct children of a directory, a skill's root or one within; nullopt: it is none.
std::optional<std::string> directory_list(const std::vector<skill>& skills, std::string_view uri);

} // namespace mcp
