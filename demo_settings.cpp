#include "demo_settings.hpp"

#include "base/secret.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace demo_settings {

namespace {

constexpr std::array brought_along{std::string_view("TWENTY_BASE_URL"),
                                   std::string_view("TWENTY_MCP_CA_FILE")};

// Stands for the workspace until its port is known.
constexpr std::string_view to_come = "http://workspace.invalid";

struct another_default {
    std::string_view name;
    std::string_view otherwise;
};
constexpr std::array defaults{
    another_default{"COOKIE_ENCRYPTION_KEY", "made for each start; required with a data folder"},
    another_default{"TWENTY_MCP_DATA_DIR", "$STATE_DIRECTORY, else connections live in memory"},
    another_default{"TWENTY_MCP_TWENTY_PUBLIC_URL", "the sample workspace"},
};

bool is_set(const lookup& environment, std::string_view name) {
    auto given = environment(name);
    if (!given) return false;
    const secret held(std::move(*given)); // whatever it is: some of the settings are secrets
    return !text::trim(held.reveal()).empty();
}

} // namespace

std::vector<setting> shown() {
    std::vector<setting> out;
    for (auto v : settings()) {
        if (std::find(brought_along.begin(), brought_along.end(), v.name) != brought_along.end())
            continue;
        v.required = false;
        for (const auto& ours : defaults)
            if (v.name == ours.name) v.otherwise = ours.otherwise;
        out.push_back(v);
    }
    return out;
}

lookup over(lookup environment, std::optional<std::uint16_t> port, secret key) {
    // A key that is made anew would not open the folder of the last start. Where systemd hands
    // over secrets, the key is one of them.
    const bool make_key =
        !keeps_connections(environment) && !is_set(environment, "CREDENTIALS_DIRECTORY");
    return [environment = std::move(environment), port, key = std::move(key),
            make_key](std::string_view name) -> std::optional<std::string> {
        if (name == "TWENTY_BASE_URL") return std::string(to_come);
        if (name == "TWENTY_MCP_CA_FILE") return std::nullopt;
        if (name == "TWENTY_MCP_LISTEN" && port) return "127.0.0.1:" + std::to_string(*port);
        if (is_set(environment, name)) return environment(name);
        if (name == "TWENTY_MCP_TWENTY_PUBLIC_URL") return std::string(to_come);
        if (name == "COOKIE_ENCRYPTION_KEY" && make_key) return text::hex_encode(key.reveal());
        return std::nullopt;
    };
}

void connect(config& c, const std::string& workspace_url) {
    for (auto* url : {&c.twenty_base_url, &c.twenty_public_url, &c.twenty_shown_url})
        if (*url == to_come) *url = workspace_url;
}

bool keeps_connections(const lookup& environment) {
    return is_set(environment, "TWENTY_MCP_DATA_DIR") || is_set(environment, "STATE_DIRECTORY");
}

std::vector<std::string_view> unused(const lookup& environment) {
    std::vector<std::string_view> out;
    for (const auto name : brought_along)
        if (is_set(environment, name)) out.push_back(name);
    return out;
}

} // namespace demo_settings
