#include "web/admin_uploads.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "http/header_values.hpp"
#include "web/http.hpp"

#include <algorithm>

namespace web {

namespace {

void write_version(json::writer& w, const stored::upload_version& one, bool current,
                   std::string_view taken_back) {
    w.begin_object().member("version", one.version);
    w.member("created", oauth::iso_time(one.created_at));
    w.member("current", current).member(taken_back, !one.text.has_value());
    if (one.text) w.member("bytes", one.text->size()).member("etag", one.etag);
    w.end_object();
}

} // namespace

result<stored::upload_condition> condition_of(const request& r) {
    stored::upload_condition out;
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

response refused_change(const error& e) {
    if (e.code != errc::conflict) return plain_error(e);
    return json_error(412, "precondition_failed", e.message);
}

response found_upload(response answer, const std::string& etag, std::string_view if_none_match) {
    answer.set("ETag", etag);
    if (!http::names_etag(if_none_match, etag)) return answer;
    answer.status = 304;
    answer.body.clear();
    std::erase_if(answer.headers, [](const auto& h) { return h.first == "Content-Type"; });
    return answer;
}

asio::awaitable<response> answer_history(const admin_needs& needs, std::string upload,
                                         std::string_view taken_back) {
    actors::list_uploads question(upload);
    const auto kept = co_await needs.actors.ask(std::move(question));
    if (!kept) co_return plain_error(kept.failure());
    json::writer w;
    w.begin_object().key("versions").begin_array();
    for (const auto& one : *kept)
        write_version(w, one, &one == &kept->front(), taken_back);
    w.end_array().end_object();
    co_return json_response(200, w.take());
}

asio::awaitable<response> answer_roll_back(const admin_needs& needs, std::string upload,
                                           std::string_view taken_back, admin_call call) {
    auto condition = condition_of(call.request);
    if (!condition) co_return plain_error(condition.failure());
    actors::roll_back_upload question(upload, call.given.whole("version", 0), *std::move(condition),
                                      call.source);
    const auto back = co_await needs.actors.ask(std::move(question));
    if (!back) co_return refused_change(back.failure());
    json::writer w;
    write_version(w, *back, true, taken_back);
    auto answer = json_response(200, w.take());
    if (back->text) answer.set("ETag", back->etag);
    co_return answer;
}

asio::awaitable<response> answer_clear(const admin_needs& needs, std::string upload,
                                       admin_call call) {
    auto condition = condition_of(call.request);
    if (!condition) co_return plain_error(condition.failure());
    actors::clear_upload question(upload, *std::move(condition), call.source);
    const auto cleared = co_await needs.actors.ask(std::move(question));
    if (!cleared) co_return refused_change(cleared.failure());
    co_return json_response(200, "{\"ok\":true}");
}

http::eventually<stored::upload_version> find_upload(const admin_needs& needs, std::string upload,
                                                     std::int64_t version) {
    actors::list_uploads question(upload);
    auto kept = co_await needs.actors.ask(std::move(question));
    if (!kept) co_return std::move(kept).failure();
    const auto found = std::ranges::find(*kept, version, &stored::upload_version::version);
    if (found == kept->end()) co_return error{errc::not_found, "That version is not kept."};
    if (!found->text)
        co_return error{errc::not_found, "With that version it was taken back; it has no text."};
    co_return std::move(*found);
}

http::eventually<primer::known_names> names_for_lint(const admin_needs& needs) {
    actors::list_schemas question;
    const auto kept = co_await needs.actors.ask(std::move(question));
    if (!kept) co_return kept.failure();
    co_return primer::known_names(*kept, needs.tools);
}

std::vector<std::string> sentences_of(const primer::lint_report& found) {
    std::vector<std::string> out;
    for (const auto& each : found.findings)
        out.push_back(primer::sentence_at(each));
    return out;
}

void write_warnings(json::writer& w, const std::optional<std::vector<std::string>>& warnings) {
    if (!warnings) return;
    w.key("warnings").begin_array();
    for (const auto& each : *warnings)
        w.value(each);
    w.end_array();
}

} // namespace web
