// A server that answers from a script, and a terminal that remembers.
#pragma once

#include "console/run.hpp"

#include "tests/support/catch.hpp"

#include <deque>
#include <map>

namespace testing {

inline http::probe_answer answer(int status, std::string body,
                                 std::string_view media = "application/json",
                                 std::string_view etag = {}) {
    http::probe_answer out;
    out.status = status;
    out.body = std::move(body);
    out.complete = true;
    out.headers = {{"Content-Type", std::string(media)}};
    if (!etag.empty()) out.headers.emplace_back("ETag", etag);
    return out;
}

inline const console::command& command_named(std::string_view words) {
    for (const auto& row : console::commands())
        if (row.words == words) return row;
    FAIL("no command " << words);
    return console::commands().front();
}

struct desk {
    std::deque<result<http::probe_answer>> answers; // one for each request
    std::vector<http::probe_request> asked;
    std::string out;
    std::string said;
    std::map<std::string, console::content> files;
    std::optional<bool> person; // what a person says; nullopt: there is none
    std::size_t rounds = 0;     // how often wait() goes on
    std::vector<std::int64_t> waits;
    console::operations all = web::admin_operations();
    console::order order;
    bool screen = false;

    explicit desk(std::string_view words) { order.row = &command_named(words); }

    result<int> run() {
        console::surroundings with;
        with.ask = [this](http::probe_request r) -> result<http::probe_answer> {
            asked.push_back(std::move(r));
            REQUIRE_FALSE(answers.empty());
            auto next = std::move(answers.front());
            answers.pop_front();
            return next;
        };
        with.out = [this](std::string_view text) { out += text; };
        with.say = [this](std::string_view line) { said.append(line).append("\n"); };
        with.read = [this](const std::string& path) -> result<console::content> {
            const auto at = files.find(path);
            if (at == files.end()) return error{errc::not_found, path + ": none"};
            return at->second;
        };
        with.agreed = [this](std::string_view) -> result<bool> {
            if (!person) return bad_request("nobody");
            return *person;
        };
        with.wait = [this](std::chrono::milliseconds time) {
            waits.push_back(time.count());
            return waits.size() <= rounds;
        };
        with.screen = screen;
        return console::run(order, all, with);
    }
    // "GET /admin/keys", of one request.
    [[nodiscard]] std::string line(std::size_t n = 0) const {
        return asked.at(n).method + " " + asked.at(n).target;
    }
    [[nodiscard]] std::string header(std::string_view name, std::size_t n = 0) const {
        for (const auto& [field, value] : asked.at(n).headers)
            if (field == name) return value;
        return {};
    }
};

} // namespace testing
