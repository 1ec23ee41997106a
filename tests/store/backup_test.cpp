// Copies of the database: whole while it is in use, refused where they would harm something, and
// made before each migration.
#include "store/backup.hpp"

#include "store/migrations.hpp"

#include "tests/store/backup_support.hpp"
#include "tests/store/support.hpp"

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace store_tests;

namespace {

std::string not_copied(const std::string& database, const std::string& file, bool replace = false) {
    const auto copied = store::back_up(database, file, replace);
    return copied ? "copied" : copied.failure().message;
}

std::vector<std::string> names_in(const folder& here) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(here.path()))
        out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
}

// Logs in without pause and reports each token once it is committed.
[[noreturn]] void log_in_for_ever(const std::string& path, int pipe) {
    auto s = store::store::open(at(path));
    if (!s) ::_exit(5);
    for (int i = 0;; ++i) {
        const auto code = s->create_grant(consent("client", std::to_string(i)), start);
        if (!code) ::_exit(6);
        const auto pair = s->redeem_code(exchange_of(*code), start);
        if (!pair || !s->commit()) ::_exit(7);
        const auto line = std::string(pair->access_token.reveal()) + '\n';
        if (::write(pipe, line.data(), line.size()) < 0) ::_exit(8);
    }
}

} // namespace

TEST_CASE("a backup of a database in use is one private file with all that was committed",
          "[backup]") {
    const folder here;
    const folder there;
    auto s = open(at(here.file()));
    const auto tokens = login(s, start);
    REQUIRE(std::filesystem::file_size(here.file() + "-wal") > 0);
    const auto facts = store::back_up(here.file(), there.file("b.db"), false);
    INFO((facts ? std::string() : facts.failure().message));
    REQUIRE(facts.ok());
    CHECK(names_in(there) == std::vector<std::string>{"b.db"});
    CHECK(mode_of(there.file("b.db")) == 0600);
    CHECK(static_cast<std::uintmax_t>(facts->bytes) ==
          std::filesystem::file_size(there.file("b.db")));
    CHECK(facts->version == static_cast<std::int64_t>(store::all_migrations().size()));
    CHECK(facts->grants == 1);
    CHECK(facts->newest == start);
    const auto bytes = bytes_of(there.file("b.db"));
    CHECK(bytes.substr(18, 2) == std::string(2, '\1')); // not in WAL mode: it needs no second file
    login(s, start, consent("later"));                  // the service goes on
    auto copy = open(at(there.file("b.db")));
    CHECK(opens(copy, tokens.access_token, start));
    CHECK(found_grants(copy, {}, 10, {}, start)->grants.size() == 1);
}

TEST_CASE("a backup under load has whatever was confirmed before it began", "[backup]") {
    const folder here(memory_folder());
    const folder there(memory_folder());
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) log_in_for_ever(here.file(), ends[1]);
    ::close(ends[1]);
    std::string told;
    const auto hear = [&] {
        char buffer[4096];
        const auto n = ::read(ends[0], buffer, sizeof buffer);
        REQUIRE(n > 0);
        told.append(buffer, static_cast<std::size_t>(n));
    };
    hear();
    for (int round = 0; round < 25; ++round) {
        hear();
        const auto known = told;
        const auto facts = store::back_up(here.file(), there.file(), true);
        INFO(round << (facts ? std::string() : facts.failure().message));
        REQUIRE(facts.ok());
        auto copy = open(at(there.file()));
        std::istringstream lines(known);
        std::int64_t before = 0;
        for (std::string token; lines >> token; ++before)
            if (!lines.eof()) CHECK(opens(copy, secret(token), start));
        CHECK(facts->grants + 1 >= before);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(ends[0]);
}

TEST_CASE("a backup replaces a file only when it is told to, and nothing but a file", "[backup]") {
    const folder here;
    { auto s = open(at(here.file())); }
    std::ofstream(here.file("mine")) << "mine";
    CHECK(contains(not_copied(here.file(), here.file("mine")), "--force"));
    CHECK(bytes_of(here.file("mine")) == "mine");
    CHECK(not_copied(here.file(), here.file("mine"), true) == "copied");

    std::ofstream(here.file("target")) << "target";
    std::filesystem::create_symlink(here.file("target"), here.file("link"));
    std::filesystem::create_directory(here.file("folder"));
    REQUIRE(::mkfifo(here.file("fifo").c_str(), 0600) == 0);
    for (const auto* name : {"link", "folder", "fifo"})
        for (const bool replace : {false, true}) {
            INFO(name << replace);
            CHECK(contains(not_copied(here.file(), here.file(name), replace), "no plain file"));
        }
    CHECK(bytes_of(here.file("target")) == "target");
    // A link that waits under the name of the unfinished copy leads nowhere either.
    std::filesystem::create_symlink(here.file("target"), here.file("new.partial"));
    CHECK(contains(not_copied(here.file(), here.file("new")), "in the way"));
    CHECK(bytes_of(here.file("target")) == "target");
    CHECK(contains(not_copied(here.file(), here.file("nowhere/b")), "No such file"));
}

TEST_CASE("what is no database of ours is never backed up", "[backup]") {
    const folder here;
    CHECK(contains(not_copied(here.file("none"), here.file("b")), "No such file"));
    std::ofstream(here.file("empty")).flush();
    CHECK(contains(not_copied(here.file("empty"), here.file("b")), "no database in it"));
    std::ofstream(here.file("text")) << std::string(5000, 'x');
    CHECK(contains(not_copied(here.file("text"), here.file("b")), "not a database"));
    edit(here.file("theirs"), "CREATE TABLE theirs (a)");
    CHECK(contains(not_copied(here.file("theirs"), here.file("b")), "another program"));
    { auto s = open(at(here.file("newer"))); }
    edit(here.file("newer"), "PRAGMA user_version = 99");
    CHECK(contains(not_copied(here.file("newer"), here.file("b")), "version 99"));
    CHECK_FALSE(std::filesystem::exists(here.file("b")));
    CHECK_FALSE(std::filesystem::exists(here.file("b.partial")));
}

