// How a program that serves begins and ends: its settings, its folder, its signals. The service and
// the demo say the same of what is wrong.
#pragma once

#include "config.hpp"
#include "process.hpp"
#include "settings_reload.hpp"

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace startup {

constexpr int usage_error = 2; // bad configuration or command line
constexpr int run_error = 1;

// Says why the program ends, a line on standard error for each line of the message; gives back the
// exit code.
int refuse(std::string_view program, const error& why, int code = usage_error);

// All of main(): hardens the process, starts the crypto library, and reports what `body` throws.
// Gives back the exit code.
int guarded(std::string_view program, const std::function<int()>& body);

// The settings of this process; `get` is process::variable, or something in front of it. Secrets
// are wiped from the environment, whether or not the settings are right. `further` are the names
// that `get` knows beside the environment's.
result<config> read_environment(const lookup& get, const std::vector<std::string>& further = {});
// The same of a source that is none of this process's: `names` are all that it has.
result<config> read_settings(const lookup& get, const std::vector<std::string>& names);

// The same for the service, which takes the socket that its manager passes (process::listener):
// that one's address holds then, whatever TWENTY_MCP_LISTEN says.
result<config> read_service_environment();

enum class database { in_folder, in_memory };

// Serves until SIGTERM or SIGINT; `ready` is called once the port is open. Gives back the exit
// code. A database in the folder of `c` is this process's alone. SIGHUP, which the caller holds
// back (process::hold_hang_ups), has `changes` look at the settings again.
int serve(std::string_view program, boost::asio::io_context& io, const config& c, database where,
          settings_reload::reloader& changes, const std::function<void()>& ready);

} // namespace startup
