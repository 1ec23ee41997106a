#include "web/admin_skills.hpp"

#include "base/json.hpp"
#include "primer/skill.hpp"
#include "web/admin_uploads.hpp"
#include "web/http.hpp"

#include <optional>

namespace web {

namespace {

constexpr std::string_view skill_taken_back = "removed";

// Names that no upload can have are refused, so that nobody believes that one was removed.
result<std::string> upload_of(const admin_call& call) {
    const auto name = call.given.text("name");
    CHECK_OK(primer::check_skill_name(name));
    if (name == primer::primer_skill_name)
        return bad_request("That skill is the primer; /admin/primer has its text.");
    return stored::skill_upload(name);
}

// {"files":{PATH:TEXT}}, or the text of a SKILL.md alone.
result<std::vector<primer::skill_file>> files_in(const request& r) {
    if (has_media_type(r, "text/markdown") || has_media_type(r, "text/plain"))
        return std::vector<primer::skill_file>{{std::string(primer::skill_main_file), r.body}};
    if (!has_media_type(r, "application/json"))
        return error{errc::unsupported,
                     "Content-Type must be application/json, text/markdown or text/plain."};
    TRY(body, json::parse(r.body));
    const auto* files = body.find("files");
    if (!files || !files->is_object() || body.if_object()->size() != 1)
        return bad_request("The body must be {\"files\":{…}} and nothing else.");
    std::vector<primer::skill_file> out;
    for (const auto& [path, text] : *files->if_object()) {
        if (!text.is_string()) return bad_request("Each file must be a text.");
        out.push_back({path, *text.if_string()});
    }
    return out;
}

result<primer::skill> skill_in(const admin_call& call) {
    TRY(files, files_in(call.request));
    return primer::read_skill(call.given.text("name"), std::move(files));
}

response refused_skill(const error& e) {
    if (e.code == errc::unsupported) return json_error(415, "unsupported_media_type", e.message);
    return plain_error(e);
}

void write_entry(json::writer& w, const primer::skill_entry& e) {
    w.begin_object().member("name", e.name);
    w.member("description", e.frontmatter.text("description")).key("files").begin_array();
    for (const auto& file : e.files)
        w.begin_object().member("path", file.path).member("bytes", file.size).end_object();
    w.end_array();
}

} // namespace

asio::awaitable<response> list_skills(const admin_needs& needs, admin_call) {
    actors::list_skills question;
    const auto rows = co_await needs.actors.ask(std::move(question));
    if (!rows) co_return plain_error(rows.failure());
    json::writer w;
    w.begin_object().key("skills").begin_array();
    for (const auto& row : *rows) {
        const auto entry = primer::read_entry(row.about);
        if (!entry) co_return plain_error(entry.failure());
        write_entry(w, *entry);
        w.member("version", row.version).member("created", oauth::iso_time(row.created_at));
        w.end_object();
    }
    w.end_array().end_object();
    co_return json_response(200, w.take());
}

asio::awaitable<response> get_skill(const admin_needs& needs, admin_call call) {
    const auto upload = upload_of(call);
    if (!upload) co_return plain_error(upload.failure());
    std::string text;
    std::string etag;
    if (call.given.has("version")) {
        auto kept = co_await find_upload(needs, *upload, call.given.whole("version", 0));
        if (!kept) co_return plain_error(kept.failure());
        text = *std::move(kept->text);
        etag = std::move(kept->etag);
    } else {
        actors::read_upload question(*upload);
        auto found = co_await needs.actors.ask(std::move(question));
        if (!found) co_return plain_error(found.failure());
        if (!found->has_value())
            co_return json_error(404, "not_found", "No skill of that name is uploaded.");
        text = std::move((*found)->text);
        etag = std::move((*found)->etag);
    }
    json::writer w;
    w.begin_object().member("name", call.given.text("name")).member_raw("files", text);
    w.end_object();
    co_return found_upload(json_response(200, w.take()), etag,
                           call.request.header("if-none-match"));
}

asio::awaitable<response> put_skill(const admin_needs& needs, admin_call call) {
    const auto upload = upload_of(call);
    if (!upload) co_return plain_error(upload.failure());
    const auto skill = skill_in(call);
    if (!skill) co_return refused_skill(skill.failure());
    auto condition = condition_of(call.request);
    if (!condition) co_return plain_error(condition.failure());
    const auto entry = primer::entry_of(*skill);
    const auto known = co_await names_for_lint(needs);
    std::optional<std::vector<std::string>> warnings;
    if (known) warnings = primer::lint_skill(*skill, *known);
    actors::write_upload question(*upload, primer::files_text(*skill), *std::move(condition),
                                  call.source);
    question.about = primer::entry_text(entry);
    const auto written = co_await needs.actors.ask(std::move(question));
    if (!written) co_return refused_change(written.failure());
    json::writer w;
    write_entry(w, entry);
    write_warnings(w, warnings);
    w.end_object();
    auto answer = json_response(200, w.take());
    answer.set("ETag", written->etag);
    co_return answer;
}

asio::awaitable<response> delete_skill(const admin_needs& needs, admin_call call) {
    const auto upload = upload_of(call);
    if (!upload) co_return plain_error(upload.failure());
    auto answer = co_await answer_clear(needs, *upload, std::move(call));
    co_return answer;
}

asio::awaitable<response> get_skill_history(const admin_needs& needs, admin_call call) {
    const auto upload = upload_of(call);
    if (!upload) co_return plain_error(upload.failure());
    auto answer = co_await answer_history(needs, *upload, skill_taken_back);
    co_return answer;
}

asio::awaitable<response> roll_back_skill(const admin_needs& needs, admin_call call) {
    const auto upload = upload_of(call);
    if (!upload) co_return plain_error(upload.failure());
    auto answer = co_await answer_roll_back(needs, *upload, skill_taken_back, std::move(call));
    co_return answer;
}

} // namespace web