TEST_CASE("two backups into one file are not mixed, and a dead one's rest is no obstacle",
          "[backup]") {
    const folder here;
    { auto s = open(at(here.file())); }
    {
        auto other = files::new_file::begin(here.file("b"));
        REQUIRE(other.ok());
        CHECK(contains(not_copied(here.file(), here.file("b")), "by another process"));
    }
    for (const auto* end : {"", "-wal", "-journal"})
        std::ofstream(here.file("b.partial") + end) << std::string(5000, 'x');
    CHECK(not_copied(here.file(), here.file("b")) == "copied");
    CHECK(names_in(here) == std::vector<std::string>{"b", "twenty-mcp.db"});
}

TEST_CASE("a backup that finds no room leaves no file", "[backup]") {
    const folder here;
    { auto s = open(at(here.file())); }
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit few{20'000, 20'000};
        ::setrlimit(RLIMIT_FSIZE, &few);
        ::_exit(store::back_up(here.file(), here.file("b"), false).ok() ? 1 : 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
    CHECK_FALSE(std::filesystem::exists(here.file("b")));
    CHECK_FALSE(std::filesystem::exists(here.file("b.partial")));
}

// systemd's DynamicUser: the database belongs to a user that only the service is.
TEST_CASE("root's backup of another user's database leaves that user nothing that it cannot open",
          "[backup]") {
    if (::geteuid() != 0) {
        WARN("skipped: only root can be somebody else");
        return;
    }
    const folder here;
    const folder there;
    constexpr uid_t service = 61234;
    REQUIRE(::chown(here.path().c_str(), service, service) == 0);
    const auto as_service = [&](bool die) {
        const auto child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            if (::setgid(service) != 0 || ::setuid(service) != 0) ::_exit(3);
            auto s = store::store::open(at(here.file()));
            if (!s) ::_exit(4);
            if (!s->create_grant(consent(), start) || !s->commit()) ::_exit(5);
            if (die) ::kill(::getpid(), SIGKILL); // leaves its log
            s = error{};
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return status;
    };
    for (const bool log_left : {false, true}) {
        INFO(log_left);
        CHECK(as_service(log_left) == (log_left ? SIGKILL : 0));
        std::filesystem::remove(here.file() + (log_left ? "-shm" : "-none"));
        REQUIRE(store::back_up(here.file(), there.file(), true).ok());
        for (const auto& entry : std::filesystem::directory_iterator(here.path())) {
            struct stat is {};
            REQUIRE(::stat(entry.path().c_str(), &is) == 0);
            INFO(entry.path().string());
            CHECK(is.st_uid == service);
        }
        CHECK(as_service(false) == 0);
    }
}

// -- Before a migration --------------------------------------------------------------------------

TEST_CASE("an older database is copied before it is migrated, and the copies of two are kept",
          "[backup]") {
    const folder here;
    const auto newest = store::all_migrations().size();
    const auto copy = here.file() + ".before-version-" + std::to_string(newest);
    make_older(here.file(), newest - 1);
    edit(here.file(), "INSERT INTO audit (at, last_at, kind, grant_id, source, detail) VALUES (1, "
                      "1, 'kept', '', '', '')");
    for (const auto* other : {"2", "3", "4", "x"})
        std::ofstream(here.file() + ".before-version-" + other) << "x";
    { auto s = open(at(here.file())); }
    CHECK(count(here.file(), "PRAGMA user_version") == static_cast<std::int64_t>(newest));
    CHECK(mode_of(copy) == 0600);
    CHECK(count(copy, "PRAGMA user_version") == static_cast<std::int64_t>(newest - 1));
    CHECK(count(copy, "SELECT count(*) FROM audit WHERE kind = 'kept'") == 1);
    CHECK(std::filesystem::exists(here.file() + ".before-version-4"));
    CHECK(std::filesystem::exists(here.file() + ".before-version-x")); // none of ours
    CHECK_FALSE(std::filesystem::exists(here.file() + ".before-version-3"));
    CHECK_FALSE(std::filesystem::exists(here.file() + ".before-version-2"));
    const auto before = bytes_of(copy);
    { auto s = open(at(here.file())); }
    CHECK(bytes_of(copy) == before); // nothing to migrate: no copy
}

TEST_CASE("a new database has no copy from before", "[backup]") {
    const folder here;
    { auto s = open(at(here.file())); }
    CHECK(names_in(here) == std::vector<std::string>{"twenty-mcp.db"});
}

TEST_CASE("without room for the copy there is no migration", "[backup]") {
    const folder here;
    const auto newest = store::all_migrations().size();
    make_older(here.file(), newest - 1);
    // A folder in the copy's place, and a disk without room for it.
    const auto copy = here.file() + ".before-version-" + std::to_string(newest);
    std::filesystem::create_directory(copy);
    CHECK(contains(opening_fault(at(here.file())), "copy before its upgrade failed"));
    std::filesystem::remove(copy);
    auto db = store::database::open(here.file());
    const auto full =
        store::keep_before_migration(*db, here.file(), static_cast<std::int64_t>(newest), 3);
    REQUIRE_FALSE(full.ok());
    CHECK(contains(full.failure().message, "disk is full"));
    CHECK_FALSE(std::filesystem::exists(copy));
    CHECK_FALSE(std::filesystem::exists(copy + ".partial"));
    CHECK(count(here.file(), "PRAGMA user_version") == static_cast<std::int64_t>(newest - 1));
}
