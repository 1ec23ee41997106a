#include "twenty/graphql_lexer.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <vector>

namespace twenty::graphql {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool starts_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool continues_name(char c) noexcept { return starts_name(c) || text::is_digit(c); }
bool is_white_space(char c) noexcept { return c == ' ' || c == '\t'; }
// §2.1.1 SourceCharacter: of the control characters only tab and line ends.
bool is_source(char c) noexcept {
    const auto b = static_cast<unsigned char>(c);
    return (b >= 0x20 && b != 0x7F) || c == '\t' || c == '\n' || c == '\r';
}

void append_utf8(std::string& out, unsigned c) {
    const auto byte = [&out](unsigned b) { out.push_back(static_cast<char>(b)); };
    if (c < 0x80) return byte(c);
    if (c < 0x800) {
        byte(0xC0 | c >> 6);
    } else {
        if (c < 0x10000) {
            byte(0xE0 | c >> 12);
        } else {
            byte(0xF0 | c >> 18);
            byte(0x80 | (c >> 12 & 0x3F));
        }
        byte(0x80 | (c >> 6 & 0x3F));
    }
    byte(0x80 | (c & 0x3F));
}

std::vector<std::string_view> lines_of(std::string_view raw) {
    std::vector<std::string_view> lines;
    for (;;) {
        const auto end = raw.find_first_of("\r\n");
        lines.push_back(raw.substr(0, end));
        if (end == std::string_view::npos) return lines;
        const bool pair = raw[end] == '\r' && end + 1 < raw.size() && raw[end + 1] == '\n';
        raw.remove_prefix(end + (pair ? 2 : 1));
    }
}

bool all_blank(std::string_view line) {
    return std::all_of(line.begin(), line.end(), is_white_space);
}

std::size_t indent_of(std::string_view line) {
    return static_cast<std::size_t>(std::find_if_not(line.begin(), line.end(), is_white_space) -
                                    line.begin());
}

// §2.9.4 BlockStringValue: drops the common indent and blank first and last lines.
std::string block_string_value(std::string_view raw) {
    auto lines = lines_of(raw);
    std::size_t common = std::string_view::npos;
    for (std::size_t i = 1; i < lines.size(); ++i)
        if (!all_blank(lines[i])) common = std::min(common, indent_of(lines[i]));
    if (common != std::string_view::npos)
        for (std::size_t i = 1; i < lines.size(); ++i)
            lines[i].remove_prefix(std::min(common, lines[i].size()));
    const auto first = std::find_if_not(lines.begin(), lines.end(), all_blank);
    const auto last = std::find_if_not(lines.rbegin(), lines.rend(), all_blank).base();
    std::string out;
    for (auto line = first; line < last; ++line) {
        if (line != first) out.push_back('\n');
        out.append(*line);
    }
    return out;
}

} // namespace

std::string describe(const token& t) {
    const auto quoted = [&t] {
        return "\"" + text::without_invisible(text::cut_utf8(t.text, 40), false) + "\"";
    };
    switch (t.type) {
    case token::kind::end:
        return "the end of the document";
    case token::kind::punctuator:
        return quoted();
    case token::kind::name:
        return "name " + quoted();
    case token::kind::integer:
    case token::kind::floating:
        return "number " + quoted();
    case token::kind::string:
        return "a string";
    }
    return {};
}

error syntax_error(position at, std::string what) {
    return {errc::bad_request, "GraphQL syntax error at " + std::to_string(at.line) + ":" +
                                   std::to_string(at.column) + ": " + std::move(what) + "."};
}

lexer::lexer(std::string_view text) : text_(text) {}

void lexer::new_line() {
    pos_ += looking_at("\r\n") ? 2 : 1;
    ++line_;
    line_start_ = pos_;
}

// skip_ignored() passes over what has no meaning between tokens: blanks, commas, ends of lines,
// comments, byte order marks. A comment ends before a control character, which next() then refuses.
void lexer::skip_ignored() {
    while (!at_end()) {
        const char c = peek();
        if (is_white_space(c) || c == ',') {
            ++pos_;
        } else if (c == '\n' || c == '\r') {
            new_line();
        } else if (c == '#') {
            while (!at_end() && peek() != '\n' && peek() != '\r' && is_source(peek()))
                ++pos_;
        } else if (looking_at(byte_order_mark)) {
            pos_ += byte_order_mark.size();
        } else {
            return;
        }
    }
}

