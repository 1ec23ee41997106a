#include "web/admin_calls.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "web/http.hpp"

namespace web {

namespace {

constexpr std::int64_t default_calls = 100;

// A call as an object of the table's columns; what is empty is left out.
void write_call(json::writer& w, const stored::call_record& call) {
    w.begin_object();
    for (const auto& column : stored::call_columns()) {
        const auto value = column.text(call);
        if (column.is_number)
            w.member_raw(column.name, value);
        else if (!value.empty())
            w.member(column.name, value);
    }
    w.end_object();
}

std::string as_json(const std::vector<stored::call_record>& calls, const stored::call_query& q) {
    json::writer w;
    w.begin_object().key("calls").begin_array();
    for (const auto& call : calls)
        write_call(w, call);
    w.end_array();
    // A full page: there may be more. After the last one nothing is lost by asking again.
    if (!calls.empty() && q.after)
        w.member("next_after", calls.back().id);
    else if (calls.size() == q.limit)
        w.member("next_before", calls.back().id);
    w.end_object();
    return w.take();
}

std::string as_lines(const std::vector<stored::call_record>& calls) {
    std::string out;
    for (const auto& call : calls) {
        json::writer w;
        write_call(w, call);
        out.append(w.text()).push_back('\n');
    }
    return out;
}

// RFC 4180.
// Threat: a label that begins like a formula is run by the spreadsheet that opens the file.
// Defence: such a value gets an apostrophe in front, which spreadsheets show as text.
std::string csv_value(std::string value) {
    if (!value.empty() &&
        std::string_view("=+-@\t\r").find(value.front()) != std::string_view::npos)
        value.insert(value.begin(), '\'');
    if (value.find_first_of("\",\r\n") == std::string::npos) return value;
    std::string out = "\"";
    for (const char c : value) {
        if (c == '"') out.push_back('"');
        out.push_back(c);
    }
    return out += '"';
}

std::string as_csv(const std::vector<stored::call_record>& calls) {
    std::vector<std::string> cells;
    for (const auto& column : stored::call_columns())
        cells.emplace_back(column.name);
    auto out = text::join(cells, ",") + "\r\n";
    for (const auto& call : calls) {
        cells.clear();
        for (const auto& column : stored::call_columns())
            cells.push_back(csv_value(column.text(call)));
        out += text::join(cells, ",") + "\r\n";
    }
    return out;
}

// Whose calls were looked at, for the audit.
std::string looked_at(const stored::call_query& q) {
    std::vector<std::string> parts;
    if (!q.grant_id.empty()) parts.push_back("connection " + q.grant_id);
    if (!q.key_id.empty()) parts.push_back("key " + q.key_id);
    return parts.empty() ? "everybody's" : text::join(parts, ", ");
}

response shown(const std::vector<stored::call_record>& calls, const stored::call_query& q,
               std::string_view format) {
    if (format == "csv") return {200, "text/csv; charset=utf-8; header=present", as_csv(calls)};
    if (format == "ndjson") return {200, "application/x-ndjson", as_lines(calls)};
    return json_response(200, as_json(calls, q));
}

} // namespace

// Who looks at what of whom is itself written down, before anything is shown.
asio::awaitable<response> get_calls(const admin_needs& needs, admin_call call) {
    if (auto refused = refuse_two_ways(call.given)) co_return std::move(*refused);
    stored::call_query q;
    q.since = call.given.time("since");
    q.until = call.given.time("until");
    q.grant_id = call.given.text("connection");
    q.key_id = call.given.text("key");
    q.tool = call.given.text("tool");
    q.object = call.given.text("object");
    q.outcome = call.given.text("outcome");
    q.before = call.given.whole("before", 0);
    if (call.given.has("after")) q.after = call.given.whole("after", 0);
    q.limit = static_cast<std::size_t>(call.given.whole("limit", default_calls));
    stored::audit_note note{stored::audit_kind::calls_read, call.source, looked_at(q)};
    actors::note_audit writing(std::move(note));
    const auto written = co_await needs.actors.ask(std::move(writing));
    if (!written) co_return plain_error(written.failure());
    // Calls that only read wait for a moment before they are written down; this has them written.
    actors::get_status settled;
    (void)co_await needs.actors.ask(std::move(settled));
    actors::read_calls question(q);
    const auto calls = co_await needs.actors.ask(std::move(question));
    if (!calls) co_return plain_error(calls.failure());
    auto answer = shown(*calls, q, call.given.text("format"));
    co_return answer;
}

asio::awaitable<response> get_call_chain(const admin_needs& needs, admin_call) {
    actors::read_call_chain question;
    const auto chain = co_await needs.actors.ask(std::move(question));
    if (!chain) co_return plain_error(chain.failure());
    json::writer w;
    w.begin_object()
        .member("first", chain->first)
        .member("last", chain->last)
        .member("hash", text::hex_encode(chain->hash))
        .member("signed", chain->signed_text())
        .member("signature", text::hex_encode(chain->signature))
        .member("public_key", text::hex_encode(chain->public_key));
    if (chain->anew)
        w.key("begun_anew")
            .begin_object()
            .member("at", oauth::iso_time(chain->anew->at))
            .member("ended", chain->anew->ended)
            .member("broken_at", chain->anew->broken_at)
            .end_object();
    w.end_object();
    co_return json_response(200, w.take());
}

} // namespace web
