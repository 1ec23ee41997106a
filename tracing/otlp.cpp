#include "tracing/otlp.hpp"

#include "base/json.hpp"
#include "base/number.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace tracing::otlp {

namespace {

constexpr int status_error = 2; // STATUS_CODE_ERROR
// The W3C flags in the lowest 8 bits, then whether it is known that the parent is remote, and
// whether it is (trace.proto, SpanFlags).
constexpr int flag_sampled = 0x001;
constexpr int flag_knows_remote = 0x100;
constexpr int flag_remote = 0x200;

// 64-bit numbers are strings (Protobuf's JSON mapping).
std::string nanoseconds(std::chrono::system_clock::time_point at) {
    return std::to_string(
        std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count());
}

void write(json::writer& to, const attribute& a) {
    to.begin_object().member("key", a.key).key("value").begin_object();
    if (const auto* text = std::get_if<std::string_view>(&a.value))
        to.member("stringValue", *text);
    else
        to.member("intValue", std::to_string(std::get<std::int64_t>(a.value)));
    to.end_object().end_object();
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

std::string encode(const span& s) {
    json::writer out;
    out.reserve(1024);
    out.begin_object();
    out.member("traceId", s.where.own.id).member("spanId", s.where.own.span);
    if (!s.where.parent.empty()) out.member("parentSpanId", s.where.parent);
    out.member("flags", (s.where.own.sampled ? flag_sampled : 0) | flag_knows_remote |
                            (s.where.remote ? flag_remote : 0));
    out.member("name", s.name).member("kind", static_cast<int>(s.what));
    out.member("startTimeUnixNano", nanoseconds(s.begun));
    out.member("endTimeUnixNano", nanoseconds(s.ended));
    out.key("attributes").begin_array();
    for (const auto& a : s.attributes)
        write(out, a);
    if (!s.error.empty()) write(out, attribute{"error.type", s.error});
    out.end_array();
    if (!s.error.empty())
        out.key("status").begin_object().member("code", status_error).end_object();
    return out.end_object().take();
}

std::string begun(const resource& of) {
    json::writer out;
    out.begin_object().key("resourceSpans").begin_array().begin_object();
    out.key("resource").begin_object().key("attributes").begin_array();
    write(out, attribute{"service.name", of.name});
    write(out, attribute{"service.version", of.version});
    write(out, attribute{"service.instance.id", of.instance});
    out.end_array().end_object();
    out.key("scopeSpans").begin_array().begin_object();
    out.key("scope").begin_object().member("name", of.name).member("version", of.version);
    out.end_object().key("spans").begin_array();
    return out.take();
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
