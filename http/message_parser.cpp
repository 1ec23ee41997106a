#include "http/message_parser.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <utility>

namespace http {

namespace {

namespace beast = boost::beast::http;
using beast_error = boost::beast::error_code;
using beast_view = boost::beast::string_view;
using length = boost::optional<std::uint64_t>;

constexpr std::size_t spare = 64; // room that simdjson reads past the end

std::string_view view(beast_view v) noexcept { return {v.data(), v.size()}; }

// base_sink is what requests and responses have in common: where body bytes go.
template <bool is_request> class base_sink : public beast::basic_parser<is_request> {
  protected:
    std::string* body_ = nullptr;
    bool head_done_ = false;

    // Set by the end of the header: fields that come after it belong to a trailer (RFC 9110 §6.5).
    void on_header_impl(beast_error&) override { head_done_ = true; }
    void on_body_init_impl(const length& bytes, beast_error&) override {
        // Threat: a claimed length makes us reserve what never comes. Defence: the limit was
        // checked before, and what is reserved is bounded anyway.
        if (bytes)
            body_->reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*bytes, 1 << 20)) +
                           spare);
    }
    std::size_t on_body_impl(beast_view bytes, beast_error&) override {
        body_->append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast_view, beast_error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast_view bytes, beast_error&) override {
        body_->append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_finish_impl(beast_error&) override {}
};

// Beast takes it for granted that the last chunk comes in one piece, and ends a program whose
// assertions are on when "0\r\n" and "\r" arrive one after the other. Nothing shorter than
// "0\r\n\r\n" ends a chunked body, so the rest may as well be waited for.
template <class Parser> bool too_little(const Parser& parser, std::size_t bytes) {
    constexpr std::size_t last_chunk = 5;
    return parser.is_header_done() && parser.chunked() && bytes < last_chunk;
}

// state_of() tells what is too large from what is broken, because the two have answers of their own
// (413 or 431, and 400).
parse_state state_of(const beast_error& failed) noexcept {
    if (!failed || failed == beast::error::need_more) return parse_state::need_more;
    if (failed == beast::error::header_limit || failed == beast::error::body_limit ||
        failed == beast::error::buffer_overflow)
        return parse_state::too_large;
    return parse_state::broken;
}

} // namespace

// -- Requests ---------------------------------------------------------------------------------

struct request_parser::sink final : base_sink<true> {
    explicit sink(request& into) : into_(into) { body_ = &into.body; }

    request& into_;
    std::string target_;
    unsigned version_ = 11;
    bool keep_alive_ = false;
    bool authorization_seen_ = false;

    void on_request_impl(beast::verb, beast_view method, beast_view target, int version,
                         beast_error&) override {
        into_.method = view(method);
        target_ = view(target);
        version_ = static_cast<unsigned>(version);
    }
    void on_response_impl(int, beast_view, int, beast_error&) override {}
    void on_field_impl(beast::field, beast_view name, beast_view value, beast_error&) override {
        if (head_done_) return; // a trailer
        auto& [lower, text] = into_.headers.emplace_back();
        lower.resize(name.size());
        std::transform(name.begin(), name.end(), lower.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        // Threat: a token stays in freed memory, or goes into a swap file. Defence: its bytes are
        // copied from the read buffer, which wipes what was used, into a secret and nowhere else.
        // Of two the first counts here; the router refuses both.
        if (lower != authorization_field)
            text = view(value);
        else if (!std::exchange(authorization_seen_, true))
            into_.authorization = secret(view(value));
    }
    void on_header_impl(beast_error& failed) override {
        base_sink::on_header_impl(failed);
        keep_alive_ = keep_alive();
    }
};

struct request_parser::state {
    std::size_t header_bytes;
    std::size_t head_read = 0;
    std::optional<request_parser::sink> parser;
};

request_parser::request_parser(std::size_t header_bytes) : state_(std::make_unique<state>()) {
    state_->header_bytes = header_bytes;
}
request_parser::~request_parser() = default;

void request_parser::begin(request& into) {
    auto& parser = state_->parser.emplace(into);
    state_->head_read = 0;
    into.headers.reserve(16);
    parser.header_limit(static_cast<std::uint32_t>(state_->header_bytes));
    parser.body_limit(boost::none); // set once the head says whose path it is
}

// put() stops at the end of the head, although the bytes of the body may be there: what the head
// says decides whether the body is read at all. It offers Beast the rest again and again, because
// Beast returns after each part of a message.
parse_step request_parser::put(std::string_view bytes) {
    auto& parser = *state_->parser;
    const bool had_head = parser.is_header_done();
    beast_error failed;
    parse_step step;
    while (!parser.is_done() && !too_little(parser, bytes.size() - step.used)) {
        const auto used = parser.put(boost::asio::buffer(bytes.substr(step.used)), failed);
        step.used += used;
        // Beast's own limit is one for the first line and another for the fields.
        if (!had_head && (state_->head_read += used) > state_->header_bytes) {
            step.state = parse_state::too_large;
            return step;
        }
        if (failed) break;
        if (!had_head && parser.is_header_done()) {
            step.state = parse_state::head;
            return step;
        }
        if (step.used == bytes.size()) break;
    }
    step.state = parser.is_done() && !failed ? parse_state::done : state_of(failed);
    return step;
}

std::string_view request_parser::target() const noexcept { return state_->parser->target_; }
unsigned request_parser::version() const noexcept { return state_->parser->version_; }
bool request_parser::keep_alive() const noexcept { return state_->parser->keep_alive_; }
bool request_parser::done() const noexcept { return state_->parser->is_done(); }

std::optional<std::uint64_t> request_parser::content_length() const noexcept {
    const auto bytes = state_->parser->content_length();
    return bytes ? std::optional<std::uint64_t>(*bytes) : std::nullopt;
}

void request_parser::limit_body(std::uint64_t bytes) { state_->parser->body_limit(bytes); }

// -- Responses --------------------------------------------------------------------------------

struct response_parser::sink final : base_sink<false> {
    sink(upstream_head& head, std::string& body, bool keep_fields)
        : head_(head), keep_fields_(keep_fields) {
        body_ = &body;
    }

