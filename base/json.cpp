#include "base/json.hpp"

#include "base/number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace json {

// -- object ------------------------------------------------------------------------------

// A look-up walks the members, because their order has to stay and objects have few. So set() in a
// loop over a client's object would cost the square of its size; append() does not look.
const value* object::find(std::string_view key) const noexcept {
    for (const auto& [name, v] : members_)
        if (name == key) return &v;
    return nullptr;
}
value* object::find(std::string_view key) noexcept {
    for (auto& [name, v] : members_)
        if (name == key) return &v;
    return nullptr;
}
value& object::set(std::string key, value v) {
    if (auto* old = find(key)) return *old = std::move(v);
    return members_.emplace_back(std::move(key), std::move(v)).second;
}
void object::append(std::string key, value v) {
    members_.emplace_back(std::move(key), std::move(v));
}
bool object::erase(std::string_view key) {
    return std::erase_if(members_, [&](const member& m) { return m.first == key; }) > 0;
}
bool object::empty() const noexcept { return members_.empty(); }
std::size_t object::size() const noexcept { return members_.size(); }
bool operator==(const object& a, const object& b) { return a.members_ == b.members_; }

// -- value -------------------------------------------------------------------------------

bool operator==(const value& a, const value& b) {
    // Numbers are equal by their digits: 1 and 1.0 differ, and nothing is rounded on the way.
    if (const auto* n = a.if_number()) {
        const auto* m = b.if_number();
        return m != nullptr && n->text == m->text;
    }
    if (a.data_.index() != b.data_.index()) return false;
    if (const auto* s = a.if_string()) return *s == *b.if_string();
    if (const auto* l = a.if_array()) return *l == *b.if_array();
    if (const auto* o = a.if_object()) return *o == *b.if_object();
    return a.as_bool() == b.as_bool();
}

value value::of_double(double d) {
    if (!std::isfinite(d)) return {};
    char buffer[32];
    auto [end, ec] = std::to_chars(buffer, buffer + sizeof buffer, d);
    return number{std::string(buffer, end)};
}

std::optional<bool> value::as_bool() const noexcept {
    if (const auto* b = std::get_if<bool>(&data_)) return *b;
    return std::nullopt;
}

std::optional<std::int64_t> value::as_int() const noexcept {
    const auto* n = if_number();
    if (!n) return std::nullopt;
    if (const auto whole = text::number<std::int64_t>(n->text)) return whole;
    // A whole number may be written as 20.0 or 2e1. Beyond 2^53 a double has no units any more.
    const auto d = as_double();
    if (!d || *d != std::floor(*d) || std::fabs(*d) > 9007199254740992.0) return std::nullopt;
    return static_cast<std::int64_t>(*d);
}

std::optional<double> value::as_double() const noexcept {
    const auto* n = if_number();
    return n ? text::number<double>(n->text) : std::nullopt;
}

const value* value::find(std::string_view key) const noexcept {
    const auto* o = if_object();
    return o ? o->find(key) : nullptr;
}
std::string_view value::text(std::string_view key, std::string_view fallback) const noexcept {
    const auto* v = find(key);
    const auto* s = v ? v->if_string() : nullptr;
    return s ? std::string_view(*s) : fallback;
}
bool value::flag(std::string_view key, bool fallback) const noexcept {
    const auto* v = find(key);
    return v ? v->as_bool().value_or(fallback) : fallback;
}
std::string_view value::type_name() const noexcept {
    static constexpr std::string_view names[] = {"null",   "boolean", "number",
                                                 "string", "array",   "object"};
    return names[data_.index()];
}

value make(std::initializer_list<given_member> members) {
    object o;
    for (const auto& [key, of] : members)
        o.append(std::string(key), std::move(of.item));
    return o;
}
value list(std::initializer_list<given> items) {
    array out;
    out.reserve(items.size());
    for (const auto& each : items)
        out.push_back(std::move(each.item));
    return out;
}

namespace {

// A short text lies within its string.
std::size_t outside(const std::string& s) noexcept {
    return s.capacity() > std::string().capacity() ? s.capacity() + 1 : 0;
}

std::size_t below(const value& v) noexcept {
    std::size_t bytes = 0;
    if (const auto* s = v.if_string()) bytes = outside(*s);
    if (const auto* items = v.if_array()) {
        bytes = items->capacity() * sizeof(value);
        for (const auto& item : *items)
            bytes += below(item);
    }
    if (const auto* members = v.if_object()) {
        for (const auto& [name, member] : *members)
            bytes += sizeof(object::member) + outside(name) + below(member);
    }
    return bytes;
}

} // namespace

std::size_t held_bytes(const value& v) noexcept { return sizeof v + below(v); }

// A value in an array that has grown by doubling; a member of an object takes less. The rest are
// the ends of its texts.
constexpr std::size_t most_of_value = 2 * sizeof(value) + 4;
static_assert(sizeof(object::member) <= 2 * sizeof(value));

// Every value but the first stands behind a comma or is the first of an array or object.
std::size_t most_held_bytes(std::string_view document) noexcept {
    // Without a branch, so that the compiler counts many bytes at once.
    const auto begins = std::count_if(document.begin(), document.end(), [](char c) {
        return ((c == ',') | (c == '[') | (c == '{')) != 0; // NOLINT: see above
    });
    return document.size() + most_of_value * (1 + static_cast<std::size_t>(begins));
}

} // namespace json
