#include "crm/fit.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

constexpr std::size_t least_text = 100;     // shorter pieces say nothing
constexpr std::size_t least_object = 2'000; // smaller ones stay objects

void report(fitted& out, const std::string& path, std::size_t bytes) {
    for (auto& known : out.cut)
        if (known.path == path) {
            known.bytes = std::max(known.bytes, bytes);
            return;
        }
    fitted::part part;
    part.path = path;
    part.bytes = bytes;
    out.cut.push_back(std::move(part));
}

// cut() goes from the inside to the outside: members and items are cut before what holds them, so
// that a list is measured by what is left of its items. An object inside that is too large even
// then becomes the beginning of its JSON, as a text.
void cut(json::value& v, std::size_t longest, const std::string& path, fitted& out) {
    if (auto* s = v.if_string(); s && s->size() > longest) {
        report(out, path, s->size());
        *s = std::string(text::cut_utf8(*s, longest)) + "…";
    }
    if (auto* members = v.if_object()) {
        for (auto& [name, inner] : *members)
            cut(inner, longest, path.empty() ? name : path + "." + name, out);
        const auto most = std::max(longest, least_object);
        if (path.empty()) return;
        if (json::dumped_size(v) > most) {
            const auto whole = json::dump(v);
            report(out, path, whole.size());
            v = std::string(text::cut_utf8(whole, longest)) + "…";
        }
        return;
    }
    if (auto* items = v.if_array()) {
        std::size_t bytes = 0;
        std::size_t kept = 0;
        for (auto& item : *items) {
            cut(item, longest, path, out);
            bytes += json::dumped_size(item) + 1;
            // The first item always stays, as a sample of the others.
            if (bytes <= longest || kept == 0) ++kept;
        }
        if (kept == items->size() || bytes <= longest) return;
        report(out, path, bytes);
        items->resize(kept);
    }
}

// False when nothing but the id is left.
bool drop_largest(json::object& members, fitted& out) {
    std::string name;
    std::size_t most = 0;
    for (const auto& [key, v] : members)
        if (const auto bytes = json::dumped_size(v); key != "id" && bytes >= most) {
            name = key;
            most = bytes;
        }
    if (most == 0) return false;
    members.erase(name);
    std::erase_if(out.cut, [&](const auto& part) {
        return part.path == name || part.path.starts_with(name + ".");
    });
    out.left_out.push_back(std::move(name));
    return true;
}

} // namespace

fitted fit(json::value& record, std::size_t longest, std::size_t budget) {
    fitted out;
    cut(record, longest, "", out);
    // Each round takes a quarter off the longest texts. Cutting a text again keeps its first size
    // in `out`, which is what the reader is told.
    while (json::dumped_size(record) > budget && longest > least_text) {
        longest = std::max(least_text, longest - longest / 4);
        cut(record, longest, "", out);
    }
    auto* members = record.if_object();
    while (members && json::dumped_size(record) > budget && drop_largest(*members, out))
        ;
    return out;
}

} // namespace crm
