// The frontmatter of skills that administrators upload. Promises: reading ends with an error that
// says something, or with texts, lists and maps that hold nothing invisible and have bounds.
#include "primer/frontmatter.hpp"
#include "base/text.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"

#include <string>

namespace {

constexpr std::size_t most_depth = 8;

void check_text(const std::string& text) {
    fuzz::must(text::valid_utf8(text), "what was read is UTF-8");
    fuzz::must(text::without_invisible(text, true) == text, "what was read is seen");
}

void check_value(const json::value& value, std::size_t depth) {
    fuzz::must(depth <= most_depth, "depth is bounded");
    if (const auto* text = value.if_string()) return check_text(*text);
    if (const auto* list = value.if_array()) {
        for (const auto& item : *list)
            check_value(item, depth + 1);
        return;
    }
    const auto* map = value.if_object();
    fuzz::must(map != nullptr, "values are texts, lists and maps");
    for (const auto& [key, inside] : *map) {
        check_text(key);
        fuzz::must(key != "__proto__", "no key is another's prototype");
        check_value(inside, depth + 1);
    }
}

} // namespace

void fuzz::frontmatter(std::string_view bytes) {
    if (!text::valid_utf8(bytes)) return; // uploads are
    const auto seen = "---\n" + text::without_invisible(bytes, true);
    const auto read = primer::read_frontmatter(seen);
    if (!read) {
        must(read.failure().message.size() > 10, "a refusal says what is wrong");
        return;
    }
    must(read->is_object(), "frontmatter is a map");
    check_value(*read, 0);
    const auto again = json::parse(json::dump(*read));
    must(again && *again == *read, "what was read survives as JSON");
}
