#include "store/database.hpp"

#include "base/fault_point.hpp"
#include "base/text.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace store {

namespace {

// SQLite would create the file with the process' umask; the first byte must already be private. The
// write-ahead log gets its mode from the file. fchmod() is for a file that was there before.
result<done> create_private(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        const bool forbidden = errno == EACCES || errno == EROFS || errno == EPERM;
        return error{errc::unavailable, forbidden ? not_writable : "the file cannot be opened",
                     std::strerror(errno)};
    }
    ::fchmod(fd, 0600);
    ::close(fd);
    return done{};
}

} // namespace

// A statement that is not reset holds its read open, and the write-ahead log could not be emptied.
// The bindings go too, because some of them are sealed values.
statement::~statement() {
    if (!handle_) return;
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
}

void statement::bind_one(int at, std::int64_t n) { sqlite3_bind_int64(handle_, at, n); }
void statement::bind_one(int at, std::string_view text) {
    sqlite3_bind_text64(handle_, at, text.data() ? text.data() : "", text.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
}
void statement::bind_one(int at, blob b) {
    sqlite3_bind_blob64(handle_, at, b.bytes.data() ? b.bytes.data() : "", b.bytes.size(),
                        SQLITE_TRANSIENT);
}
void statement::bind_one(int at, std::nullopt_t) { sqlite3_bind_null(handle_, at); }

result<bool> statement::next() {
    const int rc = sqlite3_step(handle_);
    if (rc == SQLITE_ROW) return true;
    if (rc == SQLITE_DONE) return false;
    error failed{errc::unavailable, "the store cannot answer right now", sqlite3_errmsg(db_)};
    // The row that this one refers to is gone: a fact about the data, not about the disk.
    if (sqlite3_extended_errcode(db_) == SQLITE_CONSTRAINT_FOREIGNKEY) {
        failed.code = errc::not_found;
        failed.message = "the grant has ended";
    }
    failed.retry_after = std::chrono::seconds(2);
    return failed;
}

std::int64_t statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }
// The order of the two calls is SQLite's rule: the size is that of what the first one gave back.
std::string statement::text(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    if (!bytes) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}
int statement::columns() const noexcept { return sqlite3_column_count(handle_); }

bool statement::is_null(int column) const {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

void database::closer::operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
void database::finalizer::operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }

result<database> database::open(const std::string& path) {
    if (path != ":memory:") CHECK_OK(create_private(path));
    return open_as(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
}

// SQLite gives the log and its index the owner of the database where root opens it (fchown() in
// os_unix.c), so that the service can open them afterwards.
result<database> database::open_present(const std::string& path) {
    TRY(out, open_as(path, SQLITE_OPEN_READWRITE, nullptr));
    CHECK_OK(out.script("PRAGMA busy_timeout = 2000; PRAGMA trusted_schema = OFF"));
    return out;
}

// The file may say in its header that it is in WAL mode, whose index is memory that processes
// share: locking_mode, before the first read, keeps the index in this process.
result<database> database::open_alone(const std::string& path) {
    TRY(out, open_as(path, SQLITE_OPEN_READWRITE, "unix-none"));
    CHECK_OK(out.script("PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF;"
                        "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON"));
    return out;
}

result<database> database::open_as(const std::string& path, int flags, const char* vfs) {
    sqlite3* raw = nullptr;
    // One thread owns the connection, so SQLite needs no lock of its own.
    const int rc = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, vfs);
    database out(raw);
    if (rc != SQLITE_OK) return out.failure();
    sqlite3_extended_result_codes(raw, 1);
    return out;
}

// https://sqlite.org/backup.html. The open read transaction is the moment that is copied: with it
// no writer makes SQLite begin anew, and in WAL mode no writer waits for the copy.
result<done> database::copy_into(database& to) {
    constexpr int pages_at_once = 256;
    auto* const copying = sqlite3_backup_init(to.db_.get(), "main", db_.get(), "main");
    if (!copying) return to.failure();
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK) {
        rc = sqlite3_backup_step(copying, pages_at_once);
        fault_point("copy.step");
    }
    // sqlite3_backup_finish() gives `to` the step's error, which failure() and why() tell.
    if (sqlite3_backup_finish(copying) != SQLITE_OK) return to.failure();
    return done{};
}

// `immutable` leaves the write-ahead log and its index alone: for a file that nobody writes to. The
// index is there exactly while somebody has the file open, or died with it.
result<database> database::open_to_read(const std::string& path) {
    const bool in_use = ::access((path + "-shm").c_str(), F_OK) == 0;
    auto name = "file:" + text::percent_encode(path) + (in_use ? "?mode=ro" : "?immutable=1");
    sqlite3* raw = nullptr;
    const int rc = sqlite3_open_v2(
        name.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    database out(raw);
    if (rc != SQLITE_OK) return out.failure();
    sqlite3_busy_timeout(raw, 2000);
    return out;
}

result<done> database::script(const std::string& sql) {
    if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return failure();
    return done{};
}

bool database::in_transaction() const noexcept { return sqlite3_get_autocommit(db_.get()) == 0; }

error database::failure() const {
    error out{errc::unavailable, "the store cannot answer right now",
              db_ ? sqlite3_errmsg(db_.get()) : "out of memory"};
    out.retry_after = std::chrono::seconds(2);
    return out;
}

trouble database::why() const noexcept {
    switch (sqlite3_errcode(db_.get()) & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return trouble::none;
    case SQLITE_NOTADB:
        return trouble::not_a_database;
    case SQLITE_CORRUPT:
        return trouble::damaged;
    case SQLITE_FULL:
        return trouble::full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return trouble::read_only;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return trouble::busy;
    default:
        return trouble::other;
    }
}

result<statement> database::prepare(const char* sql) {
    // The address stands for the text (database.hpp), so a look-up compares no SQL.
    auto& cached = cache_[sql];
    if (!cached) {
        sqlite3_stmt* made = nullptr;
        if (sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr) !=
            SQLITE_OK)
            return failure();
        cached.reset(made);
    }
    return statement(db_.get(), cached.get());
}

result<std::size_t> database::finish(statement& loan) {
    for (;;) {
        TRY(more, loan.next());
        if (!more) break;
    }
    return static_cast<std::size_t>(sqlite3_changes64(db_.get()));
}

} // namespace store
