// Counting, summing and grouping: query.hpp's prepare_aggregate().
#include "base/text.hpp"
#include "twenty/compared_fields.hpp"
#include "twenty/graphql_post.hpp"
#include "twenty/names.hpp"
#include "twenty/query.hpp"
#include "twenty/restricted.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace twenty {

namespace {

using enum field_type;

error bad(std::string what) { return {errc::bad_request, std::move(what)}; }

struct function {
    std::string_view name;         // also the prefix of the answer's member
    std::string_view others;       // spellings, between blanks
    std::vector<field_type> types; // empty: any
};
const std::vector<function>& functions() {
    static const std::vector<function> all{
        {"sum", " total ", {number, numeric, currency}},
        {"avg", " average mean ", {number, numeric, currency}},
        {"min", " minimum earliest ", {number, numeric, currency, date, date_time}},
        {"max", " maximum latest ", {number, numeric, currency, date, date_time}},
        {"countUniqueValues", " count_distinct countdistinct unique ", {}},
        {"countEmpty", " count_empty ", {}},
        {"countNotEmpty", " count count_not_empty ", {}},
        {"percentageEmpty", " percent_empty ", {}},
        {"percentageNotEmpty", " percent_not_empty ", {}},
        {"countTrue", " count_true ", {boolean}},
        {"countFalse", " count_false ", {boolean}},
    };
    return all;
}

const function* find_function(std::string_view written) {
    const auto low = text::lower(written);
    for (const auto& f : functions())
        if (text::iequals(f.name, written) || f.others.find(" " + low + " ") != f.others.npos)
            return &f;
    return nullptr;
}

struct measured {
    std::string key;    // Twenty's member
    std::string column; // ours
    const field* money = nullptr;
    bool in_units = false;
};
result<measured> read_measure(const object& of, const access& may, const measure& m) {
    measured out;
    if (m.field.empty()) {
        if (!text::iequals(m.function, "count"))
            return bad(in_quotes(m.function) + " needs a field.");
        out.key = "totalCount";
        out.column = m.function;
        return out;
    }
    const auto* f = find_function(m.function);
    if (!f) {
        std::string names = "count";
        for (const auto& known : functions())
            names += ", " + std::string(known.name);
        return bad(in_quotes(m.function) + " isn't an aggregate; known: " + names + ".");
    }
    const auto parts = text::split(m.field, '.');
    const auto name = exact_name(may, of, parts.front());
    const auto* on = of.find_field(name);
    if (!on || !on->relations.empty() || !may.visible(*on))
        return unknown_field(may, of, parts.front());
    CHECK_OK(check_private(of, name, field_use::counted, asked_at::own_root, name));
    const bool fits =
        f->types.empty() || std::find(f->types.begin(), f->types.end(), on->type) != f->types.end();
    if (!fits)
        return bad("\"" + name + "\" is of type " + on->type_name + "; " + std::string(f->name) +
                   " doesn't apply to it.");
    const bool micros = parts.size() > 1 && text::iequals(parts[1], "amountMicros");
    const bool units = parts.size() == 1 || text::iequals(parts[1], "amount");
    if (parts.size() > 1 && !(on->type == currency && (micros || units)))
        return bad("Aggregates take whole fields; use \"" + name + "\".");
    out.key = std::string(f->name) + capitalised(name);
    out.column = m.function + "(" + name;
    if (on->type == currency && !f->types.empty()) {
        out.key += "AmountMicros";
        if (micros) out.column += ".amountMicros"; // never mistaken for units
        out.in_units = !micros;
        out.money = on;
    }
    out.column += ")";
    return out;
}

constexpr std::array<std::string_view, 8> granularities{"DAY",
                                                        "WEEK",
                                                        "MONTH",
                                                        "QUARTER",
                                                        "YEAR",
                                                        "DAY_OF_THE_WEEK",
                                                        "MONTH_OF_THE_YEAR",
                                                        "QUARTER_OF_THE_YEAR"};

result<json::value> date_bucket(const grouping& g, const std::string& time_zone) {
    const std::string wanted = g.granularity.empty() ? "MONTH" : g.granularity;
    for (const auto known : granularities)
        if (text::iequals(known, wanted))
            return json::make({{"granularity", known}, {"timeZone", time_zone}});
    return bad(in_quotes(wanted) + " isn't a date bucket; known: DAY, WEEK, MONTH, QUARTER, YEAR, "
                                   "DAY_OF_THE_WEEK, MONTH_OF_THE_YEAR, QUARTER_OF_THE_YEAR.");
}

// Area/City, of letters; Twenty knows which there are.
bool is_zone_name(std::string_view zone) {
    if (zone == "UTC" || zone == "GMT") return true;
    const auto parts = text::split(zone, '/');
    return zone.size() <= 64 && (parts.size() == 2 || parts.size() == 3) &&
           std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
               const auto letter = [](char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; };
               return !part.empty() && letter(part.front()) &&
                      std::all_of(part.begin(), part.end(), [&](char c) {
                          return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                                 c == '+';
                      });
           });
}

