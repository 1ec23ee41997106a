// Words for days, and days of a time: conditions on spans. A span reaches from its first day up to,
// without, the day behind its last, and each operator becomes gte or lt at one of these ends.
// Twenty itself reads a day on a DATE_TIME as midnight UTC, whatever the operator.
#include "twenty/comparison.hpp"

#include "twenty/bounds.hpp"

namespace twenty {

std::optional<json::value> comparison::on_days(std::string_view op, const json::value& v) {
    if (column_.type != field_type::date && column_.type != field_type::date_time)
        return std::nullopt;
    if (const auto* written = v.if_string(); written && op != "in")
        return on_one_span(op, *written);
    const auto* items = v.if_array();
    if (op != "in" || !items || items->empty() || items->size() > most_compared_items)
        return std::nullopt;
    json::array either;
    // A list is one of days when all of its items are. Otherwise checked() says which one is none.
    for (const auto& item : *items) {
        const auto* written = item.if_string();
        auto one = written ? on_one_span("eq", *written) : std::nullopt;
        if (!one) return std::nullopt;
        either.push_back(*std::move(one));
    }
    return any_of(std::move(either));
}

// A DATE compares by its own days; of a DATE_TIME each day is a span of time.
std::optional<json::value> comparison::on_one_span(std::string_view op, std::string_view written) {
    const auto span = read_days(written, at_);
    if (!span) return std::nullopt;
    const bool is_date_column = column_.type == field_type::date;
    if (is_date_column && is_date(written)) return std::nullopt; // as Twenty compares them
    const auto from = [&] {
        return json::value(is_date_column ? date_text(span->from) : start_text(span->from, at_));
    };
    const auto until = [&] {
        return json::value(is_date_column ? date_text(span->until) : start_text(span->until, at_));
    };
    json::value made;
    if (op == "eq") {
        json::array both;
        both.push_back(leaf("gte", from()));
        both.push_back(leaf("lt", until()));
        json::object all;
        all.append("and", std::move(both));
        made = std::move(all);
    } else if (op == "neq") {
        json::array either;
        either.push_back(leaf("lt", from()));
        either.push_back(leaf("gte", until()));
        // Records without a date differ from every day, as neq has it for other types.
        either.push_back(leaf("is", "NULL"));
        made = any_of(std::move(either));
    } else if (op == "lt" || op == "gte") {
        made = leaf(op, from());
    } else if (op == "lte" || op == "gt") {
        made = leaf(op == "lte" ? "lt" : "gte", until());
    } else {
        return std::nullopt;
    }
    // The note says the days as they were understood: a model cannot know the clock or the zone.
    const auto last = date_text(span->until - std::chrono::days(1));
    const auto shown = in_quotes(written);
    note(shown + " was read as " + (is_date(written) ? "that whole day" : "") +
         (is_date(written) ? "" : date_text(span->from)) +
         (is_date(written) || span->one_day() ? "" : " to " + last) +
         (is_date_column ? "" : " in " + at_.zone.name()));
    return made;
}

} // namespace twenty
