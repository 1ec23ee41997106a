#include "demo/graphql_types.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace demo {

namespace {

constexpr std::size_t deepest_selection = 32; // fragment cycles end here
constexpr std::size_t most_suggested = 5;

// Splits at top-level blanks or commas; parentheses hold together.
std::vector<std::string> split_outside(std::string_view s, char separator) {
    std::vector<std::string> out;
    std::string part;
    int depth = 0;
    for (const char c : s) {
        if (c == '(') ++depth;
        if (c == ')') --depth;
        if (c == separator && depth == 0) {
            if (!part.empty()) out.push_back(std::move(part));
            part.clear();
        } else {
            part += c;
        }
    }
    if (!part.empty()) out.push_back(std::move(part));
    return out;
}

type_member parse_member(std::string_view word) {
    type_member out;
    if (const auto open = word.find('('); open != std::string_view::npos) {
        const auto close = word.find(')');
        for (const auto& argument : split_outside(word.substr(open + 1, close - open - 1), ',')) {
            const auto colon = argument.find(':');
            out.arguments.push_back({argument.substr(0, colon), argument.substr(colon + 1)});
        }
        out.name = word.substr(0, open);
        out.type = word.substr(close + 2);
        return out;
    }
    const auto colon = word.find(':');
    out.name = word.substr(0, colon);
    if (colon != std::string_view::npos) out.type = word.substr(colon + 1);
    return out;
}

void append_flat(const graphql::selection_set& set, const graphql::document& doc,
                 const json::value& variables, std::size_t depth,
                 std::vector<const graphql::field*>& out);

bool skipped(const std::vector<graphql::directive>& directives, const json::value& variables) {
    for (const auto& d : directives) {
        if (d.arguments.empty()) continue;
        const bool on = graphql::to_json(d.arguments[0].val, variables).as_bool().value_or(false);
        if ((d.name == "skip" && on) || (d.name == "include" && !on)) return true;
    }
    return false;
}

void append_selection(const graphql::selection& s, const graphql::document& doc,
                      const json::value& variables, std::size_t depth,
                      std::vector<const graphql::field*>& out) {
    if (const auto* f = std::get_if<graphql::field>(&s.node)) {
        if (!skipped(f->directives, variables)) out.push_back(f);
    } else if (const auto* spread = std::get_if<graphql::fragment_spread>(&s.node)) {
        const auto* fragment = doc.find_fragment(spread->name);
        if (fragment && !skipped(spread->directives, variables))
            append_flat(fragment->selections, doc, variables, depth + 1, out);
    } else {
        const auto& inlined = std::get<graphql::inline_fragment>(s.node);
        if (!skipped(inlined.directives, variables))
            append_flat(inlined.selections, doc, variables, depth + 1, out);
    }
}

void append_flat(const graphql::selection_set& set, const graphql::document& doc,
                 const json::value& variables, std::size_t depth,
                 std::vector<const graphql::field*>& out) {
    if (depth > deepest_selection) return;
    for (const auto& s : set)
        append_selection(s, doc, variables, depth, out);
}

// graphql-js: near enough is 40 % of the length plus one.
std::vector<std::string> suggestions(std::string_view wanted, const type_definition& type) {
    const std::size_t limit = wanted.size() * 2 / 5 + 1;
    std::vector<std::pair<std::size_t, std::string>> near;
    for (const auto& member : type.members) {
        const auto distance = text::distance(wanted, member.name);
        if (distance <= limit) near.emplace_back(distance, member.name);
    }
    std::sort(near.begin(), near.end());
    std::vector<std::string> out;
    for (const auto& [distance, name] : near)
        if (out.size() < most_suggested) out.push_back("\"" + name + "\"");
    return out;
}

std::string did_you_mean(const std::vector<std::string>& names) {
    if (names.empty()) return {};
    std::string list = names[0];
    for (std::size_t i = 1; i < names.size(); ++i) {
        if (names.size() > 2) list += ",";
        list += (i + 1 == names.size() ? " or " : " ") + names[i];
    }
    return " Did you mean " + list + "?";
}

void check_selection(const type_system& types, const type_definition& type,
                     const graphql::selection_set& set, const graphql::document& doc,
                     json::array& errors) {
    for (const auto* f : flatten(set, doc, json::value())) {
        if (f->name.starts_with("__")) continue;
        const auto* member = type.find(f->name);
        if (!member) {
            errors.push_back(cannot_query(type, *f));
        } else if (const auto* inner = types.find(bare_type(member->type)); inner) {
            check_selection(types, *inner, f->selections, doc, errors);
        }
    }
}

json::value type_reference(const type_system& types, std::string_view type) {
    if (type.ends_with('!'))
        return json::make({{"kind", "NON_NULL"},
                           {"name", nullptr},
                           {"ofType", type_reference(types, type.substr(0, type.size() - 1))}});
    if (type.starts_with('['))
        return json::make({{"kind", "LIST"},
                           {"name", nullptr},
                           {"ofType", type_reference(types, type.substr(1, type.size() - 2))}});
    const auto* known = types.find(type);
    return json::make(
        {{"kind", known ? known->kind : "SCALAR"}, {"name", type}, {"ofType", nullptr}});
}

json::value described(const type_system& types, const type_member& m) {
    json::array arguments;
    for (const auto& a : m.arguments)
        arguments.push_back(json::make({{"name", a.name},
                                        {"description", nullptr},
                                        {"type", type_reference(types, a.type)},
                                        {"defaultValue", nullptr}}));
    const json::value type = m.type.empty() ? json::value() : type_reference(types, m.type);
    return json::make(
        {{"name", m.name},
         {"description", nullptr},
         {"args", std::move(arguments)},
         {"type", type},
         {"defaultValue", nullptr},
         {"isDeprecated", m.deprecated},
         {"deprecationReason", m.deprecated ? json::value("No longer supported") : json::value()}});
}

json::value described(const type_system& types, const type_definition& t) {
    json::array members;
    for (const auto& m : t.members)
        members.push_back(described(types, m));
    json::object out;
    out.append("kind", t.kind);
    out.append("name", t.name);
    out.append("description", nullptr);
    for (const auto& [key, kind] :
         {std::pair("fields", "OBJECT"), std::pair("inputFields", "INPUT_OBJECT"),
          std::pair("enumValues", "ENUM")})
        out.append(key, t.kind == kind ? json::value(members) : json::value());
    out.append("interfaces", t.kind == "OBJECT" ? json::value(json::array()) : json::value());
    out.append("possibleTypes", nullptr);
    return out;
}

} // namespace