result<token> lexer::next() {
    skip_ignored();
    const position at = here();
    if (at_end()) return token{token::kind::end, {}, at};
    const char c = peek();
    if (starts_name(c)) {
        const std::size_t begin = pos_;
        while (continues_name(peek()))
            ++pos_;
        return token{token::kind::name, std::string(text_.substr(begin, pos_ - begin)), at};
    }
    if (text::is_digit(c) || c == '-') return number(at);
    if (looking_at("\"\"\"")) return block_string(at);
    if (c == '"') return string(at);
    if (looking_at("...")) {
        pos_ += 3;
        return token{token::kind::punctuator, "...", at};
    }
    if (std::string_view("!$&()[]{}:=@|").find(c) != std::string_view::npos) {
        ++pos_;
        return token{token::kind::punctuator, std::string(1, c), at};
    }
    return bad("this character has no place in a document");
}

std::size_t lexer::take_digits() {
    const std::size_t begin = pos_;
    while (text::is_digit(peek()))
        ++pos_;
    return pos_ - begin;
}

// §2.9.1, §2.9.2, with their lookahead rule: no digit, dot or name may follow directly.
result<token> lexer::number(position at) {
    const std::size_t begin = pos_;
    auto type = token::kind::integer;
    if (peek() == '-') ++pos_;
    const bool leading_zero = peek() == '0';
    const std::size_t digits = take_digits();
    if (digits == 0) return bad("expected a digit after the minus sign");
    if (leading_zero && digits > 1) return syntax_error(at, "a number cannot start with 0");
    if (peek() == '.') {
        type = token::kind::floating;
        ++pos_;
        if (take_digits() == 0) return bad("expected a digit after the decimal point");
    }
    if (peek() == 'e' || peek() == 'E') {
        type = token::kind::floating;
        ++pos_;
        if (peek() == '+' || peek() == '-') ++pos_;
        if (take_digits() == 0) return bad("expected a digit in the exponent");
    }
    if (starts_name(peek()) || peek() == '.') return bad("expected the number to end here");
    return token{type, std::string(text_.substr(begin, pos_ - begin)), at};
}

result<token> lexer::string(position at) {
    std::string out;
    ++pos_;
    for (;;) {
        if (at_end() || peek() == '\n' || peek() == '\r')
            return bad("expected a closing quote; the string is not terminated");
        const char c = peek();
        if (!is_source(c)) return bad("a control character must be escaped in a string");
        if (c == '"') {
            ++pos_;
            return token{token::kind::string, std::move(out), at};
        }
        if (c == '\\') {
            TRY(decoded, escape());
            out += decoded;
        } else {
            out.push_back(c);
            ++pos_;
        }
    }
}

result<std::string> lexer::escape() {
    static constexpr std::string_view letters = "\"\\/bfnrt";
    static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const char c = peek(1);
    if (const auto i = letters.find(c); c != '\0' && i != std::string_view::npos) {
        pos_ += 2;
        return std::string(1, meanings[i]);
    }
    if (c != 'u') return bad("this escape sequence does not exist");
    TRY(unit, hex4());
    unsigned code = unit;
    if (unit >= 0xD800 && unit < 0xDC00 && looking_at("\\u")) {
        TRY(low, hex4());
        if (low < 0xDC00 || low > 0xDFFF)
            return bad("expected the second half of a surrogate pair");
        code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    } else if (unit >= 0xD800 && unit <= 0xDFFF) {
        return bad("half a surrogate pair is no character");
    }
    std::string out;
    append_utf8(out, code);
    return out;
}

// Reads \uXXXX, the backslash included.
result<unsigned> lexer::hex4() {
    const auto digits = text_.substr(std::min(pos_ + 2, text_.size()), 4);
    const auto bytes = digits.size() == 4 ? text::hex_decode(digits) : std::nullopt;
    if (!bytes) return bad("expected four hex digits after \\u");
    pos_ += 6;
    const auto high = static_cast<unsigned char>((*bytes)[0]);
    const auto low = static_cast<unsigned char>((*bytes)[1]);
    return static_cast<unsigned>(high) << 8 | low;
}

result<token> lexer::block_string(position at) {
    // Blank lines and indents are taken off the whole text at the end, so it is gathered as it
    // stands; only \""" stands for the quotes that it escapes.
    std::string raw;
    pos_ += 3;
    while (!looking_at("\"\"\"")) {
        if (at_end()) return bad("expected closing quotes; the block string is not terminated");
        if (!is_source(peek())) return bad("a control character has no place in a block string");
        if (looking_at("\\\"\"\"")) {
            raw += "\"\"\"";
            pos_ += 4;
        } else if (peek() == '\n' || peek() == '\r') {
            const std::size_t begin = pos_;
            new_line();
            raw += text_.substr(begin, pos_ - begin);
        } else {
            raw.push_back(peek());
            ++pos_;
        }
    }
    pos_ += 3;
    return token{token::kind::string, block_string_value(raw), at};
}

} // namespace twenty::graphql
