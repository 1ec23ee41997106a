// The subcommands of `twenty-mcp admin` on the command line. They are made of the table of
// console/commands and of the operations that it names.
#pragma once

#include "admin_program.hpp"

#include <CLI/CLI.hpp>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

class admin_commands {
  public:
    // Adds them to `app`, which outlives this.
    explicit admin_commands(CLI::App& app,
                            const console::operations& all = web::admin_operations());
    admin_commands(const admin_commands&) = delete;
    admin_commands& operator=(const admin_commands&) = delete;

    // What the command line, which has been parsed, asks for; nullptr: it was none of these.
    [[nodiscard]] const console::order* chosen() const;
    [[nodiscard]] const admin_program::options& options() const { return options_; }

    // Does it. The exit code; nullopt: it was none of these.
    std::optional<int> run(std::string_view program) const;

  private:
    struct bound {
        CLI::App* app;
        console::order order;
    };
    void add_own_options();
    void add(const console::command& row, const console::operations& all);
    // The app of the words before the last one.
    CLI::App* group_of(std::string_view words);

    CLI::App* admin_;
    admin_program::options options_;
    bool json_ = false;
    std::map<std::string, CLI::App*, std::less<>> groups_;
    std::deque<bound> bound_; // options point into its elements
};
