#include "mcp/arguments.hpp"

#include "base/text.hpp"
#include "mcp/argument_schema.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

// check_object() asks for the required members and takes each member to check_value(), which mends
// what models are known to write as text, picks the form that the value has, and goes on inside it.
// Nothing is mended that the schema would take as it is.

namespace mcp {

namespace {

std::string in_quotes(std::string_view name) { return '"' + std::string(name) + '"'; }

// The location of a value: its path for messages, and the argument that it is part of, which is
// what an example can be given for.
struct location {
    std::string path; // measures[0].function; empty for the arguments themselves
    std::string argument;
    const json::value* schema = nullptr; // of the argument
    std::size_t* values = nullptr;       // that texts may still become, in all arguments

    [[nodiscard]] location member(const std::string& name, const json::value& of_member) const {
        if (path.empty()) return {name, name, &of_member, values};
        return {path + "." + name, argument, schema, values};
    }
    [[nodiscard]] location item(std::size_t n) const {
        return {path + "[" + std::to_string(n) + "]", argument, schema, values};
    }
    [[nodiscard]] std::string example() const {
        auto sample = schema ? sample_of(*schema) : std::nullopt;
        if (!sample) return {};
        json::object shown;
        shown.append(argument, std::move(*sample));
        return " Example: " + json::dump(shown);
    }
};

// Itself, and what is in it. Trees are as deep as json::inbound lets them be.
std::size_t values_in(const json::value& v) {
    std::size_t all = 1;
    if (const auto* items = v.if_array())
        for (const auto& item : *items)
            all += values_in(item);
    if (const auto* members = v.if_object())
        for (const auto& [_, member] : *members)
            all += values_in(member);
    return all;
}

// unwrap_text() reads a text as JSON where no text is wanted: models write numbers, booleans and
// objects as strings now and then. A text that holds null or another text stays, for the message.
// Threat: each of many texts becomes as many values as a whole message may have. Defence: `left`
// counts those of all texts.
result<done> unwrap_text(json::value& v, const std::vector<std::string>& types, std::size_t& left) {
    const auto* text = v.if_string();
    const auto wants = [&](std::string_view t) {
        return std::find(types.begin(), types.end(), t) != types.end();
    };
    if (!text || types.empty() || wants("string")) return done{};
    auto allowed = json::inbound;
    allowed.values = left;
    auto parsed = json::parse(*text, allowed);
    if (!parsed && parsed.failure().detail == json::too_many_values)
        return bad_request("The JSON texts of the arguments hold too many values.");
    if (!parsed || parsed->is_string() || parsed->is_null()) return done{};
    left -= std::min(left, values_in(*parsed));
    v = std::move(parsed).value();
    return done{};
}

std::string article(std::string_view type) {
    const bool vowel = type.substr(0, 1).find_first_of("aeiou") == 0;
    return (vowel ? "an " : "a ") + std::string(type);
}

std::string expected_text(const std::vector<std::string>& types, const json::value& schema) {
    std::vector<std::string> shown;
    for (const auto& t : types)
        shown.push_back(article(t));
    std::string text = text::join(shown, " or ");
    const auto* least = schema.find("minimum");
    const auto* most = schema.find("maximum");
    if (least && most) text += " from " + json::dump(*least) + " to " + json::dump(*most);
    return text;
}

result<done> check_value(const location& at, json::value& v, const json::value& schema);

// "must have at most 500 characters" when `size` is outside of the two bounds.
std::optional<std::string> size_fault(std::size_t size, const json::value& schema,
                                      std::string_view least_key, std::string_view most_key,
                                      std::string_view things) {
    const auto least = bound(schema, least_key);
    const auto most = bound(schema, most_key);
    if (least && std::cmp_less(size, *least))
        return size == 0 && *least == 1
                   ? std::string("must not be empty")
                   : "must have at least " + std::to_string(*least) + " " + std::string(things);
    if (most && std::cmp_greater(size, *most))
        return "must have at most " + std::to_string(*most) + " " + std::string(things);
    return std::nullopt;
}

result<done> check_limits(const location& at, const json::value& v, const json::value& schema) {
    const auto complain = [&](const std::string& what) {
        return bad_request(in_quotes(at.path) + " " + what + "." + at.example());
    };
    if (const auto* choices = schema.find("enum"); choices && choices->if_array()) {
        const auto& allowed = *choices->if_array();
        if (std::find(allowed.begin(), allowed.end(), v) == allowed.end())
            return complain("must be one of " + json::dump(*choices));
    }
    if (const auto n = v.as_double()) {
        const auto least = bound(schema, "minimum");
        const auto most = bound(schema, "maximum");
        if ((least && *n < static_cast<double>(*least)) ||
            (most && *n > static_cast<double>(*most)))
            return complain("must be " + expected_text(types_of(schema), schema));
    }
    std::optional<std::string> fault;
    // JSON Schema 2020-12 validation §6.3.1: the length of a text is its number of characters.
    if (const auto* s = v.if_string())
        fault = size_fault(text::code_points(*s), schema, "minLength", "maxLength", "characters");
    if (const auto* a = v.if_array())
        fault = size_fault(a->size(), schema, "minItems", "maxItems", "items");
    if (fault) return complain(*fault);
    return done{};
}

// What some clients add to every call by themselves, whatever the schema says (n8n's tool for MCP):
// a model could not leave it out.
constexpr std::array<std::string_view, 4> added_by_clients = {"toolCallId", "sessionId",
                                                              "chatInput", "action"};

// Clients and models fill optional arguments with the emptiest value of their type, which then
// says no more than null. A number is empty that is zero where the least is more.
bool says_nothing(const json::value& v, const json::value& schema) {
    if (v.is_null()) return true;
    if (const auto* text = v.if_string()) return text->empty();
    if (const auto* list = v.if_array()) return list->empty();
    if (const auto* members = v.if_object()) return members->empty();
    return v.is_number() && v.as_int() == 0 && bound(schema, "minimum").value_or(0) > 0;
}

std::string unknown_argument(const location& at, std::string_view name,
                             const json::value* properties) {
    const auto known = names_of(properties);
    const auto near = text::nearest(name, known);
    const auto& offer = near.empty() ? known : near;
    const auto shown = text::without_invisible(text::cut_utf8(name, 40), false);
    const auto where = at.path.empty() ? shown : at.path + "." + shown;
    return "Unknown argument " + in_quotes(where) + ". " +
           (known.empty() ? "This tool takes none."
                          : "Did you mean " + text::join(offer, ", ") + "?");
}

result<done> check_object(const location& at, json::object& members, const json::value& schema) {
    static const json::value anything;
    const auto* properties = schema.find("properties");
    const auto* closed = schema.find("additionalProperties");
    const auto* required = schema.find("required");
    if (required && required->if_array())
        for (const auto& name : *required->if_array())
            if (const auto* n = name.if_string(); n && !members.contains(*n)) {
                const auto* part = properties ? properties->find(*n) : nullptr;
                const auto missing = at.member(*n, part ? *part : anything);
                return bad_request(in_quotes(missing.path) + " is required." + missing.example());
            }
    std::vector<std::string> to_drop;
    for (auto& [name, v] : members) {
        const auto* part = properties ? properties->find(name) : nullptr;
        if (!part) {
            if (!closed || closed->as_bool().value_or(true)) continue;
            if (!at.path.empty() ||
                std::ranges::find(added_by_clients, name) == added_by_clients.end())
                return bad_request(unknown_argument(at, name, properties));
            to_drop.push_back(name);
            continue;
        }
        if (!is_required(required, name) && !types_of(*part).empty() && says_nothing(v, *part)) {
            to_drop.push_back(name);
            continue;
        }
        CHECK_OK(check_value(at.member(name, *part), v, *part));
    }
    for (const auto& name : to_drop)
        members.erase(name);
    return done{};
}

// wrap_text() takes one value for a list of it (names may stand between commas), and a text for an
// object with a single required member: "stage" for [{"field":"stage"}]. Threat: a megabyte of
// commas becomes as many values. Defence: they are counted before the split.
result<done> wrap_text(const location& at, json::value& v, const json::value& schema,
                       const std::vector<std::string>& types) {
    constexpr std::ptrdiff_t most_in_text = 1'000;
    if (types.size() != 1) return done{};
    const auto* items = schema.find("items");
    if (types.front() == "array" && items && (v.is_string() || v.is_object())) {
        json::array list;
        const auto* names = v.if_string();
        if (names && std::count(names->begin(), names->end(), ',') >= most_in_text)
            return bad_request(in_quotes(at.path) + " must have at most " +
                               std::to_string(most_in_text) + " items." + at.example());
        if (names)
            for (const auto& name : text::split(*names, ','))
                list.emplace_back(text::trim(name));
        else
            list.push_back(std::move(v));
        v = std::move(list);
        return done{};
    }
    const auto* required = schema.find("required");
    const auto* names = required ? required->if_array() : nullptr;
    if (types.front() != "object" || !v.is_string() || !names || names->size() != 1) return done{};
    json::object one;
    one.append(*names->front().if_string(), std::move(v));
    v = std::move(one);
    return done{};
}

result<done> check_value(const location& at, json::value& v, const json::value& schema) {
    const auto types = types_of(schema);
    CHECK_OK(unwrap_text(v, types, *at.values));
    if (!at.path.empty()) CHECK_OK(wrap_text(at, v, schema, types));
    const auto forms = forms_of(schema);
    // The branches of anyOf in our schemas differ by type, so the type alone tells which one is
    // meant, and a message can say what is wrong inside of it.
    const auto form = std::find_if(forms.begin(), forms.end(), [&](const json::value* each) {
        const auto type = each->text("type");
        return type.empty() || has_type(v, type);
    });
    if (form == forms.end())
        return bad_request(in_quotes(at.path) + " must be " + expected_text(types, schema) +
                           ", not " + (v.is_null() ? "null" : article(v.type_name())) + "." +
                           at.example());
    CHECK_OK(check_limits(at, v, **form));
    if (auto* members = v.if_object()) return check_object(at, *members, **form);
    if (auto* items = v.if_array()) {
        const auto* each = (*form)->find("items");
        for (std::size_t i = 0; each && i < items->size(); ++i)
            CHECK_OK(check_value(at.item(i), (*items)[i], *each));
    }
    return done{};
}

} // namespace

result<json::value> check_arguments(json::value arguments, const json::value& schema) {
    // Some clients send all arguments as one JSON text.
    std::size_t left = json::inbound.values;
    CHECK_OK(unwrap_text(arguments, {"object"}, left));
    // As clients in PHP write an empty object.
    if (const auto* list = arguments.if_array(); list && list->empty()) arguments = json::object{};
    auto* members = arguments.if_object();
    if (!members)
        return bad_request("\"arguments\" must be an object, not " +
                           article(arguments.type_name()) + ".");
    location all;
    all.values = &left;
    CHECK_OK(check_object(all, *members, schema));
    return arguments;
}

} // namespace mcp
