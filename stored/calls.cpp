#include "stored/calls.hpp"

#include "base/text.hpp"

namespace stored {

const std::array<call_column, 14>& call_columns() noexcept {
    static const std::array<call_column, 14> columns{{
        {"id", [](const call_record& r) { return std::to_string(r.id); }, true},
        {"time", [](const call_record& r) { return oauth::iso_time(r.at); }},
        {"connection", [](const call_record& r) { return r.grant_id; }},
        {"label", [](const call_record& r) { return r.label; }},
        {"key", [](const call_record& r) { return r.key_id; }},
        {"client", [](const call_record& r) { return r.client; }},
        {"tool", [](const call_record& r) { return r.tool; }},
        {"object", [](const call_record& r) { return r.object; }},
        {"ids", [](const call_record& r) { return r.ids; }},
        {"rows", [](const call_record& r) { return std::to_string(r.rows); }, true},
        {"outcome", [](const call_record& r) { return r.outcome; }},
        {"bytes", [](const call_record& r) { return std::to_string(r.bytes); }, true},
        {"ms", [](const call_record& r) { return std::to_string(r.ms); }, true},
        {"request", [](const call_record& r) { return r.request_id; }},
    }};
    return columns;
}

std::string call_chain::signed_text() const {
    return "twenty-mcp calls " + std::to_string(first) + ' ' + text::hex_encode(before) + ' ' +
           std::to_string(last) + ' ' + text::hex_encode(hash);
}

} // namespace stored
