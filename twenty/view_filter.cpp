#include "twenty/view_filter.hpp"

#include "base/number.hpp"
#include "base/text.hpp"
#include "twenty/values.hpp"
#include "twenty/view_days.hpp"
#include "twenty/view_operands.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

namespace twenty {

namespace {

// The parts that a text is looked for in, of composites; none: the field itself.
struct searched {
    field_type type;
    std::array<std::string_view, 6> parts;
};
constexpr searched searched_parts[] = {
    {field_type::full_name, {"firstName", "lastName"}},
    {field_type::address,
     {"addressStreet1", "addressStreet2", "addressCity", "addressState", "addressCountry",
      "addressPostcode"}},
    {field_type::links, {"primaryLinkLabel", "primaryLinkUrl"}},
    {field_type::emails, {"primaryEmail"}},
    {field_type::phones, {"primaryPhoneNumber", "primaryPhoneCallingCode"}},
    {field_type::actor, {"name"}},
    {field_type::currency, {"amountMicros"}},
    {field_type::rich_text, {"markdown"}},
};

std::vector<std::string> parts_of(const view_filter& f) {
    if (!f.part.empty()) return {f.part};
    std::vector<std::string> out;
    for (const auto& one : searched_parts)
        if (one.type == f.of->type)
            for (const auto part : one.parts)
                if (!part.empty()) out.emplace_back(part);
    if (out.empty()) out.emplace_back();
    return out;
}

bool is_text(const view_filter& f) {
    return f.of->type == field_type::text || f.of->type == field_type::full_name ||
           f.of->type == field_type::address || f.of->type == field_type::links ||
           f.of->type == field_type::emails || f.of->type == field_type::phones ||
           f.of->type == field_type::rich_text || f.of->type == field_type::actor;
}

json::value at(const view_filter& f, const std::string& part, std::string_view op, json::value v) {
    json::object compared;
    compared.append(std::string(op), std::move(v));
    if (!part.empty()) {
        json::object inner;
        inner.append(part, std::move(compared));
        return json::make({{f.of->name, std::move(inner)}});
    }
    return json::make({{f.of->name, std::move(compared)}});
}
json::value negated(json::value v) { return json::make({{"not", std::move(v)}}); }
json::value joined_by(const char* conjunction, json::array all) {
    if (all.size() == 1) return std::move(all.front());
    return json::make({{conjunction, std::move(all)}});
}

error unusable(const view_filter& f) {
    return {errc::bad_request, "its filter on \"" + f.of->name + "\" (" +
                                   text::visible_start(f.operand, 40) + ") can't be applied here"};
}

// text_of() reads a text, also of a list with a single item.
std::optional<std::string> text_of(const json::value& v) {
    if (v.if_string()) return *v.if_string();
    if (const auto* n = v.if_number()) return n->text;
    if (v.as_bool()) return *v.as_bool() ? "true" : "false";
    const auto* list = v.if_array();
    if (list && list->size() == 1) return text_of(list->front());
    return std::nullopt;
}

// A list, or JSON of one in a text; of a relation's {selectedRecordIds} that list. Nothing when
// it depends on who looks ("me").
std::optional<json::array> list_of(const json::value& v) {
    if (v.if_array()) return *v.if_array();
    if (v.flag("isCurrentWorkspaceMemberSelected") || v.flag("isCurrentRecordSelected"))
        return std::nullopt;
    if (const auto* ids = v.find("selectedRecordIds")) return list_of(*ids);
    const auto* written = v.if_string();
    if (!written || written->empty()) return std::nullopt;
    if (written->front() == '[' || written->front() == '{') {
        auto parsed = json::parse(*written);
        if (!parsed || parsed->is_string()) return std::nullopt;
        return list_of(*parsed);
    }
    return json::array{v};
}

// -- Days -----------------------------------------------------------------------------------

json::value within(const view_filter& f, const day_span& days, const moment& when) {
    const auto text = [&](std::chrono::sys_days day) {
        return f.of->type == field_type::date ? date_text(day) : start_text(day, when);
    };
    return json::make({{"and", json::list({at(f, "", "gte", text(days.from)),
                                           at(f, "", "lt", text(days.until))})}});
}

json::value within(const view_filter& f, const clock_span& times) {
    return json::make({{"and", json::list({at(f, "", "gte", text::iso_time(times.from)),
                                           at(f, "", "lt", text::iso_time(times.until))})}});
}

result<json::value> in_relative(const view_filter& f, const std::string& written,
                                const moment& when) {
    const auto there = moment_of_view(written, when);
    const auto span = relative_span(written, there);
    if (!span) return unusable(f);
    if (const auto* days = std::get_if<day_span>(&*span)) return within(f, *days, there);
    if (f.of->type == field_type::date) return unusable(f);
    return within(f, std::get<clock_span>(*span));
}

result<json::value> on_days(const view_filter& f, view_meaning what, const moment& when) {
    const bool whole_days = f.of->type == field_type::date;
    const auto today = when.zone.day_of(when.now);
    const auto now = whole_days ? date_text(today) : text::iso_time(when.now);
    if (what == view_meaning::past) return at(f, "", "lt", now);
    if (what == view_meaning::future) return at(f, "", whole_days ? "gte" : "gt", now);
    if (what == view_meaning::today) return within(f, {today, today + std::chrono::days(1)}, when);
    const auto written = text_of(f.value);
    if (!written) return unusable(f);
    if (what == view_meaning::relative) return in_relative(f, *written, when);
    const auto day = day_written(*written, when);
    if (!day) return unusable(f);
    if (what == view_meaning::on_day) return within(f, {*day, *day + std::chrono::days(1)}, when);
    const char* op = what == view_meaning::before ? "lt" : "gte";
    if (whole_days) return at(f, "", op, date_text(*day));
    const bool time_too = written->size() > 10 && is_date_time(*written);
    return at(f, "", op, time_too ? in_full(*written) : start_text(*day, when));
}

// -- Values ---------------------------------------------------------------------------------

// Views keep amounts in units and ratings as numbers of stars.
result<json::value> scalar(const view_filter& f) {
    const auto written = text_of(f.value);
    if (!written) return unusable(f);
    if (f.of->type == field_type::boolean) return json::value(*written == "true");
    const auto read = text::number<double>(*written);
    if (!read || !std::isfinite(*read) || std::abs(*read) > 1e12) return unusable(f);
    const double n = *read;
    if (f.of->type == field_type::rating)
        return json::value("RATING_" + std::to_string(std::clamp(std::lround(n), 1L, 5L)));
    if (f.of->type == field_type::currency) return json::value(std::llround(n * 1e6));
    return json::value(json::number{*written});
}

result<json::value> compared(const view_filter& f, view_meaning what) {
    if (f.of->type == field_type::currency && f.part == "currencyCode") {
        const auto codes = list_of(f.value);
        if (!codes || codes->empty()) return unusable(f);
        auto in = at(f, f.part, "in", *codes);
        return what == view_meaning::not_equal ? negated(std::move(in)) : std::move(in);
    }
    TRY(v, scalar(f));
    const std::string part = f.of->type == field_type::currency ? "amountMicros" : "";
    if (f.of->type == field_type::rating &&
        (what == view_meaning::least || what == view_meaning::most)) {
        json::array in;
        const int stars = v.if_string()->back() - '0';
        for (int i = 1; i <= 5; ++i)
            if (what == view_meaning::least ? i >= stars : i <= stars)
                in.emplace_back("RATING_" + std::to_string(i));
        return at(f, "", "in", std::move(in));
    }
    if (what == view_meaning::least) return at(f, part, "gte", std::move(v));
    if (what == view_meaning::most) return at(f, part, "lte", std::move(v));
    auto same = at(f, part, "eq", std::move(v));
    return what == view_meaning::not_equal ? negated(std::move(same)) : std::move(same);
}

result<json::value> chosen(const view_filter& f, view_meaning what) {
    auto values = list_of(f.value);
    if (!values || values->empty()) return unusable(f);
    const std::string part = f.of->type == field_type::actor ? f.part : "";
    if (f.of->type == field_type::actor && part.empty()) return unusable(f);
    // An empty choice stands for records without a value.
    const auto before = values->size();
    std::erase(*values, json::value(""));
    const bool or_empty = values->size() < before;
    const char* op =
        what == view_meaning::has_any || what == view_meaning::has_none ? "containsAny" : "in";
    json::array any;
    if (!values->empty()) any.push_back(at(f, part, op, std::move(*values)));
    if (or_empty) any.push_back(at(f, part, "is", "NULL"));
    auto found = joined_by("or", std::move(any));
    if (what == view_meaning::one_of || what == view_meaning::has_any) return found;
    // Negations take records without a value along where Twenty's views do, which is not always
    // where our neq does.
    if (what == view_meaning::none_of) return negated(std::move(found));
    return joined_by("or", {negated(std::move(found)), at(f, part, "is", "NULL")});
}

result<json::value> condition_on_linked(const view_filter& f, view_meaning what) {
    auto ids = list_of(f.value);
    if (!ids || ids->empty() || f.of->relations.size() != 1 ||
        f.of->relations.front().join_column.empty())
        return unusable(f);
    const auto& column = f.of->relations.front().join_column;
    json::object in;
    in.append("in", std::move(*ids));
    auto found = json::make({{column, std::move(in)}});
    if (what == view_meaning::linked) return found;
    return joined_by(
        "or", {negated(std::move(found)), json::make({{column, json::make({{"is", "NULL"}})}})});
}

result<json::value> containing(const view_filter& f, view_meaning what) {
    const auto written = text_of(f.value);
    if (!written || written->empty()) return unusable(f);
    const char* op = f.of->type == field_type::array      ? "containsIlike"
                     : f.of->type == field_type::raw_json ? "like"
                                                          : "ilike";
    json::array all;
    for (const auto& part : parts_of(f)) {
        auto found = at(f, part, op, "%" + *written + "%");
        if (what == view_meaning::has)
            all.push_back(std::move(found));
        else // a part without a value contains nothing
            all.push_back(joined_by("or", {negated(std::move(found)), at(f, part, "is", "NULL")}));
    }
    return joined_by(what == view_meaning::has ? "or" : "and", std::move(all));
}

result<json::value> emptiness(const view_filter& f, view_meaning what) {
    json::array all;
    if (f.of->type == field_type::relation || f.of->type == field_type::morph_relation) {
        for (const auto& r : f.of->relations) {
            if (r.join_column.empty()) return unusable(f);
            all.push_back(json::make({{r.join_column, json::make({{"is", "NULL"}})}}));
        }
        if (all.empty()) return unusable(f);
    } else {
        for (const auto& part : parts_of(f)) {
            const auto null = at(f, part, "is", "NULL");
            const bool words = is_text(f);
            all.push_back(words ? joined_by("or", {at(f, part, "eq", ""), null}) : null);
        }
    }
    auto none = joined_by("and", std::move(all));
    return what == view_meaning::empty ? std::move(none) : negated(std::move(none));
}

} // namespace

result<json::value> filter_of_view(const view_filter& f, const moment& when) {
    const auto what = meaning_of_operand(f.operand, f.of->type);
    if (!what) return unusable(f);
    switch (*what) {
    case view_meaning::one_of:
    case view_meaning::none_of:
    case view_meaning::has_any:
    case view_meaning::has_none:
        return chosen(f, *what);
    case view_meaning::linked:
    case view_meaning::not_linked:
        return condition_on_linked(f, *what);
    case view_meaning::equal:
    case view_meaning::not_equal:
    case view_meaning::least:
    case view_meaning::most:
        return compared(f, *what);
    case view_meaning::has:
    case view_meaning::has_not:
        return containing(f, *what);
    case view_meaning::on_day:
    case view_meaning::before:
    case view_meaning::after:
    case view_meaning::past:
    case view_meaning::future:
    case view_meaning::today:
    case view_meaning::relative:
        return on_days(f, *what, when);
    case view_meaning::empty:
    case view_meaning::filled:
        return emptiness(f, *what);
    }
    return unusable(f);
}

} // namespace twenty
