#include "store/restore.hpp"

#include "base/descriptor.hpp"
#include "base/fault_point.hpp"
#include "base/new_file.hpp"
#include "base/text.hpp"
#include "store/keyring.hpp"
#include "store/migrations.hpp"
#include "stored/audit.hpp"

#include <cerrno>
#include <fcntl.h>
#include <set>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace store {

namespace {

bool is_there(const std::string& path) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0;
}

error unfit(const restore_request& request, const std::string& why, std::string detail = {}) {
    return {errc::bad_request, request.file + " cannot be restored: " + why, std::move(detail)};
}

error unsettled(const restore_request& request, const std::string& why) {
    return {errc::unavailable, "the present database " + request.database + ": " + why};
}

// -- The backup -----------------------------------------------------------------------------------

// copy_backup() reads the file and writes nothing beside it: it may be on a medium that is not
// writable. O_NONBLOCK: a FIFO without a writer would wait for ever.
result<done> copy_backup(const restore_request& request, files::new_file& into) {
    const files::descriptor from(::open(request.file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    struct stat found {};
    struct stat present {};
    if (from.get() < 0 || ::fstat(from.get(), &found) != 0)
        return unfit(request, files::reason(errno));
    if (!S_ISREG(found.st_mode)) return unfit(request, "it is no plain file");
    if (found.st_size == 0) return unfit(request, "it is empty");
    if (::stat(request.database.c_str(), &present) == 0 && present.st_dev == found.st_dev &&
        present.st_ino == found.st_ino)
        return unfit(request, "it is the database itself");
    // A database that was copied by hand while it was in use; alone it is not all that was there.
    for (const char* end : {"-wal", "-journal"})
        if (struct stat log{}; ::stat((request.file + end).c_str(), &log) == 0 && log.st_size > 0)
            return unfit(request, "it is half of a database: " + request.file + end +
                                      " belongs to it; take a file that twenty-mcp backup has "
                                      "written");
    return into.append_from(from.get());
}

result<done> check_key(database& db, const restore_request& request) {
    if (request.key.empty()) return done{};
    TRY(row, db.query("SELECT kid, sealed FROM instance"));
    TRY(found, row.next());
    if (!found) return done{}; // the first start makes one
    const auto opened =
        open_instance(keyring(request.key, request.previous), row.text(0), row.text(1));
    if (!opened) return unfit(request, opened.failure().message);
    return done{};
}

// -- What it becomes before it is in use ----------------------------------------------------------

using grant_ids = std::set<std::string, std::less<>>;

result<grant_ids> grants_in(database& db) {
    TRY(row, db.query("SELECT id FROM grants"));
    grant_ids out;
    for (;;) {
        TRY(more, row.next());
        if (!more) return out;
        out.insert(row.text(0));
    }
}

// nullopt: the present database is not there or cannot be read, which may be why it is replaced.
std::optional<grant_ids> present_grants(const std::string& path) {
    if (!is_there(path)) return std::nullopt;
    auto db = database::open_present(path);
    if (!db) return std::nullopt;
    auto found = grants_in(*db);
    if (!found) return std::nullopt;
    return *std::move(found);
}

result<std::int64_t> count_revived(database& db, const grant_ids& present) {
    TRY(old, grants_in(db));
    std::int64_t revived = 0;
    for (const auto& id : old)
        if (!present.contains(id)) ++revived;
    return revived;
}

result<std::int64_t> end_all(database& db, std::int64_t now) {
    using enum stored::audit_kind;
    CHECK_OK(db.run("INSERT INTO audit (at, last_at, kind, grant_id, source, detail) SELECT ?1, "
                    "?1, ?2, id, '', substr(client_name, 1, 100) FROM grants",
                    now, stored::rule_of(ended_by_admin).name));
    TRY(ended, db.run("DELETE FROM grants"));
    return static_cast<std::int64_t>(ended);
}

result<done> note_restored(database& db, const std::string& detail, std::int64_t now) {
    CHECK_OK(db.run("INSERT INTO audit (at, last_at, kind, grant_id, source, detail) VALUES (?1, "
                    "?1, ?2, '', '', ?3)",
                    now, stored::rule_of(stored::audit_kind::restored).name, detail));
    return done{};
}

result<restored> prepare_backup(database& db, const restore_request& request) {
    restored out;
    const auto facts = examine(db);
    if (!facts) return unfit(request, facts.failure().message, facts.failure().detail);
    out.backup = *facts;
    CHECK_OK(check_key(db, request));
    // What is not there yet needs no journal; what it has of WAL mode would outlive it.
    CHECK_OK(db.script("PRAGMA synchronous = OFF; PRAGMA journal_mode = DELETE"));
    CHECK_OK(migrate(db, out.backup.version, all_migrations()));
    if (const auto present = present_grants(request.database)) {
        TRY(revived, count_revived(db, *present));
        out.revived = revived;
    }
    const auto now = seconds(request.now);
    CHECK_OK(db.script("BEGIN IMMEDIATE"));
    if (request.end_connections) {
        TRY(ended, end_all(db, now));
        out.ended = ended;
    }
    auto detail = "a backup with " + std::to_string(out.backup.grants) + " connections";
    if (out.backup.newest)
        detail += ", the newest entry of " + text::iso_time(seconds(*out.backup.newest));
    if (request.end_connections) detail += "; all were ended";
    CHECK_OK(note_restored(db, detail, now));
    CHECK_OK(db.script("COMMIT"));
    fault_point("restore.prepared");
    return out;
}

// -- The present database -------------------------------------------------------------------------

// Threat: the log of the old database is played into the new one. Defence: SQLite itself puts the
// log into the old file and removes it, while that file is still the database; a death in between
// leaves the old one, whole. A damaged one stays as it is.
result<done> settle(const restore_request& request) {
    if (!is_there(request.database)) return done{};
    auto db = database::open_present(request.database);
    if (!db) return unsettled(request, db.failure().detail);
    auto mode = db->query("PRAGMA journal_mode = DELETE");
    const auto found = mode ? mode->next() : result<bool>(mode.failure());
    if (found && *found && mode->text(0) == "delete") return done{};
    switch (db->why()) {
    case trouble::not_a_database:
    case trouble::damaged:
        return done{};
    case trouble::busy:
        return unsettled(request, "another process reads it, a backup perhaps; wait for its end");
    case trouble::full:
        return unsettled(request, "the disk is full; make room and try again");
    default:
        return unsettled(request, db->failure().detail);
    }
}

result<std::string> name_for_present(const restore_request& request) {
    auto moment = text::iso_time(seconds(request.now));
    std::erase_if(moment, [](char c) { return c == '-' || c == ':'; });
    const auto start = request.database + ".before-restore-" + moment;
    for (int i = 1; i < 100; ++i) {
        auto name = i == 1 ? start : start + "-" + std::to_string(i);
        if (!is_there(name)) return name;
    }
    return unsettled(request, "there are too many copies of it from this second");
}

result<done> keep_file(const std::string& file, const std::string& as) {
    const files::descriptor from(
        ::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (from.get() < 0)
        return error{errc::unavailable, file + " cannot be read: " + files::reason(errno)};
    TRY(copy, files::new_file::begin(as, files::folder_of(as)));
    CHECK_OK(copy.append_from(from.get()));
    return copy.finish(false);
}

// A log whose database is gone, or with which SQLite could do nothing, is kept as well: before the
// first file is removed there is a copy of all.
result<std::string> keep_present(const restore_request& request) {
    CHECK_OK(settle(request));
    fault_point("restore.settled");
    TRY(name, name_for_present(request));
    bool kept = false;
    for (const std::string end : {"", "-wal", "-journal"}) {
        if (!is_there(request.database + end)) continue;
        CHECK_OK(keep_file(request.database + end, name + end));
        kept = true;
    }
    fault_point("restore.kept");
    for (const std::string end : {"-wal", "-journal", "-shm"})
        if (::unlink((request.database + end).c_str()) != 0 && errno != ENOENT)
            return error{errc::unavailable,
                         request.database + end + " cannot be removed: " + files::reason(errno)};
    CHECK_OK(files::sync_folder_of(request.database));
    fault_point("restore.log_removed");
    return kept ? name : std::string();
}

} // namespace

result<restored> restore(const restore_request& request) {
    TRY(next, files::new_file::begin(request.database, files::folder_of(request.database)));
    CHECK_OK(copy_backup(request, next));
    restored out;
    {
        auto db = database::open_alone(next.path());
        if (!db) return unfit(request, db.failure().detail);
        auto prepared = prepare_backup(*db, request);
        if (!prepared) {
            if (db->why() == trouble::full)
                return error{errc::unavailable, "the disk is full; make room and try again"};
            return std::move(prepared).failure();
        }
        out = *std::move(prepared);
    }
    TRY(kept, keep_present(request));
    out.kept_as = kept;
    CHECK_OK(next.finish(true));
    return out;
}

} // namespace store
