// The subcommands that look after the service's files, on the command line: backup, restore,
// rotate-key, verify-calls, begin-calls and reload.
#pragma once

#include "key_rotation.hpp"
#include "maintenance_program.hpp"

#include <CLI/CLI.hpp>
#include <optional>
#include <string_view>

class maintenance_commands {
  public:
    // Adds them to `app`, which outlives this.
    explicit maintenance_commands(CLI::App& app);
    maintenance_commands(const maintenance_commands&) = delete;
    maintenance_commands& operator=(const maintenance_commands&) = delete;

    // Does what the command line, which has been parsed, asks for. The exit code; nullopt: it was
    // none of these.
    std::optional<int> run(std::string_view program) const;

  private:
    maintenance_program::backup_options backup_;
    maintenance_program::restore_options restore_;
    key_rotation::options rotation_;
    maintenance_program::verify_options verify_;
    maintenance_program::begin_options begin_;
    CLI::App* backup_command_;
    CLI::App* restore_command_;
    CLI::App* rotation_command_;
    CLI::App* verify_command_;
    CLI::App* begin_command_;
    CLI::App* reload_command_;
};
