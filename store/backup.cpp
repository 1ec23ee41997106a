#include "store/backup.hpp"

#include "base/fault_point.hpp"
#include "base/new_file.hpp"
#include "base/number.hpp"
#include "store/migrations.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <vector>

namespace store {

namespace {

error cannot(const std::string& what, const database& db) {
    const auto detail = db.failure().detail;
    error out{errc::unavailable, what, detail};
    switch (db.why()) {
    case trouble::not_a_database:
        out.message += "it is not a database";
        break;
    case trouble::damaged:
        out.message += "it is damaged, or not all of it is there";
        break;
    case trouble::full:
        out.message += "the disk is full; make room and try again";
        break;
    case trouble::read_only:
        out.message += "permission denied; run this as root or as the user of the service";
        break;
    default:
        out.message += detail;
    }
    return out;
}

result<std::int64_t> figure(database& db, const char* sql) {
    TRY(row, db.query(sql));
    TRY(found, row.next());
    return found ? row.integer(0) : std::int64_t{0};
}

result<std::optional<oauth::time_point>> newest_in(database& db, std::int64_t version) {
    TRY(newest, figure(db, "SELECT max(t) FROM (SELECT max(last_used_at) t FROM grants UNION ALL "
                           "SELECT max(changed_at) FROM refresh_tokens UNION ALL SELECT "
                           "max(updated_at) FROM sessions)"));
    constexpr std::int64_t with_audit = 4;
    if (version >= with_audit) {
        TRY(noted, figure(db, "SELECT max(last_at) FROM audit"));
        newest = std::max(newest, noted);
    }
    if (newest == 0) return std::optional<oauth::time_point>{};
    return std::optional(oauth::time_point(std::chrono::seconds(newest)));
}

// The copy leaves WAL mode, which its header has from the original: the file is then all of it,
// wherever it is carried.
result<file_facts> copy_to_file(database& from, files::new_file& into, std::int64_t max_pages) {
    auto to = database::open_alone(into.path());
    if (!to) return error{errc::unavailable, into.path() + ": " + to.failure().detail};
    const auto refused = [&] { return cannot(into.path() + ": ", *to); };
    // Durable is what files::new_file makes durable, once and all of it.
    if (!to->script("PRAGMA synchronous = OFF")) return refused();
    if (max_pages > 0 && !to->script("PRAGMA max_page_count = " + std::to_string(max_pages)))
        return refused();
    if (!from.copy_into(*to)) return refused();
    fault_point("copy.whole");
    if (!to->script("PRAGMA journal_mode = DELETE")) return refused();
    TRY(facts, examine(*to));
    fault_point("copy.examined");
    return facts;
}

result<done> read_begun(database& db, const std::string& path) {
    if (db.script("BEGIN; SELECT count(*) FROM sqlite_schema")) return done{};
    return cannot("database " + path + ": ", db);
}

result<done> is_replaceable(const std::string& file, bool replace) {
    struct stat found {};
    if (::lstat(file.c_str(), &found) != 0) return done{};
    if (!S_ISREG(found.st_mode))
        return error{errc::conflict, file + " is there and no plain file; choose another name"};
    if (!replace) return error{errc::conflict, file + " is there already; --force replaces it"};
    return done{};
}

// The versions that copies beside `path` were made before, the newest first.
std::vector<std::int64_t> copies_beside(const std::string& start) {
    std::vector<std::int64_t> versions;
    std::error_code failed;
    const auto folder = std::filesystem::absolute(start, failed).parent_path();
    const auto name = std::filesystem::path(start).filename().string();
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        const auto other = entry.path().filename().string();
        if (!other.starts_with(name)) continue;
        if (const auto version = text::number<std::int64_t>(other.substr(name.size())))
            versions.push_back(*version);
    }
    std::sort(versions.rbegin(), versions.rend());
    return versions;
}

} // namespace

result<std::int64_t> read_through(database& db) {
    const auto newest = static_cast<std::int64_t>(all_migrations().size());
    const auto version = read_version(db, newest);
    if (!version) {
        if (db.why() != trouble::none) return cannot("", db);
        return version.failure();
    }
    auto found = db.query("PRAGMA quick_check(1)");
    auto checked = found ? found->next() : result<bool>(found.failure());
    if (!checked) return cannot("", db);
    if (found->text(0) != "ok")
        return error{errc::unavailable, "it is damaged, or not all of it is there", found->text(0)};
    return *version;
}

result<file_facts> examine(database& db) {
    TRY(version, read_through(db));
    if (version == 0) return error{errc::unavailable, "there is no database in it"};
    file_facts out;
    out.version = version;
    const auto bytes = figure(db, "SELECT page_count * page_size FROM pragma_page_count, "
                                  "pragma_page_size");
    const auto grants = figure(db, "SELECT count(*) FROM grants");
    auto written = newest_in(db, out.version);
    if (!bytes || !grants || !written) return cannot("", db);
    out.bytes = *bytes;
    out.grants = *grants;
    out.newest = *written;
    return out;
}

result<file_facts> back_up(const std::string& database_file, const std::string& file,
                           bool replace) {
    CHECK_OK(is_replaceable(file, replace));
    struct stat found {};
    if (::stat(database_file.c_str(), &found) != 0)
        return error{errc::not_found,
                     "database " + database_file + " cannot be read: " + files::reason(errno)};
    auto db = database::open_present(database_file);
    if (!db)
        return error{errc::unavailable,
                     "database " + database_file + " cannot be read: " + db.failure().detail};
    CHECK_OK(read_begun(*db, database_file));
    TRY(copy, files::new_file::begin(file));
    TRY(facts, copy_to_file(*db, copy, 0));
    CHECK_OK(copy.finish(replace));
    return facts;
}

// Threat: an upgrade goes wrong, and the version before cannot read what is left. Defence: no
// migration without a copy, which is refused rather than left out when the disk is full. A copy of
// that name is of an earlier attempt, or of an upgrade that was taken back since.
result<done> keep_before_migration(database& db, const std::string& path, std::int64_t version,
                                   std::int64_t max_pages) {
    const auto start = path + ".before-version-";
    CHECK_OK(read_begun(db, path));
    auto kept = [&]() -> result<done> {
        TRY(copy, files::new_file::begin(start + std::to_string(version), files::folder_of(path)));
        CHECK_OK(copy_to_file(db, copy, max_pages));
        return copy.finish(true);
    }();
    if (!db.script("COMMIT")) return cannot("", db);
    CHECK_OK(std::move(kept));
    const auto versions = copies_beside(start);
    for (std::size_t i = kept_before_migrations; i < versions.size(); ++i) {
        std::error_code ignored; // what stays is removed the next time
        std::filesystem::remove(start + std::to_string(versions[i]), ignored);
    }
    return done{};
}

} // namespace store
