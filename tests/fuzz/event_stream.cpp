// Server-sent events: each line of the input becomes a message, as a JSON text. A reader by the
// rules of the HTML standard §9.2.6 gets exactly these messages back.
#include "http/event_stream.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;

struct event {
    std::string type;
    std::string id;
    std::string data;
    friend bool operator==(const event&, const event&) = default;
};

// HTML standard §9.2.6; lines may end in \r, \n or \r\n.
std::vector<event> read_events(std::string_view stream) {
    std::vector<event> out;
    event now;
    std::string last_id;
    bool has_data = false;
    while (!stream.empty()) {
        const auto end = stream.find_first_of("\r\n");
        fuzz::must(end != std::string_view::npos, "every line is ended");
        const auto line = stream.substr(0, end);
        const bool pair = stream.substr(end, 2) == "\r\n";
        stream.remove_prefix(end + (pair ? 2 : 1));
        if (line.empty()) {
            now.id = last_id;
            if (has_data) out.push_back(now);
            now = event{};
            has_data = false;
            continue;
        }
        const auto colon = line.find(':');
        const auto field = line.substr(0, colon);
        auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
        if (value.starts_with(' ')) value.remove_prefix(1);
        if (field == "event") now.type = value;
        if (field == "id") last_id = value;
        if (field == "data") {
            if (has_data) now.data += '\n';
            now.data += value;
            has_data = true;
        }
    }
    return out;
}

asio::awaitable<void> collect(http::event_stream& from, std::string& into) {
    for (;;) {
        auto piece = co_await from.next();
        if (piece.empty()) co_return;
        into += piece;
    }
}

} // namespace

void fuzz::event_stream(std::string_view bytes) {
    asio::io_context io{1};
    http::event_stream stream(io, std::make_shared<http::waiting_events>());
    std::vector<event> sent;
    std::size_t waiting = 0;
    constexpr std::size_t frame = 64; // of a message, at most
    while (!bytes.empty() && sent.size() < 20) {
        const auto line = take_line(bytes);
        if (!text::valid_utf8(line)) continue;
        const auto json = json::dump(json::value(line));
        // More than that ends the stream, since nobody reads while all is sent.
        waiting += json.size() + frame;
        if (waiting > http::event_stream::max_waiting) break;
        const auto id = "e" + std::to_string(sent.size());
        stream.send(id, json);
        sent.push_back({"message", id, json});
    }
    stream.end();
    std::string wire;
    asio::co_spawn(io, collect(stream, wire), asio::detached);
    io.run();
    must(read_events(wire) == sent, "a reader gets the messages that were sent");
}
