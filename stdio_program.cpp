#include "stdio_program.hpp"

#include "actors/store_file.hpp"
#include "actors/system.hpp"
#include "base/crypto.hpp"
#include "base/locked_memory.hpp"
#include "base/log.hpp"
#include "crm/catalogue.hpp"
#include "http/asio_executor.hpp"
#include "http/caf_bridge.hpp"
#include "http/https_client.hpp"
#include "process.hpp"
#include "startup.hpp"
#include "stdio/server.hpp"
#include "stdio_settings.hpp"
#include "twenty/connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <optional>
#include <unistd.h>
#include <utility>

namespace stdio_program {

namespace {

// Members are made in the order of need and destroyed in reverse.
class local_application {
  public:
    local_application(boost::asio::io_context& io, const config& c, stdio::choices chosen,
                      std::unique_ptr<http::https_client> client, actors::store_file opened)
        : io_(io), client_(std::move(client)), executor_(io),
          actors_(executor_, *client_, std::move(opened), settings(c)), bridge_(io, actors_),
          grant_(bridge_, std::move(chosen)),
          out_(STDOUT_FILENO, [&io] { boost::asio::post(io, [&io] { io.stop(); }); }),
          server_(io, bridge_, grant_, out_, crm::catalogue(), [&io] { io.stop(); }) {}

    static result<std::unique_ptr<local_application>>
    create(boost::asio::io_context& io, const config& c, stdio::choices chosen) {
        TRY(opened, actors::store_file::open(store_options(c, ":memory:", stdio::resource)));
        TRY(client, http::https_client::create(io, twenty_client_options(c)));
        return std::make_unique<local_application>(io, c, std::move(chosen), std::move(client),
                                                   std::move(opened));
    }

    // From here on lines are read.
    void start() {
        in_.emplace(
            io_, STDIN_FILENO,
            [this](stdio::input_line line, std::function<void()> next) {
                server_.take(std::move(line), std::move(next));
            },
            [this] { server_.input_ended(); });
    }
    // After the context has stopped. What was answered goes out, if somebody reads it.
    void close() {
        in_.reset();
        actors_.stop();
        out_.flush(std::chrono::seconds(5));
    }
    // Why the actors gave up, or the output could not be written; empty unless they did, and where
    // the client has left.
    [[nodiscard]] std::string failure() const {
        const auto why = out_.failure();
        if (!failure_.empty() || why.empty()) return failure_;
        return "standard output could not be written: " + why;
    }

  private:
    actors::settings settings(const config& c) {
        auto s = actor_settings(c);
        s.catalogue = &crm::catalogue();
        s.fatal = [this](const std::string& reason) {
            failure_ = reason;
            io_.stop();
        };
        return s;
    }

    boost::asio::io_context& io_;
    std::string failure_;
    std::unique_ptr<http::https_client> client_;
    http::asio_executor executor_;
    actors::system actors_;
    http::caf_bridge bridge_;
    stdio::local_grant grant_;
    stdio::line_output out_;
    stdio::server server_;
    std::optional<stdio::line_input> in_;
};

int serve(std::string_view program, const config& c, stdio::choices chosen) {
    logging::set_level(c.log_level);
    boost::asio::io_context io(1);
    auto it = local_application::create(io, c, std::move(chosen));
    if (!it) return startup::refuse(program, it.failure(), startup::run_error);
    std::signal(SIGPIPE, SIG_IGN); // write() reports the same
    boost::asio::signal_set signals(io, SIGTERM, SIGINT, SIGHUP);
    signals.async_wait([&](boost::system::error_code failed, int) {
        if (!failed) io.stop();
    });
    if (!locked_memory::start())
        logging::event(logging::level::warning, "memory_not_locked",
                       {{"hint", "keys may be swapped out; raise the limit of locked memory"}});
    (*it)->start();
    io.run();
    signals.clear(); // a second one ends the process, however long its reader takes
    (*it)->close();
    if (const auto why = (*it)->failure(); !why.empty())
        return startup::refuse(program, {errc::internal, why}, startup::run_error);
    return 0;
}

} // namespace

// The variables are read as the service reads its own, and then forgotten, whether or not they are
// right.
int run(std::string_view program, const options& chosen) {
    auto key = stdio_settings::read_api_key(process::variable, process::read_file);
    auto c = startup::read_environment(
        stdio_settings::over(process::variable, secret(crypto::random_bytes(crypto::key_bytes))));
    process::forget_secrets(stdio_settings::own());
    if (!c) return startup::refuse(program, c.failure());
    if (!key) return startup::refuse(program, key.failure());
    // What cannot be a key today will not be one at the first call. Whether one is good, Twenty
    // says.
    if (const auto facts = twenty::read_key(*key, oauth::clock::to_time_t(oauth::clock::now()));
        !facts)
        return startup::refuse(program, facts.failure());
    stdio::choices choices;
    choices.api_key = std::move(key).value();
    choices.write = !chosen.read_only;
    choices.objects = chosen.objects;
    return serve(program, *c, std::move(choices));
}

} // namespace stdio_program
