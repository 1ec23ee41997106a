// A backup in the place of the database: old or new, whole, at every moment; and what of the past
// comes back with it.
#include "store/restore.hpp"

#include "tests/store/backup_support.hpp"
#include "tests/store/support.hpp"
#include "tests/support/fault_point.hpp"

#include <csignal>
#include <functional>
#include <map>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace store_tests;

namespace {

store::restore_request of(const folder& here, const std::string& file = "b") {
    store::restore_request out;
    out.database = here.file();
    out.file = here.file(file);
    out.key = key('k');
    out.now = start + 1h;
    return out;
}

store::restored good(const store::restore_request& request) {
    auto it = store::restore(request);
    INFO((it ? std::string() : it.failure().message + it.failure().detail));
    REQUIRE(it.ok());
    return *std::move(it);
}

std::string refused(const store::restore_request& request) {
    const auto it = store::restore(request);
    return it ? "restored" : it.failure().message;
}

void back_up(const folder& here, const std::string& file = "b") {
    const auto facts = store::back_up(here.file(), here.file(file), true);
    INFO((facts ? std::string() : facts.failure().message));
    REQUIRE(facts.ok());
}

// A child does it and dies at `point`, the `passing`-th time; false: it never came there.
bool dies(const std::string& point, int passing, const std::function<bool()>& act) {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        faults::arm(point, passing);
        ::_exit(act() ? 0 : 9);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) {
        REQUIRE(WTERMSIG(status) == SIGKILL);
        return true;
    }
    CHECK(WEXITSTATUS(status) == 0);
    return false;
}

// The points of one command in tests/support/fault_points.txt.
std::vector<std::string> points_of(const std::string& step) {
    std::ifstream list(std::string(TWENTY_MCP_SOURCE_DIR) + "/tests/support/fault_points.txt");
    std::vector<std::string> out;
    for (std::string line; std::getline(list, line);) {
        std::istringstream words(line);
        std::string point, room, left;
        words >> point >> room >> left;
        if (room != "command") continue;
        for (std::string word; words >> word;)
            if (word == step) out.push_back(point);
    }
    REQUIRE_FALSE(out.empty());
    return out;
}

// Lets it die wherever it can, each time from a new beginning, and asks `check` afterwards.
void at_every_point(const std::string& step, const std::function<void(const folder&)>& begin,
                    const std::function<bool(const folder&)>& act,
                    const std::function<void(const folder&, const std::string&)>& check) {
    for (const auto& point : points_of(step)) {
        int deaths = 0;
        for (;;) {
            const folder here(memory_folder());
            begin(here);
            INFO(step << " dies at " << point << ", passing " << deaths + 1);
            if (!dies(point, deaths + 1, [&] { return act(here); })) break;
            ++deaths;
            check(here, point);
        }
        INFO(step << " passes " << point);
        CHECK(deaths > 0);
    }
}

std::vector<std::string> kept_before_restore(const folder& here) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(here.path())) {
        const auto name = entry.path().filename().string();
        if (name.starts_with("twenty-mcp.db.before-restore-") && !name.ends_with(".partial") &&
            !name.ends_with("-wal"))
            out.push_back(entry.path().string());
    }
    return out;
}

} // namespace

TEST_CASE("a restored database is the backup's, and the one before is kept beside it",
          "[restore]") {
    const folder here;
    secret early;
    secret late;
    {
        auto s = open(at(here.file()));
        early = login(s, start).access_token;
        back_up(here);
        late = login(s, start + 1min, consent("late")).access_token;
    }
    const auto it = good(of(here));
    CHECK(it.backup.grants == 1);
    CHECK(it.backup.newest == start);
    CHECK(it.revived == 0);
    CHECK(it.kept_as == here.file() + ".before-restore-20270115T090000Z");
    CHECK(mode_of(here.file()) == 0600);
    CHECK(mode_of(it.kept_as) == 0600);
    CHECK_FALSE(std::filesystem::exists(here.file("twenty-mcp.db.partial")));
    {
        auto s = open(at(here.file()));
        CHECK(opens(s, early, start));
        CHECK_FALSE(opens(s, late, start));
        stored::audit_query query;
        query.kind = stored::audit_kind::restored;
        const auto rows = s.audit(query);
        REQUIRE(rows->size() == 1);
        CHECK(rows->front().at == start + 1h);
        CHECK(contains(rows->front().detail, "1 connections"));
        CHECK(contains(rows->front().detail, "2027-01-15T08:00:00Z"));
    }
    // The way back.
    auto back = of(here);
    back.file = it.kept_as;
    const auto again = good(back);
    CHECK(again.kept_as == it.kept_as + "-2");
    auto s = open(at(here.file()));
    CHECK(opens(s, late, start));
}

