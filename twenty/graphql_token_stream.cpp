#include "twenty/graphql_token_stream.hpp"

#include "base/text.hpp"

namespace twenty::graphql {

result<done> token_stream::advance() {
    if (++tokens_ > allowed_.tokens)
        return syntax_error(next_.at, "the document has more than " +
                                          std::to_string(allowed_.tokens) + " tokens");
    TRY(t, lexer_.next());
    next_ = std::move(t);
    return done{};
}

error token_stream::expected(std::string_view what) const {
    return syntax_error(next_.at, "expected " + std::string(what) + ", found " + describe(next_));
}

error token_stream::repeated(std::string_view what, std::string_view name) const {
    return syntax_error(next_.at, "there are two " + std::string(what) + " named \"" +
                                      std::string(text::cut_utf8(name, 60)) + "\"");
}

result<done> token_stream::expect(char c) {
    if (!is(c)) return expected("\"" + std::string(1, c) + "\"");
    return advance();
}

result<bool> token_stream::accept(char c) {
    if (!is(c)) return false;
    CHECK_OK(advance());
    return true;
}

result<std::string> token_stream::take_name(std::string_view what) {
    if (next_.type != token::kind::name) return expected(what);
    std::string out = next_.text;
    CHECK_OK(advance());
    return out;
}

// enter() counts the levels of selection sets, lists, objects and types together, because all of
// them take the same stack.
result<done> token_stream::enter() {
    if (++depth_ > allowed_.depth)
        return syntax_error(next_.at, "the document nests deeper than " +
                                          std::to_string(allowed_.depth) + " levels");
    return done{};
}

result<value> value_parser::parse_value(bool constant) {
    value out;
    out.at = next().at;
    switch (next().type) {
    case token::kind::integer:
        return scalar(std::move(out), value::kind::integer);
    case token::kind::floating:
        return scalar(std::move(out), value::kind::floating);
    case token::kind::string:
        return scalar(std::move(out), value::kind::string);
    case token::kind::name:
        if (next().text == "null") return scalar(std::move(out), value::kind::null);
        if (next().text == "true" || next().text == "false")
            return scalar(std::move(out), value::kind::boolean);
        return scalar(std::move(out), value::kind::enumeration);
    case token::kind::punctuator:
        if (is('[')) return list_value(std::move(out), constant);
        if (is('{')) return object_value(std::move(out), constant);
        if (is('$') && !constant) {
            CHECK_OK(advance());
            if (next().type != token::kind::name) return expected("a variable's name");
            return scalar(std::move(out), value::kind::variable);
        }
        break;
    case token::kind::end:
        break;
    }
    return expected(constant ? "a constant value" : "a value");
}

result<value> value_parser::scalar(value out, value::kind type) {
    out.type = type;
    if (type != value::kind::null) out.text = next().text;
    CHECK_OK(advance());
    return out;
}

result<value> value_parser::list_value(value out, bool constant) {
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

result<value> value_parser::object_value(value out, bool constant) {
    out.type = value::kind::object;
    CHECK_OK(enter());
    CHECK_OK(advance());
    names_once names;
    while (!is('}')) {
        TRY(name, take_name("an object field's name"));
        if (!names.add(name)) return repeated("object fields", name);
        CHECK_OK(expect(':'));
        TRY(v, parse_value(constant));
        out.members.push_back({std::move(name), std::move(v)});
    }
    leave();
    CHECK_OK(advance());
    return out;
}

} // namespace twenty::graphql
