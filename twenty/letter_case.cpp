#include "twenty/letter_case.hpp"

#include <utility>

namespace twenty {

namespace {

bool is_text_type(field_type type) {
    return type == field_type::text || type == field_type::full_name || type == field_type::address;
}

// rewriting copies a prepared filter and changes eq on texts alone: in, like and the operators of
// other types stay, and so does an empty text, which has no case.
class rewriting {
  public:
    explicit rewriting(const access& may) : may_(may) {}

    json::value group(const json::value& filter, const object& of) {
        const auto* members = filter.if_object();
        if (!members) return filter;
        json::object out;
        for (const auto& [name, v] : *members)
            out.append(name, member(name, v, of));
        return out;
    }
    [[nodiscard]] bool changed() const { return changed_; }

  private:
    json::value member(std::string_view name, const json::value& v, const object& of) {
        if (const auto* parts = v.if_array()) {
            json::array out;
            for (const auto& part : *parts)
                out.push_back(group(part, of));
            return out;
        }
        if (name == "not") return group(v, of);
        if (const auto to = of.find_relation(name)) {
            const auto* behind = may_.schema().by_singular(to->to->target_object);
            return behind ? group(v, *behind) : v;
        }
        const auto* f = of.find_field(name);
        return f && is_text_type(f->type) ? comparison(v) : v;
    }

    // {"eq": …}, or {"firstName": {"eq": …}}.
    json::value comparison(const json::value& v) {
        const auto* members = v.if_object();
        if (!members) return v;
        json::object out;
        for (const auto& [key, compared] : *members) {
            const auto* text = key == "eq" ? compared.if_string() : nullptr;
            if (text && !text->empty()) {
                changed_ = true;
                out.append("ilike", literal_pattern(*text));
            } else {
                out.append(key, key == "eq" ? compared : comparison(compared));
            }
        }
        return out;
    }

    const access& may_;
    bool changed_ = false;
};

} // namespace

std::string literal_pattern(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

json::value same_text(std::string_view text) {
    json::object test;
    test.append("ilike", literal_pattern(text));
    return test;
}

std::optional<json::value> without_case(const json::value& filter, const object& of,
                                        const access& may) {
    rewriting again(may);
    auto out = again.group(filter, of);
    if (!again.changed()) return std::nullopt;
    return out;
}

} // namespace twenty
