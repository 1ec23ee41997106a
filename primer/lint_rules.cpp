#include "primer/lint_rules.hpp"

#include <array>

namespace primer {

namespace {

struct lint_rule {
    std::string_view name;
    std::string_view sentence; // behind its subject
};
// In the order of lint_kind.
constexpr std::array<lint_rule, lint_kinds> rules{{
    {"unknown_object", "is no object of the workspace"},
    {"unknown_field", "is no field of the workspace"},
    {"unknown_choice", "is no value of a choice of the workspace"},
    {"unknown_tool", "is no tool of this server"},
    {"invisible_characters", "of this line is seen by nobody, and dropped before a model reads it"},
    {"long_line", "are what this line alone costs each model that reads it"},
    {"long_text", "are what this text costs each model that reads it; what few tasks need can be "
                  "a skill of its own"},
    {"open_fence", "is opened here and never closed, so all that stands behind it reads as code"},
    {"secret", "seems to stand here, where every model reads it"},
}};

constexpr const lint_rule& rule_of(lint_kind kind) noexcept {
    return rules[static_cast<std::size_t>(kind)];
}

} // namespace

std::string_view name_of(lint_kind kind) noexcept { return rule_of(kind).name; }

std::string sentence_of(lint_kind kind, std::string_view subject) {
    return std::string(subject) + " " + std::string(rule_of(kind).sentence);
}

} // namespace primer
