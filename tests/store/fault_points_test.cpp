// The store dies at every point between two steps of everything that it confirms, alone and in
// one transaction with somebody else's refresh, and what is left is either all or nothing.
#include "tests/store/fault_points.hpp"
#include "tests/support/fault_point.hpp"

#include <algorithm>
#include <csignal>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace store_tests;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr int usual_rounds = 400;
#else
constexpr int usual_rounds = 1200;
#endif
constexpr std::size_t logins_kept = 6; // checked again in every later round
constexpr std::size_t kept_dead = 12;

struct fault_row {
    std::string point, room, left;
    std::set<std::string, std::less<>> steps;
};

std::vector<fault_row> read_rows() {
    std::ifstream file(std::string(TWENTY_MCP_SOURCE_DIR) + "/tests/support/fault_points.txt");
    REQUIRE(file.good());
    std::vector<fault_row> rows;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream words(line);
        if (line[0] != ' ') { // else it goes on with the row above
            auto& row = rows.emplace_back();
            words >> row.point >> row.room >> row.left;
        }
        for (std::string step; words >> step;)
            rows.at(rows.size() - 1).steps.insert(step);
    }
    return rows;
}

// Who else writes in the transaction of the step: a refresh of another login.
enum class company { none, before, after };

struct fault_case {
    const fault_row* row;
    const fault_step* step;
    company with;
    int passing = 1;
};

// Passed once in a transaction, whoever has part in it.
bool is_shared(const fault_row& row) {
    return row.point.starts_with("commit.") || row.point == "transaction.begun";
}

std::vector<fault_case> all_cases(const std::vector<fault_row>& rows) {
    std::vector<fault_case> out;
    for (const auto& row : rows) {
        if (row.room != "store") continue;
        for (const auto& step : fault_steps()) {
            if (!row.steps.contains(step.name)) continue;
            out.push_back({&row, &step, company::none});
            if (row.point != "transaction.begun") out.push_back({&row, &step, company::before});
            if (step.for_all) continue; // nobody could refresh after it
            // Where both pass, the second time: the step is done, and confirmed to nobody.
            const bool both = !is_shared(row) && row.steps.contains("refresh");
            out.push_back({&row, &step, company::after, both ? 2 : 1});
        }
    }
    return out;
}

// -- The process that dies
// -------------------------------------------------------------------------

[[noreturn]] void die_in(const fault_case& now, const std::string& path, const scene& it,
                         const secret& other, int pipe) {
    auto s = store::store::open(at(path));
    if (!s) ::_exit(5);
    const auto renew_other = [&] {
        if (!refresh_only(*s, other, it.now)) ::_exit(6);
    };
    if (now.with == company::before) renew_other();
    faults::arm(now.row->point, now.passing);
    const auto told = now.step->act(*s, it);
    // A replay is refused, and refusing it is its step.
    if (!told && told.failure().code == errc::internal) ::_exit(7);
    if (told)
        for (const auto& word : *told) {
            const auto line = word + '\n';
            if (::write(pipe, line.data(), line.size()) < 0) ::_exit(8);
        }
    if (now.with == company::after) renew_other();
    if (!s->commit()) ::_exit(9);
    ::_exit(0); // it never came to the point
}

std::vector<std::string> run_into(const fault_case& now, const std::string& path, const scene& it,
                                  const secret& other) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        die_in(now, path, it, other, ends[1]);
    }
    ::close(ends[1]);
    std::string text;
    char buffer[4096];
    for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(n));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    INFO("exit status " << status);
    REQUIRE(WIFSIGNALED(status)); // it reached the point
    REQUIRE(WTERMSIG(status) == SIGKILL);
    std::vector<std::string> lines;
    std::istringstream all(text);
    for (std::string line; all >> line;)
        lines.push_back(line);
    return lines;
}

// -- What earlier rounds left
// ------------------------------------------------------------------------

struct ledger {
    std::vector<oauth::token_pair> live;
    std::vector<secret> dead;

