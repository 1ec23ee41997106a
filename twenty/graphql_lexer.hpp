// The lexical half of GraphQL (October 2021, §2.1): bytes in, tokens out. Only the parser in
// graphql.cpp uses it.
#pragma once

#include "base/result.hpp"
#include "twenty/graphql.hpp"

#include <string>
#include <string_view>

namespace twenty::graphql {

struct token {
    enum class kind { end, punctuator, name, integer, floating, string };
    kind type = kind::end;
    std::string text; // decoded for strings, as written otherwise
    position at;
};

// "name \"people\"", "end of the document": for messages.
std::string describe(const token& t);

error syntax_error(position at, std::string what);

class lexer {
  public:
    // The text is valid UTF-8 and outlives the lexer.
    explicit lexer(std::string_view text);
    result<token> next();

  private:
    void skip_ignored();
    result<token> number(position at);
    result<token> string(position at);
    result<token> block_string(position at);
    result<std::string> escape();
    result<unsigned> hex4();
    error bad(std::string what) const { return syntax_error(here(), std::move(what)); }

    [[nodiscard]] position here() const noexcept { return {line_, pos_ - line_start_ + 1}; }
    [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
        return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\0';
    }
    [[nodiscard]] bool at_end() const noexcept { return pos_ >= text_.size(); }
    [[nodiscard]] bool looking_at(std::string_view what) const noexcept {
        return text_.substr(pos_, what.size()) == what;
    }
    std::size_t take_digits();
    void new_line(); // steps over \n, \r or \r\n

    std::string_view text_;
    std::size_t pos_ = 0;
    std::size_t line_ = 1;
    std::size_t line_start_ = 0;
};

} // namespace twenty::graphql