    upstream_head& head_;
    bool keep_fields_;

    void on_request_impl(beast::verb, beast_view, beast_view, int, beast_error&) override {}
    void on_response_impl(int status, beast_view, int, beast_error&) override {
        // An interim answer (1xx) may have come before: nothing of its fields is the final one's.
        head_ = upstream_head{};
        head_.status = status;
    }
    void on_field_impl(beast::field name, beast_view text, beast_view value,
                       beast_error&) override {
        if (head_done_) return;
        if (keep_fields_) head_.fields.emplace_back(view(text), view(value));
        if (name == beast::field::content_type)
            head_.content_type = view(value);
        else if (name == beast::field::retry_after)
            head_.retry_after = view(value);
        else if (name == beast::field::content_encoding)
            head_.content_encoding = view(value);
        else if (name == beast::field::cache_control)
            head_.cache_control = view(value);
    }
    void on_header_impl(beast_error& failed) override {
        base_sink::on_header_impl(failed);
        head_.keep_alive = keep_alive();
    }
};

struct response_parser::state {
    std::size_t header_bytes;
    std::uint64_t body_bytes;
    bool keep_fields = false;
    upstream_head* head = nullptr;
    std::string* body = nullptr;
    std::optional<response_parser::sink> parser;

    void restart() {
        auto& p = parser.emplace(*head, *body, keep_fields);
        p.header_limit(static_cast<std::uint32_t>(header_bytes));
        p.body_limit(body_bytes);
    }
};

response_parser::response_parser(std::size_t header_bytes, std::uint64_t body_bytes,
                                 bool keep_fields)
    : state_(std::make_unique<state>()) {
    state_->keep_fields = keep_fields;
    state_->header_bytes = header_bytes;
    state_->body_bytes = body_bytes;
}
response_parser::~response_parser() = default;

void response_parser::begin(upstream_head& head, std::string& body) {
    state_->head = &head;
    state_->body = &body;
    state_->restart();
}

parse_step response_parser::put(std::string_view bytes) {
    parse_step step;
    beast_error failed;
    while (step.used < bytes.size()) {
        auto& parser = *state_->parser;
        if (too_little(parser, bytes.size() - step.used)) break;
        step.used += parser.put(boost::asio::buffer(bytes.substr(step.used)), failed);
        if (failed) break;
        if (!parser.is_done()) continue;
        if (state_->head->status / 100 != 1) break;
        state_->restart(); // RFC 9110 §15.2: the final answer follows
    }
    step.state = state_->parser->is_done() && !failed ? parse_state::done : state_of(failed);
    return step;
}

// end_of_stream(): a body without a length ends with its connection (RFC 9112 §6.3); one that said
// its length, or is chunked, is incomplete then, and Beast says so.
bool response_parser::end_of_stream() {
    auto& parser = *state_->parser;
    if (!parser.got_some()) return false;
    beast_error failed;
    parser.put_eof(failed);
    return !failed;
}

std::string_view reason_phrase(int status) noexcept {
    const auto known = beast::int_to_status(static_cast<unsigned>(status));
    if (known == beast::status::unknown) return "Status";
    return view(beast::obsolete_reason(known));
}

} // namespace http
