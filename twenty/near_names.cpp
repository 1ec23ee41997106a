#include "twenty/near_names.hpp"

#include "base/text.hpp"
#include "twenty/flat_input.hpp"

#include <algorithm>

namespace twenty {

namespace {

constexpr std::size_t most = 3;
constexpr std::size_t longest = 64;

void add(std::vector<std::string>& list, const std::string& name) {
    if (list.size() < most && std::find(list.begin(), list.end(), name) == list.end())
        list.push_back(name);
}

// "jobTitle": job, title.
std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> out(1);
    for (const char c : name) {
        const bool upper = c >= 'A' && c <= 'Z';
        if (upper && !out.back().empty()) out.emplace_back();
        out.back() += upper ? static_cast<char>(c | 32) : c;
    }
    return out;
}

} // namespace

std::optional<std::string> meant_path(const access& may, const object& of, std::string_view name) {
    if (name.empty() || name.size() > longest) return std::nullopt;
    for (const auto& known : may.names(of))
        if (text::iequals(known, name)) return std::nullopt;
    auto found = parts_named(name, of, may);
    if (found.size() != 1) return std::nullopt;
    return std::move(found.front());
}

// near_paths() adds what is surest first, because only three are told: parts that the name can
// mean, names with one typing error, names that are near, words of names with one typing error.
std::vector<std::string> near_paths(const access& may, const object& of, std::string_view name) {
    std::vector<std::string> out;
    if (name.empty() || name.size() > longest) return out;
    for (const auto& path : parts_named(name, of, may))
        add(out, path);
    const auto known = may.names(of);
    const auto low = text::lower(name);
    for (const auto& each : known)
        if (text::one_slip(low, text::lower(each))) add(out, each);
    for (const auto& each : text::nearest(name, known, most))
        add(out, each);
    for (const auto& each : known) {
        const auto words = words_of(each);
        if (words.size() > 1 && std::any_of(words.begin(), words.end(),
                                            [&](const auto& w) { return text::one_slip(low, w); }))
            add(out, each);
    }
    return out;
}

} // namespace twenty
