// The server-sent event streams of one session: which are connected, and a bounded memory of
// what was sent, so that a client whose connection broke gets the rest (MCP 2025-11-25,
// resumability). Event ids name the stream; they mean nothing to another session, nor to this
// one after it slept.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/settings.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace actors {

class session_streams {
  public:
    using number = std::uint64_t;
    // The one that GET opens: what belongs to no call.
    static constexpr number standalone = 1;

    // `connected` counts the streams that somebody reads; its owner looks at it.
    // `kept` counts the bytes that the streams of all sessions keep.
    session_streams(settings_ptr settings, std::shared_ptr<std::size_t> connected,
                    std::shared_ptr<std::size_t> kept);
    ~session_streams(); // ends all of them

    number open(outlet_ptr out, bool resumable);
    // A new reader of a stream; one that was there before ends.
    void attach(number stream, outlet_ptr out, bool resumable);
    void send(number stream, const std::string& json, deadline now);
    void prime(number stream);
    // For the access log of whoever reads it.
    void note(number stream, std::vector<logging::pair> pairs);
    // Nothing more comes. A reader that comes back later gets what it missed.
    void finish(number stream);
    // Nobody reads it any more; what is sent is kept for a while if it is resumable.
    void disconnect(number stream);
    // The same, by our own will: the reader is handed back to be ended.
    outlet_ptr let_go(number stream);
    void end_all();

    // Which stream an event id belongs to; nullopt: none of ours.
    [[nodiscard]] std::optional<number> stream_of(std::string_view event_id) const;
    // Sends what came after the event, and goes on from there.
    void resume(std::string_view last_event_id, outlet_ptr out, deadline now);

    [[nodiscard]] bool has(number stream) const { return open_.contains(stream); }
    // Names who reads the stream at present; no other reader ever had that name. 0: nobody.
    [[nodiscard]] std::uint64_t reader(number stream) const;

  private:
    // A stream is in `open_` from open() or attach() until finish(), with a reader or without one.
    // Its events outlive it in `kept_`: a reader that comes back after finish() still gets the
    // rest, and then the end.
    struct stream {
        outlet_ptr out; // null: nobody reads
        std::uint64_t reader = 0;
        bool resumable = false;
    };
    struct event {
        number of;
        std::uint64_t sequence;
        std::string json;
        deadline at;
    };

    [[nodiscard]] std::string id_of(number stream, std::uint64_t sequence) const;
    void connect(stream& s, outlet_ptr out);
    void release(stream& s, bool end);
    void forget(deadline now);
    void forget_first();

    settings_ptr settings_;
    std::shared_ptr<std::size_t> connected_;
    std::string tag_; // random: ids of an earlier life are not ours
    number last_ = standalone;
    std::uint64_t last_reader_ = 0;
    std::uint64_t sequence_ = 0;
    std::unordered_map<number, stream> open_;
    std::deque<event> kept_;
    std::size_t kept_bytes_ = 0;
    std::shared_ptr<std::size_t> all_kept_; // bytes, of all sessions
};

} // namespace actors
