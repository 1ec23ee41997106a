#include "crm/include.hpp"

#include "base/text.hpp"
#include "twenty/names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crm {

namespace {

// Words that people use for what the schema calls otherwise.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> words{{
    {"contact", "person"},
    {"contacts", "person"},
    {"employees", "person"},
    {"deal", "opportunity"},
    {"deals", "opportunity"},
    {"account", "company"},
    {"accounts", "company"},
    {"user", "workspaceMember"},
    {"users", "workspaceMember"},
    {"activity", timeline},
    {"activities", timeline},
    {"timeline", timeline},
}};

// all_included() is what access lets this grant follow, so no hidden object is found, offered or
// suggested below.
std::vector<included> all_included(const twenty::object& of, const twenty::access& may) {
    std::vector<included> out;
    for (const auto* f : may.fields(of))
        for (const auto* to : may.relations(*f)) {
            auto target = may.target(*to);
            if (!target) continue;
            included one(std::move(*target));
            one.name = to->query_name;
            one.to_one = to->kind == twenty::relation_kind::many_to_one;
            one.join = to->join_column;
            if (!one.to_one) {
                one.through = link_of(of, *to, may);
                if (one.through) one.name = one.through->shown_as;
                one.join = join_back(of, *to, may);
                one.back = to->target_field;
                if (one.join.empty()) continue;
            }
            out.push_back(std::move(one));
        }
    for (auto& found : correspondence_of(of, may)) {
        included one(found.of);
        one.name = found.name;
        one.mails_or_meetings = std::move(found);
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace

// find_included() goes from the surest reading to the weakest: the member's own name and what is
// behind its link rows, the object at the other end, words for mails and meetings, words that
// people use for objects.
result<included> find_included(std::string_view written, const twenty::object& of,
                               const twenty::access& may) {
    const auto name = text::trim(written);
    std::vector<std::string> names;
    const auto all = all_included(of, may);
    for (const auto& one : all) {
        const auto leads_to = [&](const link::end& end) {
            const auto* target = may.schema().by_singular(end.object);
            return text::iequals(end.object, name) || text::iequals(target->name_plural, name);
        };
        const bool linked =
            one.through &&
            (text::iequals(one.through->rows, name) || text::iequals(one.through->morph, name) ||
             std::any_of(one.through->ends.begin(), one.through->ends.end(), leads_to));
        const bool rows_of_mails =
            one.mails_or_meetings && text::iequals(one.mails_or_meetings->rows->name_plural, name);
        if (text::iequals(one.name, name) || linked || rows_of_mails) {
            // The rows of mails and meetings show neither subject nor title.
            for (const auto& better : all)
                if (better.mails_or_meetings && better.mails_or_meetings->rows == one.of)
                    return better;
            return one;
        }
        names.push_back(one.name);
    }
    for (const auto& one : all)
        if (!one.to_one && (text::iequals(one.of->name_plural, name) ||
                            text::iequals(one.of->name_singular, name)))
            return one;
    if (const auto found = correspondence_of(of, may, name); !found.empty())
        for (const auto& one : all)
            if (one.mails_or_meetings && one.of == found.front().of) return one;
    for (const auto& [word, object] : words)
        if (text::iequals(word, name))
            for (const auto& one : all)
                if (one.of->name_singular == object) return one;
    const std::string shown = text::visible_start(name, 80);
    auto near = text::nearest(shown, names);
    if (near.empty()) near = names;
    if (near.size() > 12) near.resize(12);
    return error(
        errc::bad_request,
        "\"" + shown + "\" can't be included with a " + of.name_singular + "; " +
            (near.empty() ? "nothing can." : "there are: " + text::join(near, ", ") + "."));
}

} // namespace crm
