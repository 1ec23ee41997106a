#include "web/admin_endpoint.hpp"

#include "base/fault_point.hpp"
#include "base/text.hpp"
#include "web/admin_access.hpp"
#include "web/admin_api.hpp"
#include "web/admin_skills.hpp"
#include "web/http.hpp"

namespace web {

namespace {

constexpr std::size_t json_bytes = 16 * 1024;

// write_down() comes before the call, so that none goes unrecorded: what cannot be written down is
// not done. It says that a call came, not how it ended; changes of the database have a row of their
// own in the same transaction.
http::eventually<done> write_down(const admin_needs& needs, const request& r,
                                  const admin_route& route) {
    stored::audit_note note{stored::audit_kind::admin_called, audit_source(r), "no such endpoint"};
    if (const auto* row = route.operation)
        note.detail = std::string(row->method) + " " + std::string(row->path);
    actors::note_audit question(std::move(note));
    co_return co_await needs.actors.ask(std::move(question));
}

response wrong_arguments(const error& e) {
    if (e.code == errc::unsupported) return json_error(415, "unsupported_media_type", e.message);
    return plain_error(e);
}

asio::awaitable<response> answer_let_in(const admin_needs& needs, request r) {
    const auto route = find_admin_route(r.method, r.path);
    const auto written = co_await write_down(needs, r, route);
    if (!written) co_return plain_error(written.failure());
    fault_point("admin.written_down");
    if (!route.operation) {
        if (route.allowed.empty())
            co_return json_error(404, "not_found", "GET /admin lists what there is.");
        co_return method_not_allowed(route.allowed);
    }
    // `route.segment` points into the request's path, so the arguments are read before the request
    // moves.
    auto given =
        read_admin_arguments(route.operation->parameters, route.operation->body, r, route.segment);
    if (!given) co_return wrong_arguments(given.failure());
    admin_call call{std::move(r), *std::move(given), {}};
    call.source = audit_source(call.request);
    auto answer = co_await route.operation->answer(needs, std::move(call));
    fault_point("admin.answer");
    answer.log.emplace_back("admin", std::string(route.operation->id));
    co_return answer;
}

std::string methods_of_path(std::string_view path) {
    std::vector<std::string> names;
    for (const auto& row : admin_operations()) {
        if (row.path != path) continue;
        names.emplace_back(row.method);
        if (row.method == "GET") names.emplace_back("HEAD");
    }
    return text::join(names, ", ");
}

// What stands in `path` for the {name} of a row's path; empty: they do not fit.
std::string_view chosen_segment(std::string_view row, std::string_view path) {
    const auto open = row.find('{');
    if (open == std::string_view::npos || !path.starts_with(row.substr(0, open))) return {};
    path.remove_prefix(open);
    const auto tail = row.substr(row.find('}') + 1);
    const auto segment = path.substr(0, path.find('/'));
    return path.substr(segment.size()) == tail ? segment : std::string_view();
}

} // namespace

// find_admin_route() collects the methods of the first path that fits, whether or not one of its
// rows answers: 405 needs them, and 404 is told by their absence.
admin_route find_admin_route(std::string_view method, std::string_view path) {
    const auto wanted = method == "HEAD" ? "GET" : method; // RFC 9110 §9.3.2
    admin_route out;
    for (const bool exact : {true, false}) { // a name that is spelt out is never a choice
        for (const auto& row : admin_operations()) {
            const auto chosen = exact ? std::string_view() : chosen_segment(row.path, path);
            if (exact ? row.path != path : chosen.empty()) continue;
            if (out.allowed.empty()) out.allowed = methods_of_path(row.path);
            if (row.method != wanted) continue;
            out.operation = &row;
            out.segment = chosen;
            return out;
        }
        if (!out.allowed.empty()) return out;
    }
    return out;
}

std::optional<std::size_t> admin_body_limit(const admin_needs& needs, const request& head) {
    if (!may_be_admin(needs, head)) return std::nullopt;
    const auto route = find_admin_route(head.method, head.path);
    if (!route.operation) return json_bytes;
    switch (route.operation->body) {
    case admin_body::markdown:
        return max_primer_bytes;
    case admin_body::skill:
        return max_skill_body_bytes;
    case admin_body::none:
    case admin_body::json:
        return json_bytes;
    }
    return json_bytes;
}

asio::awaitable<response> answer_admin(const admin_needs& needs, request r) {
    if (auto refused = co_await refuse_admin(needs, r)) co_return std::move(*refused);
    auto answer = co_await answer_let_in(needs, std::move(r));
    co_return answer;
}

} // namespace web
