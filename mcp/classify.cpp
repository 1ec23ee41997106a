// Which era a body speaks, and the refusals that need nothing but the body and its headers.
// MCP 2026-07-28, versioning and streamable HTTP server validation: the body decides first. The
// order of the checks is visible to clients, which decide by the code whether they go on in this
// era, fall back to initialize, or give up: envelope, version, headers, and only then the method.
#include "base/text.hpp"
#include "mcp/message.hpp"
#include "mcp/protocol.hpp"

#include <utility>

namespace mcp {

namespace {

// A batch may start as many calls as it has messages.
constexpr std::size_t batch_limit = 50;

// The parameter that Mcp-Name repeats, by method.
struct named_method {
    std::string_view method;
    std::string_view parameter;
};
constexpr named_method named_methods[] = {
    {"tools/call", "name"},  {"prompts/get", "name"},    {"resources/read", "uri"},
    {"tasks/get", "taskId"}, {"tasks/update", "taskId"}, {"tasks/cancel", "taskId"},
};

// MCP 2026-07-28, header values: what is no plain header text travels as =?base64?…?=. Without both
// ends of the wrapping a value means itself. nullopt: the wrapping is there and its content is bad.
std::optional<std::string> header_value(std::string_view raw) {
    constexpr std::string_view prefix = "=?base64?";
    constexpr std::string_view suffix = "?=";
    raw = text::trim(raw);
    if (raw.size() < prefix.size() + suffix.size() || raw.substr(0, prefix.size()) != prefix ||
        raw.substr(raw.size() - suffix.size()) != suffix)
        return std::string(raw);
    raw.remove_prefix(prefix.size());
    raw.remove_suffix(suffix.size());
    auto decoded = text::base64_decode(raw);
    if (!decoded || !text::valid_utf8(*decoded)) return std::nullopt;
    return decoded;
}

// A header may hold any bytes above 0x7F; JSON may not (RFC 8259 §8.1).
std::string mismatch(std::string_view header, std::string_view body) {
    if (!text::valid_utf8(header)) header = "(not UTF-8)";
    json::writer out;
    out.begin_object().key("mismatch").begin_object();
    out.member("header", header).member("body", body).end_object().end_object();
    return out.take();
}

// The version in params._meta makes a message one of the stateless era, whatever its header says.
const json::value* envelope_of(const incoming& m) {
    const auto* found = m.params.find("_meta");
    return found && found->find(meta::protocol_version) ? found : nullptr;
}

std::string names(std::string_view list, const std::vector<std::string_view>& members) {
    json::writer out;
    out.begin_object().key("envelope").begin_object().key(list).begin_array();
    for (const auto member : members)
        out.string(member);
    out.end_array().end_object().end_object();
    return out.take();
}

// MCP 2026-07-28, request envelope: what every request must carry in params._meta.
std::optional<refusal> check_envelope(const incoming& m) {
    const auto* found = m.params.find("_meta");
    if (!found || !found->is_object())
        return refuse(400, code::invalid_params, "The request has no params._meta.", m.id,
                      names("missing", {"_meta"}));
    std::vector<std::string_view> missing;
    std::vector<std::string_view> invalid;
    const auto look = [&](std::string_view key, bool required, auto usable) {
        const auto* part = found->find(key);
        if (!part && required) missing.push_back(key);
        if (part && !usable(*part)) invalid.push_back(key);
    };
    const auto is_text = [](const json::value& v) { return v.is_string(); };
    const auto is_object = [](const json::value& v) { return v.is_object(); };
    look(meta::protocol_version, true, is_text);
    look(meta::client_capabilities, true, is_object);
    look(meta::client_info, false, is_object);
    if (!missing.empty())
        return refuse(400, code::invalid_params, "params._meta lacks required members.", m.id,
                      names("missing", missing));
    if (!invalid.empty())
        return refuse(400, code::invalid_params, "params._meta has members of a wrong type.", m.id,
                      names("invalid", invalid));
    return std::nullopt;
}

// An unsupported version is told before a missing header: a client of a later revision has to learn
// what is spoken here, and not which header its own revision would have wanted.
std::optional<refusal> check_version(const incoming& m, const http_headers& headers) {
    const auto body = m.params.find("_meta")->text(meta::protocol_version);
    const auto header = headers.absent ? body : text::trim(headers.protocol_version);
    if (!header.empty() && header != body)
        return refuse(400, code::header_mismatch,
                      "MCP-Protocol-Version differs from the version in params._meta.", m.id,
                      mismatch(header, body));
    if (!is_stateless_version(body)) {
        json::writer data;
        data.begin_object().key("supported").begin_array();
        for (const auto version : supported_versions())
            if (is_stateless_version(version)) data.string(version);
        data.end_array().member("requested", body).end_object();
        return refuse(400, code::unsupported_version, "Unsupported protocol version.", m.id,
                      data.take());
    }
    if (header.empty())
        return refuse(400, code::header_mismatch, "The header MCP-Protocol-Version is missing.",
                      m.id, mismatch("", body));
    return std::nullopt;
}

// Threat: a proxy lets a request pass, routes it or counts it by its headers, and the body asks for
// something else. Defence: both must say the same (MCP 2026-07-28, streamable HTTP, server
// validation).
std::optional<refusal> check_method_headers(const incoming& m, const http_headers& headers) {
    const auto method = text::trim(headers.method);
    if (method != m.method)
        return refuse(400, code::header_mismatch,
                      method.empty() ? "The header Mcp-Method is missing."
                                     : "Mcp-Method differs from the body's method.",
                      m.id, mismatch(method, m.method));
    for (const auto& [name, parameter] : named_methods) {
        if (name != m.method) continue;
        const auto* body = m.params.find(parameter);
        const auto* wanted = body ? body->if_string() : nullptr;
        if (!wanted) return std::nullopt; // the method itself refuses such params
        const auto header = header_value(headers.name);
        if (!header || header->empty() || *header != *wanted)
            return refuse(400, code::header_mismatch,
                          headers.name.empty() ? "The header Mcp-Name is missing."
                                               : "Mcp-Name differs from the body.",
                          m.id, mismatch(headers.name, *wanted));
    }
    return std::nullopt;
}

std::optional<refusal> check_stateless(incoming& m, const http_headers& headers) {
    if (auto refused = check_envelope(m)) return refused;
    if (auto refused = check_version(m, headers)) return refused;
    m.without_headers = headers.absent;
    if (headers.absent) return std::nullopt;
    for (const auto& [name, raw] : headers.params)
        m.header_params.emplace_back(name, header_value(raw));
    return check_method_headers(m, headers);
}

// MCP 2025-11-25, protocol version header: unsupported is 400, absent is assumed.
std::optional<refusal> check_session_version(const incoming& m, std::string_view header) {
    if (header.empty() || m.method == "initialize" || is_session_version(header))
        return std::nullopt;
    return refuse(400, code::bad_http,
                  "Unsupported MCP-Protocol-Version; this server speaks " +
                      session_versions_text() + ".",
                  m.id);
}

// Decides the era of one message, or refuses it.
std::optional<refusal> set_era(incoming& m, const http_headers& headers) {
    const auto header = text::trim(headers.protocol_version);
    const bool header_is_stateless = is_stateless_version(header);
    switch (m.what) {
    case incoming::kind::response:
        // The session that asked knows the id; a response to an unknown one is ignored.
        return header_is_stateless ? std::nullopt : check_session_version(m, header);
    case incoming::kind::notification:
        if (header_is_stateless || envelope_of(m)) {
            m.era = era::stateless;
            return std::nullopt;
        }
        return check_session_version(m, header);
    case incoming::kind::request:
        break;
    }
    if (envelope_of(m)) {
        m.era = era::stateless;
        return check_stateless(m, headers);
    }
    if (header_is_stateless) {
        if (m.method == "initialize")
            return refuse(400, code::header_mismatch,
                          "initialize does not belong to this MCP-Protocol-Version.", m.id,
                          mismatch(header, ""));
        // The header alone announces the stateless era. check_envelope() refuses such a message,
        // since envelope_of() has just missed a member that is required; no session is asked for
        // it.
        return check_envelope(m);
    }
    return check_session_version(m, header);
}

std::variant<classified, refusal> classify_batch(json::array elements,
                                                 const http_headers& headers) {
    const auto bad = [](std::string why) {
        return refuse(400, code::invalid_request, std::move(why));
    };
    if (elements.empty()) return bad("The batch is empty.");
    // Without the header 2025-03-26 is assumed, until the session says what it has negotiated.
    if (auto refused = refuse_batch(text::trim(headers.protocol_version)))
        return std::move(*refused);
    if (elements.size() > batch_limit)
        return bad("The batch has more than " + std::to_string(batch_limit) + " messages.");
    classified all;
    all.batch = true;
    for (auto& element : elements) {
        auto read = read_message(std::move(element));
        if (std::holds_alternative<refusal>(read))
            return bad("The batch holds an invalid message.");
        auto& m = std::get<incoming>(read);
        if (envelope_of(m) || is_stateless_version(text::trim(headers.protocol_version)))
            return bad("This protocol version has no batches.");
        // MCP 2025-03-26, lifecycle: no part of a batch, not even the only one.
        if (m.method == "initialize") return bad("initialize must be sent alone.");
        if (auto refused = set_era(m, headers)) {
            // The refusal answers the whole body and not one of its messages.
            refused->id.clear();
            return std::move(*refused);
        }
        all.messages.push_back(std::move(m));
    }
    return all;
}

} // namespace

// MCP 2025-06-18, changes: no batches any more.
std::optional<refusal> refuse_batch(std::string_view version) {
    constexpr std::string_view last_with_batches = "2025-03-26";
    if (!is_session_version(version) || version == last_with_batches) return std::nullopt;
    return refuse(400, code::invalid_request,
                  "MCP " + std::string(version) + " has no batches; send one message a request.");
}

std::variant<classified, refusal> classify(std::string_view body, const http_headers& headers) {
    auto parsed = json::parse(body);
    if (!parsed)
        return refuse(400, code::parse_error, "Parse error: " + parsed.failure().message + ".");
    auto document = std::move(parsed).value();
    if (auto* elements = document.if_array()) return classify_batch(std::move(*elements), headers);
    auto read = read_message(std::move(document));
    if (auto* refused = std::get_if<refusal>(&read)) return std::move(*refused);
    auto& m = std::get<incoming>(read);
    if (auto refused = set_era(m, headers)) return std::move(*refused);
    classified one;
    one.messages.push_back(std::move(m));
    return one;
}

} // namespace mcp
