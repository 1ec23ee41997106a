// A backup takes the place of the database. At every moment the file under the database's name is
// the old one or the new one, whole.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "oauth/types.hpp"
#include "store/backup.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace store {

struct restore_request {
    std::string database; // its name, in a folder that is there; whoever asks holds its lock
    std::string file;     // the backup
    secret key;           // COOKIE_ENCRYPTION_KEY; empty: not known, and then nothing is tried
    std::vector<secret> previous;
    bool end_connections = false; // everybody connects anew
    oauth::time_point now;
};

struct restored {
    file_facts backup;
    std::int64_t ended = 0; // by request
    // Grants of the backup that the database had no more: they live again. nullopt: it could not
    // be asked.
    std::optional<std::int64_t> revived;
    std::string kept_as; // the database as it was; empty: there was none
};

// errc::bad_request: the file is no backup that this program and this key can use, and nothing has
// changed. Brings the database to this program's version and writes `restored` down in it.
result<restored> restore(const restore_request& request);

} // namespace store
