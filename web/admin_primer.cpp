#include "web/admin_primer.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "web/http.hpp"

#include <algorithm>

namespace web {

namespace {

// check_primer() says what the primer may be: every model of every connection reads it.
result<done> check_primer(const request& r) {
    if (r.body.size() > max_primer_bytes)
        return error{errc::too_large, "The primer may have 100,000 bytes at most."};
    if (!text::valid_utf8(r.body)) return error{errc::bad_request, "The primer must be UTF-8."};
    if (text::trim(r.body).empty())
        return error{errc::bad_request, "The primer is blank; use DELETE to restore the default."};
    const auto control = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7F;
    };
    if (std::any_of(r.body.begin(), r.body.end(), control))
        return error{errc::bad_request, "The primer holds control characters."};
    return done{};
}

// RFC 9110 §13.1: If-Match with etags or *; of If-None-Match only what keeps a first upload from
// replacing somebody else's.
result<stored::primer_condition> condition_of(const request& r) {
    stored::primer_condition out;
    for (const auto& [name, value] : r.headers) {
        if (name == "if-none-match") {
            if (text::trim(value) != "*")
                return error{errc::bad_request, "If-None-Match can only be * here."};
            out.absent = true;
        }
        if (name != "if-match") continue;
        if (!out.etags) out.etags.emplace();
        for (const auto& one : text::split(value, ','))
            out.etags->emplace_back(text::trim(one));
    }
    return out;
}

// RFC 9110 §13.1: a condition that does not hold is 412, whatever the store calls it.
response refused_change(const error& e) {
    if (e.code != errc::conflict) return plain_error(e);
    return json_error(412, "precondition_failed", e.message);
}

void write_version(json::writer& w, const stored::primer_version& one, bool current) {
    w.begin_object().member("version", one.version);
    w.member("created", oauth::iso_time(one.created_at));
    w.member("current", current).member("bundled", !one.markdown.has_value());
    if (one.markdown) w.member("bytes", one.markdown->size()).member("etag", one.etag);
    w.end_object();
}

response markdown_of(std::string markdown, const std::string& etag) {
    response answer(200, "text/markdown; charset=utf-8", std::move(markdown));
    answer.set("ETag", etag).set("Cache-Control", "no-store");
    return answer;
}

} // namespace

asio::awaitable<response> put_primer(const admin_needs& needs, admin_call call) {
    auto& r = call.request;
    if (!has_media_type(r, "text/markdown") && !has_media_type(r, "text/plain"))
        co_return json_error(415, "unsupported_media_type",
                             "Content-Type must be text/markdown or text/plain.");
    if (const auto fit = check_primer(r); !fit) co_return plain_error(fit.failure());
    auto condition = condition_of(r);
    if (!condition) co_return plain_error(condition.failure());
    // The condition goes along into the store and is judged there, in the same transaction as the
    // change: between a look and a write somebody else may have written.
    const auto bytes = r.body.size();
    actors::write_primer question(std::move(r.body), *std::move(condition), call.source);
    const auto written = co_await needs.actors.ask(std::move(question));
    if (!written) co_return refused_change(written.failure());
    json::writer w;
    w.begin_object().member("ok", true).member("bytes", bytes).end_object();
    auto answer = json_response(200, w.take());
    answer.set("ETag", written->etag);
    co_return answer;
}

asio::awaitable<response> get_primer(const admin_needs& needs, admin_call call) {
    actors::read_primer question;
    auto found = co_await needs.actors.ask(std::move(question));
    if (!found) co_return plain_error(found.failure());
    if (!found->has_value())
        co_return json_error(404, "not_found", "No primer is set; the bundled one is in use.");
    auto& primer = **found;
    auto answer = markdown_of(std::move(primer.markdown), primer.etag);
    if (call.request.header("if-none-match") == primer.etag) { // RFC 9110 §13.1.2
        answer.status = 304;
        answer.body.clear();
        std::erase_if(answer.headers, [](const auto& h) { return h.first == "Content-Type"; });
    }
    co_return answer;
}

asio::awaitable<response> delete_primer(const admin_needs& needs, admin_call call) {
    auto condition = condition_of(call.request);
    if (!condition) co_return plain_error(condition.failure());
    actors::clear_primer question(*std::move(condition), call.source);
    const auto cleared = co_await needs.actors.ask(std::move(question));
    if (!cleared) co_return refused_change(cleared.failure());
    co_return json_response(200, "{\"ok\":true}");
}

asio::awaitable<response> get_primer_history(const admin_needs& needs, admin_call) {
    actors::list_primers question;
    const auto kept = co_await needs.actors.ask(std::move(question));
    if (!kept) co_return plain_error(kept.failure());
    json::writer w;
    w.begin_object().key("versions").begin_array();
    for (const auto& one : *kept)
        write_version(w, one, &one == &kept->front());
    w.end_array().end_object();
    co_return json_response(200, w.take());
}

asio::awaitable<response> get_primer_version(const admin_needs& needs, admin_call call) {
    actors::list_primers question;
    auto kept = co_await needs.actors.ask(std::move(question));
    if (!kept) co_return plain_error(kept.failure());
    const auto wanted = call.given.whole("version", 0);
    const auto found = std::ranges::find(*kept, wanted, &stored::primer_version::version);
    if (found == kept->end())
        co_return json_error(404, "not_found", "That version of the primer is not kept.");
    if (!found->markdown)
        co_return json_error(404, "not_found", "With that version the bundled primer came back.");
    co_return markdown_of(*std::move(found->markdown), found->etag);
}

asio::awaitable<response> roll_back_primer(const admin_needs& needs, admin_call call) {
    auto condition = condition_of(call.request);
    if (!condition) co_return plain_error(condition.failure());
    actors::roll_back_primer question(call.given.whole("version", 0), *std::move(condition),
                                      call.source);
    const auto back = co_await needs.actors.ask(std::move(question));
    if (!back) co_return refused_change(back.failure());
    json::writer w;
    write_version(w, *back, true);
    auto answer = json_response(200, w.take());
    if (back->markdown) answer.set("ETag", back->etag);
    co_return answer;
}

} // namespace web
