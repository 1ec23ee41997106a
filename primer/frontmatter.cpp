#include "primer/frontmatter.hpp"

#include "base/text.hpp"
#include "primer/plain_yaml.hpp"

#include <algorithm>
#include <cstddef>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include <yaml.h>

namespace primer {

namespace {

constexpr std::size_t most_bytes = 8'192;
constexpr std::size_t most_depth = 8;
constexpr const char* run_on =
    "what follows the quotes or brackets must stand apart, and the colon "
    "of a key at once behind it.";

error wrong(std::string what) { return bad_request("SKILL.md: " + std::move(what)); }

result<std::string_view> yaml_of(std::string_view markdown) {
    constexpr std::string_view fence = "---\n";
    if (!markdown.starts_with(fence))
        return wrong("it must begin with a line of three hyphens and its frontmatter.");
    markdown.remove_prefix(fence.size());
    for (std::size_t at = 0; at < std::min(markdown.size(), most_bytes);) {
        const auto end = std::min(markdown.find('\n', at), markdown.size());
        if (text::trim(markdown.substr(at, end - at)) == "---" && markdown[at] == '-')
            return markdown.substr(0, at);
        at = end + 1;
    }
    return wrong("the frontmatter has no closing line of three hyphens within " +
                 std::to_string(most_bytes) + " bytes.");
}

// A parse of libyaml, which gives its back when it goes.
class event {
  public:
    explicit event(yaml_parser_t& from) : ok_(yaml_parser_parse(&from, &what_) == 1) {}
    event(const event&) = delete;
    event& operator=(const event&) = delete;
    ~event() {
        if (ok_) yaml_event_delete(&what_);
    }
    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] const yaml_event_t& operator*() const noexcept { return what_; }
    [[nodiscard]] const yaml_event_t* operator->() const noexcept { return &what_; }

  private:
    yaml_event_t what_{};
    bool ok_;
};

class parser {
  public:
    explicit parser(std::string_view yaml) : lines_(text::split(yaml, '\n')) {
        if (yaml_parser_initialize(&libyaml_) == 0) throw std::bad_alloc();
        yaml_parser_set_encoding(&libyaml_, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&libyaml_, reinterpret_cast<const unsigned char*>(yaml.data()),
                                     yaml.size());
    }
    parser(const parser&) = delete;
    parser& operator=(const parser&) = delete;
    ~parser() { yaml_parser_delete(&libyaml_); }

    // The one document. Threat: aliases make a small text a huge one, and depth a deep stack.
    // Defence: neither is taken; collections that are open stand in a list.
    result<json::value> document() {
        for (;;) {
            const event now(libyaml_);
            if (!now.ok()) return fault();
            if (now->type == YAML_STREAM_END_EVENT) return finished();
            if (auto taken = take(*now); !taken) return std::move(taken).failure();
        }
    }

  private:
    struct open {
        json::value value; // an object or an array
        yaml_mark_t start;
        std::optional<std::string> key;
        bool flow = false; // in brackets
    };

    // The first line of a SKILL.md is the fence, and people count from one.
    [[nodiscard]] static error at_line(const yaml_mark_t& mark, const std::string& what) {
        return wrong("line " + std::to_string(mark.line + 2) + ": " + what);
    }
    [[nodiscard]] error fault() const {
        const std::string said = libyaml_.problem ? libyaml_.problem : "this is no YAML";
        // What is wrong with a character has no line.
        if (libyaml_.error == YAML_READER_ERROR) return wrong(said);
        return at_line(libyaml_.problem_mark, said);
    }
    [[nodiscard]] result<json::value> finished() {
        if (!root_ || !root_->is_object()) return wrong("the frontmatter must be a map.");
        return *std::move(root_);
    }

    result<done> take(const yaml_event_t& now) {
        switch (now.type) {
        case YAML_SCALAR_EVENT:
            return scalar(now);
        case YAML_MAPPING_START_EVENT:
            if (now.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE)
                return at_line(now.start_mark, "write a map with a line for each of its keys.");
            return begin(now, json::object(), now.data.mapping_start.anchor,
                         now.data.mapping_start.tag);
        case YAML_SEQUENCE_START_EVENT:
            return begin(now, json::array(), now.data.sequence_start.anchor,
                         now.data.sequence_start.tag);
        case YAML_MAPPING_END_EVENT:
        case YAML_SEQUENCE_END_EVENT:
            return end(now);
        case YAML_ALIAS_EVENT:
            return at_line(now.start_mark, "aliases are not taken; write the value again.");
        case YAML_DOCUMENT_START_EVENT:
            if (root_ || now.data.document_start.implicit == 0)
                return at_line(now.start_mark, "there must be one document, without directives.");
            return done{};
        case YAML_DOCUMENT_END_EVENT:
            if (now.data.document_end.implicit == 0)
                return at_line(now.start_mark, "there must be one document, without an end.");
            return done{};
        default:
            return done{};
        }
    }

