#include "primer/name_lint.hpp"

#include "base/text.hpp"
#include "twenty/words.hpp"

#include <algorithm>

namespace primer {

namespace {

using kind = known_names::kind;

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_path = 160;

bool is_small(char c) { return c >= 'a' && c <= 'z'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool in_name(char c) { return is_small(c) || is_capital(c) || text::is_digit(c) || c == '_'; }

bool is_name(std::string_view word) {
    return !word.empty() && word.size() <= longest_name && !text::is_digit(word.front()) &&
           std::ranges::all_of(word, in_name);
}
// PROPOSAL, IN_PROGRESS: as Twenty spells values of choices.
bool is_value(std::string_view word) {
    return std::ranges::none_of(word, is_small) && std::ranges::any_of(word, is_capital);
}
// find_records: as tools are spelt.
bool is_tool_like(std::string_view word) {
    return word.find('_', 1) != std::string_view::npos && std::ranges::none_of(word, is_capital);
}

// Ends of files and of hosts: company.csv and company.com name no field.
bool is_file_end(std::string_view word) {
    static constexpr std::string_view ends[] = {
        "ai",   "app", "c",    "cc",   "cfg",  "cloud", "co",   "com", "conf", "cpp",  "css",
        "csv",  "de",  "dev",  "doc",  "docx", "eu",    "fr",   "go",  "htm",  "html", "io",
        "java", "jpg", "js",   "json", "log",  "md",    "mjs",  "net", "org",  "pdf",  "php",
        "png",  "ppt", "pptx", "py",   "rb",   "rs",    "sh",   "sql", "svg",  "toml", "ts",
        "tsx",  "txt", "uk",   "xls",  "xlsx", "xml",   "yaml", "yml", "zip"};
    return std::ranges::find(ends, text::lower(word)) != std::end(ends);
}

// A slip in a short word makes another word (state, stage); so a long name counts, and a shorter
// one whose letters are all there. `name` is in lower case.
bool is_telling(std::string_view word, std::string_view name) {
    constexpr std::size_t long_name = 7;
    constexpr std::size_t short_name = 5;
    if (name.size() >= long_name) return true;
    return name.size() >= short_name && std::ranges::is_permutation(text::lower(word), name);
}

std::string quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

name_fault fault(lint_kind what, std::string_view name, std::vector<std::string> near) {
    auto said = sentence_of(what, quoted(name));
    if (near.empty()) return {what, said + "."};
    for (auto& each : near)
        each = quoted(each);
    return {what, said + "; did you mean " + text::join(near, " or ") + "?"};
}

// The pieces of a span of code that could be names: what stands between blanks, quotes, brackets
// and signs.
template <class Use> void each_piece(std::string_view span, Use use) {
    constexpr std::string_view between = " \t\"'{}[]():,;=<>!&|%";
    for (std::size_t i = 0; i < span.size();) {
        const auto from = span.find_first_not_of(between, i);
        if (from == std::string_view::npos) return;
        const auto end = std::min(span.find_first_of(between, from), span.size());
        use(span.substr(from, end - from));
        i = end;
    }
}

// The segments of a path of names; none: it is no such path.
std::vector<std::string_view> segments_of(std::string_view written) {
    std::vector<std::string_view> out;
    if (written.size() > longest_path) return out;
    for (std::size_t i = 0; i <= written.size();) {
        const auto end = std::min(written.find('.', i), written.size());
        out.push_back(written.substr(i, end - i));
        if (!is_name(out.back())) return {};
        i = end + 1;
    }
    return out;
}

} // namespace

std::vector<name_fault> name_lint::read(std::string_view line, std::size_t most) {
    found_.clear();
    most_ = most;
    read_tools(line);
    if (!names_.models().empty()) {
        read_addresses(line);
        read_spans(line);
    }
    return std::move(found_);
}

// read_spans() takes a run of backticks and the next one for a span when both are equally long
// (CommonMark §6.1, within a line).
void name_lint::read_spans(std::string_view line) {
    std::size_t begin = 0; // of what stands behind the run before
    std::size_t before = 0;
    for (auto at = line.find('`'); at != std::string_view::npos && !full();
         at = line.find('`', begin)) {
        const auto end = std::min(line.find_first_not_of('`', at), line.size());
        const auto run = end - at;
        if (run != before) {
            before = run;
            begin = end;
            continue;
        }
        const auto span = text::trim(line.substr(begin, at - begin));
        each_piece(span, [&](std::string_view piece) {
            if (!full()) add(judged(piece, piece.size() == span.size()));
        });
        before = 0;
        begin = end;
    }
}

// read_tools() looks at prose, too: no other words look like a tool's name.
void name_lint::read_tools(std::string_view line) {
    for (std::size_t i = 0; i < line.size() && !full();) {
        if (!in_name(line[i])) {
            ++i;
            continue;
        }
        auto end = i;
        while (end < line.size() && in_name(line[end]))
            ++end;
        const auto word = line.substr(i, end - i);
        i = end;
        if (word.size() > longest_name || !is_tool_like(word) || names_.has(word)) continue;
        if (const auto* near = names_.near(word, kind::tool, kind::tool))
            add(fault(lint_kind::unknown_tool, word, {near->written}));
    }
}

void name_lint::read_addresses(std::string_view line) {
    for (const std::string_view begin : {"twenty://schema/", "twenty://record/"})
        for (auto at = line.find(begin); at != std::string_view::npos && !full();
             at = line.find(begin, at)) {
            at += begin.size();
            const auto rest = line.substr(at, longest_name);
            const auto end = std::ranges::find_if_not(rest, in_name);
            const std::string_view name(rest.begin(), end);
            // OBJECT stands for any of them.
            if (name.empty() || is_value(name)) continue;
            add(object(name));
        }
}

const name_lint::verdict& name_lint::object(std::string_view name, bool exact) {
    auto& known = exact ? exact_objects_ : objects_;
    auto found = known.find(name);
    if (found == known.end()) found = known.emplace(name, judge_object(name, exact)).first;
    return found->second;
}

// judge_object() takes the words that people use for standard objects, as the tools do.
name_lint::verdict name_lint::judge_object(std::string_view name, bool exact) const {
    if (names_.models().empty()) return std::nullopt;
    const auto* places = &names_.objects(name);
    if (places->empty()) places = &names_.objects(twenty::object_meant(name));
    if (!exact && !places->empty()) return std::nullopt;
    if (std::ranges::any_of(*places,
                            [&](const auto& p) { return p.object->name_singular == name; }))
        return std::nullopt;
    if (places->empty())
        if (const auto* near = names_.near(name, kind::object, kind::object))
            places = &names_.objects(near->written);
    if (places->empty()) return fault(lint_kind::unknown_object, name, {});
    return fault(lint_kind::unknown_object, name, {places->front().object->name_singular});
}

const name_lint::verdict& name_lint::judged(std::string_view word, bool alone) {
    auto& known = alone ? alone_ : among_;
    auto found = known.find(word);
    if (found == known.end()) found = known.emplace(word, judge(word, alone)).first;
    return found->second;
}

name_lint::verdict name_lint::judge(std::string_view word, bool alone) {
    if (word.find('.') != std::string_view::npos) return judge_path(word);
    if (!is_name(word) || names_.has(word)) return std::nullopt;
    if (is_value(word)) return judge_choice(word);
    // Beside others a word may be anybody's: text that is compared, a language's keyword.
    return alone ? judge_word(word) : std::nullopt;
}

name_lint::verdict name_lint::judge_choice(std::string_view word) const {
    const auto* near = names_.near(word, kind::choice, kind::choice);
    if (!near || !is_telling(word, near->low)) return std::nullopt;
    return fault(lint_kind::unknown_choice, word, {near->written});
}

name_lint::verdict name_lint::judge_word(std::string_view word) const {
    if (!twenty::object_meant(word).empty()) return std::nullopt;
    if (is_tool_like(word) && names_.near(word, kind::tool, kind::tool))
        return std::nullopt; // read_tools() has told it
    const auto* near = names_.near(word, kind::object, kind::field);
    if (!near || !is_telling(word, near->low)) return std::nullopt;
    if (near->what == kind::object) return fault(lint_kind::unknown_object, word, {near->written});
    // One of many, or many of one: "the `stages`".
    if (text::iequals(word, near->low + "s") || text::iequals(std::string(word) + "s", near->low))
        return std::nullopt;
    return fault(lint_kind::unknown_field, word, {near->written});
}

// judge_path() is sure of a path whose first segment is an object. Where it is a field, or no name
// at all, a path may be anything; then a slip has to be seen. Of words that people use for objects
// nothing is said: `client.host` may be anybody's.
name_lint::verdict name_lint::judge_path(std::string_view written) {
    const auto path = segments_of(written);
    if (path.size() < 2 || passed_over()) return std::nullopt;
    const auto& objects = names_.objects(path.front());
    const auto& fields = names_.fields(path.front());
    const bool file = is_file_end(path.back());
    if (objects.empty() && fields.empty()) {
        const auto* near = names_.near(path.front(), kind::object, kind::object);
        if (!near || file || !twenty::object_meant(path.front()).empty()) return std::nullopt;
        const auto rest = walk(names_.objects(near->written), path, looks_);
        if (passed_over() || (!rest.arrived && !is_telling(path.front(), near->low)))
            return std::nullopt;
        return fault(lint_kind::unknown_object, path.front(), {near->written});
    }
    const bool of_object = !objects.empty();
    const auto by_object = walk(objects, path, looks_);
    if (by_object.arrived) return std::nullopt;
    const auto by_field = walk(fields, path, looks_);
    if (by_field.arrived || passed_over()) return std::nullopt;
    const auto& way = of_object ? by_object : by_field;
    if (way.from.empty()) return std::nullopt; // a relation to what is not in the data model
    const auto missing = path[way.missing];
    const auto& from = way.from.front();
    const bool sure = !of_object || file || !from.object;
    auto near = meant_at(from, missing, sure, looks_);
    if (passed_over() || (sure && near.empty())) return std::nullopt;
    const auto before =
        written.substr(0, static_cast<std::size_t>(missing.data() - written.data()));
    for (auto& each : near)
        each.insert(0, before);
    return fault(from.field && !from.field->options.empty() ? lint_kind::unknown_choice
                                                            : lint_kind::unknown_field,
                 written, std::move(near));
}

} // namespace primer
