#include "web/admin_primer.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "primer/lint.hpp"
#include "web/admin_uploads.hpp"
#include "web/http.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace web {

namespace {

constexpr std::string_view primer_taken_back = "bundled";

// check_primer() says what the primer may be: every model of every connection reads it.
result<done> check_primer(const request& r) {
    if (r.body.size() > max_primer_bytes)
        return error{errc::too_large, "The primer may have 100,000 bytes at most."};
    if (!text::valid_utf8(r.body)) return error{errc::bad_request, "The primer must be UTF-8."};
    if (text::trim(r.body).empty())
        return error{errc::bad_request, "The primer is blank; use DELETE to restore the default."};
    if (text::has_control(r.body))
        return error{errc::bad_request, "The primer holds control characters."};
    return done{};
}

// A primer as it may be stored, or why it may not.
std::optional<response> refuse_primer(const request& r) {
    if (!has_media_type(r, "text/markdown") && !has_media_type(r, "text/plain"))
        return json_error(415, "unsupported_media_type",
                          "Content-Type must be text/markdown or text/plain.");
    if (const auto fit = check_primer(r); !fit) return plain_error(fit.failure());
    return std::nullopt;
}

// What was not judged, and why.
std::string_view note_of(const primer::known_names& known, const primer::lint_report& found) {
    if (known.too_many())
        return "The data models that are kept have more names together than are read, so names of "
               "objects, fields and choices were not judged.";
    if (known.models().empty())
        return "No data model is kept now, so names of objects, fields and choices were not "
               "judged. The next call of any connection loads one.";
    if (found.passed_over)
        return "The text has more dotted names than are looked up, so some were not judged.";
    return {};
}

response markdown_of(std::string markdown) {
    return {200, "text/markdown; charset=utf-8", std::move(markdown)};
}

} // namespace

asio::awaitable<response> put_primer(const admin_needs& needs, admin_call call) {
    auto& r = call.request;
    if (auto refused = refuse_primer(r)) co_return std::move(*refused);
    auto condition = condition_of(r);
    if (!condition) co_return plain_error(condition.failure());
    // The condition goes along into the store and is judged there, in the same transaction as the
    // change: between a look and a write somebody else may have written.
    const auto bytes = r.body.size();
    const auto known = co_await names_for_lint(needs);
    std::optional<std::vector<std::string>> warnings;
    if (known) warnings = sentences_of(primer::lint(r.body, *known));
    actors::write_upload question(stored::the_primer, std::move(r.body), *std::move(condition),
                                  call.source);
    const auto written = co_await needs.actors.ask(std::move(question));
    if (!written) co_return refused_change(written.failure());
    json::writer w;
    w.begin_object().member("ok", true).member("bytes", bytes);
    write_warnings(w, warnings);
    w.end_object();
    auto answer = json_response(200, w.take());
    answer.set("ETag", written->etag);
    co_return answer;
}

asio::awaitable<response> lint_primer(const admin_needs& needs, admin_call call) {
    if (auto refused = refuse_primer(call.request)) co_return std::move(*refused);
    const auto known = co_await names_for_lint(needs);
    if (!known) co_return plain_error(known.failure());
    const auto found = primer::lint(call.request.body, *known);
    json::writer w;
    w.begin_object().key("findings").begin_array();
    for (const auto& each : found.findings)
        w.begin_object()
            .member("line", each.line)
            .member("kind", primer::name_of(each.kind))
            .member("text", each.text)
            .end_object();
    w.end_array().member("more", found.more).key("workspaces").begin_array();
    for (const auto& may : known->models())
        w.value(may.schema().workspace_id());
    w.end_array();
    if (const auto note = note_of(*known, found); !note.empty()) w.member("note", note);
    w.end_object();
    co_return json_response(200, w.take());
}

asio::awaitable<response> get_primer(const admin_needs& needs, admin_call call) {
    actors::read_upload question(stored::the_primer);
    auto found = co_await needs.actors.ask(std::move(question));
    if (!found) co_return plain_error(found.failure());
    if (!found->has_value())
        co_return json_error(404, "not_found", "No primer is set; the bundled one is in use.");
    auto& primer = **found;
    co_return found_upload(markdown_of(std::move(primer.text)), primer.etag,
                           call.request.header("if-none-match"));
}

asio::awaitable<response> delete_primer(const admin_needs& needs, admin_call call) {
    return answer_clear(needs, std::string(stored::the_primer), std::move(call));
}

asio::awaitable<response> get_primer_history(const admin_needs& needs, admin_call) {
    return answer_history(needs, std::string(stored::the_primer), primer_taken_back);
}

asio::awaitable<response> get_primer_version(const admin_needs& needs, admin_call call) {
    std::string primer(stored::the_primer);
    auto found = co_await find_upload(needs, std::move(primer), call.given.whole("version", 0));
    if (!found) co_return plain_error(found.failure());
    co_return found_upload(markdown_of(*std::move(found->text)), found->etag, {});
}

asio::awaitable<response> roll_back_primer(const admin_needs& needs, admin_call call) {
    return answer_roll_back(needs, std::string(stored::the_primer), primer_taken_back,
                            std::move(call));
}

} // namespace web
