// Skills: workflows that models load when they need them, each a directory of texts around a
// SKILL.md (Agent Skills specification; served as SEP-2640 says). The rules of what a skill may be,
// and what of it is told to whom.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/connection.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace primer {

inline constexpr std::size_t most_skill_files = 32;
inline constexpr std::size_t most_skill_bytes = 100'000; // of all files together
inline constexpr std::string_view skill_main_file = "SKILL.md";
inline constexpr std::string_view primer_skill_name = "twenty-crm"; // no upload's

struct skill_file {
    std::string path; // within the skill, with "/"
    std::string text;
};

struct skill {
    std::string name;
    json::value frontmatter; // an object
    std::vector<skill_file> files;
};

// A skill as its author wrote it. Texts lose what nobody sees. errc::bad_request or too_large, with
// the file and what to change in it.
result<skill> read_skill(std::string_view name, std::vector<skill_file> files);
// Agent Skills specification: 1 to 64 of a-z, 0-9 and single hyphens within.
result<done> check_skill_name(std::string_view name);

// What lists tell of a skill.
struct skill_entry {
    struct file {
        std::string path;
        std::string digest; // sha256:HEX of the bytes
        std::size_t size = 0;
    };
    std::string name;
    json::value frontmatter;
    std::vector<file> files; // SKILL.md first
};
skill_entry entry_of(const skill& s);
std::string digest_of(std::string_view text);

// As it is kept: the files, and the entry. What reads them back takes what the other wrote;
// errc::internal when that is damaged.
std::string files_text(const skill& s);
result<std::vector<skill_file>> read_files(std::string_view kept);
std::string entry_text(const skill_entry& e);
result<skill_entry> read_entry(std::string_view kept);

// May this connection have it? Its metadata says what a skill works on: which objects
// (nameSingular, with blanks, commas or line ends between them), and "write" when it changes
// records.
inline constexpr std::string_view skill_objects = "twenty-objects";
inline constexpr std::string_view skill_access = "twenty-access";
// Those that the metadata names.
std::vector<std::string> objects_of(const json::value& frontmatter);
bool is_for(const skill_entry& e, const twenty::connection& connection, bool may_write);

} // namespace primer
