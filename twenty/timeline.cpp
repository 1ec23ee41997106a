#include "twenty/timeline.hpp"

#include "base/text.hpp"

#include <string>

namespace twenty {

namespace {

constexpr std::size_t longest_value = 120;
constexpr std::size_t most_compared_fields = 8;

json::value short_value(const json::value& v) {
    if (v.is_null() || v.is_bool() || v.is_number()) return v;
    const auto* s = v.if_string();
    const auto written = s ? *s : json::dump(v);
    if (written.size() <= longest_value) return s ? json::value(written) : v;
    return std::string(text::cut_utf8(written, longest_value)) + "…";
}

} // namespace

json::value short_properties(const json::value& properties) {
    const auto* diff = properties.find("diff");
    const auto* fields = diff ? diff->if_object() : nullptr;
    // Without a diff the properties are a copy of the record: the text of a mail is among them.
    if (!fields || fields->empty()) return {};
    json::object shown;
    for (const auto& [name, change] : *fields) {
        if (shown.size() == most_compared_fields) {
            shown.set("…", std::to_string(fields->size() - most_compared_fields) + " more");
            break;
        }
        json::object one;
        for (const auto* side : {"before", "after"})
            if (const auto* v = change.find(side)) one.append(side, short_value(*v));
        shown.append(name, std::move(one));
    }
    json::object out;
    out.append("diff", std::move(shown));
    return out;
}

} // namespace twenty
