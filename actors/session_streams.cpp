#include "actors/session_streams.hpp"

#include "base/crypto.hpp"
#include "base/number.hpp"
#include "base/text.hpp"

namespace actors {

namespace {

constexpr std::size_t tag_bytes = 9; // 72 bits: nobody guesses another session's

struct event_id {
    std::uint64_t stream;
    std::uint64_t sequence;
};

// TAG.STREAM.SEQUENCE
std::optional<event_id> parse(std::string_view id, std::string_view tag) {
    if (!id.starts_with(tag) || id.size() <= tag.size() || id[tag.size()] != '.')
        return std::nullopt;
    id.remove_prefix(tag.size() + 1);
    const auto dot = id.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto stream = text::number<std::uint64_t>(id.substr(0, dot));
    const auto sequence = text::number<std::uint64_t>(id.substr(dot + 1));
    if (!stream || !sequence) return std::nullopt;
    return event_id{*stream, *sequence};
}

} // namespace

session_streams::session_streams(settings_ptr settings, std::shared_ptr<std::size_t> connected,
                                 std::shared_ptr<std::size_t> kept)
    : settings_(std::move(settings)), connected_(std::move(connected)),
      tag_(text::base64url_encode(crypto::random_bytes(tag_bytes))), all_kept_(std::move(kept)) {}

session_streams::~session_streams() {
    end_all();
    *all_kept_ -= kept_bytes_;
}

std::string session_streams::id_of(number stream, std::uint64_t sequence) const {
    return tag_ + '.' + std::to_string(stream) + '.' + std::to_string(sequence);
}

void session_streams::connect(stream& s, outlet_ptr out) {
    release(s, true); // MCP 2025-11-25, multiple connections: no message is sent on two
    s.out = std::move(out);
    s.reader = ++last_reader_;
    ++*connected_;
}

// release() stops watching before it ends the outlet: an end that we make ourselves must not come
// back as outlet_ended.
void session_streams::release(stream& s, bool end) {
    if (!s.out) return;
    --*connected_;
    const auto out = std::exchange(s.out, nullptr);
    out->watch(nullptr);
    if (end) out->end();
}

session_streams::number session_streams::open(outlet_ptr out, bool resumable) {
    const auto made = ++last_;
    attach(made, std::move(out), resumable);
    return made;
}

void session_streams::attach(number which, outlet_ptr out, bool resumable) {
    auto& s = open_[which];
    s.resumable = resumable;
    connect(s, std::move(out));
}

void session_streams::prime(number which) {
    const auto found = open_.find(which);
    if (found == open_.end() || !found->second.out) return;
    found->second.out->prime(id_of(which, ++sequence_), settings_->stream_retry);
}

// send() keeps an event of a resumable stream whether or not somebody reads, and before it is sent:
// a client may have lost it on the way. Other streams (without a session, or under MCP 2026-07-28)
// have no ids, so that no client tries to resume one.
void session_streams::send(number which, const std::string& json, deadline now) {
    const auto found = open_.find(which);
    if (found == open_.end()) return;
    auto& s = found->second;
    if (!s.resumable) {
        if (s.out) s.out->send({}, json);
        return;
    }
    const auto sequence = ++sequence_;
    kept_.push_back({which, sequence, json, now});
    kept_bytes_ += json.size();
    *all_kept_ += json.size();
    forget(now);
    if (s.out) s.out->send(id_of(which, sequence), json);
}

// Threat: a client that never reads makes the server keep everything for it. Defence: few
// events, few bytes, a short while; and when all sessions together keep too much, the one that
// keeps more gives its own.
void session_streams::forget(deadline now) {
    while (!kept_.empty() &&
           (kept_.size() > settings_->replay_events || kept_bytes_ > settings_->replay_bytes ||
            *all_kept_ > settings_->replay_total || kept_.front().at + settings_->replay_age < now))
        forget_first();
}

void session_streams::forget_first() {
    kept_bytes_ -= kept_.front().json.size();
    *all_kept_ -= kept_.front().json.size();
    kept_.pop_front();
}

void session_streams::note(number which, std::vector<logging::pair> pairs) {
    const auto found = open_.find(which);
    if (found != open_.end() && found->second.out) found->second.out->note(std::move(pairs));
}

void session_streams::finish(number which) {
    const auto found = open_.find(which);
    if (found == open_.end()) return;
    release(found->second, true);
    open_.erase(found);
}

void session_streams::disconnect(number which) {
    const auto found = open_.find(which);
    if (found == open_.end()) return;
    release(found->second, false);
    if (!found->second.resumable) open_.erase(found);
}

// let_go() keeps the stream open, and its events: the client comes back for them.
outlet_ptr session_streams::let_go(number which) {
    const auto found = open_.find(which);
    if (found == open_.end()) return nullptr;
    auto out = found->second.out;
    release(found->second, false);
    return out;
}

void session_streams::end_all() {
    for (auto& [which, s] : open_)
        release(s, true);
    open_.clear();
}

std::uint64_t session_streams::reader(number which) const {
    const auto found = open_.find(which);
    return found == open_.end() || !found->second.out ? 0 : found->second.reader;
}

// stream_of() takes nothing that this life has not given out: with the tag of `tag_` alone a client
// could name a stream or an event that is still to come.
std::optional<session_streams::number> session_streams::stream_of(std::string_view id) const {
    const auto known = parse(id, tag_);
    if (!known || known->stream > last_ || known->sequence > sequence_) return std::nullopt;
    return known->stream;
}

// resume() sends what is kept before it connects the reader: a message that is sent meanwhile
// would otherwise come before older ones.
void session_streams::resume(std::string_view last_event_id, outlet_ptr out, deadline now) {
    forget(now);
    const auto after = parse(last_event_id, tag_);
    if (!after) return;
    for (const auto& e : kept_)
        if (e.of == after->stream && e.sequence > after->sequence)
            out->send(id_of(e.of, e.sequence), e.json);
    const auto found = open_.find(after->stream);
    if (found != open_.end())
        connect(found->second, std::move(out));
    else
        out->end(); // the stream had come to its end meanwhile
}

} // namespace actors
