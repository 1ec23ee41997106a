// Opening a database: each fault ends in one line that names the file and the remedy.
#include "store/migrations.hpp"

#include "tests/store/backup_support.hpp"
#include "tests/store/support.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace store_tests;

namespace {

// Runs as an ordinary user even when the tests run as root, for whom no file is read-only.
std::string fault_as_ordinary_user(const stored::options& opts) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(3);
        const auto opened = store::store::open(opts);
        const auto said = opened ? std::string("opened") : opened.failure().message;
        ::_exit(::write(ends[1], said.data(), said.size()) < 0 ? 2 : 0);
    }
    ::close(ends[1]);
    std::string out;
    char buffer[512];
    for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        out.append(buffer, static_cast<std::size_t>(n));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(status == 0);
    return out;
}

} // namespace

TEST_CASE("a new database is private to its user, and so is its folder", "[opening]") {
    const folder here;
    const auto path = here.file("state/deep/twenty-mcp.db");
    const auto mask = ::umask(0);
    {
        auto s = open(at(path));
        login(s, start);
        CHECK(mode_of(path) == 0600);
        CHECK(mode_of(path + "-wal") == 0600);
        CHECK(mode_of(here.file("state")) == 0700);
        CHECK(mode_of(here.file("state/deep")) == 0700);
    }
    ::chmod(path.c_str(), 0644);
    { auto s = open(at(path)); }
    CHECK(mode_of(path) == 0600);
    ::umask(mask);
}

TEST_CASE("a database that is opened again is the same one", "[opening]") {
    const folder here;
    std::string instance;
    {
        auto s = open(at(here.file()));
        instance = std::string(s.instance_secret().reveal());
        CHECK(instance.size() == 32);
    }
    auto s = open(at(here.file()));
    CHECK(s.instance_secret().reveal() == instance);
    CHECK(open(at(":memory:")).instance_secret().reveal() != instance);
}

TEST_CASE("the safe settings are on", "[opening]") {
    const folder here;
    auto s = open(at(here.file()));
    auto db = store::database::open(here.file());
    auto row = db->query("PRAGMA journal_mode");
    REQUIRE(*row->next());
    CHECK(row->text(0) == "wal");
    CHECK(count(here.file(), "PRAGMA user_version") ==
          static_cast<std::int64_t>(store::all_migrations().size()));
    CHECK(count(here.file(), "PRAGMA application_id") == store::application_id);
}

TEST_CASE("a database of a newer version is refused and left as it is", "[opening]") {
    const folder here;
    { auto s = open(at(here.file())); }
    edit(here.file(), "PRAGMA user_version = 99");
    const auto said = opening_fault(at(here.file()));
    CHECK(contains(said, here.file()));
    CHECK(contains(said, "version 99"));
    CHECK(contains(said, "newer twenty-mcp"));
    CHECK(count(here.file(), "PRAGMA user_version") == 99);
}

TEST_CASE("another program's database is refused and left as it is", "[opening]") {
    const folder here;
    edit(here.file(), "CREATE TABLE theirs (a)");
    CHECK(contains(opening_fault(at(here.file())), "another program"));
    CHECK(count(here.file(), "SELECT count(*) FROM sqlite_schema") == 1);
    edit(here.file(), "PRAGMA user_version = 1");
    CHECK(contains(opening_fault(at(here.file())), "another program"));
}

TEST_CASE("a file that is no database is refused and left as it is", "[opening]") {
    const folder here;
    const std::string text = "This is a text file, longer than the header of a database is, "
                             "so that nobody can take it for an empty one.";
    std::ofstream(here.file()) << text;
    const auto said = opening_fault(at(here.file()));
    CHECK(contains(said, here.file()));
    CHECK(contains(said, "not a database"));
    CHECK(bytes_of(here.file()) == text);
}

TEST_CASE("a folder in the place of the file is refused", "[opening]") {
    const folder here;
    CHECK(contains(opening_fault(at(here.path().string())), "cannot be opened"));
}

TEST_CASE("a damaged database is refused", "[opening]") {
    const folder here;
    {
        auto s = open(at(here.file()));
        for (int i = 0; i < 10; ++i)
            login(s, start, consent("client", std::to_string(i)));
    }
    auto bytes = bytes_of(here.file());
    for (std::size_t i = 100; i < bytes.size(); ++i)
        bytes[i] = '\x5A';
    std::ofstream(here.file(), std::ios::binary) << bytes;
    CHECK(contains(opening_fault(at(here.file())), "damaged"));
}

TEST_CASE("a wrong server key is refused with both ways out", "[opening]") {
    const folder here;
    { auto s = open(at(here.file(), 'a')); }
    const auto said = opening_fault(at(here.file(), 'b'));
    CHECK(contains(said, "another COOKIE_ENCRYPTION_KEY"));
    CHECK(contains(said, "COOKIE_ENCRYPTION_KEY_PREVIOUS"));
    { auto s = open(at(here.file(), 'a')); } // nothing was harmed
    auto short_key = at(here.file());
    short_key.key = secret(std::string("short"));
    CHECK(contains(opening_fault(short_key), "32 bytes"));
}

