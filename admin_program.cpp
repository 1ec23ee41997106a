#include "admin_program.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "process.hpp"
#include "service_settings.hpp"
#include "startup.hpp"

#include <csignal>
#include <filesystem>
#include <iostream>
#include <map>
#include <thread>
#include <unistd.h>

namespace admin_program {

namespace {

// The same bound as that of a file.
constexpr std::size_t most_of_input = 1 << 20;
// The server has a lower one and says it; this one keeps a slip from reading a whole disk.
constexpr std::size_t most_files = 100;

constexpr std::string_view json_media = "application/json";

result<secret> token_of(const options& chosen, const lookup& get, const file_reader& read_file) {
    if (!chosen.token_file.empty()) {
        TRY(content, read_file(chosen.token_file));
        return console::read_token(secret(std::move(content)));
    }
    auto given = get("ADMIN_TOKEN");
    if (!given)
        return bad_request("say --token-file FILE, or set ADMIN_TOKEN: the server at --url wants "
                           "its admin token");
    return console::read_token(secret(std::move(*given)));
}

// Where the service of this machine listens; of one that is not told otherwise, the package's.
result<std::string> socket_of(const options& chosen, const lookup& get) {
    if (!chosen.socket.empty()) return chosen.socket;
    const auto set = get("TWENTY_MCP_ADMIN_SOCKET").value_or("");
    auto path = std::string(text::trim(set));
    if (path == "none")
        return bad_request("the service's socket is switched off (TWENTY_MCP_ADMIN_SOCKET=none): "
                           "say --url and its admin token, or --socket PATH of another service");
    if (path.empty()) path = default_admin_socket(get);
    if (path.empty()) path = std::string(service_settings::package_runtime) + "/admin.sock";
    return path;
}

result<std::string> read_input() {
    std::string content(most_of_input + 1, '\0');
    std::cin.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (std::cin.bad()) return bad_request("standard input cannot be read");
    content.resize(static_cast<std::size_t>(std::cin.gcount()));
    if (content.size() > most_of_input) return bad_request("standard input has more than 1 MiB");
    return content;
}

// {"files":{PATH:TEXT}}, in the order of the paths. What begins with a dot is an editor's or a
// version control's.
result<console::content> read_folder(const std::filesystem::path& folder) {
    namespace fs = std::filesystem;
    std::map<std::string, std::string> files;
    std::error_code failed;
    auto at = fs::recursive_directory_iterator(folder, failed);
    for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
        if (at->path().filename().string().starts_with('.')) {
            at.disable_recursion_pending();
            continue;
        }
        if (!at->is_regular_file(failed)) continue;
        if (files.size() == most_files)
            return bad_request(folder.string() + " has more than " + std::to_string(most_files) +
                               " files");
        TRY(text, process::read_file(at->path().string()));
        files.emplace(at->path().lexically_relative(folder).generic_string(), std::move(text));
    }
    if (failed) return bad_request(folder.string() + ": " + failed.message());
    json::writer w;
    w.begin_object().key("files").begin_object();
    for (const auto& [path, text] : files)
        w.member(path, text);
    w.end_object().end_object();
    return console::content{w.take(), json_media};
}

void say(std::string_view words) {
    for (const auto& line : text::split(words, '\n'))
        logging::say(line);
}

// Threat: a script that was meant for one connection ends all of them, and nobody is there to say
// no. Defence: without a person the option has to say yes.
result<bool> agreed(std::string_view what) {
    if (::isatty(STDIN_FILENO) == 0)
        return bad_request(std::string(what) + " Say --yes if that is meant.");
    std::cerr << what << " Type yes: " << std::flush;
    std::string line;
    std::getline(std::cin, line);
    return text::trim(line) == "yes";
}

// Nobody who reads any more is waited for.
bool wait(std::chrono::milliseconds time) {
    std::this_thread::sleep_for(time);
    return std::cout.good();
}

console::surroundings surroundings_of(console::server& to) {
    console::surroundings out;
    out.ask = [&to](http::probe_request r) { return to.ask(std::move(r)); };
    out.out = [](std::string_view text) { std::cout << text << std::flush; };
    out.say = say;
    out.read = read_content;
    out.agreed = agreed;
    out.wait = wait;
    out.screen = ::isatty(STDOUT_FILENO) != 0;
    return out;
}

// A file that was cut off by a full disk must not look whole.
int written(std::string_view program, int code) {
    if (std::cout.flush()) return code;
    logging::say(std::string(program) + ": standard output cannot be written");
    return startup::run_error;
}

// What follows has no end of its own: a signal is the way to end it, and nothing is left to do.
void end_well_by_signal() {
    std::signal(SIGINT, [](int) { ::_exit(0); });
    std::signal(SIGTERM, [](int) { ::_exit(0); });
}

} // namespace

result<console::target> target_of(const options& chosen, const lookup& get,
                                  const file_reader& read_file) {
    console::target out;
    out.timeout = std::chrono::seconds(chosen.timeout_seconds);
    if (chosen.url.empty()) {
        TRY(path, socket_of(chosen, get));
        out.socket = std::move(path);
        return out;
    }
    TRY(url, console::read_address(chosen.url));
    TRY(token, token_of(chosen, get, read_file));
    out.url = std::move(url);
    out.token = std::move(token);
    out.ca_file = chosen.ca_file;
    return out;
}

result<console::content> read_content(const std::string& path) {
    if (path == "-") {
        TRY(text, read_input());
        return console::content{std::move(text)};
    }
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return read_folder(path);
    TRY(text, process::read_given_file(path));
    console::content out{std::move(text)};
    if (path.ends_with(".json")) out.media = json_media;
    return out;
}

int run(std::string_view program, const options& chosen, const console::order& order) {
    auto to = target_of(chosen, service_settings::find().get, process::read_given_file);
    process::forget_secrets(settings());
    if (!to) return startup::refuse(program, to.failure());
    const auto server = console::server::create(*std::move(to));
    if (!server) return startup::refuse(program, server.failure());
    if (order.follow) end_well_by_signal();
    const auto code = console::run(order, web::admin_operations(), surroundings_of(**server));
    if (code) return written(program, *code);
    return startup::refuse(program, code.failure(), console::exit_code(*order.row, code.failure()));
}

} // namespace admin_program
