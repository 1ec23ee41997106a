#include "twenty/graphql.hpp"

#include "base/text.hpp"
#include "twenty/graphql_token_stream.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace twenty::graphql {

namespace {

constexpr std::array<std::pair<std::string_view, operation_kind>, 3> operation_kinds{{
    {"query", operation_kind::query},
    {"mutation", operation_kind::mutation},
    {"subscription", operation_kind::subscription},
}};

constexpr std::array<std::string_view, 9> type_system_keywords{
    "schema", "scalar", "type", "interface", "union", "enum", "input", "directive", "extend"};

// parser has a method for each rule of the specification's appendix B and looks one token ahead.
// Lists in brackets are read with do … while, because the grammar knows no empty ones: () and {}
// are errors.
class parser : value_parser {
  public:
    parser(std::string_view text, const limits& allowed) : value_parser(text, allowed) {}

    result<document> parse_document() {
        document out;
        CHECK_OK(advance());
        do {
            if (is_name("fragment"))
                CHECK_OK(fragment_definition(out));
            else
                CHECK_OK(operation_definition(out));
        } while (next().type != token::kind::end);
        if (out.operations.empty()) return expected("an operation besides the fragments");
        return out;
    }

  private:
    result<done> operation_definition(document& out) {
        operation op;
        op.at = next().at;
        if (!is('{')) {
            const auto kind = std::find_if(operation_kinds.begin(), operation_kinds.end(),
                                           [this](const auto& row) { return is_name(row.first); });
            if (kind == operation_kinds.end()) return not_executable();
            op.kind = kind->second;
            CHECK_OK(advance());
            if (next().type == token::kind::name) {
                TRY(name, take_name());
                op.name = std::move(name);
            }
            // Names that stand twice are refused at once: a reader that takes the first one and a
            // reader that takes the last one would judge and run different documents.
            if (!op.name.empty() && !operations_.add(op.name))
                return repeated("operations", op.name);
            CHECK_OK(variable_definitions(op.variables));
            CHECK_OK(directives(op.directives, false));
        }
        CHECK_OK(selections(op.selections));
        out.operations.push_back(std::move(op));
        return done{};
    }

    [[nodiscard]] error not_executable() const {
        const bool type_system =
            next().type == token::kind::string ||
            std::any_of(type_system_keywords.begin(), type_system_keywords.end(),
                        [this](auto word) { return is_name(word); });
        return expected(type_system ? "a query, mutation or fragment (type definitions are not "
                                      "accepted)"
                                    : "a query, mutation or fragment");
    }

    result<done> fragment_definition(document& out) {
        fragment made;
        made.at = next().at;
        CHECK_OK(advance());
        if (is_name("on")) return expected("the fragment's name");
        TRY(name, take_name("the fragment's name"));
        made.name = std::move(name);
        if (!fragments_.add(made.name)) return repeated("fragments", made.name);
        if (!is_name("on")) return expected("\"on\"");
        CHECK_OK(advance());
        TRY(type, take_name("a type name"));
        made.type_condition = std::move(type);
        CHECK_OK(directives(made.directives, false));
        CHECK_OK(selections(made.selections));
        out.fragments.push_back(std::move(made));
        return done{};
    }

    result<done> variable_definitions(std::vector<variable_definition>& out) {
        TRY(any, accept('('));
        if (!any) return done{};
        names_once names;
        do {
            variable_definition made;
            made.at = next().at;
            CHECK_OK(expect('$'));
            TRY(name, take_name("a variable's name"));
            made.name = std::move(name);
            if (!names.add(made.name)) return repeated("variables", made.name);
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

    result<done> type_reference(std::string& out) {
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
        return done{};
    }

    result<done> directives(std::vector<directive>& out, bool constant) {
        while (is('@')) {
            directive made;
            made.at = next().at;
            CHECK_OK(advance());
            TRY(name, take_name("a directive's name"));
            made.name = std::move(name);
            CHECK_OK(arguments(made.arguments, constant));
            out.push_back(std::move(made));
        }
        return done{};
    }

    result<done> arguments(std::vector<argument>& out, bool constant) {
        TRY(any, accept('('));
        if (!any) return done{};
        names_once names;
        do {
            argument made;
            made.at = next().at;
            TRY(name, take_name("an argument's name"));
            made.name = std::move(name);
            if (!names.add(made.name)) return repeated("arguments", made.name);
            CHECK_OK(expect(':'));
            TRY(v, parse_value(constant));
            made.val = std::move(v);
            out.push_back(std::move(made));
        } while (!is(')'));
        return advance();
    }

    result<done> selections(selection_set& out) {
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

    result<done> plain_field(selection_set& out) {
        field made;
        made.at = next().at;
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
        return done{};
    }

    result<done> spread(selection_set& out) {
        const position at = next().at;
        CHECK_OK(advance());
        if (next().type == token::kind::name && next().text != "on") {
            fragment_spread made;
            made.at = at;
            TRY(name, take_name());
            made.name = std::move(name);
            CHECK_OK(directives(made.directives, false));
            out.push_back({std::move(made)});
            return done{};
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
        return done{};
    }

    names_once operations_;
    names_once fragments_;
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
