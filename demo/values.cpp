#include "demo/values.hpp"

#include "base/text.hpp"
#include "demo/clock.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace demo {

namespace {

std::string in_quotes(std::string_view s) { return "\"" + std::string(s) + "\""; }

error bad_value(std::string_view what, const leaf_of& to, const json::value& given, refusal kind,
                std::string_view tail = {}) {
    return refuse(kind, "Invalid " + std::string(what) + " " + inspected(given) + " for " +
                            std::string(tail) + "field " + in_quotes(to.path));
}

result<json::value> read_uuid(const leaf_of& to, const json::value& given, refusal kind) {
    const auto* s = given.if_string();
    if (s && text::is_uuid(*s)) return json::value(text::lower(*s));
    const std::string shown = inspected(given);
    return refuse(kind, "Invalid UUID value " + shown + " for field " + in_quotes(to.path),
                  "Invalid value for UUID: " + in_quotes(shown));
}

result<json::value> read_time(const leaf_of& to, const json::value& given, refusal kind) {
    const bool date = to.kind == leaf::date;
    const auto* s = given.if_string();
    const auto parsed = s ? parse_date_time(*s) : std::nullopt;
    if (!parsed)
        return refuse(kind, "Invalid value " + inspected(given) + " for " +
                                (date ? "date" : "date-time") + " field " + in_quotes(to.path) +
                                ". Expected format: '" +
                                (date ? "YYYY-MM-DD" : "YYYY-MM-DDTHH:mm:ssZ") + "'");
    return json::value(date ? iso_date(*parsed) : iso_date_time(*parsed));
}

result<json::value> read_number(const leaf_of& to, const json::value& given, refusal kind,
                                bool lenient) {
    const bool numeric_text =
        lenient || to.of->type->name == "NUMERIC" || to.path.ends_with(".amountMicros");
    double d = 0;
    if (const auto* s = given.if_string(); s && numeric_text) {
        const auto [end, failed] = std::from_chars(s->data(), s->data() + s->size(), d);
        if (failed != std::errc() || end != s->data() + s->size())
            return bad_value("number value", to, given, kind);
    } else if (given.as_double()) {
        d = *given.as_double();
    } else {
        return bad_value("number value", to, given, kind);
    }
    // Twenty keeps money in doubles and shows whole micros.
    if (to.path.ends_with(".amountMicros") && std::abs(d) < 9.2e18)
        return json::value(static_cast<std::int64_t>(d));
    if (given.is_number()) return given;
    return json::value::of_double(d);
}

result<json::value> read_boolean(const leaf_of& to, const json::value& given, refusal kind,
                                 bool lenient) {
    if (given.is_bool()) return given;
    if (const auto* s = given.if_string(); s && lenient && (*s == "true" || *s == "false"))
        return json::value(*s == "true");
    return bad_value("boolean value", to, given, kind);
}

bool is_option(const field& of, std::string_view value) {
    return std::any_of(of.options.begin(), of.options.end(),
                       [value](const auto& o) { return o.value == value; });
}

error bad_option(const leaf_of& to, const json::value& given, refusal kind) {
    if (kind == refusal::bad_filter) // the database notices, not Twenty
        return refuse(refusal::database, "invalid input value for enum workspace_demo." +
                                             to.of->owner + "_" + to.path +
                                             "_enum: " + json::dump(given));
    std::vector<std::string> allowed;
    for (const auto& o : to.of->options)
        allowed.push_back(o.value);
    return refuse(kind, "Invalid value " + json::dump(given) + " for field " + in_quotes(to.path) +
                            ". Valid values are: " + text::join(allowed, ", "));
}

result<json::value> read_select(const leaf_of& to, const json::value& given, refusal kind) {
    const auto* s = given.if_string();
    if (!s || (!to.of->options.empty() && !is_option(*to.of, *s)))
        return bad_option(to, given, kind);
    return given;
}

result<json::value> read_list(const leaf_of& to, const json::value& given, refusal kind) {
    const auto* items = given.if_array();
    if (!items) return bad_value("array value", to, given, kind);
    for (const auto& item : *items) {
        const auto* s = item.if_string();
        if (!s) return bad_value("string value", to, item, kind);
        if (to.kind == leaf::multi_select && !is_option(*to.of, *s))
            return bad_option(to, item, kind);
    }
    return given;
}

result<json::value> read_text(const leaf_of& to, const json::value& given, refusal kind) {
    const auto* s = given.if_string();
    if (!s) return bad_value("string value", to, given, kind, "text ");
    if (s->find('\0') != std::string::npos)
        return refuse(refusal::data_corrupt, "Data validation error.");
    return s->empty() ? json::value() : given;
}

} // namespace

bool is_record_id(std::string_view s) {
    return text::is_uuid(s) && s[14] >= '1' && s[14] <= '5' &&
           std::string_view("89abAB").find(s[19]) != std::string_view::npos;
}

result<json::value> read_leaf(const leaf_of& to, const json::value& given, refusal kind,
                              bool lenient) {
    switch (to.kind) {
    case leaf::text:
        return read_text(to, given, kind);
    case leaf::number:
        return read_number(to, given, kind, lenient);
    case leaf::boolean:
        return read_boolean(to, given, kind, lenient);
    case leaf::uuid:
        return read_uuid(to, given, kind);
    case leaf::date:
    case leaf::date_time:
        return read_time(to, given, kind);
    case leaf::select:
        return read_select(to, given, kind);
    case leaf::multi_select:
    case leaf::array:
        return read_list(to, given, kind);
    case leaf::json:
    case leaf::vector:
        return given;
    }
    return given;
}

} // namespace demo
