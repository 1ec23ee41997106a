#include "mcp/arguments.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace mcp {

namespace {

error bad(std::string message) { return {errc::bad_request, std::move(message)}; }

std::string in_quotes(std::string_view name) { return '"' + std::string(name) + '"'; }

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

std::string example_for(std::string_view name, const json::value& schema) {
    const auto types = types_of(schema);
    json::value sample;
    const auto* choices = schema.find("enum");
    const auto* examples = schema.find("examples");
    if (const auto* fallback = schema.find("default"))
        sample = *fallback;
    else if (examples && examples->if_array() && !examples->if_array()->empty())
        sample = examples->if_array()->front();
    else if (choices && choices->if_array())
        sample = choices->if_array()->front();
    else if (types.empty() || types.front() == "string")
        sample = "text";
    else if (types.front() == "boolean")
        sample = true;
    else if (types.front() == "array")
        sample = json::array{};
    else if (types.front() == "object")
        sample = json::object{};
    else if (const auto* least = schema.find("minimum"))
        sample = *least;
    else
        sample = 1;
    json::object shown;
    shown.append(std::string(name), std::move(sample));
    return " Example: " + json::dump(shown);
}

// Models write numbers, booleans and objects as strings now and then.
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

result<void> check_value(const std::string& path, json::value& v, const json::value& schema);

// `shown` has the example: the schema itself, or the one that `schema` is a form of.
result<void> check_limits(const std::string& path, const json::value& v, const json::value& schema,
                          const json::value& shown) {
    const auto complain = [&](std::string what) {
        return bad(in_quotes(path) + " " + std::move(what) + "." + example_for(path, shown));
    };
    const auto bound = [&](std::string_view key) -> std::optional<std::int64_t> {
        const auto* limit = schema.find(key);
        return limit ? limit->as_int() : std::nullopt;
    };
    if (const auto* choices = schema.find("enum"); choices && choices->if_array()) {
        const auto& allowed = *choices->if_array();
        if (std::find(allowed.begin(), allowed.end(), v) == allowed.end())
            return complain("must be one of " + json::dump(*choices));
    }
    if (const auto n = v.as_double()) {
        const auto least = bound("minimum");
        const auto most = bound("maximum");
        if ((least && *n < static_cast<double>(*least)) ||
            (most && *n > static_cast<double>(*most)))
            return complain("must be " + expected_text(types_of(schema), schema));
    }
    const auto size_within = [&](std::size_t size, std::string_view least_key,
                                 std::string_view most_key) {
        const auto least = bound(least_key);
        const auto most = bound(most_key);
        return !(least && std::cmp_less(size, *least)) && !(most && std::cmp_greater(size, *most));
    };
    if (const auto* s = v.if_string(); s && !size_within(s->size(), "minLength", "maxLength"))
        return complain(s->empty() ? "must not be empty" : "is too long or too short");
    if (const auto* a = v.if_array(); a && !size_within(a->size(), "minItems", "maxItems"))
        return complain("has too many or too few items");
    return {};
}

std::vector<std::string> names_of(const json::value* properties) {
    std::vector<std::string> names;
    if (properties && properties->is_object())
        for (const auto& [name, _] : *properties->if_object())
            names.push_back(name);
    return names;
}

result<void> check_object(const std::string& path, json::object& members,
                          const json::value& schema) {
    const auto* properties = schema.find("properties");
    const auto* closed = schema.find("additionalProperties");
    const auto inside = [&](const std::string& name) {
        return path.empty() ? name : path + "." + name;
    };
    const auto* required = schema.find("required");
    if (required && required->if_array())
        for (const auto& name : *required->if_array())
            if (const auto* n = name.if_string(); n && !members.contains(*n)) {
                const auto* part = properties ? properties->find(*n) : nullptr;
                return bad(in_quotes(inside(*n)) + " is required." +
                           example_for(*n, part ? *part : json::value{}));
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
            std::string message = "Unknown argument " + in_quotes(shown) + ". ";
            message += known.empty() ? "This tool takes none."
                                     : "Did you mean " + text::join(offer, ", ") + "?";
            return bad(message);
        }
        const auto types = types_of(*part);
        const bool optional = !required || !required->if_array() ||
                              std::find(required->if_array()->begin(), required->if_array()->end(),
                                        json::value(name)) == required->if_array()->end();
        if (v.is_null() && optional && !types.empty()) {
            to_drop.push_back(name);
            continue;
        }
        CHECK_OK(check_value(inside(name), v, *part));
    }
    for (const auto& name : to_drop)
        members.erase(name);
    return {};
}

result<void> check_value(const std::string& path, json::value& v, const json::value& schema) {
    const auto types = types_of(schema);
    unwrap_text(v, types);
    const auto forms = forms_of(schema);
    const auto form = std::find_if(forms.begin(), forms.end(), [&](const json::value* each) {
        const auto type = each->text("type");
        return type.empty() || has_type(v, type);
    });
    if (form == forms.end())
        return bad(in_quotes(path) + " must be " + expected_text(types, schema) + ", not " +
                   (v.is_null() ? "null" : article(v.type_name())) + "." +
                   example_for(path, schema));
    CHECK_OK(check_limits(path, v, **form, schema));
    if (auto* members = v.if_object()) return check_object(path, *members, **form);
    if (auto* items = v.if_array()) {
        const auto* each = (*form)->find("items");
        for (std::size_t i = 0; each && i < items->size(); ++i)
            CHECK_OK(check_value(path + "[" + std::to_string(i) + "]", (*items)[i], *each));
    }
    return {};
}

} // namespace

result<json::value> check_arguments(json::value arguments, const json::value& schema) {
    unwrap_text(arguments, {"object"});
    auto* members = arguments.if_object();
    if (!members)
        return bad("\"arguments\" must be an object, not " + article(arguments.type_name()) + ".");
    CHECK_OK(check_object("", *members, schema));
    return arguments;
}

} // namespace mcp
