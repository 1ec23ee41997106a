#include "demo/shape.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cctype>

namespace demo {

namespace {

// Fields whose texts Twenty indexes, by type: names, titles, addresses of every kind.
constexpr std::string_view indexed_types[] = {"TEXT", "FULL_NAME", "EMAILS", "PHONES", "LINKS"};

json::value shown_leaf(leaf kind, bool rich_text, const json::value* v) {
    if (v && !v->is_null()) return *v;
    switch (kind) {
    case leaf::text:
        return rich_text ? json::value() : json::value("");
    case leaf::multi_select:
    case leaf::array:
        return json::array();
    default:
        return nullptr;
    }
}

void append_texts(const json::value& v, std::string& out) {
    if (const auto* s = v.if_string()) {
        out += ' ';
        out += *s;
    } else if (const auto* o = v.if_object()) {
        for (const auto& [name, part] : *o)
            if (name != "blocknote" && name != "source") append_texts(part, out);
    }
}

// What is searched: texts of the record apart from ids, times and who wrote it.
std::string searched_text(const record& r) {
    std::string out;
    for (const auto& [name, v] : r) {
        if (name == "id" || name.ends_with("Id") || name.ends_with("At") || name.ends_with("By"))
            continue;
        append_texts(v, out);
    }
    return out;
}

std::string search_vector(const object& o, const record& r) {
    std::string texts;
    for (const auto& f : o.fields)
        if (std::find(std::begin(indexed_types), std::end(indexed_types), f.type->name) !=
            std::end(indexed_types))
            append_texts(stored(r, f.name), texts);
    auto words = search_words(texts);
    std::string out;
    int position = 0;
    for (const auto& word : words)
        out += (out.empty() ? "'" : " '") + word + "':" + std::to_string(++position);
    return out;
}

json::value rest_part(const composite_part& part, bool rich_text, const json::value& whole) {
    if (part.kind == leaf::json && part.name != "context") {
        const json::value* v = whole.find(part.name);
        return v && !v->is_null() ? *v : json::value(json::array());
    }
    return shown_leaf(part.kind, rich_text, whole.find(part.name));
}

} // namespace

json::value shown(const field& f, const record& r) {
    const json::value& v = stored(r, f.name);
    if (f.type->parts.empty()) return shown_leaf(f.type->kind, false, &v);
    json::object out;
    for (const auto& part : f.type->parts)
        out.append(std::string(part.name), rest_part(part, f.type->name == "RICH_TEXT", v));
    return out;
}

json::object shown(const object& o, const record& r, const permissions& rights) {
    json::object out;
    for (const auto& f : o.fields) {
        if (!rights.may_read(o, f)) continue;
        if (f.relation == relation_kind::many_to_one) {
            for (const auto& target : f.targets)
                out.append(target.column, stored(r, target.column));
        } else if (f.type->name == "TS_VECTOR") {
            out.append(f.name, search_vector(o, r));
        } else if (!f.is_relation()) {
            out.append(f.name, shown(f, r));
        }
    }
    return out;
}

std::string label_of(const object& o, const record& r) {
    const json::value& v = stored(r, o.label_field);
    if (const auto* s = v.if_string()) return *s;
    std::string out(v.text("firstName"));
    const auto last = v.text("lastName");
    if (!out.empty() && !last.empty()) out += ' ';
    return out.append(last);
}

std::vector<std::string> search_words(std::string_view s) {
    std::vector<std::string> out;
    std::string word;
    const auto finish = [&] {
        if (!word.empty()) out.push_back(std::exchange(word, {}));
    };
    for (const char c : s) {
        const auto b = static_cast<unsigned char>(c);
        if (std::isalnum(b) || b >= 0x80 || c == '@' || c == '.' || c == '+' || c == '-' ||
            c == '_')
            word += static_cast<char>(std::tolower(b));
        else
            finish();
    }
    finish();
    return out;
}

bool matches_search(const record& r, const std::vector<std::string>& words) {
    const auto have = search_words(searched_text(r));
    return !words.empty() && std::all_of(words.begin(), words.end(), [&](const auto& wanted) {
        return std::any_of(have.begin(), have.end(),
                           [&](const auto& word) { return word.starts_with(wanted); });
    });
}

int option_index(const field& f, const json::value& v) {
    const auto* s = v.if_string();
    for (std::size_t i = 0; s && i < f.options.size(); ++i)
        if (f.options[i].value == *s) return static_cast<int>(i);
    return -1;
}

} // namespace demo
