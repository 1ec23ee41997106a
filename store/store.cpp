#include "store/store.hpp"

#include "base/crypto.hpp"
#include "store/backup.hpp"
#include "store/migrations.hpp"
#include "store/parts.hpp"

#include <filesystem>
#include <sys/stat.h>

namespace store {

namespace {

constexpr std::uintmax_t least_free_bytes = 4u << 20;

// `pragmas` runs on every connection. synchronous FULL: a token that was handed out survives a
// power cut. secure_delete: a deleted row is overwritten, so that an ended grant leaves nothing to
// unseal. trusted_schema OFF: a schema that somebody else wrote runs no function that can do harm.
// busy_timeout is well below the ten seconds that Claude waits for /token.
constexpr const char* pragmas = "PRAGMA busy_timeout = 2000;"
                                "PRAGMA trusted_schema = OFF;"
                                "PRAGMA foreign_keys = ON;"
                                "PRAGMA secure_delete = ON;"
                                "PRAGMA synchronous = FULL;";

// opening() makes one line that names the file, what is wrong and the remedy.
error opening(const stored::options& opts, std::string what, std::string detail = {}) {
    return {errc::unavailable, "database " + opts.path + ": " + std::move(what), std::move(detail)};
}

error opening(const stored::options& opts, const database& db) {
    const auto detail = db.failure().detail;
    switch (db.why()) {
    case trouble::not_a_database:
        return opening(opts,
                       "this is not a database; move the file away or choose another data "
                       "directory",
                       detail);
    case trouble::damaged:
        return opening(opts, "the file is damaged; restore a backup", detail);
    case trouble::full:
        return opening(opts, "the disk is full; make room and start again", detail);
    case trouble::read_only:
        return opening(opts, not_writable, detail);
    case trouble::busy:
        return opening(opts, "another process is using the file; stop it first", detail);
    case trouble::none:
    case trouble::other:
        break;
    }
    return opening(opts, "the file cannot be opened: " + detail, detail);
}

result<done> make_directory(const stored::options& opts) {
    const auto directory = std::filesystem::path(opts.path).parent_path();
    std::error_code failed;
    if (opts.path == ":memory:" || directory.empty() || std::filesystem::exists(directory, failed))
        return done{};
    const auto mask = ::umask(0077); // 0700 from the first moment, for parents too
    std::filesystem::create_directories(directory, failed);
    ::umask(mask);
    if (failed)
        return opening(opts, "its directory cannot be made: " + failed.message(), failed.message());
    return done{};
}

// The order: pragmas before the first read, so that it waits for a lock like all others; the
// version before anything is written, so that a foreign or newer file stays as it is; WAL, which
// does write, only after that; and then the migrations, behind a copy of what was before.
result<done> prepare(database& db, const stored::options& opts) {
    if (!db.script(pragmas)) return opening(opts, db);
    if (opts.max_pages > 0 &&
        !db.script("PRAGMA max_page_count = " + std::to_string(opts.max_pages)))
        return opening(opts, db);
    // This read shows whether the file is a database at all; nothing was written so far.
    const auto newest = static_cast<std::int64_t>(all_migrations().size());
    auto version = read_version(db, newest);
    if (!version) {
        if (db.why() != trouble::none) return opening(opts, db);
        return opening(opts, version.failure().message);
    }
    if (!db.script("PRAGMA journal_mode = WAL")) return opening(opts, db);
    if (*version > 0 && *version < newest && opts.path != ":memory:")
        if (auto kept = keep_before_migration(db, opts.path, newest, opts.max_pages); !kept)
            return opening(opts, "the copy before its upgrade failed: " + kept.failure().message,
                           kept.failure().detail);
    if (auto migrated = migrate(db, *version, all_migrations()); !migrated)
        return opening(opts, migrated.failure().message, migrated.failure().detail);
    return done{};
}

} // namespace

error invalid_grant() {
    return {errc::invalid_grant, "The code or token is unknown, expired, used or revoked"};
}

result<store> store::open(stored::options opts) {
    if (!crypto::start()) return opening(opts, "libsodium does not work on this machine");
    if (opts.key.size() != crypto::key_bytes)
        return opening(opts, "COOKIE_ENCRYPTION_KEY must have 32 bytes");
    if (opts.resource.empty()) return opening(opts, "the server's own resource is not set");
    CHECK_OK(make_directory(opts));
    auto db = database::open(opts.path);
    if (!db)
        return opening(opts, db.failure().message + " (" + db.failure().detail + ")",
                       db.failure().detail);
    CHECK_OK(prepare(*db, opts));
    auto made = std::make_unique<parts>(std::move(opts), *std::move(db));
    if (auto loaded = made->load_instance(); !loaded)
        return opening(made->opts, loaded.failure().message, loaded.failure().detail);
    return store(std::move(made));
}

store::store(std::unique_ptr<parts> p) : parts_(std::move(p)) {}
store::store(store&&) noexcept = default;
store& store::operator=(store&&) noexcept = default;
store::~store() {
    // The marks in `arrived` get a transaction of their own here. A transaction that is still open
    // holds writes that were confirmed to nobody, and SQLite undoes it.
    if (parts_ && !parts_->shared.open() && !parts_->arrived.empty() && parts_->shared.enter() &&
        parts_->shared.keep())
        (void)commit();
}

secret store::instance_secret() { return parts_->instance; }

// The instance secret opens with whichever server key sealed it and is sealed anew under the
// current one: after the first start with a new key nothing here needs the old one. The secret
// itself never changes, or all client and session ids would die with it.
result<done> store::parts::load_instance() {
    TRY(call, change::begin(shared));
    std::string kid;
    std::string sealed;
    {
        TRY(row, db.query("SELECT kid, sealed FROM instance"));
        TRY(found, row.next());
        if (found) {
            kid = row.text(0);
            sealed = row.text(1);
        }
    }
    const auto& current = keys.current();
    if (sealed.empty()) {
        instance = secret(crypto::random_bytes(crypto::key_bytes));
    } else {
        TRY(opened, open_instance(keys, kid, sealed));
        instance = std::move(opened);
    }
    if (kid != current.id)
        CHECK_OK(db.run("INSERT OR REPLACE INTO instance (id, kid, sealed) VALUES (1, ?, ?)",
                        blob{current.id}, blob{seal_instance(instance, current)}));
    CHECK_OK(open_chain());
    CHECK_OK(leave_changes_open());
    CHECK_OK(call.keep());
    return shared.commit();
}

result<done> store::commit() {
    auto& p = *parts_;
    if (!p.shared.open()) return done{};
    // The marks ride along with a COMMIT that is due anyway. A mark that cannot be written ends the
    // loop and nothing else: those who wait for the COMMIT are told what COMMIT says.
    for (const auto& [id, at] : p.arrived)
        if (!p.db.run("UPDATE refresh_tokens SET seen = ? WHERE id = ? AND seen = 0", at, blob{id}))
            break;
    if (auto committed = p.shared.commit(); !committed) {
        p.noted_repeats.clear(); // their rows are undone
        return std::move(committed).failure();
    }
    p.arrived.clear();
    // The write-ahead log still holds the pages before an erasure; emptying it erases them for
    // good. Behind COMMIT, and without a complaint: what was confirmed is durable whether or not
    // this works.
    if (std::exchange(p.checkpoint_due, false))
        (void)p.db.script("PRAGMA wal_checkpoint(TRUNCATE)");
    return done{};
}

bool store::dirty() const noexcept { return parts_->shared.open(); }

result<done> store::check() {
    auto& p = *parts_;
    std::error_code failed;
    const auto directory = std::filesystem::absolute(p.opts.path, failed).parent_path();
    if (p.opts.path != ":memory:" &&
        std::filesystem::space(directory, failed).available < least_free_bytes)
        return error{errc::unavailable, "the disk of the data directory is nearly full"};
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.db.run("UPDATE instance SET id = id"));
    return done{}; // undone: a health check leaves no trace
}

} // namespace store
