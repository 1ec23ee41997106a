// Settings that a running service takes up without a restart, when SIGHUP says so. What the unit's
// files hold the service may not read, and its environment stays what it was: `twenty-mcp reload`,
// which systemd runs as root and with the environment of a start, hands it over.
#pragma once

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "config.hpp"
#include "oauth/types.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace settings_reload {

// Where settings are read.
struct source {
    lookup get;
    file_reader read_file;
    // By hand_over(): all that a start would get, but the secrets that need a restart.
    bool handed = false;
};

// Who takes them up.
struct receiver {
    std::function<bool(logging::level)> log_level; // true: it was another
    // The error's detail says why the one before stays.
    std::function<result<done>(const std::string& ca_file)> trust;
    std::function<void(std::vector<oauth::client>)> clients;
};

// Names of settings, and never a value.
struct report {
    struct fault {
        std::string_view name; // keeps the value that it had
        std::string why;
    };
    std::vector<std::string_view> changed; // and were taken up
    std::vector<std::string_view> waiting; // for a restart: they are others than at the start
    std::vector<fault> faults;
};

class reloader {
  public:
    // Of what the process begins with, before its secrets are wiped.
    explicit reloader(source own);
    report reload(const source& now, const receiver& to);

    [[nodiscard]] const source& own() const noexcept { return own_; }

  private:
    [[nodiscard]] bool knows(const setting& s, const source& now) const;
    void take_up(const setting& s, const source& now, const receiver& to, report& into);
    [[nodiscard]] std::string mark(std::string_view value) const;

    source own_;
    secret key_; // of the marks
    // What each setting was given, as a keyed hash. None: nothing, or it could not be read.
    std::map<std::string_view, std::string> marks_;
    std::set<std::string_view> wiped_; // secrets that the environment gave
};

// What hand_over() writes: NAME=VALUE and a zero, as the kernel shows an environment.
result<secret> handed_text(const source& from);
source read_handed(secret text, file_reader read_file);

// What SIGHUP has to read: what was handed over, if anything was; else `own`.
result<source> present(const source& own);

// `twenty-mcp reload`: looks at the settings as a start would, hands them to the service, and sends
// it SIGHUP. A wrong setting is an error, and then nothing has happened.
result<std::string> hand_over();

} // namespace settings_reload