TEST_CASE("the log of the database before is never played into the restored one", "[restore]") {
    const folder here;
    secret early;
    {
        auto s = open(at(here.file()));
        early = login(s, start).access_token;
        back_up(here);
    }
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) { // dies with a log that is not in the database yet
        auto s = store::store::open(at(here.file()));
        for (int i = 0; i < 50; ++i)
            if (!s->create_grant(consent("late", std::to_string(i)), start) || !s->commit())
                ::_exit(3);
        ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(child, nullptr, 0);
    REQUIRE(std::filesystem::file_size(here.file() + "-wal") > 100'000);
    SECTION("of a database that is well: its copy has what was in the log") {
        const auto it = good(of(here));
        CHECK(count(it.kept_as, "SELECT count(*) FROM grants") == 51);
    }
    SECTION("of a damaged one, which is kept as it is") {
        auto bytes = bytes_of(here.file());
        std::fill(bytes.begin() + 16, bytes.begin() + 100, '\x5A');
        std::ofstream(here.file(), std::ios::binary) << bytes;
        auto log = bytes_of(here.file() + "-wal"); // a sound one mends the header
        std::fill(log.begin() + 32, log.begin() + 100, '\x5A');
        std::ofstream(here.file() + "-wal", std::ios::binary) << log;
        const auto it = good(of(here));
        CHECK(it.revived == std::nullopt);
        CHECK((bytes_of(it.kept_as) == bytes));
    }
    SECTION("of one that is gone") {
        std::filesystem::remove(here.file());
        std::filesystem::remove(here.file() + "-shm");
        const auto it = good(of(here));
        CHECK(std::filesystem::file_size(it.kept_as + "-wal") > 100'000);
    }
    CHECK_FALSE(std::filesystem::exists(here.file() + "-wal"));
    CHECK(count(here.file(), "SELECT count(*) FROM grants") == 1);
    auto s = open(at(here.file()));
    CHECK(opens(s, early, start));
}

TEST_CASE("a database that another process still reads is not replaced", "[restore]") {
    const folder here;
    secret token;
    {
        auto s = open(at(here.file()));
        back_up(here);
        token = login(s, start).access_token;
        auto reader = store::database::open_present(here.file()); // a backup, say
        REQUIRE(reader->script("BEGIN; SELECT count(*) FROM grants").ok());
        CHECK(contains(refused(of(here)), "another process reads it"));
        CHECK(opens(s, token, start));
    }
    CHECK(kept_before_restore(here).empty());
    good(of(here));
    auto s = open(at(here.file()));
    CHECK_FALSE(opens(s, token, start));
}

TEST_CASE("connections that ended after the backup are counted, and end again when one asks",
          "[restore]") {
    const folder here;
    oauth::token_pair ended;
    oauth::token_pair kept;
    {
        auto s = open(at(here.file()));
        ended = login(s, start);
        kept = login(s, start, consent("other"));
        back_up(here);
        REQUIRE(s.end_chosen({grant_of(s, ended), {}, {}, false}, "admin", start).ok());
        REQUIRE(s.commit().ok());
        CHECK_FALSE(opens(s, ended.access_token, start));
    }
    CHECK(good(of(here)).revived == 1);
    {
        auto s = open(at(here.file()));
        CHECK(opens(s, ended.access_token, start)); // which is why it is told
    }
    auto request = of(here);
    request.end_connections = true;
    CHECK(good(request).ended == 2);
    auto s = open(at(here.file()));
    for (const auto* pair : {&ended, &kept}) {
        CHECK_FALSE(opens(s, pair->access_token, start));
        CHECK(code_of(refresh(s, *pair->refresh_token, start)) == errc::invalid_grant);
    }
    stored::audit_query query;
    query.kind = stored::audit_kind::ended_by_admin;
    CHECK(s.audit(query)->size() == 2);
    login(s, start); // and everybody connects again
}

TEST_CASE("a client whose token is newer than the backup logs in again, others go on",
          "[restore]") {
    const folder here;
    oauth::token_pair quick;
    oauth::token_pair quiet;
    {
        auto s = open(at(here.file()));
        quick = login(s, start);
        quiet = login(s, start, consent("quiet"));
        back_up(here);
        for (int i = 1; i < 4; ++i)
            quick = refreshed(s, *quick.refresh_token, start + i * 1h);
    }
    good(of(here));
    auto s = open(at(here.file()));
    const auto now = start + 5h;
    CHECK(code_of(refresh(s, *quick.refresh_token, now)) == errc::invalid_grant);
    CHECK(refresh(s, *quiet.refresh_token, now, "quiet").ok());
    stored::audit_query query;
    query.kind = stored::audit_kind::ended_by_reuse;
    CHECK(s.audit(query)->empty()); // nobody is taken for a thief
}

TEST_CASE("what is no backup for this program and key is refused, and the database stays",
          "[restore]") {
    const folder here;
    {
        auto s = open(at(here.file()));
        for (int i = 0; i < 10; ++i)
            login(s, start, consent("client", std::to_string(i)));
        back_up(here);
    }
    const auto before = bytes_of(here.file());
    const auto backup = bytes_of(here.file("b"));
    const auto put = [&](const std::string& bytes) {
        std::ofstream(here.file("bad"), std::ios::binary) << bytes;
        return refused(of(here, "bad"));
    };
    CHECK(contains(refused(of(here, "none")), "No such file"));
    CHECK(contains(put(""), "empty"));
    CHECK(contains(put(std::string(5000, 'x')), "not a database"));
    CHECK(contains(put(backup.substr(0, backup.size() / 2)), "not all of it"));
    CHECK(contains(put(backup.substr(0, backup.size() - 4096)), "not all of it"));
    CHECK(contains(put(backup.substr(0, 4096)), "not all of it"));
    CHECK(contains(put(backup.substr(0, 50)), "not all of it"));
    auto damaged = backup;
    std::fill(damaged.begin() + 4096, damaged.begin() + 3 * 4096, '\x5A');
    CHECK(contains(put(damaged), "damaged"));
    edit(here.file("theirs"), "CREATE TABLE theirs (a)");
    CHECK(contains(refused(of(here, "theirs")), "another program"));
    std::filesystem::copy_file(here.file("b"), here.file("newer"));
    edit(here.file("newer"), "PRAGMA user_version = 99");
    CHECK(contains(refused(of(here, "newer")), "version 99"));
    REQUIRE(::mkfifo(here.file("fifo").c_str(), 0600) == 0);
    CHECK(contains(refused(of(here, "fifo")), "no plain file"));
    std::filesystem::create_directory(here.file("folder"));
    CHECK(contains(refused(of(here, "folder")), "no plain file"));
    CHECK(contains(refused(of(here, "twenty-mcp.db")), "the database itself"));
    std::filesystem::copy_file(here.file("b"), here.file("half"));
    std::ofstream(here.file("half-wal")) << "log";
    CHECK(contains(refused(of(here, "half")), "half-wal"));
    auto other_key = of(here);
    other_key.key = key('o');
    CHECK(contains(refused(other_key), "another COOKIE_ENCRYPTION_KEY"));
    CHECK((bytes_of(here.file()) == before));
    CHECK(kept_before_restore(here).empty());
    CHECK_FALSE(std::filesystem::exists(here.file("twenty-mcp.db.partial")));

    other_key.previous = {key('k')};
    CHECK(refused(other_key) == "restored");
    auto no_key = of(here);
    no_key.key = {};
    CHECK(refused(no_key) == "restored");
    std::filesystem::create_symlink(here.file("b"), here.file("latest"));
    CHECK(refused(of(here, "latest")) == "restored");
}

TEST_CASE("a backup of an older version is brought up to date where it is restored", "[restore]") {
    const folder here;
    make_older(here.file("b"), 1);
    const auto it = good(of(here));
    CHECK(it.backup.version == 1);
    CHECK(it.kept_as.empty()); // there was none
    CHECK(count(here.file(), "PRAGMA user_version") ==
          static_cast<std::int64_t>(store::all_migrations().size()));
    CHECK(count(here.file("b"), "PRAGMA user_version") == 1); // read, and nothing else
    auto s = open(at(here.file()));
}

TEST_CASE("a restore into another user's folder gives that user the file", "[restore]") {
    if (::geteuid() != 0) {
        WARN("skipped: only root can be somebody else");
        return;
    }
    const folder here;
    { auto s = open(at(here.file())); }
    back_up(here);
    REQUIRE(::chown(here.path().c_str(), 61234, 61234) == 0);
    const auto it = good(of(here));
    for (const auto& path : {here.file(), it.kept_as}) {
        struct stat is {};
        REQUIRE(::stat(path.c_str(), &is) == 0);
        CHECK(is.st_uid == 61234);
        CHECK((is.st_mode & 0777) == 0600);
    }
}

// -- Deaths --------------------------------------------------------------------------------------

TEST_CASE("a backup that dies anywhere leaves no file or a whole one, and the next one succeeds",
          "[restore][crash]") {
    secret token;
    const auto act = [](const folder& here) {
        return store::back_up(here.file(), here.file("b"), true).ok();
    };
    at_every_point(
        "backup",
        [&](const folder& here) {
            auto s = open(at(here.file()));
            token = login(s, start).access_token;
        },
        act,
        [&](const folder& here, const std::string&) {
            if (std::filesystem::exists(here.file("b"))) {
                auto copy = open(at(here.file("b")));
                CHECK(opens(copy, token, start));
            }
            REQUIRE(act(here));
            CHECK_FALSE(std::filesystem::exists(here.file("b.partial")));
            auto copy = open(at(here.file("b")));
            CHECK(opens(copy, token, start));
        });
}

TEST_CASE("a restore that dies anywhere leaves the old database or the new one, whole",
          "[restore][crash]") {
    secret early;
    secret late;
    std::map<std::string, int> seen;
    const auto is_old_or_new = [&](const folder& here) {
        auto s = open(at(here.file()));
        CHECK(opens(s, early, start));
        const bool is_new = !opens(s, late, start);
        stored::audit_query query;
        query.kind = stored::audit_kind::restored;
        CHECK(s.audit(query)->empty() != is_new);
        return is_new;
    };
    at_every_point(
        "restore",
        [&](const folder& here) {
            early = {};
            {
                auto s = open(at(here.file()));
                early = login(s, start).access_token;
                back_up(here);
            }
            // What came later is in the log alone: a child commits it and dies.
            int ends[2];
            REQUIRE(::pipe(ends) == 0);
            if (::fork() == 0) {
                auto s = store::store::open(at(here.file()));
                const auto code = s->create_grant(consent("late"), start);
                const auto pair = s->redeem_code(exchange_of(*code, "late"), start);
                if (!s->commit()) ::_exit(3);
                const auto text = pair->access_token.reveal();
                (void)!::write(ends[1], text.data(), text.size());
                ::kill(::getpid(), SIGKILL);
            }
            ::close(ends[1]);
            char buffer[256];
            const auto n = ::read(ends[0], buffer, sizeof buffer);
            REQUIRE(n > 0);
            late = secret(std::string(buffer, static_cast<std::size_t>(n)));
            ::close(ends[0]);
            ::wait(nullptr);
        },
        [](const folder& here) { return store::restore(of(here)).ok(); },
        [&](const folder& here, const std::string& point) {
            const bool is_new = is_old_or_new(here);
            if (point.starts_with("restore.")) CHECK_FALSE(is_new);
            ++seen[is_new ? "new" : "old"];
            good(of(here));
            CHECK(is_old_or_new(here));
            bool old_is_kept = false;
            for (const auto& kept : kept_before_restore(here)) {
                auto s = open(at(kept)); // each of them is whole
                old_is_kept = old_is_kept || opens(s, late, start);
            }
            CHECK(old_is_kept);
        });
    CHECK(seen["old"] > 0);
    CHECK(seen["new"] > 0);
}

TEST_CASE("a migration that dies anywhere is begun again with its copy whole", "[restore][crash]") {
    const auto newest = store::all_migrations().size();
    const auto older = static_cast<std::int64_t>(newest) - 1;
    const auto copy = [&](const folder& here) {
        return here.file() + ".before-version-" + std::to_string(newest);
    };
    at_every_point(
        "migrate", [&](const folder& here) { make_older(here.file(), newest - 1); },
        [](const folder& here) { return store::store::open(at(here.file())).ok(); },
        [&](const folder& here, const std::string&) {
            if (std::filesystem::exists(copy(here)))
                CHECK(count(copy(here), "PRAGMA user_version") == older);
            else
                CHECK(count(here.file(), "PRAGMA user_version") == older);
            { auto s = open(at(here.file())); }
            CHECK(count(copy(here), "PRAGMA user_version") == older);
            CHECK_FALSE(std::filesystem::exists(copy(here) + ".partial"));
        });
}
