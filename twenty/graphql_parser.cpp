#include "twenty/graphql.hpp"

#include "base/text.hpp"
#include "twenty/graphql_lexer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace twenty::graphql {

namespace {

template <class List> bool has_name(const List& list, std::string_view name) {
    return std::any_of(list.begin(), list.end(), [&](const auto& it) { return it.name == name; });
}

constexpr std::array<std::pair<std::string_view, operation_kind>, 3> operation_kinds{{
    {"query", operation_kind::query},
    {"mutation", operation_kind::mutation},
    {"subscription", operation_kind::subscription},
}};

constexpr std::array<std::string_view, 9> type_system_keywords{
    "schema", "scalar", "type", "interface", "union", "enum", "input", "directive", "extend"};

// One method per rule of the spec's appendix B, one token of lookahead.
class parser {
  public:
    parser(std::string_view text, const limits& allowed) : lexer_(text), allowed_(allowed) {}

    result<document> parse_document() {
        document out;
        CHECK_OK(advance());
        do {
            if (is_name("fragment"))
                CHECK_OK(fragment_definition(out));
            else
                CHECK_OK(operation_definition(out));
        } while (next_.type != token::kind::end);
        if (out.operations.empty()) return expected("an operation besides the fragments");
        return out;
    }

  private:
    result<void> advance() {
        if (++tokens_ > allowed_.tokens)
            return syntax_error(next_.at, "the document has more than " +
                                              std::to_string(allowed_.tokens) + " tokens");
        TRY(t, lexer_.next());
        next_ = std::move(t);
        return {};
    }
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
    [[nodiscard]] error expected(std::string_view what) const {
        return syntax_error(next_.at,
                            "expected " + std::string(what) + ", found " + describe(next_));
    }
    [[nodiscard]] error repeated(std::string_view what, std::string_view name) const {
        return syntax_error(next_.at, "there are two " + std::string(what) + " named \"" +
                                          std::string(text::cut_utf8(name, 60)) + "\"");
    }
    result<void> expect(char c) {
        if (!is(c)) return expected("\"" + std::string(1, c) + "\"");
        return advance();
    }
    // Consumes the punctuator when it is next.
    result<bool> accept(char c) {
        if (!is(c)) return false;
        CHECK_OK(advance());
        return true;
    }
    result<std::string> take_name(std::string_view what = "a name") {
        if (next_.type != token::kind::name) return expected(what);
        std::string out = next_.text;
        CHECK_OK(advance());
        return out;
    }
    result<void> enter() {
        if (++depth_ > allowed_.depth)
            return syntax_error(next_.at, "the document nests deeper than " +
                                              std::to_string(allowed_.depth) + " levels");
        return {};
    }
    void leave() { --depth_; }

    result<void> operation_definition(document& out) {
        operation op;
        op.at = next_.at;
        if (!is('{')) {
            const auto kind = std::find_if(operation_kinds.begin(), operation_kinds.end(),
                                           [this](const auto& row) { return is_name(row.first); });
            if (kind == operation_kinds.end()) return not_executable();
            op.kind = kind->second;
            CHECK_OK(advance());
            if (next_.type == token::kind::name) {
                TRY(name, take_name());
                op.name = std::move(name);
            }
            if (!op.name.empty() && has_name(out.operations, op.name))
                return repeated("operations", op.name);
            CHECK_OK(variable_definitions(op.variables));
            CHECK_OK(directives(op.directives, false));
        }
        CHECK_OK(selections(op.selections));
        out.operations.push_back(std::move(op));
        return {};
    }

    [[nodiscard]] error not_executable() const {
        const bool type_system =
            next_.type == token::kind::string ||
            std::any_of(type_system_keywords.begin(), type_system_keywords.end(),
                        [this](auto word) { return is_name(word); });
        return expected(type_system ? "a query, mutation or fragment (type definitions are not "
                                      "accepted)"
                                    : "a query, mutation or fragment");
    }

    result<void> fragment_definition(document& out) {
        fragment made;
        made.at = next_.at;
        CHECK_OK(advance());
        if (is_name("on")) return expected("the fragment's name");
        TRY(name, take_name("the fragment's name"));
        made.name = std::move(name);
        if (has_name(out.fragments, made.name)) return repeated("fragments", made.name);
        if (!is_name("on")) return expected("\"on\"");
        CHECK_OK(advance());
        TRY(type, take_name("a type name"));
        made.type_condition = std::move(type);
        CHECK_OK(directives(made.directives, false));
        CHECK_OK(selections(made.selections));
        out.fragments.push_back(std::move(made));
        return {};
    }

    result<void> variable_definitions(std::vector<variable_definition>& out) {
        TRY(any, accept('('));
        if (!any) return {};
        do {
            variable_definition made;
            made.at = next_.at;
            CHECK_OK(expect('$'));
            TRY(name, take_name("a variable's name"));
            made.name = std::move(name);
            if (has_name(out, made.name)) return repeated("variables", made.name);
            CHECK_OK(expect(':'));
            CHECK_OK(type_reference(made.type));
            TRY(has_default, accept('='));
            if (has_default) {
                TRY(v, parse_value(true));
                made.fallback = std::move(v);
            }
            CHECK_OK(directives(made.directives, true));
            out.push_back(std::move(made));
        } while (!is(')'));
        return advance();
    }