// Threat: the zone becomes part of an SQL expression in Twenty. Defence: nothing but names.
result<std::string> checked_zone(std::string_view written) {
    const auto zone = text::trim(written);
    if (text::iequals(zone, "UTC")) return std::string("UTC");
    if (is_zone_name(zone)) return std::string(zone);
    return bad("timeZone: " + in_quotes(zone) +
               " isn't a time zone; give an IANA name such as Europe/Oslo, or UTC.");
}

struct dimensions {
    json::array keys;
    std::vector<dimension> all;
    std::vector<std::vector<std::string>> paths;
    void add(const std::vector<std::string>& steps, json::value v, const field* values = nullptr) {
        dimension what;
        what.name = text::join(steps, ".");
        what.values = values;
        add(steps, std::move(v), std::move(what));
    }
    void add(const std::vector<std::string>& steps, json::value v, dimension what) {
        all.push_back(std::move(what));
        paths.push_back(steps);
        for (auto s = steps.rbegin(); s != steps.rend(); ++s)
            v = json::make({{*s, std::move(v)}});
        keys.push_back(std::move(v));
    }
};

result<void> group_field(const object& of, const access& may, const grouping& g,
                         const std::vector<std::string>& path, std::vector<std::string> above,
                         const std::string& time_zone, dimensions& out) {
    const auto name = exact_name(may, of, path.front());
    const bool deeper = path.size() > 1;
    auto r = of.find_relation(name);
    if (!r) r = of.find_join(name); // companyId means company
    if (r && may.can_follow(*r->to)) {
        const auto* target = may.schema().by_singular(r->to->target_object);
        if (r->to->kind == relation_kind::one_to_many || !above.empty())
            return bad("Records can't be grouped by \"" + name + "\".");
        above.push_back(r->to->query_name);
        const auto rest = std::vector<std::string>(path.begin() + 1, path.end());
        if (deeper && rest != std::vector<std::string>{"id"})
            return group_field(*target, may, g, rest, std::move(above), time_zone, out);
        // By id: two companies of one name are two groups.
        above.emplace_back("id");
        dimension records;
        records.name = r->to->query_name;
        records.records = may.target(*r->to);
        out.add(above, true, std::move(records));
        return {};
    }
    const auto* f = of.find_field(name);
    if (!f || !f->relations.empty() || !may.visible(*f))
        return unknown_field(may, of, path.front());
    CHECK_OK(check_private(of, name, field_use::grouped, asked_at::own_root, name));
    if (f->type == actor) // [twenty-golden-2 group/034, 035]
        return bad("Twenty groups by no author; filter by \"" + name + ".source\" or \"" + name +
                   ".name\" and count.");
    above.push_back(name);
    if (f->type == date || f->type == date_time) {
        TRY(bucket, date_bucket(g, time_zone));
        dimension date;
        date.name = text::join(above, ".");
        // Names of days and months would come in the order of their letters.
        date.is_date = bucket.text("granularity").find("_OF_THE_") == std::string_view::npos;
        out.add(above, std::move(bucket), std::move(date));
        return {};
    }
    if (const auto* parts = composite_of(f->type)) {
        bool found = false;
        for (const auto& part : parts->parts) {
            // A name means both its halves, money its currency; others their main part.
            const bool main = f->type == full_name ||
                              part.name == (f->type == currency ? "currencyCode" : parts->main);
            const bool wanted = deeper ? text::iequals(part.name, path[1]) : main;
            if (!wanted || !may.shows(f->type, part.name)) continue;
            auto steps = above;
            steps.emplace_back(part.name);
            out.add(steps, true);
            found = true;
        }
        if (!found) return bad("\"" + name + "\" has no part to group by.");
        return {};
    }
    if (f->type == uuid || f->type == ts_vector || f->type == raw_json || f->type == position)
        return bad("Records can't be grouped by \"" + name + "\".");
    out.add(above, true, f);
    return {};
}

