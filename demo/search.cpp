#include "demo/search.hpp"

#include "base/text.hpp"
#include "demo/errors.hpp"
#include "demo/filter.hpp"
#include "demo/newer.hpp"
#include "demo/search_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace demo {

namespace {

constexpr std::int64_t most_hits = 100;

// Equal ranks come in this order of objects, the others after them.
constexpr std::array<std::string_view, 5> by_priority{"person", "company", "opportunity", "note",
                                                      "task"};
constexpr std::array<std::string_view, 4> filterable{"id", "createdAt", "updatedAt", "deletedAt"};

struct hit {
    const object* on;
    const record* row;
    ranks rank;
};

std::size_t priority_of(const object& o) {
    return static_cast<std::size_t>(std::find(by_priority.begin(), by_priority.end(), o.singular) -
                                    by_priority.begin());
}

bool before(const hit& a, const hit& b) {
    if (a.rank.cover != b.rank.cover) return a.rank.cover > b.rank.cover;
    return a.rank.any > b.rank.any;
}

// A float4 as PostgreSQL prints it.
double single_precision(double d) {
    std::array<char, 32> digits{};
    const auto written =
        std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<float>(d));
    double out = 0;
    std::from_chars(digits.data(), written.ptr, out);
    return out;
}

bool named(const json::value& list, const std::string& name) {
    const auto* items = list.if_array();
    return items && std::find(items->begin(), items->end(), json::value(name)) != items->end();
}

bool is_searched(const object& o, const search_call& call) {
    const auto* only = call.only.if_array();
    return o.searchable && !named(call.without, o.singular) &&
           (!only || only->empty() || named(call.only, o.singular));
}

// The filter of `search` says Null and NotNull where filters of records say NULL and NOT_NULL.
json::value record_filter(const json::value& given) {
    if (const auto* list = given.if_array()) {
        json::array out;
        for (const auto& item : *list)
            out.push_back(record_filter(item));
        return out;
    }
    const auto* members = given.if_object();
    if (!members) return given;
    json::object out;
    for (const auto& [name, v] : *members) {
        if (name == "is" && v.if_string())
            out.append(name, *v.if_string() == "Null" ? "NULL" : "NOT_NULL");
        else
            out.append(name, record_filter(v));
    }
    return out;
}

struct position {
    ranks last;
    json::value ids; // of the last hit of each object
};

result<std::optional<position>> position_of(const std::string& cursor) {
    if (cursor.empty()) return std::optional<position>();
    const auto bytes = text::base64_decode(cursor);
    const auto read = bytes ? json::parse(*bytes) : json::parse("");
    const auto* last = read ? read->find("lastRanks") : nullptr;
    const auto* ids = read ? read->find("lastRecordIdsPerObject") : nullptr;
    if (!last || !ids)
        return refuse(refusal::type_error, "Invalid cursor: " + cursor, "An error occurred.");
    const auto number = [last](std::string_view name) {
        const auto* v = last->find(name);
        return v ? v->as_double().value_or(0) : 0.0;
    };
    return std::optional<position>({{number("tsRankCD"), number("tsRank")}, *ids});
}

bool is_beyond(const hit& h, const position& p) {
    if (h.rank.cover != p.last.cover) return h.rank.cover < p.last.cover;
    if (h.rank.any != p.last.any) return h.rank.any < p.last.any;
    const auto last = p.ids.text(h.on->singular);
    return last.empty() || id_of(*h.row) > last;
}

// The hits in one object, best first.
result<std::vector<hit>> hits_in(const session& with, const object& o, const search_call& call) {
    const auto terms = terms_of(call.text);
    const bool blank = text::trim(call.text).empty();
    TRY(takes,
        compile_filter({with.model, with.data, false, false}, o, record_filter(call.filter)));
    std::vector<hit> by_word;
    std::vector<hit> by_text;
    for (const auto& [id, row] : with.data.of(o)) {
        if (!takes(row) || !is_shared(with.model, with.caller->who, o, row)) continue;
        const auto have = lexemes_of(o, row);
        ranks rank = rank_of(have, terms);
        rank = {single_precision(rank.cover), single_precision(rank.any)};
        if (blank || rank.any > 0)
            by_word.push_back({&o, &row, rank});
        else if (contains_text(have, call.text))
            by_text.push_back({&o, &row, {}});
    }
    // Hits inside of words count only where no word of the object's records was hit, object by
    // object.
    if (by_word.empty()) return by_text;
    std::stable_sort(by_word.begin(), by_word.end(), before);
    return by_word;
}

