#include "stdio_settings.hpp"

#include "base/text.hpp"
#include "twenty/connection.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace stdio_settings {

namespace {

// Of the service's.
constexpr std::array<std::string_view, 13> taken{"TWENTY_BASE_URL",
                                                 "TWENTY_MCP_TWENTY_PUBLIC_URL",
                                                 "TWENTY_MCP_CA_FILE",
                                                 "HTTPS_PROXY",
                                                 "HTTP_PROXY",
                                                 "ALL_PROXY",
                                                 "NO_PROXY",
                                                 "TWENTY_MCP_CALLS_PER_MINUTE",
                                                 "TWENTY_MCP_ASK_FLOOR",
                                                 "TWENTY_MCP_ASK_ABOVE",
                                                 "TWENTY_MCP_CHANGES_HOUR",
                                                 "TWENTY_MCP_CHANGES_DAY",
                                                 "TWENTY_MCP_LOG_LEVEL"};

result<done> read_elsewhere(std::string_view, config&) { return done{}; } // by read_api_key()

} // namespace

const std::vector<setting>& own() {
    static const std::vector<setting> table{
        {.name = "TWENTY_API_KEY",
         .is_secret = true,
         .help = "Your API key of Twenty (Settings, APIs & Webhooks).",
         .example = "eyJ...",
         .read = read_elsewhere},
        {.name = "TWENTY_API_KEY_FILE",
         .help = "A file that holds the key instead.",
         .example = "/home/ada/.config/twenty-mcp/key",
         .read = read_elsewhere},
    };
    return table;
}

std::vector<setting> shown() {
    std::vector<setting> out;
    const auto take = [&](std::string_view name) {
        const auto& all = settings();
        out.push_back(*std::ranges::find(all, name, &setting::name));
    };
    take(taken.front());
    out.insert(out.end(), own().begin(), own().end());
    for (const auto name : std::span(taken).subspan(1))
        take(name);
    return out;
}

lookup over(lookup environment, secret key) {
    return [environment = std::move(environment),
            key = std::move(key)](std::string_view name) -> std::optional<std::string> {
        if (name == "COOKIE_ENCRYPTION_KEY") return text::hex_encode(key.reveal());
        const auto& all = settings();
        const bool known = std::ranges::find(all, name, &setting::name) != all.end();
        if (known && std::ranges::find(taken, name) == taken.end()) return std::nullopt;
        return environment(name);
    };
}

result<secret> read_api_key(const lookup& environment, const file_reader& read_file) {
    TRY(given, value_of(own().front(), environment, read_file));
    if (given) return twenty::trimmed_key(*given);
    const auto path = environment("TWENTY_API_KEY_FILE");
    if (!path || text::trim(*path).empty())
        return error{errc::bad_request, "TWENTY_API_KEY is not set (environment or systemd "
                                        "credential), nor is TWENTY_API_KEY_FILE; example: "
                                        "TWENTY_API_KEY=eyJ..."};
    auto content = read_file(std::string(text::trim(*path)));
    if (!content)
        return error{errc::bad_request,
                     "TWENTY_API_KEY_FILE cannot be read: " + content.failure().message};
    auto key = twenty::trimmed_key(secret(std::move(content).value()));
    if (key.empty()) return error{errc::bad_request, "TWENTY_API_KEY_FILE is empty"};
    return key;
}

} // namespace stdio_settings
