// From the environment to a config: the same for every variable but in complete().
#include "base/text.hpp"
#include "config.hpp"
#include "config_values.hpp"
#include "oauth/identity.hpp"

#include <algorithm>

namespace {

const setting& row(std::string_view name) {
    const auto& all = settings();
    return *std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.name == name; });
}

error wrong_setting(const setting& s, std::string_view what) {
    return {errc::bad_request, std::string(s.name) + " " + std::string(what) + "; example: " +
                                   std::string(s.name) + "=" + std::string(s.example)};
}

// Threat: a misspelt variable is ignored, and what it should forbid stays allowed. Defence: every
// name that begins like ours must be one of ours.
std::vector<std::string> unknown_names(const std::vector<std::string>& names) {
    std::vector<std::string> faults;
    for (const auto& name : names) {
        if (!name.starts_with("TWENTY_MCP_")) continue;
        std::vector<std::string> known;
        for (const auto& s : settings())
            known.emplace_back(s.name);
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        auto near = text::nearest(name, known, 1);
        faults.push_back(
            name + " is not a known setting" +
            (near.empty() ? "; see --help for the list" : "; did you mean " + near[0] + "?"));
    }
    return faults;
}

// complete() has the rules between two variables, and what follows from others where one is not
// set. It runs last, because every rule needs values that were read.
result<done> complete(config& c, const lookup& get, const file_reader& read_file) {
    for (const auto& older : c.previous_keys)
        // Otherwise /admin/keys would say at once that nothing needs the older key.
        if (older.reveal() == c.cookie_encryption_key.reveal())
            return wrong_setting(row("COOKIE_ENCRYPTION_KEY_PREVIOUS"),
                                 "must not hold the value that COOKIE_ENCRYPTION_KEY still has");
    if (c.public_url.empty()) {
        if (!config_values::is_loopback(c.listen_address))
            return wrong_setting(row("PUBLIC_URL"),
                                 "is required when TWENTY_MCP_LISTEN is not a loopback address");
        const auto local = "http://localhost:" + std::to_string(c.listen_port);
        c.public_url = oauth::canonical_origin(local).value_or(local);
    }
    if (c.data_dir.empty()) c.data_dir = default_data_dir(get);
    if (!c.admin_socket) c.admin_socket = default_admin_socket(get);
    if (c.twenty_public_url.empty()) c.twenty_public_url = c.twenty_base_url;
    if (c.ca_file.empty()) return done{};
    if (const auto content = read_file(c.ca_file); !content)
        return wrong_setting(row("TWENTY_MCP_CA_FILE"),
                             "cannot be read: " + content.failure().message);
    return done{};
}

} // namespace

// value_of() gives the value as it was set, trimmed. The environment wins over the systemd
// credential of the same name, which only secrets have; an empty value counts as absent in both,
// because the unit names credentials that an operator may not use. All values travel as secrets:
// what is none costs nothing.
result<std::optional<secret>> value_of(const setting& s, const lookup& get,
                                       const file_reader& read_file) {
    for (const auto name : {s.also, s.name}) {
        auto given = name.empty() ? std::nullopt : get(name);
        if (!given) continue;
        const secret raw(std::move(*given));
        const auto plain = text::trim(raw.reveal());
        if (!plain.empty()) return std::optional(secret(plain));
    }
    if (const auto folder = get("CREDENTIALS_DIRECTORY");
        s.is_secret && folder && !folder->empty()) {
        auto content = read_file(*folder + "/" + std::string(s.name));
        if (!content && content.failure().code != errc::not_found)
            return error{errc::bad_request, std::string(s.name) +
                                                " could not be read from the systemd credential: " +
                                                content.failure().message};
        const secret raw(content ? *std::move(content) : std::string());
        const auto plain = text::trim(raw.reveal());
        if (!plain.empty()) return std::optional(secret(plain));
    }
    if (s.required)
        return wrong_setting(s, s.is_secret ? "is not set (environment or systemd credential)"
                                            : "is not set");
    return std::optional<secret>();
}

std::string default_data_dir(const lookup& get) {
    const auto state = get("STATE_DIRECTORY");
    return state && !state->empty() ? text::split(*state, ':').front() : "./data";
}

std::string default_admin_socket(const lookup& get) {
    const auto runtime = get("RUNTIME_DIRECTORY");
    if (!runtime || runtime->empty()) return {};
    return text::split(*runtime, ':').front() + "/admin.sock";
}

// Every variable is looked at, so that whoever mends the settings does it once. What goes between
// two of them is looked at when each is right.
result<config> read_config(const lookup& get, const std::vector<std::string>& names,
                           const file_reader& read_file) {
    auto faults = unknown_names(names);
    config c;
    for (const auto& s : settings()) {
        const auto given = value_of(s, get, read_file);
        if (!given) {
            faults.push_back(given.failure().message);
            continue;
        }
        const auto value = *given ? (*given)->reveal() : s.fallback;
        if (value.empty()) continue;
        if (auto read = s.read(value, c); !read)
            faults.push_back(wrong_setting(s, read.failure().message).message);
    }
    if (faults.empty())
        if (auto whole = complete(c, get, read_file); !whole)
            faults.push_back(std::move(whole).failure().message);
    if (!faults.empty()) return error{errc::bad_request, text::join(faults, "\n")};
    return c;
}