TEST_CASE("a file or folder that cannot be written is refused", "[opening]") {
    const folder here;
    ::mkdir(here.file("mine").c_str(), 0777);
    { auto s = open(at(here.file("mine/twenty-mcp.db"))); }
    ::chmod(here.path().c_str(), 0755);
    ::chmod(here.file("mine").c_str(), 0755);
    ::chmod(here.file("mine/twenty-mcp.db").c_str(), 0444);
    CHECK(contains(fault_as_ordinary_user(at(here.file("mine/twenty-mcp.db"))), "not writable"));
    ::chmod(here.file("mine").c_str(), 0555);
    CHECK(contains(fault_as_ordinary_user(at(here.file("mine/new.db"))), "not writable"));
    CHECK(contains(fault_as_ordinary_user(at(here.file("mine/sub/new.db"))), "cannot be made"));
    // The file is writable, but its log cannot be made beside it.
    ::chmod(here.file("mine/twenty-mcp.db").c_str(), 0666);
    CHECK(contains(fault_as_ordinary_user(at(here.file("mine/twenty-mcp.db"))), "not writable"));
    ::chmod(here.file("mine").c_str(), 0755);
}

TEST_CASE("a full disk is named when the database is made", "[opening]") {
    const folder here;
    auto opts = at(here.file());
    opts.max_pages = 3;
    CHECK(contains(opening_fault(opts), "disk is full"));
    { auto s = open(at(here.file())); } // with room again it goes on
}

TEST_CASE("a database of version 1 keeps its grants and sessions and gains what is new",
          "[opening]") {
    const folder here;
    std::string grant;
    secret token;
    {
        auto s = open(at(here.file("new.db")));
        token = login(s, start).access_token;
        grant = s.open_grant(token, start)->grant_id;
        REQUIRE(s.save_session({"kept", grant, "2025-06-18", R"({"name":"a"})", "{}", {}}, start));
        REQUIRE(s.end_session("deleted", grant, start));
        REQUIRE(s.commit());
    }
    {
        auto old = store::database::open(here.file());
        REQUIRE(old.ok());
        REQUIRE(store::migrate(*old, 0, {store::all_migrations().front()}).ok());
        std::string copy = "ATTACH '" + here.file("new.db") + "' AS new;";
        for (const std::string table : {"instance", "codes", "access_tokens"})
            copy += "INSERT INTO " + table + " SELECT * FROM new." + table + ";";
        const auto copy_columns = [&](const std::string& table, const std::string& columns) {
            copy += "INSERT INTO " + table + " (" + columns + ") SELECT " + columns + " FROM new." +
                    table + ";";
        };
        copy_columns("grants", "id, client_id, client_name, redirect_uri, resource, scope, "
                               "fingerprint, label, workspace_name, created_at, last_used_at, "
                               "expires_at, props");
        copy_columns("refresh_tokens", "id, grant_id, generation, state, seen, expires_at, "
                                       "changed_at, kid, wrap, nonce, rotation_kid");
        copy_columns("sessions", "id, grant_id, protocol_version, client_info, "
                                 "client_capabilities, updated_at, ended_at");
        const auto copied = old->script(copy);
        INFO((copied ? std::string() : copied.failure().detail));
        REQUIRE(copied.ok());
    }
    CHECK(count(here.file(), "PRAGMA user_version") == 1);
    auto s = open(at(here.file()));
    CHECK(opens(s, token, start));
    CHECK(s.list_grants("fp", start)->at(0).objects == std::nullopt);
    CHECK(s.list_grants("fp", start)->at(0).kind == std::nullopt);
    CHECK(s.audit({})->empty());
    CHECK(code_of(s.load_session("deleted")) == errc::not_found);
    auto kept = s.load_session("kept");
    REQUIRE(kept.ok());
    REQUIRE(kept->has_value());
    auto session = **kept;
    CHECK(session.protocol_version == "2025-06-18");
    CHECK(session.client_info == R"({"name":"a"})");
    CHECK(session.subscriptions.empty());
    session.subscriptions = {"twenty://primer", "twenty://schema/person"};
    REQUIRE(s.save_session(session, start));
    REQUIRE(s.commit());
    CHECK((*s.load_session("kept"))->subscriptions == session.subscriptions);
}

TEST_CASE("a migration runs each missing step once, and a failing step leaves the file whole",
          "[opening]") {
    const folder here;
    auto db = store::database::open(here.file());
    REQUIRE(db.ok());
    store::migrations steps{"CREATE TABLE one (a INTEGER); INSERT INTO one VALUES (1);"};
    REQUIRE(store::migrate(*db, 0, steps).ok());
    CHECK(*store::read_version(*db, 1) == 1);

    steps.push_back("ALTER TABLE one ADD COLUMN b TEXT; UPDATE one SET b = 'kept';");
    REQUIRE(store::migrate(*db, 1, steps).ok());
    CHECK(*store::read_version(*db, 2) == 2);
    REQUIRE(store::migrate(*db, 2, steps).ok());
    CHECK(count(here.file(), "SELECT count(*) FROM one WHERE a = 1 AND b = 'kept'") == 1);

    steps.push_back("INSERT INTO one VALUES (2, 'half'); CREATE TABLE one (x);");
    CHECK_FALSE(store::migrate(*db, 2, steps).ok());
    CHECK(*store::read_version(*db, 3) == 2);
    CHECK(count(here.file(), "SELECT count(*) FROM one") == 1);
    const auto newer = store::read_version(*db, 1);
    REQUIRE_FALSE(newer.ok());
    CHECK(contains(newer.failure().message, "version 2"));
}
