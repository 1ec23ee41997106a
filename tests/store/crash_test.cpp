// kill -9 at any moment loses nothing that was confirmed. A child process logs in, refreshes
// and revokes, and reports each outcome over a pipe only after its commit; the parent kills it
// at a random moment and checks every report against the file that is left.
#include "tests/store/support.hpp"

#include <algorithm>
#include <csignal>
#include <map>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

using namespace store_tests;

namespace {

constexpr int rounds = 200;
constexpr std::size_t kept_logins = 12; // checked again in every later round

// One report: T login and its new tokens, I about to be revoked, R revoked. A line is one write()
// below PIPE_BUF, so a reader sees it whole or not at all.
void report(int pipe, char kind, int login, const std::string& tokens) {
    const auto line = std::string(1, kind) + ' ' + std::to_string(login) + ' ' + tokens + '\n';
    if (::write(pipe, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(4);
}
std::string both(const oauth::token_pair& pair) {
    return std::string(pair.access_token.reveal()) + ' ' +
           std::string(pair.refresh_token->reveal());
}

// Several logins, then refreshes and some revocations, in shared commits, until killed.
[[noreturn]] void work(const std::string& path, int pipe, int first_login, time_point now) {
    auto s = store::store::open(at(path));
    if (!s) ::_exit(5);
    std::map<int, oauth::token_pair> live;
    for (int step = 0;; ++step) {
        std::vector<std::pair<char, int>> done; // what the next commit confirms
        const int number = first_login + step;
        const auto code = s->create_grant(consent("client", std::to_string(number)), now);
        if (!code) ::_exit(6);
        auto pair = s->redeem_code(exchange_of(*code), now);
        if (!pair) ::_exit(7);
        live.emplace(number, *std::move(pair));
        done.emplace_back('T', number);
        for (auto& [login, tokens] : live) {
            if (login == number) continue;
            if ((login + step) % 7 == 0) {
                if (!s->revoke({"client", *tokens.refresh_token}, now)) ::_exit(8);
                report(pipe, 'I', login, both(tokens));
                done.emplace_back('R', login);
                continue;
            }
            oauth::refresh_exchange exchange;
            exchange.client_id = "client";
            exchange.refresh_token = *tokens.refresh_token;
            auto next = s->refresh(exchange, now);
            if (!next) ::_exit(9);
            tokens = *std::move(next);
            done.emplace_back('T', login);
        }
        if (!s->commit()) ::_exit(10);
        for (const auto& [kind, login] : done) {
            report(pipe, kind, login, both(live.at(login)));
            if (kind == 'R') live.erase(login);
        }
        if (live.size() > 6) live.erase(live.begin());
    }
}

struct known_login {
    secret access, refresh;
    bool revoked = false;
    bool doubtful = false; // a revocation was under way
};

void read_reports(const std::string& text, std::map<int, known_login>& logins) {
    std::istringstream lines(text);
    std::string kind, access, refresh;
    for (int login = 0; lines >> kind >> login >> access >> refresh;)
        logins[login] = {secret(access), secret(refresh), kind == "R", kind == "I"};
}

// False: the login is gone, as it should be or may be. Confirmed is what a client holds. A kill may
// come between the commit of the next rotation and its report; then the client's token is the
// predecessor, which must still lead on.
bool check(store::store& s, known_login& login, time_point now) {
    oauth::refresh_exchange exchange;
    exchange.client_id = "client";
    exchange.refresh_token = login.refresh;
    auto pair = s.refresh(exchange, now);
    if (login.revoked || (login.doubtful && !pair)) {
        CHECK_FALSE(pair.ok());
        CHECK_FALSE(opens(s, login.access, now));
        return false;
    }
    REQUIRE(pair.ok());
    const auto opened = s.open_grant(pair->access_token, now);
    REQUIRE(opened.ok());
    CHECK(opened->props.reveal() == props);
    login.access = std::move(pair->access_token);
    login.refresh = *std::move(pair->refresh_token);
    login.doubtful = false;
    return true;
}

// When the child dies: after so many reports, and then at a random moment of what follows. With
// no reports to wait for, that moment lies in its opening of the database. Counting reports
// keeps the test as sharp on a busy machine as on an idle one.
struct death {
    int reports = 0;
    std::chrono::microseconds later{0};
};

std::string run_and_kill(const std::string& path, int first_login, time_point now, death when) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        work(path, ends[1], first_login, now);
    }
    ::close(ends[1]);
    std::string text;
    char buffer[4096];
    const auto read_some = [&] {
        const auto n = ::read(ends[0], buffer, sizeof buffer);
        if (n > 0) text.append(buffer, static_cast<std::size_t>(n));
        return n > 0;
    };
    while (std::count(text.begin(), text.end(), '\n') < when.reports && read_some()) {
    }
    ::usleep(static_cast<useconds_t>(when.later.count()));
    ::kill(child, SIGKILL);
    while (read_some()) {
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(WTERMSIG(status) == SIGKILL);
    return text;
}

} // namespace

TEST_CASE("200 kill -9 during logins, refreshes and revocations lose nothing confirmed",
          "[crash]") {
    const folder here;
    std::mt19937 random(20260101);
    std::uniform_int_distribution<int> reports(0, 12), later(0, 4'000);
    std::map<int, known_login> logins;
    std::size_t confirmed = 0, revoked = 0;
    auto now = start;
    for (int round = 0; round < rounds; ++round) {
        now += 180s;
        const int first_login = round * 1000;
        const death when{reports(random), std::chrono::microseconds(later(random))};
        const auto text = run_and_kill(here.file(), first_login, now, when);
        read_reports(text, logins);
        INFO("round " << round);
        auto s = open(at(here.file()));
        // Within the grace a lost answer is repeated, after it the token is rotated afresh.
        if (round % 2 == 1) now += 61s;
        for (auto& [number, login] : logins) {
            confirmed += number >= first_login;
            const bool lives = check(s, login, now);
            if (!lives) login.revoked = true;
            revoked += number >= first_login && !lives;
        }
        REQUIRE(s.commit().ok());
        while (logins.size() > kept_logins)
            logins.erase(logins.begin());
        if (round % 20 == 0 || round + 1 == rounds)
            CHECK(count(here.file(), "SELECT count(*) FROM pragma_integrity_check WHERE "
                                     "integrity_check <> 'ok'") == 0);
    }
    INFO(confirmed << " logins confirmed, " << revoked << " of them revoked");
    CHECK(confirmed > rounds); // the kills did not all come before the first commit
    CHECK(revoked > rounds / 10);
}
