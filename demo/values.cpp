#include "demo/values.hpp"

#include "base/number.hpp"
#include "base/text.hpp"
#include "demo/clock.hpp"

#include <algorithm>
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
    auto parsed = s ? parse_loosely(*s, kind == refusal::bad_data) : std::nullopt;
    // A day takes an instant only in UTC.
    if (date && s && s->find('T') != std::string::npos && !s->ends_with('Z')) parsed.reset();
    if (!parsed)
        return refuse(kind, "Invalid value " + inspected(given) + " for " +
                                (date ? "date" : "date-time") + " field " + in_quotes(to.path) +
                                ". Expected format: '" +
                                (date ? "YYYY-MM-DD" : "YYYY-MM-DDTHH:mm:ssZ") + "'");
    return json::value(date ? iso_date(*parsed) : iso_date_time(*parsed));
}

result<json::value> read_number(const leaf_of& to, const json::value& given, refusal kind,
                                bool lenient) {
    const bool numeric_text = lenient || kind == refusal::bad_filter ||
                              to.of->type->name == "NUMERIC" || to.path.ends_with(".amountMicros");
    double d = 0;
    const bool money = to.path.ends_with(".amountMicros") && kind == refusal::bad_data;
    if (const auto* s = given.if_string(); s && numeric_text) {
        const auto read = text::number<double>(*s);
        d = read.value_or(0);
        if (!read)
            return bad_value("number value", to, money ? json::value(json::number{"NaN"}) : given,
                             kind);
    } else if (money && given.is_bool()) {
        d = *given.as_bool() ? 1 : 0; // as JavaScript's Number() has it
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
    if (const auto* s = given.if_string();
        s && (lenient || kind == refusal::bad_filter) && (*s == "true" || *s == "false"))
        return json::value(*s == "true");
    return bad_value("boolean value", to, given, kind);
}

bool is_option(const field& of, std::string_view value) {
    return std::any_of(of.options.begin(), of.options.end(),
                       [value](const auto& o) { return o.value == value; });
}

error bad_option(const leaf_of& to, const json::value& given, refusal kind) {
    if (kind == refusal::bad_filter) { // the database notices, not Twenty
        const std::string name = to.of->owner + "_" + to.path + "_enum";
        const bool plain = text::lower(name) == name;
        return refuse(refusal::database,
                      "invalid input value for enum workspace_demo." +
                          (plain ? name : in_quotes(name)) + ": " +
                          (given.if_string() ? json::dump(given) : in_quotes(json::dump(given))),
                      "Invalid input provided.");
    }
    std::vector<std::string> allowed;
    for (const auto& o : to.of->options)
        allowed.push_back(o.value);
    return refuse(kind, "Invalid value " + json::dump(given) + " for field " + in_quotes(to.path) +
                            ". Valid values are: " + text::join(allowed, ", "));
}

result<json::value> read_select(const leaf_of& to, const json::value& given, refusal kind) {
    const auto* s = given.if_string();
    if (!s && kind == refusal::bad_data) return bad_value("string value", to, given, kind, "text ");
    if (!s || (!to.of->options.empty() && !is_option(*to.of, *s)))
        return bad_option(to, given, kind);
    return given;
}

// One text stands for a list of it.
result<json::value> read_list(const leaf_of& to, const json::value& given, refusal kind) {
    const json::value whole = given.if_string() ? json::list({given}) : given;
    const auto* items = whole.if_array();
    if (!items) return bad_value("array value", to, given, kind);
    for (const auto& item : *items) {
        const auto* s = item.if_string();
        if (to.kind == leaf::multi_select && (!s || !is_option(*to.of, *s)))
            return bad_value("value", to, whole, kind, "multi select ");
        if (!s)
            return refuse(kind, "Invalid value " + inspected(given) + " for field " +
                                    in_quotes(to.path + " - Array values need to be string"));
    }
    return whole;
}

// A text must hold JSON itself.
result<json::value> read_json(const leaf_of& to, const json::value& given, refusal kind) {
    const auto* s = given.if_string();
    if (!s || to.of->type->name != "RAW_JSON") return given;
    if (auto parsed = json::parse(*s)) return *std::move(parsed);
    return bad_value("object value", to, given, kind);
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
        return read_json(to, given, kind);
    case leaf::vector:
        return given;
    }
    return given;
}

} // namespace demo
