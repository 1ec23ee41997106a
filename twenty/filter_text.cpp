// The text grammar of filters: path[operator]:value, and(…), or(…), not(…), commas for AND.
// Stricter than Twenty where that one guesses, more forgiving where models err.
#include "base/text.hpp"
#include "twenty/bounds.hpp"
#include "twenty/filter.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <optional>

namespace twenty {

namespace {

constexpr const char* example =
    "Example: name.firstName[ilike]:%ja%,or(stage[eq]:NEW,stage[is]:NULL)";

bool is_path_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '$';
}

// reader is a parser by recursive descent: list, expression, conjunction and value are the rules of
// the grammar. It makes a tree that filter_builder judges, and knows no object or field. Depth,
// conditions and listed values are counted while it reads, before the tree grows.
class reader {
  public:
    reader(std::string_view text, std::vector<std::string>& notes) : text_(text), notes_(notes) {}

    result<json::value> whole() {
        TRY(all, list(0));
        if (pos_ < text_.size()) return bad("a bracket is closed that was never opened");
        return joined("and", std::move(all));
    }

  private:
    error bad(const std::string& what) const {
        return {errc::bad_request, "The filter can't be read at character " +
                                       std::to_string(pos_ + 1) + ": " + what + ". " + example};
    }
    void note(std::string what) { add_note(notes_, std::move(what)); }
    [[nodiscard]] char peek() const { return pos_ < text_.size() ? text_[pos_] : '\0'; }
    bool skip_blanks() {
        const auto from = pos_;
        while (pos_ < text_.size() &&
               (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r'))
            ++pos_;
        return pos_ > from;
    }
    std::string_view word() {
        const auto from = pos_;
        while (pos_ < text_.size() && is_path_character(peek()))
            ++pos_;
        return text_.substr(from, pos_ - from);
    }

    static json::value joined(const char* conjunction, json::array all) {
        if (all.size() == 1) return std::move(all.front());
        return json::make({{conjunction, std::move(all)}});
    }

    // Expressions up to the end or to a closing bracket, which stays.
    result<json::array> list(int depth) {
        if (depth > deepest_filter_text) return bad("it is nested too deeply");
        json::array out;
        for (;;) {
            // Twenty takes a blank behind a comma for the start of the next field's name, and one
            // behind a colon for the start of the value, which then matches nothing.
            if (skip_blanks()) note("blanks between conditions were dropped");
            if (peek() == '\0' || peek() == ')') {
                if (out.empty()) return bad("a condition was expected");
                note("a comma without a condition after it was dropped");
                return out;
            }
            TRY(one, expression(depth));
            out.push_back(std::move(one));
            skip_blanks();
            if (peek() != ',') {
                if (pos_ < text_.size() && peek() != ')') return bad("a comma was expected");
                return out;
            }
            ++pos_;
        }
    }

    result<json::value> expression(int depth) {
        if (++conditions_ > most_conditions) return too_many_conditions();
        const auto name = word();
        if (name.empty()) return bad("a field name was expected");
        skip_blanks();
        if (peek() == '(') {
            --conditions_; // what is in its brackets counts
            return conjunction(std::string(name), depth);
        }
        if (peek() != '[')
            return bad("after " + twenty::in_quotes(name) + " an [operator] was expected");
        ++pos_;
        skip_blanks();
        const std::string op(word());
        skip_blanks();
        if (op.empty() || peek() != ']') return bad("an operator in brackets was expected");
        ++pos_;
        skip_blanks();
        if (peek() != ':' && peek() != '=') return bad("after the operator a colon was expected");
        if (peek() == '=') note("\"=\" after an operator was read as \":\"");
        ++pos_;
        if (skip_blanks()) note("blanks after a colon were dropped");
        TRY(v, value());
        return nested(name, op, std::move(v));
    }

    result<json::value> conjunction(const std::string& written, int depth) {
        const auto name = text::lower(written);
        if (name != "and" && name != "or" && name != "not")
            return bad("only and(…), or(…) and not(…) take brackets");
        if (name != written) note("\"" + written + "\" was written in lower case");
        ++pos_;
        TRY(all, list(depth + 1));
        if (peek() != ')')
            return bad("a closing bracket is missing; put values that hold "
                       "brackets in double quotes");
        ++pos_;
        if (name == "not") return json::make({{"not", joined("and", std::move(all))}});
        return json::make({{name, std::move(all)}});
    }

    // Threat: a path of thousands of dots becomes a tree as deep, which takes the stack when it is
    // copied or dropped. Defence: a path has few steps.
    result<json::value> nested(std::string_view path, const std::string& op, json::value v) {
        if (has_many_steps(path)) return bad("a field's path has too many parts");
        const auto parts = text::split(path, '.');
        json::object out;
        out.append(op, std::move(v));
        for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
            json::object outer;
            outer.append(*part, std::move(out));
            out = std::move(outer);
        }
        return json::value(std::move(out));
    }

    result<json::value> value() {
        if (peek() == '[') return items();
        TRY(quoted, in_quotes());
        if (quoted) return json::value(*quoted);
        const auto plain = unquoted(",)");
        if (plain.empty()) return bad("a value was expected; write \"\" for an empty text");
        // NULL without quotes is JSON's null, in any case; Twenty knows it in capitals only. In
        // quotes it is a text.
        if (text::iequals(plain, "null")) {
            if (plain != "NULL") note("\"" + plain + "\" was read as NULL");
            return json::value();
        }
        return json::value(plain);
    }

    result<json::value> items() {
        ++pos_;
        json::array out;
        for (;;) {
            if (skip_blanks()) note("blanks inside [ ] were dropped");
            if (peek() == ']') break;
            if (peek() == '\0') return bad("a list is not closed with ]");
            if (++listed_ > most_listed) return too_many_listed();
            TRY(quoted, in_quotes());
            if (quoted)
                out.emplace_back(*quoted);
            else
                out.emplace_back(unquoted(",]"));
            skip_blanks();
            if (peek() == ',')
                ++pos_;
            else if (peek() != ']')
                return bad("a list needs commas between its items and ] at "
                           "its end");
        }
        ++pos_;
        return json::value(std::move(out));
    }

    // A text in quotes that ends before a separator; nothing when the value begins without one
    // (O'Brien). Read as it stands, a value that only begins with a quote matches no record, and
    // nobody would see why.
    result<std::optional<std::string>> in_quotes() {
        const char quote = peek();
        if (quote != '"' && quote != '\'') return std::optional<std::string>();
        std::string out;
        for (auto i = pos_ + 1; i < text_.size(); ++i) {
            if (text_[i] == '\\' && i + 1 < text_.size() &&
                (text_[i + 1] == quote || text_[i + 1] == '\\')) {
                out.push_back(text_[++i]);
            } else if (text_[i] == quote) {
                const auto next = text_.find_first_not_of(" \t\r\n", i + 1);
                if (next != std::string_view::npos && text_[next] != ',' && text_[next] != ')' &&
                    text_[next] != ']')
                    return bad(std::string("the quoted text goes on behind its closing ") + quote +
                               "; write a quote inside of it as \\" + quote);
                pos_ = i + 1;
                return std::optional<std::string>(std::move(out));
            } else {
                out.push_back(text_[i]);
            }
        }
        return bad(std::string("the ") + quote +
                   " is never closed; a value that holds quotes belongs in double quotes");
    }

    // Up to a separator outside of brackets. A comma that no condition follows belongs to the
    // value ("Embryologist, clinical").
    std::string unquoted(std::string_view ends) {
        const auto from = pos_;
        int open = 0;
        for (; pos_ < text_.size(); ++pos_) {
            const char c = peek();
            // A bracket that a value opens belongs to it, and so does the one that closes it.
            if (c == '(') ++open;
            if (c == ')' && open > 0) {
                --open;
                continue;
            }
            if (ends.find(c) == std::string_view::npos) continue;
            if (c == ',' && ends[1] == ')' && !condition_follows(pos_ + 1)) {
                note("a comma inside a value was kept; put such values in double quotes");
                continue;
            }
            break;
        }
        return std::string(text::trim(text_.substr(from, pos_ - from)));
    }

    // condition_follows() tells the comma between conditions from one inside a value: behind the
    // first stands a name with an operator or a conjunction's bracket, or the end.
    [[nodiscard]] bool condition_follows(std::size_t at) const {
        const auto blank = [&] {
            while (at < text_.size() && (text_[at] == ' ' || text_[at] == '\n'))
                ++at;
        };
        blank();
        if (at >= text_.size() || text_[at] == ')' || text_[at] == ',') return true;
        const auto from = at;
        while (at < text_.size() && is_path_character(text_[at]))
            ++at;
        const auto name = text_.substr(from, at - from);
        blank();
        if (name.empty() || at >= text_.size()) return false;
        return text_[at] == '[' ||
               (text_[at] == '(' && (text::iequals(name, "and") || text::iequals(name, "or") ||
                                     text::iequals(name, "not")));
    }

    std::string_view text_;
    std::vector<std::string>& notes_;
    std::size_t pos_ = 0;
    std::size_t conditions_ = 0;
    std::size_t listed_ = 0;
};

} // namespace

result<json::value> parse_filter_text(std::string_view written, std::vector<std::string>& notes) {
    const auto plain = text::trim(written);
    if (plain.empty()) return json::value(json::object());
    if (plain.front() == '{') {
        auto parsed = json::parse(plain);
        if (!parsed)
            return error{errc::bad_request,
                         "The filter can't be read: " + parsed.failure().message + "."};
        return parsed;
    }
    return reader(plain, notes).whole();
}

} // namespace twenty