std::string label_of_hit(const hit& h) {
    const json::value& v = stored(*h.row, h.on->label_field);
    if (const auto* s = v.if_string()) return *s;
    if (h.on->find_field(h.on->label_field)->type->name != "FULL_NAME") return {};
    return std::string(v.text("firstName")) + " " + std::string(v.text("lastName"));
}

json::value shown_hit(const hit& h) {
    return json::make({{"recordId", id_of(*h.row)},
                       {"objectNameSingular", h.on->singular},
                       {"objectLabelSingular", h.on->label},
                       {"label", label_of_hit(h)},
                       {"imageUrl", ""},
                       {"tsRankCD", json::value::of_double(h.rank.cover)},
                       {"tsRank", json::value::of_double(h.rank.any)}});
}

json::value connection(const std::vector<hit>& hits, bool more, json::object last_ids) {
    json::array edges;
    for (const auto& h : hits) {
        last_ids.set(h.on->singular, id_of(*h.row));
        const auto cursor = json::make(
            {{"lastRanks", json::make({{"tsRankCD", json::value::of_double(h.rank.cover)},
                                       {"tsRank", json::value::of_double(h.rank.any)}})},
             {"lastRecordIdsPerObject", last_ids}});
        edges.push_back(json::make(
            {{"node", shown_hit(h)}, {"cursor", text::base64_encode(json::dump(cursor))}}));
    }
    const json::value end = edges.empty() ? json::value() : *edges.back().find("cursor");
    return json::make({{"edges", std::move(edges)},
                       {"pageInfo", json::make({{"hasNextPage", more}, {"endCursor", end}})}});
}

} // namespace

std::optional<std::string> misspelt_search_filter(const json::value& filter) {
    const auto* members = filter.if_object();
    if (!members) return std::nullopt;
    for (const auto& [name, tests] : *members) {
        if (name == "and" || name == "or" || name == "not") continue;
        if (std::find(filterable.begin(), filterable.end(), name) == filterable.end())
            return "Field \"" + name + "\" is not defined by type \"ObjectRecordFilterInput\".";
        const auto word = tests.text("is");
        if (word.empty() || word == "Null" || word == "NotNull") continue;
        const std::string alike = word.starts_with("NOT") ? R"("NotNull" or "Null")" : R"("Null")";
        return "Value \"" + std::string(word) +
               "\" does not exist in \"FilterIs\" enum. Did you mean the enum value " + alike + "?";
    }
    return std::nullopt;
}

result<json::value> search_records(const session& with, const search_call& call) {
    if (call.limit > most_hits)
        return refuse(refusal::bad_input,
                      "Limit cannot exceed " + std::to_string(most_hits) + " items");
    if (call.text.find('\0') != std::string::npos)
        return refuse(refusal::type_error, "invalid byte sequence for encoding \"UTF8\": 0x00",
                      "An error occurred.");
    TRY(after, position_of(call.after));
    const permissions rights(with.caller->who);
    const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(call.limit, 0));
    std::vector<const object*> searched;
    for (const auto& o : with.model.objects())
        if (is_searched(o, call)) searched.push_back(&o);
    std::stable_sort(searched.begin(), searched.end(), [](const object* a, const object* b) {
        return priority_of(*a) < priority_of(*b);
    });
    std::vector<hit> hits;
    for (const object* o : searched) {
        // One object that the role may not read refuses the search as a whole (search/085, 086,
        // 108).
        if (!rights.may(action::read, *o)) return no_permission();
        TRY(found, hits_in(with, *o, call));
        if (after) std::erase_if(found, [&](const hit& h) { return !is_beyond(h, *after); });
        if (found.size() > wanted + 1) found.resize(wanted + 1);
        hits.insert(hits.end(), found.begin(), found.end());
    }
    const bool more = call.limit < 0 || hits.size() > wanted;
    std::stable_sort(hits.begin(), hits.end(), before);
    if (hits.size() > wanted) hits.resize(wanted);
    json::object last_ids;
    if (after && after->ids.if_object()) last_ids = *after->ids.if_object();
    return connection(hits, more, std::move(last_ids));
}

} // namespace demo
