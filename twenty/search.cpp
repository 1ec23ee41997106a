#include "twenty/search.hpp"

#include "base/text.hpp"
#include "twenty/graphql_post.hpp"
#include "twenty/names.hpp"
#include "twenty/query.hpp"

#include <algorithm>

namespace twenty {

namespace {

constexpr std::size_t fewest_phone_digits =
    7; // of a phone number; shorter ones are found inside words
constexpr std::size_t most_phone_digits = 15; // ITU-T E.164

bool only(std::string_view text, std::string_view others) {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return text::is_digit(c) || others.find(c) != std::string_view::npos;
    });
}

// 2026-12-01, 01.12.2026, 12/01/2026
bool looks_like_a_day(std::string_view text) {
    for (const char mark : {'-', '.', '/'}) {
        const auto parts = text::split(text, mark);
        if (parts.size() != 3) continue;
        const auto sizes = std::to_string(parts[0].size()) + std::to_string(parts[1].size()) +
                           std::to_string(parts[2].size());
        if (sizes == "422" || sizes == "224") return true;
    }
    return false;
}

void drop_trunk_zero(std::string& text) { // +49 (0)30
    if (const auto at = text.find("(0)"); at != std::string::npos) text.erase(at, 3);
}

// rank() has a value for a server that names none, so that its hits count as having all words.
double rank(const json::value& node, std::string_view name, double without) {
    const auto* v = node.find(name);
    return v ? v->as_double().value_or(without) : without;
}

} // namespace

// search_words() changes nothing but what can only be a phone number: digits and the signs between
// them, of a number's length, and no date. A second plus is in no number. A national number loses
// its signs too, because Twenty finds nobody by one with dashes.
std::string search_words(std::string_view written) {
    std::string words(text::trim(written));
    if (words.empty() || !only(words, "+-().\t /") || looks_like_a_day(words)) return words;
    const bool plus = words.front() == '+' || words.starts_with("(+");
    if (words.find('+', words.front() == '(' ? 2 : 1) != std::string::npos) return words;
    const bool zeros = words.starts_with("00");
    std::string number = words;
    if (plus || zeros) drop_trunk_zero(number);
    std::erase_if(number, [](char c) { return !text::is_digit(c); });
    if (zeros) number.erase(0, 2);
    if (number.size() < fewest_phone_digits || number.size() > most_phone_digits) return words;
    return (plus || zeros ? "+" : "") + number;
}

std::vector<readable_object> searchable_objects(const access& may) {
    std::vector<readable_object> out;
    for (const auto* o : may.objects())
        if (auto of = may.as_readable(*o); of && o->is_searchable && may.can_search(*o))
            out.push_back(std::move(*of));
    return out;
}

result<request> search_request(const access& may, std::string_view words,
                               const std::vector<readable_object>& in, int limit) {
    const auto plain = text::trim(words);
    // PostgreSQL has no text with a NUL in it.
    if (plain.empty() || plain.find('\0') != std::string_view::npos)
        return error{errc::bad_request, "Give some words to search for."};
    json::array names;
    for (const auto& o : in)
        if (may.can_search(o)) names.emplace_back(o->name_singular);
    // Threat: an empty list means every object to Twenty. Defence: it is never sent.
    if (names.empty())
        return error{errc::not_allowed, "This connection may not search those objects."};
    json::object values;
    values.append("searchInput", plain);
    values.append("in", std::move(names));
    return graphql_post(
        "query($searchInput:String!,$in:[String!]){search(searchInput:$searchInput,limit:" +
            std::to_string(std::clamp(limit, 1, most_hits)) +
            ",includedObjectNameSingulars:$in){edges{node{recordId objectNameSingular label "
            "tsRank tsRankCD}}}}",
        std::move(values));
}

result<std::vector<hit>> read_hits(const answer& a) {
    const auto* edges = a.data.at("search", "edges");
    if (!edges || !edges->if_array()) return unexpected_form();
    std::vector<hit> out;
    for (const auto& edge : *edges->if_array()) {
        const auto* node = edge.find("node");
        if (!node) continue;
        hit h;
        h.object = node->text("objectNameSingular");
        h.id = node->text("recordId");
        h.label = node->text("label");
        // tsRankCD is 0 without all of the words. Both are 0 where the text stands inside of
        // words, as it was written.
        h.all_words = rank(*node, "tsRankCD", 1) > 0 || rank(*node, "tsRank", 1) == 0;
        out.push_back(std::move(h));
    }
    // Twenty's order stays within each half.
    std::stable_partition(out.begin(), out.end(), [](const hit& h) { return h.all_words; });
    return out;
}

request probe_request(const std::vector<readable_object>& objects) {
    std::string roots;
    // Threat: a probe without a scope reads a hidden row. Defence: objects with a scope are left
    // out.
    for (std::size_t i = 0; i < std::min(objects.size(), most_probed); ++i)
        if (objects[i].scope().is_null())
            roots += root_many(objects[i]) + "(first:1){edges{node{id}}}";
    return graphql_post("query{" + roots + "}", {});
}

request several_records_request(const std::vector<records_wanted>& wanted) {
    std::string roots;
    for (const auto& one : wanted) {
        if (!one.of.scope().is_null()) continue;
        std::string ids;
        for (const auto& id : one.ids)
            if (text::is_uuid(id)) ids += (ids.empty() ? "\"" : ",\"") + id + "\"";
        roots += root_many(one.of) + "(filter:{id:{in:[" + ids +
                 "]}},first:" + std::to_string(max_page) + "){edges{node{" + one.selection + "}}}";
    }
    return graphql_post("query{" + roots + "}", {});
}

} // namespace twenty
