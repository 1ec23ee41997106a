#include "console/run.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "console/line_diff.hpp"
#include "console/question.hpp"
#include "console/refusal.hpp"
#include "console/shown.hpp"
#include "http/header_values.hpp"

#include <algorithm>

namespace console {

namespace {

constexpr int first_failure = 300;
constexpr std::string_view if_match = "If-Match";

result<done> add_conditions(http::probe_request& r, const order& given) {
    if (given.only_new) r.headers.emplace_back("If-None-Match", "*");
    if (given.if_match.empty()) return done{};
    if (!http::safe_header_value(given.if_match))
        return bad_request("--if-match holds characters that no ETag has");
    r.headers.emplace_back(if_match, given.if_match);
    return done{};
}

result<done> agree(const order& given, const surroundings& with) {
    if (!given.given.contains("all") || given.sure || given.row->everybody.empty()) return done{};
    TRY(yes, with.agreed(given.row->everybody));
    if (!yes) return error{errc::cancelled, "nothing was done"};
    return done{};
}

bool is_answer_of(const web::admin_operation& op, const http::probe_answer& answer) {
    const auto field = answer.header("Content-Type");
    const auto media = text::trim(field.substr(0, field.find(';')));
    const bool is_told = std::ranges::any_of(op.answers, [&](const web::admin_answer& one) {
        return one.status == answer.status && one.media == media;
    });
    const bool is_chosen =
        find_parameter(op, "format") && (media == "text/csv" || media == "application/x-ndjson");
    if (!is_told && !is_chosen) return false;
    if (media != "application/json") return true;
    const auto body = json::parse(answer.body, json::upstream);
    return body && body->if_object();
}

result<int> send_file(const order& given, const web::admin_operation& op, const operations& all,
                      const surroundings& with) {
    TRY(r, request_of(op, given.given));
    CHECK_OK(add_conditions(r, given));
    TRY(file, with.read(given.file));
    if (given.strict && !given.row->checked_by.empty()) {
        TRY(good, check_file(given, file, all, with));
        if (!good) return error{errc::not_allowed, "it was not uploaded, because of --strict"};
    }
    r.headers.emplace_back("Content-Type", file.media);
    r.body = std::move(file.text);
    TRY(answer, ask(op, with, std::move(r)));
    return show(given, answer, with);
}

} // namespace

// Threat: a page that somebody else answers with, a log-in for one, passes for a pause that never
// was. Defence: a success is of the kind that the operation's row says.
result<http::probe_answer> ask(const web::admin_operation& op, const surroundings& with,
                               http::probe_request r) {
    const bool named_etag =
        std::ranges::any_of(r.headers, [](const auto& field) { return field.first == if_match; });
    TRY(answer, with.ask(std::move(r)));
    const bool is_success = answer.status >= 200 && answer.status < first_failure;
    if (!is_success || !is_answer_of(op, answer)) return refusal(answer, named_etag);
    return answer;
}

// compare() takes a primer that was never uploaded for an empty one.
result<int> compare(const order& given, const web::admin_operation& op, const surroundings& with) {
    TRY(r, request_of(op, given.given));
    TRY(file, with.read(given.file));
    std::string before;
    std::string name = "nothing was uploaded";
    const bool in_use = op.id == given.row->operation;
    auto answer = ask(op, with, std::move(r));
    if (answer) {
        before = std::move(answer->body);
        name = in_use ? "in use" : "version " + given.given.find("version")->second;
        if (const auto etag = answer->header("ETag"); !etag.empty()) name += " " + shown(etag);
    } else if (!in_use || answer.failure().code != errc::not_found) {
        return answer.failure();
    }
    const auto found = line_diff(before, file.text, name, given.file);
    if (given.json) {
        json::writer w;
        w.begin_object().member("differs", !found.empty()).member("diff", found).end_object();
        const auto line = w.take();
        with.out((with.screen ? shown(line) : line) + "\n");
    } else {
        with.out(with.screen ? shown(found, true) : found);
    }
    return found.empty() ? all_well : found_some;
}

result<int> run(const order& given, const operations& all, const surroundings& with) {
    TRY(op, chosen_operation(*given.row, all, given.given));
    if (given.row->compares) return compare(given, *op, with);
    if (takes_file(*op)) return send_file(given, *op, all, with);
    if (given.follow) return follow(given, *op, with);
    TRY(r, request_of(*op, given.given));
    CHECK_OK(add_conditions(r, given));
    CHECK_OK(agree(given, with));
    TRY(answer, ask(*op, with, std::move(r)));
    return show(given, answer, with);
}

int exit_code(const command& of, const error& why) noexcept {
    const bool tells_by_code = of.compares || of.as == view::findings;
    return tells_by_code || why.code == errc::bad_request ? in_trouble : not_done;
}

} // namespace console
