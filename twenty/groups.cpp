#include "twenty/groups.hpp"

#include "twenty/names.hpp"
#include "twenty/restricted.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace twenty {

namespace {

constexpr std::array<std::string_view, 8> granularities{"DAY",
                                                        "WEEK",
                                                        "MONTH",
                                                        "QUARTER",
                                                        "YEAR",
                                                        "DAY_OF_THE_WEEK",
                                                        "MONTH_OF_THE_YEAR",
                                                        "QUARTER_OF_THE_YEAR"};

// date_bucket() sends a zone with every bucket. Twenty demands one for DAY to YEAR and does not
// heed it for the others.
result<json::value> date_bucket(const grouping& g, const std::string& time_zone) {
    const std::string wanted = g.granularity.empty() ? "MONTH" : g.granularity;
    for (const auto known : granularities)
        if (text::iequals(known, wanted))
            return json::make({{"granularity", known}, {"timeZone", time_zone}});
    return bad_request(in_quotes(wanted) +
                       " isn't a date bucket; known: DAY, WEEK, MONTH, QUARTER, YEAR, "
                       "DAY_OF_THE_WEEK, MONTH_OF_THE_YEAR, QUARTER_OF_THE_YEAR.");
}

// is_zone_name() lets Area/City pass, and nothing that could end a text in SQL. Which zones there
// are Twenty knows.
bool is_zone_name(std::string_view zone) {
    if (zone == "UTC" || zone == "GMT") return true;
    if (zone.size() > 64) return false;
    const auto parts = text::split(zone, '/');
    return (parts.size() == 2 || parts.size() == 3) &&
           std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
               const auto letter = [](char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; };
               return !part.empty() && letter(part.front()) &&
                      std::all_of(part.begin(), part.end(), [&](char c) {
                          return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                                 c == '+';
                      });
           });
}

// A name means both its halves, money its currency; others their main part.
result<done> group_parts(const field& f, const composite& parts, const access& may,
                         const std::vector<std::string>& path,
                         const std::vector<std::string>& above, dimensions& out) {
    const bool deeper = path.size() > 1;
    bool found = false;
    for (const auto& part : parts.parts) {
        const bool main =
            f.type == field_type::full_name ||
            part.name == (f.type == field_type::currency ? "currencyCode" : parts.main);
        const bool wanted = deeper ? text::iequals(part.name, path[1]) : main;
        if (!wanted || !may.shows(f.type, part.name)) continue;
        auto steps = above;
        steps.emplace_back(part.name);
        out.add(steps, true);
        found = true;
    }
    if (!found) return bad_request("\"" + f.name + "\" has no part to group by.");
    return done{};
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

} // namespace

result<std::string> checked_zone(std::string_view written) {
    const auto zone = text::trim(written);
    if (text::iequals(zone, "UTC")) return std::string("UTC");
    if (is_zone_name(zone)) return std::string(zone);
    return bad_request("timeZone: " + in_quotes(zone) +
                       " isn't a time zone; give an IANA name such as Europe/Oslo, or UTC.");
}

// group_field() adds the dimensions that a path stands for: a record's id for a relation, a bucket
// for a date, the parts of a composite, else the field itself. `above` has one step at most.
result<done> group_field(const object& of, const access& may, const grouping& g,
                         const std::vector<std::string>& path, std::vector<std::string> above,
                         const std::string& time_zone, dimensions& out) {
    const auto name = exact_name(may, of, path.front());
    const bool deeper = path.size() > 1;
    auto r = of.find_relation(name);
    if (!r) r = of.find_join(name); // companyId means company
    if (r && may.can_follow(*r->to)) {
        const auto* target = may.schema().by_singular(r->to->target_object);
        // Twenty groups across one relation and no further [twenty-golden-2 group/034, 035].
        if (r->to->kind == relation_kind::one_to_many || !above.empty())
            return bad_request("Records can't be grouped by \"" + name + "\".");
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
        return done{};
    }
    const auto* f = of.find_field(name);
    if (!f || !f->relations.empty() || !may.visible(*f))
        return unknown_field(may, of, path.front());
    CHECK_OK(check_private(of, name, field_use::grouped, asked_at::own_root, name));
    if (f->type == field_type::actor) // [twenty-golden-2 group/034, 035]
        return bad_request("Twenty groups by no author; filter by \"" + name + ".source\" or \"" +
                           name + ".name\" and count.");
    above.push_back(name);
    if (f->type == field_type::date || f->type == field_type::date_time) {
        TRY(bucket, date_bucket(g, time_zone));
        dimension date;
        date.name = text::join(above, ".");
        // Names of days and months would come in the order of their letters.
        date.is_date = bucket.text("granularity").find("_OF_THE_") == std::string_view::npos;
        out.add(above, std::move(bucket), std::move(date));
        return done{};
    }
    if (const auto* parts = composite_of(f->type))
        return group_parts(*f, *parts, may, path, above, out);
    if (f->type == field_type::uuid || f->type == field_type::ts_vector ||
        f->type == field_type::raw_json || f->type == field_type::position)
        return bad_request("Records can't be grouped by \"" + name + "\".");
    out.add(above, true, f);
    return done{};
}

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
    // Measures are looked for before groups, because they are what the groups are mostly ordered
    // by: the largest first unless the caller says otherwise, groups in their own order.
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
            return bad_request(in_quotes(wanted.name) +
                               " isn't what the groups are ordered by; there are: " +
                               text::join(names, ", ") + ".");
        }
    }
    // Twenty gives groups in no order of their own, so one is always asked for: dates as they come,
    // then the first measure.
    if (items.empty()) {
        for (std::size_t i = 0; i < out.dimensions.size(); ++i)
            if (out.dimensions[i].is_date) by_group(i, false);
        by_measure(0, true);
    }
    return "[" + text::join(items, ",") + "]";
}

} // namespace twenty
