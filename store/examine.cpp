#include "store/examine.hpp"

#include "store/database.hpp"
#include "store/migrations.hpp"

namespace store {

result<std::string> examine(const std::string& path) {
    TRY(db, database::open_to_read(path));
    const auto newest = static_cast<std::int64_t>(all_migrations().size());
    TRY(version, read_version(db, newest));
    TRY(check, db.query("PRAGMA quick_check(1)"));
    TRY(row, check.next());
    const auto found = row ? check.text(0) : std::string("no answer");
    if (found != "ok") return error{errc::unavailable, "the file is damaged", found};
    return "version " + std::to_string(version) + ", no damage";
}

} // namespace store