const type_member* type_definition::find(std::string_view member) const {
    for (const auto& m : members)
        if (m.name == member) return &m;
    return nullptr;
}

const type_definition* type_system::find(std::string_view name) const {
    for (const auto& t : types)
        if (t.name == name) return &t;
    return nullptr;
}

type_system parse_types(std::string_view source, bool old) {
    static constexpr std::pair<std::string_view, std::string_view> kinds[] = {
        {"type", "OBJECT"}, {"input", "INPUT_OBJECT"}, {"enum", "ENUM"}, {"scalar", "SCALAR"}};
    type_system out;
    for (const auto& line : text::split(source, '\n')) {
        const auto parts = split_outside(line, ' ');
        if (parts.empty() || parts[0].front() == '#') continue;
        std::size_t first = 0; // a line that begins with a blank goes on with the type before it
        if (line.front() != ' ') {
            type_definition made;
            for (const auto& [word, kind] : kinds)
                if (parts[0] == word) made.kind = kind;
            made.name = parts[1];
            out.types.push_back(std::move(made));
            first = 2;
        }
        for (std::size_t i = first; i < parts.size(); ++i) {
            const char mark = parts[i].front();
            if ((mark == '+' && old) || (mark == '-' && !old)) continue;
            const bool marked = std::string_view("+-~").find(mark) != std::string_view::npos;
            auto member = parse_member(std::string_view(parts[i]).substr(marked ? 1 : 0));
            member.deprecated = mark == '~';
            out.types.back().members.push_back(std::move(member));
        }
    }
    return out;
}

std::string_view bare_type(std::string_view type) {
    while (!type.empty() && type.front() == '[')
        type.remove_prefix(1);
    while (!type.empty() && (type.back() == '!' || type.back() == ']'))
        type.remove_suffix(1);
    return type;
}

std::vector<const graphql::field*> flatten(const graphql::selection_set& set,
                                           const graphql::document& doc,
                                           const json::value& variables) {
    std::vector<const graphql::field*> out;
    append_flat(set, doc, variables, 0, out);
    return out;
}

json::value cannot_query(const type_definition& type, const graphql::field& wanted) {
    return json::make(
        {{"message", "Cannot query field \"" + wanted.name + "\" on type \"" + type.name + "\"." +
                         did_you_mean(suggestions(wanted.name, type))},
         {"locations",
          json::list({json::make({{"line", wanted.at.line}, {"column", wanted.at.column}})})}});
}

json::array unknown_fields(const type_system& types, const graphql::document& doc,
                           const graphql::operation& op) {
    json::array errors;
    const auto* root =
        types.find(op.kind == graphql::operation_kind::mutation ? "Mutation" : "Query");
    if (root) check_selection(types, *root, op.selections, doc, errors);
    return errors;
}

json::value pick(const json::value& source, const graphql::selection_set& set,
                 const graphql::document& doc, const json::value& variables) {
    if (set.empty()) return source;
    if (const auto* list = source.if_array()) {
        json::array out;
        for (const auto& item : *list)
            out.push_back(pick(item, set, doc, variables));
        return out;
    }
    if (!source.if_object()) return nullptr;
    json::object out;
    for (const auto* f : flatten(set, doc, variables)) {
        const auto* v = source.find(f->name);
        out.set(f->key(), v ? pick(*v, f->selections, doc, variables) : json::value());
    }
    return out;
}

json::value introspect_type(const type_system& types, std::string_view name) {
    const auto* found = types.find(name);
    return found ? described(types, *found) : json::value();
}

json::value introspect_schema(const type_system& types) {
    json::array all;
    for (const auto& t : types.types)
        all.push_back(described(types, t));
    return json::make({{"queryType", introspect_type(types, "Query")},
                       {"mutationType", introspect_type(types, "Mutation")},
                       {"subscriptionType", nullptr},
                       {"types", std::move(all)},
                       {"directives", json::array()}});
}

} // namespace demo
