#include "mcp/arguments.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

// check_object() asks for the required members and takes each member to check_value(), which mends
// what models are known to write as text, picks the form that the value has, and goes on inside it.
// Nothing is mended that the schema would take as it is.

namespace mcp {

namespace {

std::string in_quotes(std::string_view name) { return '"' + std::string(name) + '"'; }

// JSON Schema 2020-12 validation §6.1.1: 20.0 is an integer as well as 20.
bool has_type(const json::value& v, std::string_view type) {
    if (type == "integer") return v.as_int().has_value();
    return v.type_name() == type;
}

// The forms that a value may have: the branches of anyOf, or the schema itself.
std::vector<const json::value*> forms_of(const json::value& schema) {
    std::vector<const json::value*> forms;
    const auto* branches = schema.find("anyOf");
    if (branches && branches->if_array())
        for (const auto& branch : *branches->if_array())
            forms.push_back(&branch);
    if (forms.empty()) forms.push_back(&schema);
    return forms;
}

std::vector<std::string> types_of(const json::value& schema) {
    std::vector<std::string> types;
    for (const auto* form : forms_of(schema))
        if (const auto type = form->text("type"); !type.empty()) types.emplace_back(type);
    return types;
}

// sample_of() makes a value that the schema accepts and that means something. There is none where
// only invention could make one up, because models copy examples literally.
std::optional<json::value> sample_of(const json::value& schema) {
    const auto types = types_of(schema);
    const std::string_view type = types.empty() ? std::string_view() : types.front();
    const auto first_of = [&](std::string_view key) -> const json::value* {
        const auto* list = schema.find(key);
        const auto* items = list ? list->if_array() : nullptr;
        return items && !items->empty() ? &items->front() : nullptr;
    };
    if (const auto* fallback = schema.find("default")) return *fallback;
    if (const auto* example = first_of("examples")) return *example;
    if (const auto* choice = first_of("enum")) return *choice;
    if (type == "boolean") return json::value(true);
    if (type == "integer" || type == "number") {
        const auto* least = schema.find("minimum");
        return least ? *least : json::value(1);
    }
    if (const auto* each = schema.find("items"); each && type == "array") {
        auto item = sample_of(*each);
        if (!item) return std::nullopt;
        return json::list({std::move(*item)});
    }
    const auto* needed = schema.find("required");
    const auto* properties = schema.find("properties");
    if (type != "object" || !properties || !needed || !needed->if_array()) return std::nullopt;
    json::object sample;
    for (const auto& name : *needed->if_array()) {
        const auto* part = name.if_string() ? properties->find(*name.if_string()) : nullptr;
        auto member = part ? sample_of(*part) : std::nullopt;
        if (!member) return std::nullopt;
        sample.append(*name.if_string(), std::move(*member));
    }
    return json::value(std::move(sample));
}

// The location of a value: its path for messages, and the argument that it is part of, which is
// what an example can be given for.
struct location {
    std::string path; // measures[0].function; empty for the arguments themselves
    std::string argument;
    const json::value* schema = nullptr; // of the argument

    [[nodiscard]] location member(const std::string& name, const json::value& of_member) const {
        if (path.empty()) return {name, name, &of_member};
        return {path + "." + name, argument, schema};
    }
    [[nodiscard]] location item(std::size_t n) const {
        return {path + "[" + std::to_string(n) + "]", argument, schema};
    }
    [[nodiscard]] std::string example() const {
        auto sample = schema ? sample_of(*schema) : std::nullopt;
        if (!sample) return {};
        json::object shown;
        shown.append(argument, std::move(*sample));
        return " Example: " + json::dump(shown);
    }
};

// unwrap_text() reads a text as JSON where no text is wanted: models write numbers, booleans and
// objects as strings now and then. A text that holds null or another text stays, for the message.
void unwrap_text(json::value& v, const std::vector<std::string>& types) {
    const auto* text = v.if_string();
    const auto wants = [&](std::string_view t) {
        return std::find(types.begin(), types.end(), t) != types.end();
    };
    if (!text || types.empty() || wants("string")) return;
    auto parsed = json::parse(*text);
    if (!parsed || parsed->is_string() || parsed->is_null()) return;
    v = std::move(parsed).value();
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

std::optional<std::int64_t> bound(const json::value& schema, std::string_view key) {
    const auto* limit = schema.find(key);
    return limit ? limit->as_int() : std::nullopt;
}

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

std::vector<std::string> names_of(const json::value* properties) {
    std::vector<std::string> names;
    if (properties && properties->is_object())
        for (const auto& [name, _] : *properties->if_object())
            names.push_back(name);
    return names;
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
            const auto known = names_of(properties);
            const auto near = text::nearest(name, known);
            const auto& offer = near.empty() ? known : near;
            const auto shown = text::without_invisible(text::cut_utf8(name, 40), false);
            const auto where = at.path.empty() ? shown : at.path + "." + shown;
            std::string message = "Unknown argument " + in_quotes(where) + ". ";
            message += known.empty() ? "This tool takes none."
                                     : "Did you mean " + text::join(offer, ", ") + "?";
            return bad_request(message);
        }
        const auto types = types_of(*part);
        const bool optional = !required || !required->if_array() ||
                              std::find(required->if_array()->begin(), required->if_array()->end(),
                                        json::value(name)) == required->if_array()->end();
        if (v.is_null() && optional && !types.empty()) {
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
    unwrap_text(v, types);
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
    unwrap_text(arguments, {"object"});
    auto* members = arguments.if_object();
    if (!members)
        return bad_request("\"arguments\" must be an object, not " +
                           article(arguments.type_name()) + ".");
    CHECK_OK(check_object(location(), *members, schema));
    return arguments;
}

} // namespace mcp
