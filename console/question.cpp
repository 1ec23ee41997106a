#include "console/question.hpp"

#include "base/json.hpp"
#include "base/number.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace console {

namespace {

using location = web::admin_parameter::location;
using type = web::admin_parameter::type;
using web::admin_operation;

constexpr std::string_view json_type = "application/json";

// The first argument that the operation has no parameter for; empty: it knows them all.
std::string_view unknown_to(const admin_operation& op, const arguments& given) {
    const auto found = std::ranges::find_if(
        given, [&](const auto& one) { return !find_parameter(op, one.first); });
    return found == given.end() ? std::string_view() : std::string_view(found->first);
}

// A number that is none goes as a text, so that the judge sees what was written.
void write_member(json::writer& w, const web::admin_parameter& p, const std::string& value) {
    w.key(p.name);
    if (p.is == type::yes)
        w.raw(value);
    else if (const auto number = text::number<std::int64_t>(value); p.is == type::whole && number)
        w.value(*number);
    else
        w.string(value);
}

void append_query(std::string& query, std::string_view name, std::string_view value) {
    if (!query.empty()) query += '&';
    query.append(name).append("=").append(text::percent_encode(value));
}

std::string path_with(std::string_view path, std::string_view segment) {
    const auto open = path.find('{');
    if (open == path.npos) return std::string(path);
    return std::string(path.substr(0, open)) + text::percent_encode(segment) +
           std::string(path.substr(path.find('}') + 1));
}

} // namespace

result<const admin_operation*> chosen_operation(const command& of, const operations& all,
                                                const arguments& given) {
    const auto* op = find_operation(all, of.operation);
    const auto strange = unknown_to(*op, given);
    if (strange.empty()) return op;
    const auto* other = find_operation(all, of.otherwise);
    const auto stranger = other ? unknown_to(*other, given) : strange;
    if (stranger.empty()) return other;
    const auto name_of = [&](std::string_view name) {
        const auto* p = find_parameter(*op, name);
        if (!p && other) p = find_parameter(*other, name);
        return p ? written(*p) : std::string(name);
    };
    return bad_request(name_of(stranger) + " does not go together with " + name_of(strange));
}

result<http::probe_request> request_of(const admin_operation& op, const arguments& given) {
    std::string segment;
    http::request judged;
    json::writer body;
    body.begin_object();
    bool has_body = false;
    for (const auto& p : op.parameters) {
        const auto at = given.find(p.name);
        if (at == given.end() && by_place(p)) return bad_request(written(p) + " is missing");
        if (at == given.end()) continue;
        if (p.in == location::path) segment = at->second;
        if (p.in == location::query) append_query(judged.query, p.name, at->second);
        if (p.in != location::body) continue;
        write_member(body, p, at->second);
        has_body = true;
    }
    body.end_object();
    if (has_body) {
        judged.headers.emplace_back("content-type", json_type);
        judged.body = body.take();
    }
    const auto good = web::read_admin_arguments(op.parameters, op.body, judged, segment);
    if (!good) return bad_request(good.failure().message);

    http::probe_request out;
    out.method = op.method;
    out.target = path_with(op.path, segment);
    if (!judged.query.empty()) out.target += "?" + judged.query;
    if (has_body) out.headers.emplace_back("Content-Type", json_type);
    out.body = std::move(judged.body);
    return out;
}

} // namespace console