    void add(const scene& it) {
        if (it.tokens) live.push_back(*it.tokens);
        dead.insert(dead.end(), it.dead.begin(), it.dead.end());
        if (live.size() > logins_kept) live.erase(live.begin());
        if (dead.size() > kept_dead)
            dead.erase(dead.begin(), dead.end() - static_cast<std::ptrdiff_t>(kept_dead));
    }
    void all_ended() {
        for (const auto& pair : live)
            dead.insert(dead.end(), {pair.access_token, *pair.refresh_token});
        live.clear();
    }
    // Nothing confirmed is lost, nothing revoked comes back.
    void check(store::store& s, time_point now) {
        for (auto& pair : live) {
            pair = refreshed(s, *pair.refresh_token, now);
            CHECK(opens(s, pair.access_token, now));
        }
        for (const auto& token : dead)
            check_dead(s, token, now);
    }
};

int wanted_rounds() {
    const char* given = std::getenv("ROUNDS");
    return given ? std::atoi(given) : usual_rounds;
}

} // namespace

// rows 70, 76
TEST_CASE("a death between any two steps leaves all of what was committed and nothing else",
          "[fault_points][plan-76][crash]") {
    const auto rows = read_rows();
    const auto cases = all_cases(rows);
    const int rounds = std::max(wanted_rounds(), static_cast<int>(cases.size()));
    const folder here(memory_folder());
    ledger past;
    auto now = start;
    for (int round = 0; round < rounds; ++round) {
        const auto& one = cases[static_cast<std::size_t>(round) % cases.size()];
        INFO("round " << round << ": " << one.step->name << " dies at " << one.row->point
                      << ", company " << static_cast<int>(one.with));
        scene it;
        it.name = "round" + std::to_string(round);
        it.now = now;
        std::optional<oauth::token_pair> other;
        {
            auto s = open(at(here.file()));
            one.step->prepare(s, it);
            other = login(s, it.now);
        }
        it.told = run_into(one, here.file(), it, *other->refresh_token);
        const bool kept = one.row->left == "kept";
        auto s = open(at(here.file()));
        const std::vector<std::string> nothing_told;
        if (kept && one.step->for_all) {
            check_dead(s, *other->refresh_token, it.now);
            past.all_ended();
        } else if (one.with == company::none || !kept)
            check_interrupted_refresh(s, *other, nothing_told, false, it.now);
        else
            CHECK(refreshed(s, *other->refresh_token, it.now).expires_in > 0s);
        one.step->check(s, it, kept);
        past.check(s, it.now);
        past.add(it);
        now = it.now + 10s;
        if (round % 50 == 0 || round + 1 == rounds)
            CHECK(count(here.file(), "SELECT count(*) FROM pragma_integrity_check WHERE "
                                     "integrity_check <> 'ok'") == 0);
    }
}

TEST_CASE("the list of fault points is the list of those in the sources", "[fault_points]") {
    const std::filesystem::path root(TWENTY_MCP_SOURCE_DIR);
    std::multiset<std::string> placed;
    for (const char* room : {"", "base", "store", "actors", "http", "web"})
        for (const auto& file : std::filesystem::directory_iterator(root / room)) {
            if (file.path().extension() != ".cpp") continue;
            const auto text = bytes_of(file.path().string());
            const std::string call = "fault_point(\"";
            for (auto at = text.find(call); at != std::string::npos; at = text.find(call, at + 1)) {
                const auto name = at + call.size();
                placed.insert(text.substr(name, text.find('"', name) - name));
            }
        }
    std::multiset<std::string> listed;
    for (const auto& row : read_rows()) {
        INFO(row.point);
        CHECK((row.room == "store" || row.room == "program" || row.room == "command"));
        CHECK((row.left == "undone" || row.left == "kept" ||
               (row.left == "either" && row.room == "command")));
        CHECK_FALSE(row.steps.empty());
        listed.insert(row.point);
    }
    CHECK(placed == listed);
}