// {"closeDate": {"orderBy": …, "granularity": …}} for a date, else {"address": {"addressCity": …}}:
// the form that Twenty has for a group (twenty-golden-2 group/005-008, dates/119).
std::string order_of_group(const dimensions& dims, std::size_t n, const std::string& direction) {
    const auto& path = dims.paths[n];
    const json::value* leaf = &dims.keys[n];
    for (const auto& step : path)
        leaf = leaf->find(step);
    const auto granularity = leaf->text("granularity");
    std::string out = granularity.empty() ? direction
                                          : "{orderBy:" + direction +
                                                ",granularity:" + std::string(granularity) + "}";
    for (auto step = path.rbegin(); step != path.rend(); ++step)
        out = "{" + *step + ":" + out + "}";
    return out;
}

struct ordering {
    std::string name; // as written, without its direction
    std::optional<bool> descending;
};

// "-sum(amount)", "closeDate desc", "stage[AscNullsLast]"
ordering read_ordering(std::string_view written) {
    ordering out;
    auto rest = text::trim(written);
    if (rest.starts_with('-') || rest.starts_with('+')) {
        out.descending = rest.front() == '-';
        rest = text::trim(rest.substr(1));
    }
    const auto at = rest.find_last_of(" [:");
    const auto word = at == rest.npos ? std::string() : text::lower(rest.substr(at + 1));
    if (word.starts_with("desc") || word.starts_with("asc")) {
        out.descending = word.starts_with("desc");
        rest = text::trim(rest.substr(0, at));
    }
    out.name = rest;
    return out;
}

// "sum(amount)", "sum amount" and "sum:amount" are one measure, as in `measures`.
bool same_measure(std::string_view a, std::string_view b) {
    const auto letters = [](std::string_view name) {
        std::string out = text::lower(name);
        std::erase_if(out, [](char c) {
            return std::string_view("() :_").find(c) != std::string_view::npos;
        });
        return out;
    };
    return letters(a) == letters(b);
}

// orderBy's items in Twenty's words. `out` has the measures and dimensions.
result<std::string> group_order(const aggregation& what, const dimensions& dims,
                                aggregate_request& out) {
    std::vector<std::string> items;
    const auto by_measure = [&](std::size_t n, bool descending) {
        items.push_back("{aggregate:{" + out.keys[n] + ":" +
                        (descending ? "DescNullsLast" : "AscNullsLast") + "}}");
        out.order += (out.order.empty() ? "" : ", ") + out.columns[n] +
                     (descending ? " (largest first)" : " (smallest first)");
    };
    const auto by_group = [&](std::size_t n, bool descending) {
        items.push_back(order_of_group(dims, n, descending ? "DescNullsLast" : "AscNullsLast"));
        out.order += (out.order.empty() ? "" : ", ") + out.dimensions[n].name;
    };
    for (const auto& written : what.order_by) {
        const auto wanted = read_ordering(written);
        const auto same = [&](const std::string& name) { return text::iequals(name, wanted.name); };
        const auto measure =
            std::find_if(out.columns.begin(), out.columns.end(), [&](const std::string& column) {
                return same_measure(column, wanted.name);
            });
        const auto group = std::find_if(out.dimensions.begin(), out.dimensions.end(),
                                        [&](const dimension& d) { return same(d.name); });
        if (measure != out.columns.end()) {
            by_measure(static_cast<std::size_t>(measure - out.columns.begin()),
                       wanted.descending.value_or(true));
        } else if (group != out.dimensions.end() && !group->records) {
            by_group(static_cast<std::size_t>(group - out.dimensions.begin()),
                     wanted.descending.value_or(false));
        } else {
            std::vector<std::string> names = out.columns;
            for (const auto& d : out.dimensions)
                if (!d.records) names.push_back(d.name);
            return bad(in_quotes(wanted.name) +
                       " isn't what the groups are ordered by; there are: " +
                       text::join(names, ", ") + ".");
        }
    }
    if (items.empty()) {
        for (std::size_t i = 0; i < out.dimensions.size(); ++i)
            if (out.dimensions[i].is_date) by_group(i, false);
        by_measure(0, true);
    }
    return "[" + text::join(items, ",") + "]";
}

} // namespace

