#include "twenty/names.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace twenty {

namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
char lowered(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
char raised(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

template <class Is> std::size_t run(std::string_view s, Is is) {
    return static_cast<std::size_t>(std::find_if_not(s.begin(), s.end(), is) - s.begin());
}

// The length of the word at the start of `s`, which is no underscore.
std::size_t word(std::string_view s) {
    if (is_lower(s[0])) return run(s, is_lower);
    if (text::is_digit(s[0])) return run(s, text::is_digit);
    const auto capitals = run(s, is_upper);
    const auto small = run(s.substr(capitals), is_lower);
    if (small == 0) return capitals;
    return capitals == 1 ? 1 + small : capitals - 1; // the last capital starts the next word
}

} // namespace

std::string camel_case(std::string_view name) {
    std::string out;
    out.reserve(name.size());
    while (!name.empty()) {
        if (!is_lower(name[0]) && !is_upper(name[0]) && !text::is_digit(name[0])) {
            name.remove_prefix(1);
            continue;
        }
        const auto length = word(name);
        const bool first = out.empty();
        for (std::size_t i = 0; i < length; ++i)
            out += i == 0 && !first ? raised(name[i]) : lowered(name[i]);
        name.remove_prefix(length);
    }
    return out;
}

std::string pascal_case(std::string_view name) { return capitalised(camel_case(name)); }

std::string root_one(const object& of) { return camel_case(of.name_singular); }
std::string root_many(const object& of) { return camel_case(of.name_plural); }
std::string root_duplicates(const object& of) { return root_one(of) + "Duplicates"; }
std::string root_groups(const object& of) { return root_many(of) + "GroupBy"; }

std::string mutation_one(std::string_view verb, const object& of) {
    return std::string(verb) + pascal_case(of.name_singular);
}
std::string mutation_many(std::string_view verb, const object& of) {
    return std::string(verb) + pascal_case(of.name_plural);
}

std::string type_name(const object& of, std::string_view suffix) {
    return pascal_case(of.name_singular) + std::string(suffix);
}

} // namespace twenty
