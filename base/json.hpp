// simdjson's home. One tree for everything that is read, one append-only writer for
// everything that is written. Numbers keep the digits they came with: Twenty sends integers
// beyond 2^53 and doubles such as 7.866767199974241e+73, and both must pass unchanged.
#pragma once

#include "base/result.hpp"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace json {

class value;
using array = std::vector<value>;

struct number {
    std::string text; // a valid JSON number token
};

// Members in document order. A document with a repeated key never becomes an object: parse()
// refuses it (Threat: we check the first, Twenty obeys the last. Defence: neither).
class object {
  public:
    using member = std::pair<std::string, value>;

    [[nodiscard]] const value* find(std::string_view key) const noexcept;
    [[nodiscard]] value* find(std::string_view key) noexcept;
    [[nodiscard]] bool contains(std::string_view key) const noexcept {
        return find(key) != nullptr;
    }
    value& set(std::string key, value v);  // replaces or appends
    void append(std::string key, value v); // the caller knows that the key is new
    bool erase(std::string_view key);
    [[nodiscard]] bool empty() const noexcept;
    [[nodiscard]] std::size_t size() const noexcept;

    auto begin() const noexcept { return members_.begin(); }
    auto end() const noexcept { return members_.end(); }
    auto begin() noexcept { return members_.begin(); }
    auto end() noexcept { return members_.end(); }

    friend bool operator==(const object& a, const object& b);

  private:
    std::vector<member> members_;
};

class value {
  public:
    value() = default; // null
    value(std::nullptr_t) {}
    value(std::same_as<bool> auto b) : data_(static_cast<bool>(b)) {}
    value(number n) : data_(std::move(n)) {}
    value(std::string s) : data_(std::move(s)) {}
    value(std::string_view s) : data_(std::string(s)) {}
    value(const char* s) : data_(std::string(s)) {}
    value(array a) : data_(std::move(a)) {}
    value(object o) : data_(std::move(o)) {}
    template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>) value(T n)
        : data_(number{std::to_string(n)}) {}
    static value of_double(double d); // shortest text that reads back the same

    [[nodiscard]] bool is_null() const noexcept { return data_.index() == 0; }
    [[nodiscard]] bool is_bool() const noexcept { return std::holds_alternative<bool>(data_); }
    [[nodiscard]] bool is_number() const noexcept { return std::holds_alternative<number>(data_); }
    [[nodiscard]] bool is_string() const noexcept {
        return std::holds_alternative<std::string>(data_);
    }
    [[nodiscard]] bool is_array() const noexcept { return std::holds_alternative<array>(data_); }
    [[nodiscard]] bool is_object() const noexcept { return std::holds_alternative<object>(data_); }

    // nullptr / nullopt when the value is of another type.
    [[nodiscard]] const std::string* if_string() const noexcept {
        return std::get_if<std::string>(&data_);
    }
    [[nodiscard]] std::string* if_string() noexcept { return std::get_if<std::string>(&data_); }
    [[nodiscard]] const array* if_array() const noexcept { return std::get_if<array>(&data_); }
    [[nodiscard]] array* if_array() noexcept { return std::get_if<array>(&data_); }
    [[nodiscard]] const object* if_object() const noexcept { return std::get_if<object>(&data_); }
    [[nodiscard]] object* if_object() noexcept { return std::get_if<object>(&data_); }
    [[nodiscard]] const number* if_number() const noexcept { return std::get_if<number>(&data_); }
    [[nodiscard]] std::optional<bool> as_bool() const noexcept;
    // Whole numbers only ("20", "20.0", "2e1"); nullopt when fractional or out of range.
    [[nodiscard]] std::optional<std::int64_t> as_int() const noexcept;
    [[nodiscard]] std::optional<double> as_double() const noexcept;

    // Member of an object, nullptr when absent or not an object.
    [[nodiscard]] const value* find(std::string_view key) const noexcept;
    // Steps through objects: at("data", "people"); nullptr as soon as one is missing.
    template <class... Keys>
    [[nodiscard]] const value* at(std::string_view key, Keys... more) const noexcept {
        const value* next = find(key);
        if constexpr (sizeof...(more) == 0)
            return next;
        else
            return next ? next->at(more...) : nullptr;
    }
    // The string member, or the fallback when it is absent, null or no string.
    [[nodiscard]] std::string_view text(std::string_view key,
                                        std::string_view fallback = {}) const noexcept;
    [[nodiscard]] bool flag(std::string_view key, bool fallback = false) const noexcept;

    // "null", "boolean", "number", "string", "array", "object": for messages.
    [[nodiscard]] std::string_view type_name() const noexcept;

    friend bool operator==(const value& a, const value& b);

  private:
    std::variant<std::nullptr_t, bool, number, std::string, array, object> data_;
};