    result<done> begin(const yaml_event_t& now, json::value empty, const yaml_char_t* anchor,
                       const yaml_char_t* tag) {
        if (anchor || tag) return at_line(now.start_mark, "anchors and tags are not taken.");
        if (stack_.size() == most_depth) return at_line(now.start_mark, "this is too deep.");
        if (is_key()) return at_line(now.start_mark, "a key must be a text.");
        const bool flow = now.type == YAML_SEQUENCE_START_EVENT &&
                          now.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
        stack_.push_back({std::move(empty), now.start_mark, {}, flow});
        return done{};
    }

    result<done> end(const yaml_event_t& now) {
        const bool flow = stack_.back().flow;
        if (flow && stack_.back().start.line != now.end_mark.line)
            return at_line(now.start_mark, "write a list in brackets on one line.");
        if (flow && !ends_well(now.end_mark, false)) return at_line(now.start_mark, run_on);
        auto value = std::move(stack_.back().value);
        stack_.pop_back();
        return put(std::move(value));
    }

    result<done> scalar(const yaml_event_t& now) {
        const auto& s = now.data.scalar;
        if (s.anchor || s.tag) return at_line(now.start_mark, "anchors and tags are not taken.");
        std::string text(reinterpret_cast<const char*>(s.value), s.length);
        if (auto fit = check_style(now, text); !fit) return fit;
        if (!is_key()) return put(std::move(text));
        auto& map = stack_.back();
        // A key behind "? " begins further right than its map.
        if (now.start_mark.column != map.start.column || text == "__proto__")
            return at_line(now.start_mark, "\"" + text + "\" can be no key.");
        if (map.value.find(text)) return at_line(now.start_mark, "\"" + text + "\" stands twice.");
        map.key = std::move(text);
        return done{};
    }

    [[nodiscard]] result<done> check_style(const yaml_event_t& now, const std::string& text) const {
        if (text::without_invisible(text, true) != text)
            return at_line(now.start_mark, "a value holds characters that nobody sees.");
        const bool flow = !stack_.empty() && stack_.back().flow;
        switch (now.data.scalar.style) {
        case YAML_PLAIN_SCALAR_STYLE:
            if (is_ambiguous_plain(text) || (flow && !is_simple_item(text)))
                return at_line(now.start_mark, "put " + (text.empty() ? "the empty value" : text) +
                                                   " in quotes: not all that read YAML take it "
                                                   "for the same.");
            return done{};
        case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
            if (now.start_mark.line != now.end_mark.line)
                return at_line(now.start_mark, "write a text in quotes on one line, or as a block "
                                               "behind | or >.");
            if (!ends_well(now.end_mark, is_key())) return at_line(now.start_mark, run_on);
            return done{};
        default:
            if (!is_simple_block(lines_, now.start_mark.line))
                return at_line(now.start_mark, "begin a block with | or >, perhaps with + or -, "
                                               "and with no blank line further right than its "
                                               "text.");
            return done{};
        }
    }

    // Behind quotes and brackets readers differ in what they take: a key's colon at once, or a
    // blank.
    [[nodiscard]] bool ends_well(const yaml_mark_t& at, bool key) const {
        const auto next = char_at(lines_, {at.line, at.column});
        if (key) return next == ':';
        return next == '\0' || next == ' ' || next == ',' || next == ']';
    }

    // Is a key due? In a map that has none waiting for its value.
    [[nodiscard]] bool is_key() const {
        return !stack_.empty() && stack_.back().value.is_object() && !stack_.back().key;
    }

    result<done> put(json::value value) {
        if (stack_.empty()) {
            root_ = std::move(value);
            return done{};
        }
        auto& into = stack_.back();
        if (auto* list = into.value.if_array())
            list->push_back(std::move(value));
        else
            into.value.if_object()->append(*std::exchange(into.key, std::nullopt),
                                           std::move(value));
        return done{};
    }

    std::vector<std::string> lines_;
    yaml_parser_t libyaml_{};
    std::vector<open> stack_;
    std::optional<json::value> root_;
};

} // namespace

result<json::value> read_frontmatter(std::string_view markdown) {
    TRY(yaml, yaml_of(markdown));
    if (yaml.find('\t') != std::string_view::npos)
        return wrong("the frontmatter holds a tab; write blanks.");
    return parser(yaml).document();
}

} // namespace primer
