#include "base/json.hpp"

#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>

namespace json {

namespace {

constexpr bool is_plain(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

// The place of the next character that has to be escaped; the text's size where there is none.
// Eight are looked at together, for texts are most of what is written. In a word of eight bytes
// `x - 1 & ~x` has the highest bit where a byte of x is 0, `x - 0x20 & ~x` where one is below 0x20.
// A borrow may set that bit in the byte behind such a one, never before: the first is always true.
std::size_t next_escape(std::string_view text, std::size_t from) {
    static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");
    constexpr std::uint64_t each = 0x0101010101010101;
    for (; from + sizeof(std::uint64_t) <= text.size(); from += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + from, sizeof word);
        const auto quotes = word ^ (each * '"');
        const auto backslashes = word ^ (each * '\\');
        const auto found = (((word - each * 0x20) & ~word) | ((quotes - each) & ~quotes) |
                            ((backslashes - each) & ~backslashes)) &
                           (each * 0x80);
        if (found != 0) return from + static_cast<std::size_t>(std::countr_zero(found)) / 8;
    }
    while (from < text.size() && is_plain(text[from]))
        ++from;
    return from;
}

} // namespace

// RFC 8259 §7: a quote, a backslash and control characters have to be escaped, nothing else is.
// Runs in between are copied whole.
void append_escaped(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    out.push_back('"');
    std::size_t from = 0;
    for (std::size_t i = next_escape(text, 0); i < text.size(); i = next_escape(text, from)) {
        const auto c = static_cast<unsigned char>(text[i]);
        out.append(text, from, i - from);
        from = i + 1;
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            out += "\\u00";
            out.push_back(hex[c >> 4]);
            out.push_back(hex[c & 15]);
        }
    }
    out.append(text, from, text.size() - from);
    out.push_back('"');
}

// The writer's whole state is comma_. A begin and a key clear it, a value and an end set it;
// separate() writes the comma that is due and expects another one behind what follows.
void writer::separate() {
    if (comma_) out_.push_back(',');
    comma_ = true;
}
writer& writer::begin_object() {
    separate();
    out_.push_back('{');
    comma_ = false;
    return *this;
}
writer& writer::end_object() {
    out_.push_back('}');
    comma_ = true;
    return *this;
}
writer& writer::begin_array() {
    separate();
    out_.push_back('[');
    comma_ = false;
    return *this;
}
writer& writer::end_array() {
    out_.push_back(']');
    comma_ = true;
    return *this;
}
writer& writer::key(std::string_view name) {
    separate();
    append_escaped(out_, name);
    out_.push_back(':');
    comma_ = false;
    return *this;
}
writer& writer::string(std::string_view text) {
    separate();
    append_escaped(out_, text);
    return *this;
}
writer& writer::integer(std::int64_t n) {
    separate();
    char digits[std::numeric_limits<std::int64_t>::digits10 + 2];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), n).ptr;
    out_.append(std::begin(digits), end);
    return *this;
}
writer& writer::boolean(bool b) {
    separate();
    out_ += b ? "true" : "false";
    return *this;
}
writer& writer::null() {
    separate();
    out_ += "null";
    return *this;
}
writer& writer::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}
writer& writer::value(const json::value& v) {
    if (v.is_null()) return null();
    if (auto b = v.as_bool()) return boolean(*b);
    if (const auto* n = v.if_number()) return raw(n->text);
    if (const auto* s = v.if_string()) return string(*s);
    if (const auto* a = v.if_array()) {
        begin_array();
        for (const auto& item : *a)
            value(item);
        return end_array();
    }
    return members(*v.if_object());
}
writer& writer::members(const json::object& all) {
    begin_object();
    for (const auto& [name, member] : all)
        key(name).value(member);
    return end_object();
}

namespace {

// Of append_escaped().
std::size_t escaped_size(std::string_view text) {
    std::size_t size = text.size() + 2;
    for (auto i = next_escape(text, 0); i < text.size(); i = next_escape(text, i + 1)) {
        const char c = text[i];
        const bool short_form = c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t';
        size += short_form ? 1 : 5;
    }
    return size;
}

} // namespace

// Brackets, and a comma between any two: as many as there are items, and one more where there are
// none.
std::size_t dumped_size(const value& v) {
    if (v.is_null()) return std::string_view("null").size();
    if (const auto b = v.as_bool()) return std::string_view(*b ? "true" : "false").size();
    if (const auto* n = v.if_number()) return n->text.size();
    if (const auto* s = v.if_string()) return escaped_size(*s);
    std::size_t size = 1;
    if (const auto* a = v.if_array()) {
        for (const auto& item : *a)
            size += dumped_size(item) + 1;
        return a->empty() ? 2 : size;
    }
    return dumped_size(*v.if_object());
}

std::size_t dumped_size(const object& members) {
    std::size_t size = 1;
    for (const auto& [name, member] : members)
        size += escaped_size(name) + dumped_size(member) + 2;
    return members.empty() ? 2 : size;
}

std::string dump(const value& v) {
    writer w;
    w.value(v);
    return w.take();
}

} // namespace json