// What a tree takes of the memory, about: its values and what lies outside of them. At most 64
// bytes a value and the texts.
[[nodiscard]] std::size_t held_bytes(const value& v) noexcept;

// No less than held_bytes() of the document's tree, found by counting alone.
[[nodiscard]] std::size_t most_held_bytes(std::string_view document) noexcept;

// An item of an initializer list that can be moved out of it: the list itself is const.
struct given {
    template <std::convertible_to<value> T>
    given(T&& from) : item(std::forward<T>(from)) {} // NOLINT(*-forwarding-reference-overload)
    mutable value item;
};
struct given_member {
    std::string_view key;
    given of;
};
// make({{"a", 1}, {"b", "x"}}): an object. list({...}): an array. What is moved in is not copied.
value make(std::initializer_list<given_member> members);
value list(std::initializer_list<given> items);

// What an inbound document may be. Twenty's answers get `upstream`.
struct limits {
    std::size_t depth = 64;
    bool refuse_duplicate_keys = true;
    // Half a surrogate pair (\ud800 alone) is no character. False: the document is refused; true:
    // that half becomes U+FFFD and the rest is read.
    bool mend_surrogates = false;
    // Values, members and items alike. Threat: a tree takes fifty times what "[],[],[]" takes as
    // text, and whatever walks it as much more time. Defence: a text bounds its tree twice.
    std::size_t values = 50'000;
};
inline constexpr limits inbound{};
// The answer's size is bounded where it is received (http/client_pool). The largest lists are the
// data models: 300 objects with 50 fields each have 375,000 values.
inline constexpr limits upstream{128, false, true, 500'000};

// The private detail of the error for a document with more values than are allowed.
inline constexpr std::string_view too_many_values = "too many values";

// The whole document is validated, UTF-8 and trailing bytes included. errc::bad_json, with a
// public message that names the kind of fault but never quotes the document.
result<value> parse(std::string_view document, limits allowed = inbound);

std::string dump(const value& v); // compact
// The bytes of dump(), without making it.
std::size_t dumped_size(const value& v);
std::size_t dumped_size(const object& members);

// Appends compact JSON to one string. The caller keeps begin/end balanced and writes a key
// before each member; commas are the writer's affair.
class writer {
  public:
    writer& begin_object();
    writer& end_object();
    writer& begin_array();
    writer& end_array();
    writer& key(std::string_view name);
    writer& string(std::string_view text);
    writer& integer(std::int64_t n);
    writer& boolean(bool b);
    writer& null();
    writer& raw(std::string_view json); // already valid JSON
    writer& value(const json::value& v);
    writer& members(const json::object& all); // as an object

    // Shorthands: key + value.
    writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }
    writer& member(std::string_view name, const char* text) { return key(name).string(text); }
    writer& member(std::string_view name, const std::string& text) {
        return key(name).string(text);
    }
    writer& member(std::string_view name, std::same_as<bool> auto b) {
        return key(name).boolean(b);
    }
    template <std::integral T>
    requires(!std::same_as<T, bool>) writer& member(std::string_view name, T n) {
        return key(name).integer(static_cast<std::int64_t>(n));
    }
    writer& member(std::string_view name, const json::value& v) { return key(name).value(v); }
    writer& member_raw(std::string_view name, std::string_view json) { return key(name).raw(json); }

    [[nodiscard]] const std::string& text() const noexcept { return out_; }
    std::string take() { return std::move(out_); }
    void reserve(std::size_t bytes) { out_.reserve(bytes); }

  private:
    void separate();
    std::string out_;
    bool comma_ = false; // the next value or key needs a comma before it
};

void append_escaped(std::string& out, std::string_view text); // with the quotes

} // namespace json
