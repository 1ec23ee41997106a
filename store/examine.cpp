#include "store/examine.hpp"

#include "store/backup.hpp"

namespace store {

result<std::string> examine(const std::string& path) {
    TRY(db, database::open_to_read(path));
    TRY(version, read_through(db));
    return "version " + std::to_string(version) + ", no damage";
}

} // namespace store
