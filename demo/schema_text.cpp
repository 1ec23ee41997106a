#include "demo/schema_text.hpp"

#include "base/text.hpp"
#include "embedded/demo_schema_txt.hpp"

#include <utility>

namespace demo {

namespace {

constexpr std::size_t ratings = 5;

// Words are separated by blanks; "quoted words" stay together.
std::vector<std::string> words(std::string_view line) {
    std::vector<std::string> out;
    std::string word;
    bool quoted = false;
    bool any = false;
    for (const char c : line) {
        if (c == '"' && (quoted || word.empty())) {
            quoted = !quoted;
            any = true;
        } else if (c == ' ' && !quoted) {
            if (any || !word.empty()) out.push_back(std::exchange(word, {}));
            any = false;
        } else {
            word += c;
        }
    }
    if (any || !word.empty()) out.push_back(std::move(word));
    return out;
}

std::pair<std::string_view, std::string_view> flag(std::string_view word) {
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return {word, {}};
    return {word.substr(0, equals), word.substr(equals + 1)};
}

json::value json_of(std::string_view text) {
    auto parsed = json::parse(text);
    return parsed ? *std::move(parsed) : json::value();
}

void apply_word(field& out, std::string_view word) {
    const auto [name, value] = flag(word);
    if (name == "required")
        out.required = true;
    else if (name == "unique")
        out.unique = true;
    else if (name == "system")
        out.system = true;
    else if (name == "fixed")
        out.fixed = true;
    else if (name == "custom")
        out.custom = true;
    else if (name == "default")
        out.fallback = json_of(value);
    else if (name == "settings")
        out.settings = json_of(value);
    else if (name == "delete")
        out.on_delete = value;
    else if (name == "options")
        for (const auto& option : text::split(value, ',')) {
            const auto parts = text::split(option, ':');
            out.options.push_back({parts.front(), parts.size() > 1 ? parts[1] : std::string()});
        }
}

void apply_word(object& out, std::string_view word) {
    const auto [name, value] = flag(word);
    if (name == "system")
        out.system = true;
    else if (name == "search")
        out.searchable = true;
    else if (name == "creatable")
        out.creatable = true;
    else if (name == "custom")
        out.custom = true;
    else if (name == "newer")
        out.newer = true;
    else if (name == "shortcut")
        out.shortcut = value;
    else if (name == "label")
        out.label_field = value;
    else if (name == "image")
        out.image_field = value;
    else if (name == "duplicates")
        for (const auto& criterion : text::split(value, '|'))
            out.duplicate_criteria.push_back(text::split(criterion, '+'));
}

object parse_object(std::string_view line) {
    const auto parts = words(line); // object NAME PLURAL LABEL LABELS ICON FLAGS...
    object out;
    out.singular = parts[1];
    out.plural = parts[2];
    out.label = parts[3];
    out.labels = parts[4];
    out.icon = parts[5];
    for (std::size_t i = 6; i < parts.size(); ++i)
        apply_word(out, parts[i]);
    return out;
}

json::value relation_settings(const field& of) {
    const auto& target = of.targets.back();
    const std::string column =
        of.name + (of.is_morph() ? capitalised(target.object) : std::string()) + "Id";
    return json::make(
        {{"onDelete", of.on_delete}, {"relationType", "MANY_TO_ONE"}, {"joinColumnName", column}});
}

} // namespace

field parse_field(std::string_view line) {
    // Flags hold JSON with quotes, so only blanks outside of it separate; no flag has blanks.
    auto parts = text::split(text::trim(line), ' ');
    field out;
    out.name = parts[0];
    out.label = words_of(out.name);
    std::size_t flags = 2;
    if (parts[1] == "->") {
        const auto target = text::split(parts[2], '.');
        out.type = find_field_type("RELATION");
        out.targets.push_back({target[0], target[1], {}});
        flags = 3;
    } else if (parts[1] == "=>") {
        out.type = find_field_type("MORPH_RELATION");
        for (const auto& target : text::split(parts[2], ','))
            out.targets.push_back({target, parts[3], {}});
        flags = 4;
    } else {
        out.type = find_field_type(parts[1]);
    }
    for (std::size_t i = flags; i < parts.size(); ++i)
        apply_word(out, parts[i]);
    if (!out.targets.empty()) {
        out.relation = relation_kind::many_to_one;
        out.settings = relation_settings(out);
    }
    if (out.type && out.type->name == "RATING")
        for (std::size_t i = 1; i <= ratings; ++i)
            out.options.push_back({"RATING_" + std::to_string(i), {}});
    return out;
}

std::deque<object> parse_schema_text() {
    std::deque<object> out;
    for (const auto& line : text::split(embedded::demo_schema_txt, '\n')) {
        if (text::trim(line).empty() || line.front() == '#') continue;
        if (line.front() == ' ')
            out.back().fields.push_back(parse_field(line));
        else
            out.push_back(parse_object(line));
    }
    return out;
}

} // namespace demo
