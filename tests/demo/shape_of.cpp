#include "tests/demo/shape_of.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <regex>

namespace demo_test {

namespace {

// Members that hang on the custom objects of one workspace or the other.
constexpr std::array<std::string_view, 9> workspace_words{
    "Pet",         "SurveyResult", "EmploymentHistor", "Widget",           "Rocket",
    "Partnership", "rockets",      "partnerships",     "previousEmployees"};
constexpr std::array<std::string_view, 2> workspace_keys{"previousCompanies",
                                                         "conflictingRecordId"};
// Members whose content is free: JSON fields and texts for people.
constexpr std::array<std::string_view, 9> opaque{
    "properties", "context", "defaultValue",      "settings",         "userFriendlyMessage",
    "options",    "paths",   "duplicateCriteria", "deprecationReason"};
constexpr std::array<std::string_view, 3> exact{"code", "subCode", "statusCode"};

template <class List> bool is_listed(const List& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

// How recorded_shapes.py keeps a message.
std::string message_hash(std::string_view pattern) {
    return "~" + text::hex_encode(crypto::sha256(pattern)).substr(0, 8);
}

bool is_workspace_key(std::string_view key) {
    return is_listed(workspace_keys, key) ||
           std::any_of(workspace_words.begin(), workspace_words.end(),
                       [key](auto word) { return key.find(word) != std::string_view::npos; });
}

void compare(const std::string& path, std::string_view key, const json::value& expected,
             const json::value& actual, std::vector<std::string>& out);

void compare_objects(const std::string& path, const json::object& expected,
                     const json::object& actual, std::vector<std::string>& out) {
    for (const auto& [key, value] : expected) {
        if (is_workspace_key(key)) continue;
        const auto* other = actual.find(key);
        if (!other)
            out.push_back(path + "." + key + " is missing");
        else
            compare(path + "." + key, key, value, *other, out);
    }
    for (const auto& [key, value] : actual)
        if (!is_workspace_key(key) && !expected.contains(key))
            out.push_back(path + "." + key + " is too much");
}

void compare(const std::string& path, std::string_view key, const json::value& expected,
             const json::value& actual, std::vector<std::string>& out) {
    if (is_listed(opaque, key)) return;
    const bool answer_begins =
        path == ".data" || (path.starts_with(".data.") && path.find('.', 6) == std::string::npos);
    if (expected.is_null() != actual.is_null()) {
        if (answer_begins) out.push_back(path + " is " + std::string(actual.type_name()));
        return;
    }
    if (expected.type_name() != actual.type_name()) {
        out.push_back(path + " is " + std::string(actual.type_name()) + ", not " +
                      std::string(expected.type_name()));
    } else if (key == "message" || path.find(".messages[") != std::string::npos) {
        const auto wanted = expected.if_string() ? message_pattern(*expected.if_string()) : "";
        const auto got = actual.if_string() ? message_pattern(*actual.if_string()) : "";
        if (wanted != got && wanted != message_hash(got))
            out.push_back(path + ": \"" + got + "\", not \"" + wanted + "\"");
    } else if (is_listed(exact, key)) {
        if (!(expected == actual))
            out.push_back(path + " is " + json::dump(actual) + ", not " + json::dump(expected));
    } else if (const auto* object = expected.if_object()) {
        compare_objects(path, *object, *actual.if_object(), out);
    } else if (const auto* list = expected.if_array()) {
        if (!list->empty() && !actual.if_array()->empty())
            compare(path + "[0]", {}, list->front(), actual.if_array()->front(), out);
        if ((key == "errors" || key == "messages") && list->size() != actual.if_array()->size())
            out.push_back(path + " has another number of entries");
    }
}

} // namespace

std::string message_pattern(std::string message) {
    if (message.starts_with("Syntax Error:")) return "Syntax Error";
    static const std::pair<std::regex, const char*> rules[] = {
        {std::regex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "#"},
        {std::regex("workspace_[a-z0-9]+"), "workspace"},
        {std::regex("FK_[0-9a-f]+"), "FK"},
    };
    for (const auto& [pattern, replacement] : rules)
        message = std::regex_replace(message, pattern, replacement);
    return message;
}

std::vector<std::string> shape_differences(const json::value& expected, const json::value& actual) {
    std::vector<std::string> out;
    compare("", {}, expected, actual, out);
    return out;
}

} // namespace demo_test