    result<void> type_reference(std::string& out) {
        if (is('[')) {
            CHECK_OK(enter());
            CHECK_OK(advance());
            out += '[';
            CHECK_OK(type_reference(out));
            CHECK_OK(expect(']'));
            out += ']';
            leave();
        } else {
            TRY(name, take_name("a type"));
            out += name;
        }
        TRY(required, accept('!'));
        if (required) out += '!';
        return {};
    }

    result<void> directives(std::vector<directive>& out, bool constant) {
        while (is('@')) {
            directive made;
            made.at = next_.at;
            CHECK_OK(advance());
            TRY(name, take_name("a directive's name"));
            made.name = std::move(name);
            CHECK_OK(arguments(made.arguments, constant));
            out.push_back(std::move(made));
        }
        return {};
    }

    result<void> arguments(std::vector<argument>& out, bool constant) {
        TRY(any, accept('('));
        if (!any) return {};
        do {
            argument made;
            made.at = next_.at;
            TRY(name, take_name("an argument's name"));
            made.name = std::move(name);
            if (has_name(out, made.name)) return repeated("arguments", made.name);
            CHECK_OK(expect(':'));
            TRY(v, parse_value(constant));
            made.val = std::move(v);
            out.push_back(std::move(made));
        } while (!is(')'));
        return advance();
    }

    result<void> selections(selection_set& out) {
        CHECK_OK(enter());
        CHECK_OK(expect('{'));
        do {
            if (is_spread())
                CHECK_OK(spread(out));
            else
                CHECK_OK(plain_field(out));
        } while (!is('}'));
        leave();
        return advance();
    }

    result<void> plain_field(selection_set& out) {
        field made;
        made.at = next_.at;
        TRY(first, take_name("a field"));
        made.name = std::move(first);
        TRY(aliased, accept(':'));
        if (aliased) {
            TRY(name, take_name("a field's name after its alias"));
            made.alias = std::exchange(made.name, std::move(name));
        }
        CHECK_OK(arguments(made.arguments, false));
        CHECK_OK(directives(made.directives, false));
        if (is('{')) CHECK_OK(selections(made.selections));
        out.push_back({std::move(made)});
        return {};
    }

    result<void> spread(selection_set& out) {
        const position at = next_.at;
        CHECK_OK(advance());
        if (next_.type == token::kind::name && next_.text != "on") {
            fragment_spread made;
            made.at = at;
            TRY(name, take_name());
            made.name = std::move(name);
            CHECK_OK(directives(made.directives, false));
            out.push_back({std::move(made)});
            return {};
        }
        inline_fragment made;
        made.at = at;
        if (is_name("on")) {
            CHECK_OK(advance());
            TRY(type, take_name("a type name"));
            made.type_condition = std::move(type);
        }
        CHECK_OK(directives(made.directives, false));
        CHECK_OK(selections(made.selections));
        out.push_back({std::move(made)});
        return {};
    }

    result<value> parse_value(bool constant) {
        value out;
        out.at = next_.at;
        switch (next_.type) {
        case token::kind::integer:
            return scalar(std::move(out), value::kind::integer);
        case token::kind::floating:
            return scalar(std::move(out), value::kind::floating);
        case token::kind::string:
            return scalar(std::move(out), value::kind::string);
        case token::kind::name:
            if (next_.text == "null") return scalar(std::move(out), value::kind::null);
            if (next_.text == "true" || next_.text == "false")
                return scalar(std::move(out), value::kind::boolean);
            return scalar(std::move(out), value::kind::enumeration);
        case token::kind::punctuator:
            if (is('[')) return list_value(std::move(out), constant);
            if (is('{')) return object_value(std::move(out), constant);
            if (is('$') && !constant) {
                CHECK_OK(advance());
                if (next_.type != token::kind::name) return expected("a variable's name");
                return scalar(std::move(out), value::kind::variable);
            }
            break;
        case token::kind::end:
            break;
        }
        return expected(constant ? "a constant value" : "a value");
    }

    result<value> scalar(value out, value::kind type) {
        out.type = type;
        if (type != value::kind::null) out.text = next_.text;
        CHECK_OK(advance());
        return out;
    }

    result<value> list_value(value out, bool constant) {
        out.type = value::kind::list;
        CHECK_OK(enter());
        CHECK_OK(advance());
        while (!is(']')) {
            TRY(item, parse_value(constant));
            out.items.push_back(std::move(item));
        }
        leave();
        CHECK_OK(advance());
        return out;
    }

    result<value> object_value(value out, bool constant) {
        out.type = value::kind::object;
        CHECK_OK(enter());
        CHECK_OK(advance());
        while (!is('}')) {
            TRY(name, take_name("an object field's name"));
            if (has_name(out.members, name)) return repeated("object fields", name);
            CHECK_OK(expect(':'));
            TRY(v, parse_value(constant));
            out.members.push_back({std::move(name), std::move(v)});
        }
        leave();
        CHECK_OK(advance());
        return out;
    }

    lexer lexer_;
    limits allowed_;
    token next_;
    std::size_t tokens_ = 0;
    std::size_t depth_ = 0;
};

} // namespace

std::string_view to_string(operation_kind kind) noexcept {
    for (const auto& [word, row_kind] : operation_kinds)
        if (row_kind == kind) return word;
    return {};
}

result<document> parse(std::string_view text, const limits& allowed) {
    if (text.size() > allowed.bytes)
        return error{errc::too_large, "The GraphQL document is larger than " +
                                          std::to_string(allowed.bytes) + " bytes."};
    if (!text::valid_utf8(text))
        return error{errc::bad_request, "The GraphQL document is not valid UTF-8."};
    return parser(text, allowed).parse_document();
}

} // namespace twenty::graphql
