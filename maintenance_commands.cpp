#include "maintenance_commands.hpp"

#include "settings_reload.hpp"
#include "startup.hpp"

#include <iostream>

maintenance_commands::maintenance_commands(CLI::App& app)
    : backup_command_(app.add_subcommand("backup", "Copy the database, while the service runs")),
      restore_command_(app.add_subcommand("restore", "Put a backup in the place of the database")),
      rotation_command_(app.add_subcommand("rotate-key", "Make a new COOKIE_ENCRYPTION_KEY")),
      verify_command_(app.add_subcommand("verify-calls", "Check that no call of the trail was "
                                                         "changed, taken out or cut off")),
      begin_command_(app.add_subcommand("begin-calls", "Begin the trail of calls anew, after "
                                                       "somebody has altered it")),
      reload_command_(
          app.add_subcommand("reload", "Hand changed settings to the running service")) {
    backup_command_->add_option("file", backup_.file, "The backup, a new file")->required();
    backup_command_->add_flag("--force", backup_.replace, "Replace the file if it is there");
    backup_command_->footer("The database is the one in TWENTY_MCP_DATA_DIR.");

    restore_command_->add_option("file", restore_.file, "A file that backup has written")
        ->required();
    restore_command_->add_flag("--end-connections", restore_.end_connections,
                               "End all connections of the backup, so that everybody connects "
                               "again");
    restore_command_->footer("The database is the one in TWENTY_MCP_DATA_DIR; stop its service "
                             "first. The one that is there is kept beside it.");

    rotation_command_->add_option("--key-dir", rotation_.folder, "The folder of the key's file")
        ->capture_default_str();
    auto* const finish = rotation_command_->add_flag(
        "--finish", rotation_.finish, "Remove the older keys, once nothing needs them");
    rotation_command_->add_flag("--yes", rotation_.sure, "GET /admin/keys has said \"done\": true")
        ->needs(finish);

    verify_command_->add_option("--public-key", verify_.public_key,
                                "The key of /admin/calls/chain, kept from before");
    verify_command_
        ->add_option("--head", verify_.head_file,
                     "An answer of /admin/calls/chain, kept from before: the trail has to go on "
                     "from there")
        ->type_name("FILE");
    verify_command_->footer("The database is the one in TWENTY_MCP_DATA_DIR.");

    begin_command_->add_flag("--yes", begin_.sure,
                             "It is known who altered it, and a copy of it is kept");
    begin_command_->footer(
        "The database is the one in TWENTY_MCP_DATA_DIR; stop its service first. "
        "No call is removed; the audit and verify-calls tell of the break.");

    reload_command_->footer("systemctl reload twenty-mcp runs it: log level, authorities for "
                            "Twenty's certificate and clients set up by hand are taken up without "
                            "a restart.");
}

std::optional<int> maintenance_commands::run(std::string_view program) const {
    result<std::string> said = error{};
    if (*backup_command_)
        said = maintenance_program::back_up(backup_);
    else if (*restore_command_)
        said = maintenance_program::restore(restore_);
    else if (*rotation_command_)
        said = key_rotation::run(rotation_);
    else if (*verify_command_)
        said = maintenance_program::verify_calls(verify_);
    else if (*begin_command_)
        said = maintenance_program::begin_calls(begin_);
    else if (*reload_command_)
        said = settings_reload::hand_over();
    else
        return std::nullopt;
    if (said) {
        std::cout << *said;
        return 0;
    }
    const auto& why = said.failure();
    return startup::refuse(
        program, why, why.code == errc::bad_request ? startup::usage_error : startup::run_error);
}
