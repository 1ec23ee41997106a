#include "tracing/otlp.hpp"

#include "base/json.hpp"
#include "base/number.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace tracing::otlp {

namespace {

constexpr int status_error = 2; // STATUS_CODE_ERROR
// The W3C flags in the lowest 8 bits, then whether it is known that the parent is remote, and
// whether it is (trace.proto, SpanFlags).
constexpr int flag_sampled = 0x001;
constexpr int flag_knows_remote = 0x100;
constexpr int flag_remote = 0x200;

// 64-bit numbers are strings (Protobuf's JSON mapping).
void put_quoted(std::string& to, std::int64_t n) {
    std::array<char, std::numeric_limits<std::int64_t>::digits10 + 2> digits;
    const auto* const end = std::to_chars(digits.begin(), digits.end(), n).ptr;
    to.append("\"")
        .append(digits.data(), static_cast<std::size_t>(end - digits.data()))
        .append("\"");
}

void put_quoted(std::string& to, std::chrono::system_clock::time_point at) {
    put_quoted(to,
               std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count());
}

// An attribute's key is one of our own names, which need no escapes.
void put(std::string& to, const attribute& a) {
    to.append(R"({"key":")").append(a.key).append(R"(","value":{)");
    if (const auto* text = std::get_if<std::string_view>(&a.value)) {
        to.append(R"("stringValue":)");
        json::append_escaped(to, *text);
    } else {
        to.append(R"("intValue":)");
        put_quoted(to, std::get<std::int64_t>(a.value));
    }
    to.append("}}");
}

// The collector's words, for the log: some are enough.
std::string short_text(std::string_view text) {
    constexpr std::size_t longest = 200;
    return std::string(text::cut_utf8(text, longest));
}

// OTLP, partial success: 200, with how many spans were not taken and why. What says nothing of that
// form took all.
void read_partial(std::string_view body, answer& out) {
    if (body.empty()) return;
    const auto read = json::parse(body);
    const auto* partial = read ? read->find("partialSuccess") : nullptr;
    if (!partial) return;
    out.why = short_text(partial->text("errorMessage"));
    const auto* count = partial->find("rejectedSpans");
    if (!count) return;
    const auto rejected = count->is_string()
                              ? text::number<std::int64_t>(*count->if_string()).value_or(0)
                              : count->as_int().value_or(0);
    out.rejected = static_cast<std::size_t>(std::max<std::int64_t>(rejected, 0));
}

} // namespace

// Every traced request pays for its spans, and most of a span is words that are always the same: so
// they are put down as they are, without a json::writer. Ids are hexadecimal.
std::string encode(const span& s) {
    std::string out;
    out.reserve(1024);
    out.append(R"({"traceId":")").append(s.where.own.id);
    out.append(R"(","spanId":")").append(s.where.own.span);
    if (!s.where.parent.empty()) out.append(R"(","parentSpanId":")").append(s.where.parent);
    const int flags = (s.where.own.sampled ? flag_sampled : 0) | flag_knows_remote |
                      (s.where.remote ? flag_remote : 0);
    out.append(R"(","flags":)").append(std::to_string(flags)).append(R"(,"name":)");
    json::append_escaped(out, s.name);
    out.append(R"(,"kind":)").append(std::to_string(static_cast<int>(s.what)));
    out.append(R"(,"startTimeUnixNano":)");
    put_quoted(out, s.begun);
    out.append(R"(,"endTimeUnixNano":)");
    put_quoted(out, s.ended);
    out.append(R"(,"attributes":[)");
    for (const auto& a : s.attributes) {
        put(out, a);
        out.push_back(',');
    }
    if (!s.error.empty())
        put(out, {"error.type", s.error});
    else if (!s.attributes.empty())
        out.pop_back();
    out.push_back(']');
    if (!s.error.empty())
        out.append(R"(,"status":{"code":)").append(std::to_string(status_error)).append("}");
    out.push_back('}');
    return out;
}

std::string begun(const resource& of) {
    std::string out = R"({"resourceSpans":[{"resource":{"attributes":[)";
    put(out, {"service.name", of.name});
    out.push_back(',');
    put(out, {"service.version", of.version});
    out.push_back(',');
    put(out, {"service.instance.id", of.instance});
    json::writer scope;
    scope.begin_object().member("name", of.name).member("version", of.version).end_object();
    out.append(R"(]},"scopeSpans":[{"scope":)").append(scope.text()).append(R"(,"spans":[)");
    return out;
}

// OTLP/HTTP, "Failures": what may be tried again are these four, and nothing else that a collector
// says.
answer read(int status, std::string_view body, std::optional<std::chrono::milliseconds> pause) {
    answer out;
    if (status >= 200 && status < 300) {
        out.how = answer::fate::taken;
        read_partial(body, out);
        return out;
    }
    const bool later = status == 429 || status == 502 || status == 503 || status == 504;
    out.how = later ? answer::fate::again : answer::fate::refused;
    out.why = "it answers with status " + std::to_string(status);
    if (later && pause) out.pause = *pause;
    return out;
}

} // namespace tracing::otlp