result<aggregate_request> prepare_aggregate(const readable_object& of, const access& may,
                                            const aggregation& what) {
    aggregate_request out;
    const auto type = type_name(of);
    std::string selected;
    std::vector<std::string> currencies; // that the measures take together
    auto measures = what.measures;
    if (measures.empty()) measures.push_back({"count", ""});
    const json::value filter = of.within_scope(what.filter);
    const auto filtered = json::dump(filter);
    for (const auto& m : measures) {
        TRY(one, read_measure(of, may, m));
        if (std::find(out.keys.begin(), out.keys.end(), one.key) == out.keys.end())
            selected += " " + one.key;
        out.keys.push_back(std::move(one.key));
        out.columns.push_back(std::move(one.column));
        out.in_units.push_back(one.in_units);
        if (one.money && filtered.find("currencyCode") == std::string::npos)
            currencies.push_back(one.money->name + ".currencyCode");
    }
    std::string header;
    std::string arguments;
    json::object values;
    if (const auto* given = filter.if_object(); given && !given->empty()) {
        header = "$filter:" + type + "FilterInput";
        arguments = "filter:$filter,";
        values.append("filter", filter);
    }
    TRY(zone, checked_zone(what.time_zone));
    dimensions dims;
    for (const auto& g : what.group_by) {
        CHECK_OK(group_field(of, may, g, text::split(g.field, '.'), {}, zone, dims));
        if (zone != "UTC" && text::lower(g.granularity).find("_of_the_") != std::string::npos)
            add_note(out.notes, "Twenty cuts days of the week and months or quarters of the year "
                                "in UTC, whatever timeZone says");
    }
    if (dims.keys.size() > 2)
        return bad("Records can be grouped by two values at most (a name counts as two).");
    out.grouped = !dims.keys.empty();
    out.dimensions = dims.all;
    for (const auto& money : currencies)
        if (std::none_of(out.dimensions.begin(), out.dimensions.end(),
                         [&](const dimension& d) { return d.name == money; }))
            add_note(out.notes, "Amounts of all currencies are taken together; group by " + money +
                                    " to keep them apart");
    out.root = out.grouped ? root_groups(of) : root_many(of);
    const auto compared = select_compared(compared_fields(filter, of, may), of, may);
    if (out.grouped) {
        header += (header.empty() ? "" : ",") + ("$groupBy:[" + type) + "GroupByInput!]!";
        TRY(order, group_order(what, dims, out));
        arguments += "groupBy:$groupBy,orderBy:" + order +
                     ",limit:" + std::to_string(std::clamp(what.limit, 1, most_groups) + 1);
        values.append("groupBy", std::move(dims.keys));
        selected = "groupByDimensionValues" + selected;
    } else {
        arguments += "first:1";
        if (!compared.empty()) selected += " edges{node{" + compared + "}}";
    }
    const auto document = "query" + (header.empty() ? "" : "(" + header + ")") + "{" + out.root +
                          "(" + arguments + "){" + std::string(text::trim(selected)) + "}}";
    out.request = graphql_post(document, std::move(values));
    if (out.grouped) out.request = also_selecting(std::move(out.request), of, compared);
    return out;
}

} // namespace twenty
