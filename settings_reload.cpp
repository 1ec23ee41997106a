#include "settings_reload.hpp"

#include "base/crypto.hpp"
#include "base/new_file.hpp"
#include "base/text.hpp"
#include "process.hpp"
#include "service_settings.hpp"
#include "startup.hpp"

#include <algorithm>
#include <memory>

namespace settings_reload {

namespace {

constexpr std::string_view ca_file_name = "TWENTY_MCP_CA_FILE";

// What can be taken up, and how. True: it changed something, whether or not the setting did.
struct reloadable {
    std::string_view name;
    result<bool> (*take)(config& now, const receiver& to);
};
const reloadable reloadables[] = {
    {"TWENTY_MCP_LOG_LEVEL",
     [](config& now, const receiver& to) { return result<bool>(to.log_level(now.log_level)); }},
    {ca_file_name,
     [](config& now, const receiver& to) -> result<bool> {
         CHECK_OK(to.trust(now.ca_file));
         return false;
     }},
    {"TWENTY_MCP_STATIC_CLIENTS",
     [](config& now, const receiver& to) {
         to.clients(std::move(now.configured_clients));
         return result<bool>(false);
     }},
};

const reloadable* reloadable_named(std::string_view name) {
    const auto* const at = std::ranges::find(reloadables, name, &reloadable::name);
    return at == std::ranges::end(reloadables) ? nullptr : at;
}

// The value that holds, be it the default; empty: there is none.
result<secret> effective(const setting& s, const source& from) {
    TRY(given, value_of(s, from.get, from.read_file));
    return given ? *std::move(given) : secret(s.fallback);
}

// What tells a value from another: of a file what is in it, too.
result<secret> compared(const setting& s, const source& from) {
    TRY(value, effective(s, from));
    if (s.name != ca_file_name || value.empty()) return value;
    TRY(content, from.read_file(std::string(value.reveal())));
    return secret(std::string(value.reveal()) + '\n' + content);
}

std::string first_folder(const std::optional<std::string>& list) {
    return list && !list->empty() ? text::split(*list, ':').front() : std::string();
}

std::string handed_file(const std::string& runtime_folder) { return runtime_folder + "/settings"; }

} // namespace

reloader::reloader(source own)
    : own_(std::move(own)), key_(secret(crypto::random_bytes(crypto::key_bytes))) {
    for (const auto& s : settings()) {
        if (const auto value = compared(s, own_)) marks_[s.name] = mark(value->reveal());
        for (const auto name : {s.also, s.name}) {
            if (!s.is_secret || name.empty()) continue;
            const secret given(own_.get(name).value_or(std::string()));
            if (!text::trim(given.reveal()).empty()) wiped_.insert(s.name);
        }
    }
}

std::string reloader::mark(std::string_view value) const {
    return crypto::keyed_hash(key_.reveal(), value);
}

bool reloader::knows(const setting& s, const source& now) const {
    if (!s.is_secret) return true;
    return now.handed ? reloadable_named(s.name) != nullptr : !wiped_.contains(s.name);
}

// Everything is taken up anew, changed or not: a file's content, the system's authorities and the
// log level may have changed where the setting did not.
void reloader::take_up(const setting& s, const source& now, const receiver& to, report& into) {
    const auto fail = [&](const error& why) {
        into.faults.push_back(
            {s.name, why.detail.empty() ? why.message : why.message + " (" + why.detail + ")"});
    };
    const auto value = effective(s, now);
    if (!value) return fail(value.failure());
    const auto seen = compared(s, now);
    if (!seen) return fail(seen.failure());
    config read;
    if (!value->empty())
        if (const auto good = s.read(value->reveal(), read); !good) return fail(good.failure());
    const auto moved = reloadable_named(s.name)->take(read, to);
    if (!moved) return fail(moved.failure());
    auto found = mark(seen->reveal());
    if (*moved || marks_[s.name] != found) into.changed.push_back(s.name);
    marks_[s.name] = std::move(found);
}

report reloader::reload(const source& now, const receiver& to) {
    report out;
    for (const auto& s : settings()) {
        if (!knows(s, now)) continue;
        if (reloadable_named(s.name)) {
            take_up(s, now, to, out);
            continue;
        }
        const auto value = compared(s, now);
        if (!value)
            out.faults.push_back({s.name, value.failure().message});
        else if (marks_[s.name] != mark(value->reveal()))
            out.waiting.push_back(s.name);
    }
    return out;
}

// The text is made in one piece, for it leaves no copy where it grew.
result<secret> handed_text(const source& from) {
    std::vector<std::pair<std::string_view, secret>> given;
    std::size_t size = 0;
    for (const auto& s : settings()) {
        if (s.is_secret && !reloadable_named(s.name)) continue;
        TRY(value, value_of(s, from.get, from.read_file));
        if (!value) continue;
        size += s.name.size() + value->size() + 2;
        given.emplace_back(s.name, *std::move(value));
    }
    std::string out;
    out.reserve(size);
    for (const auto& [name, value] : given)
        out.append(name).append("=").append(value.reveal()).push_back('\0');
    return secret(std::move(out));
}

source read_handed(secret text, file_reader read_file) {
    source out;
    out.get = [held = std::make_shared<const secret>(std::move(text))](
                  std::string_view name) -> std::optional<std::string> {
        auto rest = held->reveal();
        while (!rest.empty()) {
            const auto one = rest.substr(0, rest.find('\0'));
            rest.remove_prefix(std::min(rest.size(), one.size() + 1));
            if (one.starts_with(name) && one.substr(name.size()).starts_with('='))
                return std::string(one.substr(name.size() + 1));
        }
        return std::nullopt;
    };
    out.read_file = std::move(read_file);
    out.handed = true;
    return out;
}

result<source> present(const source& own) {
    const auto folder = first_folder(own.get("RUNTIME_DIRECTORY"));
    if (folder.empty()) return own;
    auto content = own.read_file(handed_file(folder));
    if (!content && content.failure().code == errc::not_found) return own;
    if (!content) return std::move(content).failure();
    return read_handed(secret(*std::move(content)), own.read_file);
}

// Threat: whoever has taken the service over leads root elsewhere from the folder that it writes
// to. Defence: new_file follows no link and replaces nothing but the name itself.
result<std::string> hand_over() {
    const auto service = process::variable("MAINPID");
    const auto folder = first_folder(process::variable("RUNTIME_DIRECTORY"));
    if (!service || folder.empty())
        return error{errc::bad_request, "this is for systemd, which says where the service is: run "
                                        "systemctl reload twenty-mcp"};
    source given;
    given.read_file = process::read_file;
    // systemd may not copy secrets anew for a reload, so that they are read where they are made.
    given.get = [](std::string_view name) {
        return name == "CREDENTIALS_DIRECTORY"
                   ? std::optional(std::string(service_settings::package_folder))
                   : process::variable(name);
    };
    CHECK_OK(startup::read_settings(given.get, process::variable_names()));
    TRY(text, handed_text(given));
    TRY(file, files::new_file::begin(handed_file(folder), folder));
    CHECK_OK(file.append(text.reveal()));
    CHECK_OK(file.finish(true));
    CHECK_OK(process::hang_up(*service));
    return std::string(
        "The settings are right and were handed to the service; its log says what it "
        "took up.\n");
}

} // namespace settings_reload
