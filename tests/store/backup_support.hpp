// What the tests of backups and restores share.
#pragma once

#include "base/new_file.hpp"
#include "store/migrations.hpp"

#include "tests/store/support.hpp"

#include <string>
#include <sys/stat.h>

namespace store_tests {

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

inline mode_t mode_of(const std::string& path) {
    struct stat info {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    return info.st_mode & 0777;
}

// An empty database as the program of that version made it.
inline void make_older(const std::string& path, std::size_t version) {
    auto old = store::database::open(path);
    REQUIRE(old.ok());
    auto steps = store::all_migrations();
    steps.resize(version);
    REQUIRE(store::migrate(*old, 0, steps).ok());
}

} // namespace store_tests
