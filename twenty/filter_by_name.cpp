#include "twenty/filter_by_name.hpp"

#include "base/text.hpp"
#include "twenty/operators.hpp"
#include "twenty/restricted.hpp"
#include "twenty/values.hpp"

namespace twenty {

const std::string* bare_text(const json::value& v) {
    if (const auto* s = v.if_string()) return s;
    if (const auto* all = v.if_array(); all && !all->empty()) return all->front().if_string();
    const auto* members = v.if_object();
    if (!members || members->size() != 1) return nullptr;
    const auto op = operator_of(members->begin()->first);
    return op == "eq" || op == "in" || op == "neq" ? bare_text(members->begin()->second) : nullptr;
}

std::string by_name_instead(const access& may, const std::string& relation, const object& target,
                            std::string_view given) {
    std::string out = "\"" + relation + "\" leads to " + target.name_singular + ", and " +
                      in_quotes(given) + " isn't an id";
    // A label that may be private is not offered: behind a relation Twenty does not check it, and
    // check_private() would refuse the filter that is suggested here.
    const auto* label = may.label(target);
    if (!label || is_checked_at_root(target.name_singular, label->name))
        return out + "; find the " + target.name_singular + " first and use its id.";
    const auto path = relation + "." + label->name;
    const auto words = std::string(text::trim(given));
    const auto like = [](std::string_view part, std::string_view value) {
        return std::string(part) + "[ilike]:" + in_quotes(value);
    };
    if (label->type != field_type::full_name)
        return out + "; by name: " + like(path, "%" + words + "%") + ".";
    const auto blank = words.find(' ');
    out += "; by name: " + like(path + ".firstName", words.substr(0, blank));
    if (blank != words.npos)
        out += "," + like(path + ".lastName", text::trim(words.substr(blank + 1)));
    return out + ".";
}

} // namespace twenty
