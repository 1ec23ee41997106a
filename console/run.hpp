// What a command does between its arguments and its exit code. The server, the files and the
// terminal are handed in.
#pragma once

#include "console/commands.hpp"
#include "http/probe.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace console {

constexpr int all_well = 0;
constexpr int found_some = 1; // texts differ, or there are findings
constexpr int not_done = 1;   // the server refused, or is not reached
// A wrong argument; and every error of a command that has found_some to tell.
constexpr int in_trouble = 2;

// A file, or a folder as a skill's files.
struct content {
    std::string text;
    std::string_view media = "text/markdown";
};

struct surroundings {
    std::function<result<http::probe_answer>(http::probe_request)> ask;
    std::function<void(std::string_view)> out; // standard output
    std::function<void(std::string_view)> say; // a line on standard error
    std::function<result<content>(const std::string& path)> read;
    // A person says yes to this sentence. errc::bad_request: there is nobody to ask.
    std::function<result<bool>(std::string_view)> agreed;
    // False: it is over, and nobody waits any more.
    std::function<bool(std::chrono::milliseconds)> wait;
    bool screen = false; // standard output is a terminal
};

// A command as it was given.
struct order {
    const command* row = nullptr;
    arguments given;
    std::string file;     // of a command that takes one
    std::string if_match; // an ETag
    bool only_new = false;
    bool follow = false;
    bool strict = false;
    bool sure = false;
    bool json = false;
};

// The exit code. errc::bad_request: the command line is wrong; every other error: the server
// refused or is not reached, or a file cannot be read.
result<int> run(const order& given, const operations& all, const surroundings& with);

// Of an error of run(): never found_some where the command has that to tell.
int exit_code(const command& of, const error& why) noexcept;

// An answer to people, or as it came to programs. The exit code.
int show(const order& given, const http::probe_answer& answer, const surroundings& with);

// Asks, and gives back an answer that is the operation's success; anything else is a refusal.
result<http::probe_answer> ask(const web::admin_operation& op, const surroundings& with,
                               http::probe_request r);

// Prints what comes, the oldest first, until the wait is over.
result<int> follow(const order& given, const web::admin_operation& op, const surroundings& with);

// What the operation that looks at a file finds. False: something, and that is to be an obstacle.
result<bool> check_file(const order& given, const content& file, const operations& all,
                        const surroundings& with);

// The answer beside the file. The exit codes are diff's, with exit_code()'s for an error.
result<int> compare(const order& given, const web::admin_operation& op, const surroundings& with);

} // namespace console
