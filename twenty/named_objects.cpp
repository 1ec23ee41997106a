#include "twenty/named_objects.hpp"

#include "base/text.hpp"

namespace twenty {

namespace {

constexpr std::size_t most_unknown_told = 5;

std::vector<std::string> all_names(const schema& of) {
    std::vector<std::string> names;
    for (const auto& object : of.objects()) {
        names.push_back(object.name_singular);
        names.push_back(object.name_plural);
    }
    return names;
}

std::string unknown_object(const std::string& wanted, const schema& of) {
    const std::string shown(text::cut_utf8(text::without_invisible(wanted, false), 80));
    const auto near = text::nearest(wanted, all_names(of));
    if (near.empty()) return "The workspace has no object “" + shown + "”.";
    return "The workspace has no object “" + shown + "”. Did you mean " + text::join(near, ", ") +
           "?";
}

} // namespace

// One unknown name refuses all of them: left out in silence it would be missed only when a tool
// needs it.
result<std::set<std::string>> objects_named(const std::vector<std::string>& names,
                                            const schema& of) {
    std::set<std::string> found;
    std::vector<std::string> unknown;
    for (const auto& name : names) {
        if (const auto* object = of.find(name))
            found.insert(object->name_singular);
        else if (unknown.size() < most_unknown_told)
            unknown.push_back(unknown_object(name, of));
    }
    if (!unknown.empty()) return error{errc::not_found, text::join(unknown, " ")};
    return found;
}

} // namespace twenty
