// The two lower layers of the parser: tokens with one of lookahead, within limits, and values made
// of them.
#pragma once

#include "twenty/graphql.hpp"
#include "twenty/graphql_lexer.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace twenty::graphql {

// Names of which each may stand once. A few are compared one by one, as nearly always.
class names_once {
  public:
    // False: it stands there already.
    bool add(const std::string& name) {
        if (many_.empty()) {
            if (std::find(few_.begin(), few_.end(), name) != few_.end()) return false;
            few_.push_back(name);
            if (few_.size() > most_compared) many_.insert(few_.begin(), few_.end());
            return true;
        }
        return many_.insert(name).second;
    }

  private:
    static constexpr std::size_t most_compared = 16;
    std::vector<std::string> few_;
    std::unordered_set<std::string> many_;
};

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
