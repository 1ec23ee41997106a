// What an administrator puts beside the program for models to read, the primer and skills, as it is
// kept: the one in use, its last versions, and on which condition it changes.
#pragma once

#include "oauth/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stored {

// Uploads are kept by these names.
inline constexpr std::string_view the_primer = "primer";
std::string skill_upload(std::string_view skill);

// Skills in use; of skills that were removed, versions of as many are kept.
inline constexpr std::int64_t most_skills = 32;

struct upload_record {
    std::string text;
    oauth::time_point updated_at;
    std::string etag; // strong, quoted
};

// One of an upload's last versions.
struct upload_version {
    std::int64_t version = 0; // grows with every change of any upload
    oauth::time_point created_at;
    std::optional<std::string> text; // nullopt: it was taken back; the bundled primer, or no skill
    std::string etag;                // as in upload_record; empty without text
};

// A skill without its text.
struct skill_row {
    std::string about; // what was written with it
    std::int64_t version = 0;
    oauth::time_point created_at;
};

// RFC 9110 §13.1.1, §13.1.2: what must be true of the upload in use for a change to happen.
struct upload_condition {
    std::optional<std::vector<std::string>> etags; // is one of these; "*": there is one at all
    bool absent = false;                           // there is none
};

} // namespace stored
