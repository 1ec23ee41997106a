// SQLite's C API as two small classes: a connection that caches its prepared statements, and
// a borrowed statement that resets itself. Nothing here knows a table.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace store {

inline constexpr const char* not_writable =
    "the file or its directory is not writable; give it to the user of the service";

// Marks bytes that are bound as BLOB; strings are bound as TEXT.
struct blob {
    std::string_view bytes;
};

// Why SQLite refused, as far as the remedy differs.
enum class trouble { none, not_a_database, damaged, full, read_only, busy, other };

// A prepared statement on loan from its database. Reset when it goes, so that no read stays
// open. At most one loan of the same statement at a time.
class statement {
  public:
    statement(sqlite3* db, sqlite3_stmt* handle) noexcept : db_(db), handle_(handle) {}
    statement(statement&& other) noexcept
        : db_(other.db_), handle_(std::exchange(other.handle_, nullptr)) {}
    statement& operator=(statement&&) = delete;
    ~statement();

    template <class... Values> void bind(const Values&... values) {
        int at = 0;
        (bind_one(++at, values), ...);
    }
    // true: a row is there; false: done.
    result<bool> next();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const; // TEXT or BLOB; empty when NULL
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] int columns() const noexcept;

  private:
    void bind_one(int at, std::int64_t n);
    void bind_one(int at, std::string_view text);
    void bind_one(int at, blob bytes);
    void bind_one(int at, std::nullopt_t);

    sqlite3* db_;
    sqlite3_stmt* handle_;
};

class database {
  public:
    // Opens or creates; the file gets mode 0600. errc::unavailable, the reason in `detail`.
    static result<database> open(const std::string& path);
    // One that is there, perhaps in use by other processes; makes and changes no file but SQLite's
    // log, which gets the database's owner.
    static result<database> open_present(const std::string& path);
    // One that nobody else knows of: without locks, with nothing beside it that outlives this.
    static result<database> open_alone(const std::string& path);
    // Opens what is there, and changes nothing. Where nobody has the file open no file of SQLite's
    // is made beside it, whose owner would be whoever looks.
    static result<database> open_to_read(const std::string& path);

    // `sql` is a string literal: its address is the cache's key.
    template <class... Values> result<statement> query(const char* sql, const Values&... values) {
        TRY(loan, prepare(sql));
        loan.bind(values...);
        return result<statement>(std::move(loan));
    }
    // Runs to the end; returns the number of rows changed.
    template <class... Values> result<std::size_t> run(const char* sql, const Values&... values) {
        TRY(loan, query(sql, values...));
        return finish(loan);
    }
    // Several statements, unprepared: pragmas and DDL.
    result<done> script(const std::string& sql);

    // Puts all of this one, as it is in the transaction that is open, in the place of what is in
    // `to`. Others write meanwhile.
    result<done> copy_into(database& to);

    // False while no transaction is open, also when SQLite has undone one by itself.
    [[nodiscard]] bool in_transaction() const noexcept;
    [[nodiscard]] error failure() const; // of the last call
    [[nodiscard]] trouble why() const noexcept;

  private:
    struct closer {
        void operator()(sqlite3* db) const noexcept;
    };
    struct finalizer {
        void operator()(sqlite3_stmt* s) const noexcept;
    };
    explicit database(sqlite3* db) : db_(db) {}
    static result<database> open_as(const std::string& path, int flags, const char* vfs);
    result<statement> prepare(const char* sql);
    result<std::size_t> finish(statement& loan);

    std::unique_ptr<sqlite3, closer> db_;
    std::map<const char*, std::unique_ptr<sqlite3_stmt, finalizer>> cache_;
};

// Seconds since the epoch, rounded down.
inline std::int64_t seconds(std::chrono::system_clock::time_point t) {
    return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}

} // namespace store
