#include "store/migrations.hpp"

#include "embedded/store_schema_sql.hpp"
#include "embedded/store_version10_sql.hpp"
#include "embedded/store_version2_sql.hpp"
#include "embedded/store_version3_sql.hpp"
#include "embedded/store_version4_sql.hpp"
#include "embedded/store_version5_sql.hpp"
#include "embedded/store_version6_sql.hpp"
#include "embedded/store_version7_sql.hpp"
#include "embedded/store_version8_sql.hpp"
#include "embedded/store_version9_sql.hpp"

#include <string>

namespace store {

namespace {

result<std::int64_t> number(database& db, const char* sql) {
    TRY(found, db.query(sql));
    TRY(row, found.next());
    return row ? found.integer(0) : std::int64_t{0};
}

} // namespace

const migrations& all_migrations() {
    static const migrations steps{
        embedded::store_schema_sql, // version 1
        embedded::store_version2_sql, embedded::store_version3_sql, embedded::store_version4_sql,
        embedded::store_version5_sql, embedded::store_version6_sql, embedded::store_version7_sql,
        embedded::store_version8_sql, embedded::store_version9_sql, embedded::store_version10_sql,
    };
    return steps;
}

// A file counts as empty only without version, owner and table: somebody else's database that never
// set its user_version is not taken for a new one of ours.
result<std::int64_t> read_version(database& db, std::int64_t newest) {
    TRY(version, number(db, "PRAGMA user_version"));
    TRY(owner, number(db, "PRAGMA application_id"));
    TRY(tables, number(db, "SELECT count(*) FROM sqlite_schema"));
    const bool empty = version == 0 && owner == 0 && tables == 0;
    if (!empty && owner != application_id)
        return error{errc::unavailable, "the file belongs to another program; choose another "
                                        "data directory"};
    if (version > newest)
        return error{errc::unavailable, "the file has version " + std::to_string(version) +
                                            ", this program knows versions up to " +
                                            std::to_string(newest) +
                                            "; install a newer twenty-mcp or restore a backup"};
    return version;
}

// migrate() makes each step and its number one transaction. A crash leaves the step whole or not at
// all, and the next start goes on from the number that it finds.
result<done> migrate(database& db, std::int64_t from, const migrations& steps) {
    for (auto version = from; version < static_cast<std::int64_t>(steps.size()); ++version) {
        const auto step = "BEGIN IMMEDIATE;" +
                          std::string(steps[static_cast<std::size_t>(version)]) +
                          ";PRAGMA application_id = " + std::to_string(application_id) +
                          ";PRAGMA user_version = " + std::to_string(version + 1) + ";COMMIT;";
        auto stepped = db.script(step);
        if (stepped) continue;
        const auto why = db.why();
        if (db.in_transaction()) (void)db.script("ROLLBACK");
        // `why` was read before the rollback, which has an error code of its own.
        auto failed = std::move(stepped).failure();
        failed.message = why == trouble::full ? "the disk is full; make room and start again"
                                              : "the database cannot be brought up to date";
        return failed;
    }
    return done{};
}

} // namespace store
