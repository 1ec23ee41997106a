#include "primer/lint.hpp"

#include "base/text.hpp"
#include "primer/name_lint.hpp"
#include "primer/secret_signs.hpp"

#include <algorithm>

namespace primer {

namespace {

std::string tokens(std::size_t n) { return "Some " + std::to_string(n) + " tokens"; }

// A fence of code (CommonMark §4.5): at least three backticks or tildes, at most three blanks
// before them.
struct fence {
    char sign = 0; // 0: the line is none
    std::size_t length = 0;
    bool bare = false; // nothing stands behind it, as behind one that closes
};
fence fence_of(std::string_view line) {
    const auto at = line.find_first_not_of(' ');
    if (at > 3) return {}; // npos too
    const char sign = line[at];
    if (sign != '`' && sign != '~') return {};
    const auto end = std::min(line.find_first_not_of(sign, at), line.size());
    const auto rest = text::trim(line.substr(end));
    // Behind backticks none may follow: that is a span within the line.
    if (end - at < 3 || (sign == '`' && rest.find('`') != std::string_view::npos)) return {};
    return {sign, end - at, rest.empty()};
}

class linter {
  public:
    explicit linter(name_lint& names) : names_(names) {}

    lint_report read(std::string_view whole) {
        look_at_size(whole);
        for (std::size_t i = 0; i < whole.size() && !out_.more;) {
            const auto end = std::min(whole.find('\n', i), whole.size());
            auto line = whole.substr(i, end - i);
            if (line.ends_with('\r')) line.remove_suffix(1);
            ++line_;
            read_line(line);
            i = end + 1;
        }
        if (open_.sign != 0 && !out_.more) {
            line_ = opened_;
            add(lint_kind::open_fence, "A fence of code");
        }
        out_.passed_over = names_.passed_over();
        std::ranges::stable_sort(out_.findings, {}, &lint_finding::line);
        return std::move(out_);
    }

  private:
    void add(lint_kind kind, std::string_view subject) {
        add_sentence(kind, sentence_of(kind, subject) + ".");
    }
    void add_sentence(lint_kind kind, std::string sentence) {
        out_.more = out_.findings.size() == most_findings;
        if (!out_.more) out_.findings.push_back({line_, kind, std::move(sentence)});
    }

    void look_at_size(std::string_view whole) {
        const auto cost = whole.size() / bytes_a_token;
        line_ = 1;
        if (cost > most_text_tokens) add(lint_kind::long_text, tokens(cost));
        line_ = 0;
    }

    void read_line(std::string_view line) {
        const auto cost = line.size() / bytes_a_token;
        if (cost > most_line_tokens) add(lint_kind::long_line, tokens(cost));
        if (text::without_invisible(line, true).size() != line.size())
            add(lint_kind::invisible_characters, "Something");
        if (const auto noun = secret_in(line); !noun.empty()) add(lint_kind::secret, noun);
        if (!in_fence(line)) read_names(line);
    }

    // Also true of the lines that begin and end one.
    bool in_fence(std::string_view line) {
        const auto here = fence_of(line);
        if (open_.sign == 0) {
            if (here.sign == 0) return false;
            open_ = here;
            opened_ = line_;
        } else if (here.sign == open_.sign && here.length >= open_.length && here.bare) {
            open_ = {};
        }
        return true;
    }

    void read_names(std::string_view line) {
        // One more than are told: it says that there are more.
        for (auto& each : names_.read(line, most_findings + 1 - out_.findings.size()))
            add_sentence(each.kind, std::move(each.text));
    }

    name_lint& names_;
    lint_report out_;
    std::size_t line_ = 0;
    fence open_;
    std::size_t opened_ = 0; // its line
};

} // namespace

lint_report lint(std::string_view text, const known_names& names) {
    name_lint judge(names);
    return linter(judge).read(text);
}

std::vector<std::string> lint_skill(const skill& s, const known_names& names) {
    std::vector<std::string> out;
    name_lint judge(names);
    for (const auto& name : objects_of(s.frontmatter))
        if (const auto& fault = judge.object(name, true))
            out.push_back(std::string(skill_objects) + ": " + fault->text +
                          " A connection that is limited to some objects does not see the skill.");
    for (const auto& file : s.files)
        for (const auto& found : linter(judge).read(file.text).findings)
            out.push_back(sentence_at(found, file.path + ", line "));
    if (out.size() > most_findings) out.resize(most_findings);
    return out;
}

std::string sentence_at(const lint_finding& found, std::string_view before) {
    return std::string(before) + std::to_string(found.line) + ": " + found.text;
}

} // namespace primer
