// Texts of strangers on pages for people: a client's name in the first line, any text in the
// rest. Promises: no markup survives, what is shown is what was sent, and nothing invisible
// stays.
#include "base/text.hpp"
#include "oauth/client.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"

#include <string>
#include <utility>

namespace {

constexpr std::pair<std::string_view, char> entities[] = {
    {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};

// What a browser shows of it.
std::string shown(std::string_view html) {
    std::string out;
    while (!html.empty()) {
        bool entity = false;
        for (const auto& [name, c] : entities) {
            if (!html.starts_with(name)) continue;
            out += c;
            html.remove_prefix(name.size());
            entity = true;
            break;
        }
        if (entity) continue;
        fuzz::must(html.front() != '&', "every ampersand begins an entity of ours");
        out += html.front();
        html.remove_prefix(1);
    }
    return out;
}

void check_clean(std::string_view plain, bool keep_lines) {
    if (!text::valid_utf8(plain)) return;
    const auto clean = text::without_invisible(plain, keep_lines);
    fuzz::must(text::valid_utf8(clean), "a cleaned text is UTF-8");
    fuzz::must(text::without_invisible(clean, keep_lines) == clean, "a clean text stays as it is");
    for (const char c : clean)
        fuzz::must(static_cast<unsigned char>(c) >= 0x20 ||
                       (keep_lines && (c == '\n' || c == '\t')),
                   "a clean text holds no control character");
    for (const auto* hidden : {"\u202E", "\u200B", "\u2066", "\uFEFF", "\u00AD"})
        fuzz::must(clean.find(hidden) == std::string::npos, "a clean text hides nothing");
}

} // namespace

void fuzz::page_text(std::string_view bytes) {
    const auto escaped = text::html_escape(bytes);
    must(escaped.find_first_of("<>\"'") == std::string::npos, "no markup survives");
    must(shown(escaped) == bytes, "what is shown is what was sent");
    check_clean(bytes, true);
    check_clean(bytes, false);

    if (text::valid_utf8(bytes))
        for (const std::size_t most : {std::size_t{0}, std::size_t{5}, bytes.size() / 2}) {
            const auto cut = text::cut_utf8(bytes, most);
            must(cut.size() <= most && bytes.starts_with(cut) && text::valid_utf8(cut),
                 "a text is cut between characters");
            must(bytes.size() <= most || most - cut.size() < 4, "no more is cut than must be");
        }

    const auto name = oauth::clean_client_name(take_line(bytes));
    must(text::valid_utf8(name) && text::code_points(name) <= oauth::max_client_name_code_points,
         "a name's length is bounded");
    must(oauth::clean_client_name(name) == name, "a clean name stays as it is");
    must(name.find_first_of("\r\n") == std::string::npos, "a name is one line");
}
