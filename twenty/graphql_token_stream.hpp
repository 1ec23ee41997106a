// The two lower layers of the parser: tokens with one of lookahead, within limits, and values made
// of them.
#pragma once

#include "twenty/graphql.hpp"
#include "twenty/graphql_lexer.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace twenty::graphql {

template <class List> bool has_name(const List& list, std::string_view name) {
    return std::any_of(list.begin(), list.end(), [&](const auto& it) { return it.name == name; });
}

class token_stream {
  protected:
    token_stream(std::string_view text, const limits& allowed) : lexer_(text), allowed_(allowed) {}

    // The next token; errc::bad_request after more of them than allowed.
    result<done> advance();
    [[nodiscard]] const token& next() const noexcept { return next_; }
    [[nodiscard]] bool is(char c) const {
        return next_.type == token::kind::punctuator && next_.text.size() == 1 &&
               next_.text[0] == c;
    }
    [[nodiscard]] bool is_spread() const {
        return next_.type == token::kind::punctuator && next_.text == "...";
    }
    [[nodiscard]] bool is_name(std::string_view keyword) const {
        return next_.type == token::kind::name && next_.text == keyword;
    }
    [[nodiscard]] error expected(std::string_view what) const;
    [[nodiscard]] error repeated(std::string_view what, std::string_view name) const;
    result<done> expect(char c);
    // Consumes the punctuator when it is next.
    result<bool> accept(char c);
    result<std::string> take_name(std::string_view what = "a name");
    // One level deeper, as far as allowed.
    result<done> enter();
    void leave() { --depth_; }

  private:
    lexer lexer_;
    limits allowed_;
    token next_;
    std::size_t tokens_ = 0;
    std::size_t depth_ = 0;
};

class value_parser : protected token_stream {
  protected:
    using token_stream::token_stream;

    // `constant`: variables are no values there.
    result<value> parse_value(bool constant);

  private:
    result<value> scalar(value out, value::kind type);
    result<value> list_value(value out, bool constant);
    result<value> object_value(value out, bool constant);
};

} // namespace twenty::graphql
