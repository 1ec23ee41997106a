// Texts of Twenty's made harmless: clean_message() of answer.hpp. Of the first line, without what
// cannot be seen and without secrets, each word is looked at: what tells the database's or the
// server's layout becomes an ellipsis.
#include "base/log.hpp"
#include "base/text.hpp"
#include "twenty/answer.hpp"
#include "twenty/error_meaning.hpp"

namespace twenty {

namespace {

constexpr std::size_t longest_message = 300;

bool is_word_end(char c) { return c == ' ' || c == '\t'; }

// clean_word() keeps of "workspace_1a2b.person" what stands behind the dot, which people know.
// Names of constraints, paths (their slash may stand behind a bracket or quote) and addresses go.
std::string clean_word(std::string_view word) {
    if (const auto at = word.find("workspace_"); at != std::string_view::npos) {
        const auto dot = word.find('.', at);
        return std::string(word.substr(0, at)) + (dot == std::string_view::npos
                                                      ? std::string("…")
                                                      : std::string(word.substr(dot + 1)));
    }
    for (const auto prefix : {"FK_", "IDX_", "UQ_", "PK_", "REL_", "CHK_"})
        if (mentions(word, prefix)) return "…";
    const auto first = word.find('/');
    const bool is_path = first < 2 && word.find('/', first + 1) != std::string_view::npos;
    return is_path || mentions(word, "://") ? "…" : std::string(word);
}

} // namespace

std::string clean_message(std::string_view upstream) {
    const auto line = text::trim(upstream.substr(0, upstream.find_first_of("\r\n")));
    const auto plain = logging::redact(text::without_invisible(line, false));
    std::string out;
    std::size_t from = 0;
    while (from < plain.size()) {
        auto end = from;
        while (end < plain.size() && !is_word_end(plain[end]))
            ++end;
        if (!out.empty()) out += ' ';
        out += clean_word(std::string_view(plain).substr(from, end - from));
        from = end;
        while (from < plain.size() && is_word_end(plain[from]))
            ++from;
    }
    return std::string(text::cut_utf8(out, longest_message));
}

} // namespace twenty
