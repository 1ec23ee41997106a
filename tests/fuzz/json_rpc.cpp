// Bodies of /mcp: three header lines (version, method, name), then the body. Promises: the JSON
// that is taken has one reading, ids come back as they came, every refusal is a JSON-RPC error.
#include "base/json.hpp"
#include "base/text.hpp"
#include "mcp/message.hpp"
#include "mcp/protocol.hpp"
#include "mcp/server.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <set>

namespace {

std::size_t depth_of(const json::value& v) {
    std::size_t deepest = 0;
    if (const auto* a = v.if_array())
        for (const auto& item : *a)
            deepest = std::max(deepest, depth_of(item));
    if (const auto* o = v.if_object())
        for (const auto& [name, item] : *o)
            deepest = std::max(deepest, depth_of(item));
    return deepest + 1;
}

void check_tree(const json::value& v) {
    if (const auto* s = v.if_string()) fuzz::must(text::valid_utf8(*s), "every text is UTF-8");
    if (const auto* a = v.if_array())
        for (const auto& item : *a)
            check_tree(item);
    if (const auto* o = v.if_object()) {
        std::set<std::string_view> names;
        for (const auto& [name, item] : *o) {
            fuzz::must(names.insert(name).second, "no object repeats a key");
            check_tree(item);
        }
    }
}

void one_reading(std::string_view body) {
    const auto tree = json::parse(body);
    if (!tree) {
        fuzz::must(!tree.failure().message.empty(), "a refusal says why");
        return;
    }
    check_tree(*tree);
    fuzz::must(depth_of(*tree) <= json::inbound.depth + 1, "the depth is bounded");
    const auto written = json::dump(*tree);
    const auto again = json::parse(written);
    fuzz::must(again && *again == *tree, "JSON that is written again is the same");
    fuzz::must(json::dump(*again) == written, "writing is settled");
    fuzz::must(written.find_first_of("\r\n") == std::string::npos, "compact JSON is one line");
}

void check_refusal(const mcp::refusal& refused) {
    fuzz::must(refused.http_status >= 400 && refused.http_status < 500,
               "the fault is the client's");
    const auto body = json::parse(mcp::error_body(refused));
    fuzz::must(body.ok(), "a refusal is JSON");
    const auto* error = body->find("error");
    fuzz::must(error && error->find("code") && !error->text("message").empty() &&
                   body->find("id") && body->text("jsonrpc") == "2.0",
               "a refusal is a JSON-RPC error");
}

void check_message(const mcp::incoming& m, const mcp::http_headers& headers) {
    using kind = mcp::incoming::kind;
    fuzz::must(m.method.empty() == (m.what == kind::response), "only responses have no method");
    fuzz::must(m.what != kind::request || !m.id.empty(), "a request has an id");
    fuzz::must(m.what != kind::notification || m.id.empty(), "a notification has none");
    if (!m.id.empty()) {
        const auto id = json::parse(m.id);
        fuzz::must(id && (id->is_string() || id->as_int()), "an id is a string or an integer");
        const auto answer = json::parse(mcp::result_body(m.id, "{}"));
        fuzz::must(answer && answer->find("id") && *answer->find("id") == *id,
                   "an id goes back as it came");
    }
    if (m.era == mcp::era::stateless && m.what == kind::request) {
        const auto* meta = m.params.find("_meta");
        const auto version = meta ? meta->text(mcp::meta::protocol_version) : std::string_view();
        fuzz::must(mcp::is_stateless_version(version) &&
                       text::trim(headers.protocol_version) == version &&
                       text::trim(headers.method) == m.method,
                   "the headers of the stateless era say what the body says");
    }
}

} // namespace

void fuzz::json_rpc(std::string_view bytes) {
    mcp::http_headers headers;
    headers.protocol_version = take_line(bytes);
    headers.method = take_line(bytes);
    headers.name = take_line(bytes);
    one_reading(bytes);

    const auto read = mcp::classify(bytes, headers);
    if (const auto* refused = std::get_if<mcp::refusal>(&read)) return check_refusal(*refused);
    const auto& all = std::get<mcp::classified>(read);
    must(!all.messages.empty(), "what is taken holds a message");
    must(all.batch || all.messages.size() == 1, "several messages are a batch");
    for (const auto& m : all.messages) {
        check_message(m, headers);
        must(!all.batch || m.era == mcp::era::session, "the stateless era has no batches");
    }
}
