#include "twenty/merge.hpp"

#include "twenty/identity.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace twenty {

namespace {

class merging {
  public:
    merging(const several_parts& parts) : parts_(parts) {}

    [[nodiscard]] std::string_view main_of(const json::value& item) const {
        if (const auto* s = item.if_string()) return *s;
        return parts_.item.empty() ? std::string_view() : item.text(parts_.item);
    }
    [[nodiscard]] bool is_link() const { return parts_.type == field_type::links; }
    [[nodiscard]] bool same(const json::value& a, const json::value& b) const {
        return same_item(parts_.type, a, b);
    }
    // The primary in the form of one of the others; null when there is none.
    [[nodiscard]] json::value primary_of(const json::value& whole) const {
        const auto main = whole.text(parts_.primary);
        if (main.empty()) return {};
        if (parts_.item.empty()) return main;
        json::object out;
        out.append(std::string(parts_.item), main);
        for (const auto& [name, short_name] : parts_.beside)
            if (const auto v = whole.text(name); !v.empty()) out.append(std::string(short_name), v);
        return out;
    }
    [[nodiscard]] json::array others_of(const json::value& whole) const {
        const auto* v = whole.find(parts_.others);
        if (!v) return {};
        if (const auto* items = v->if_array()) return *items;
        // Old versions of Twenty keep the list as JSON text.
        if (const auto* s = v->if_string())
            if (const auto parsed = json::parse(*s); parsed && parsed->if_array())
                return *parsed->if_array();
        return {};
    }

  private:
    const several_parts& parts_;
};

// once_each is a list with each item once. It is linear: an item is compared with those alone that
// have its key.
class once_each {
  public:
    explicit once_each(const merging& m, field_type type) : m_(m), type_(type) {}
    void add(const json::value& item) {
        if (m_.main_of(item).empty()) return;
        auto& alike = by_key_[item_key(type_, item)];
        const bool known = std::any_of(alike.begin(), alike.end(),
                                       [&](std::size_t i) { return m_.same(items_[i], item); });
        if (known) return;
        alike.push_back(items_.size());
        items_.push_back(item);
    }
    [[nodiscard]] json::array take() { return std::move(items_); }

  private:
    const merging& m_;
    field_type type_;
    json::array items_;
    std::map<std::string, std::vector<std::size_t>> by_key_;
};

// keeps_spelling() is true where the given value only spells the stored one otherwise: acme.example
// over https://acme.example, or a number whose calling code is stored. Written anew, Twenty makes
// another value of them: of 0044 20… another number where the country's own prefix is not 00.
bool keeps_spelling(const merging& m, const json::value& given, const json::value& stored) {
    if (!m.is_link()) return !stored.text("callingCode").empty();
    return m.main_of(given).find("://") == std::string_view::npos &&
           m.main_of(stored).find("://") != std::string_view::npos;
}

// cleared_part() is the kind of emptiness that clears a part [twenty-golden-2 null/016-020, 036,
// 043, money/004, 005].
json::value cleared_part(field_type composite, field_type part) {
    const bool text = part == field_type::text;
    const bool empty_text = composite == field_type::phones || composite == field_type::full_name ||
                            composite == field_type::rich_text;
    return text && empty_text ? json::value("") : json::value();
}

// replaced() lays what is given over what is stored, part by part, because Twenty clears some of
// the parts that a write does not name.
json::value replaced(const composite& type, const json::value& stored, const json::value& patch) {
    json::object out;
    for (const auto& p : type.parts) {
        const auto* v = patch.find(p.name);
        if (!v) v = stored.find(p.name);
        if (v) out.append(std::string(p.name), *v);
    }
    return out;
}

// settle_beside() decides what becomes of a label or a country when the primary value changes: the
// old one's says nothing of the new one. A country is kept for a number that names none; with "+"
// Twenty finds it, and refuses contradictions.
void settle_beside(field_type type, const merging& m, const auto& parts, const json::object& given,
                   const json::value& old_primary, const json::value& new_primary,
                   json::object& out) {
    const bool national = type == field_type::phones && !new_primary.is_null() &&
                          !m.main_of(new_primary).starts_with('+');
    for (const auto& [name, _] : parts.beside) {
        if (given.contains(name) || national) continue;
        // Twenty keeps a part that is not given [twenty-golden-2 phones/023].
        const bool had_one = type == field_type::links && !old_primary.is_null();
        if (new_primary.is_null() || had_one)
            out.set(std::string(name), cleared_part(type, field_type::text));
        else
            out.erase(name);
    }
}

} // namespace

bool holds_several(field_type type) noexcept { return identifies(type); }

json::value cleared_value(const field& f) {
    const auto* type = composite_of(f.type);
    if (!type || f.type == field_type::files) return {}; // files are a list
    json::object out;
    for (const auto& p : type->parts) {
        // The editor's form follows the text.
        if (f.type == field_type::rich_text && p.name != type->main) continue;
        out.append(std::string(p.name), cleared_part(f.type, p.type));
    }
    return out;
}

json::value merge_composite(const field& f, const json::value& stored, const json::value& patch,
                            bool replace, std::vector<std::string>& notes) {
    const auto* parts = several_parts_of(f.type);
    const auto* given = patch.if_object();
    if (!parts || !given) return patch;
    const merging m(*parts);
    const auto old_primary = m.primary_of(stored);
    auto out = *replaced(*composite_of(f.type), stored, patch).if_object();

    // A primary value is `moved` when another one takes its place or it is cleared. In another
    // spelling it is the same one, and keeps_spelling() says whose spelling stays.
    const bool names_primary = given->contains(parts->primary);
    const auto new_primary = m.primary_of(patch);
    const bool moved = names_primary && (new_primary.is_null() || old_primary.is_null() ||
                                         !m.same(new_primary, old_primary));
    if (moved) {
        settle_beside(f.type, m, *parts, *given, old_primary, new_primary, out);
    } else if (names_primary && !old_primary.is_null() &&
               keeps_spelling(m, new_primary, old_primary)) {
        out.set(std::string(parts->primary), m.main_of(old_primary));
    }

    once_each kept(m, f.type);
    const auto* given_others = given->find(parts->others);
    if (!replace && moved && !new_primary.is_null() && !old_primary.is_null()) {
        kept.add(old_primary);
        add_note(notes, "\"" + f.name + "\": the former primary one is kept in " +
                            std::string(parts->others) + "; replace:true drops it.");
    }
    // The order of the list is: the former primary one, what was stored, what is given. Each item
    // stands once, and none repeats the primary one.
    if (!replace && !(given_others && given_others->is_null()))
        for (const auto& item : m.others_of(stored))
            kept.add(item);
    for (const auto& item : m.others_of(patch))
        kept.add(item);
    json::array others = kept.take();
    if (!replace && given_others && given_others->if_array() && given_others->if_array()->empty() &&
        !others.empty())
        add_note(notes, "\"" + f.name + "\": the stored " + std::string(parts->others) +
                            " are kept; replace:true or null clears them.");
    const auto primary = m.primary_of(out);
    std::erase_if(others,
                  [&](const json::value& v) { return !primary.is_null() && m.same(v, primary); });
    const auto* listed = stored.find(parts->others);
    if (replace || given_others || !others.empty() || (listed && listed->if_array()))
        out.set(std::string(parts->others), std::move(others));
    return out;
}

} // namespace twenty
