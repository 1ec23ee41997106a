// What is probably wrong in a text that models read: names that the workspace lacks, what nobody
// sees, what costs much, what is secret. It is told to the text's author and keeps nothing from
// being stored.
#pragma once

#include "primer/known_names.hpp"
#include "primer/lint_rules.hpp"
#include "primer/skill.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace primer {

struct lint_finding {
    std::size_t line; // from 1
    lint_kind kind;
    std::string text; // a sentence; of a secret it says nothing but that there is one
};

inline constexpr std::size_t most_findings = 100;
struct lint_report {
    std::vector<lint_finding> findings; // by line
    bool more = false;                  // there are more than most_findings
    bool passed_over = false;           // some names were not judged, to bound the work
};

// A name is told only where it looks meant as one: in `backticks`, in a twenty://schema/ address
// or, of a tool, anywhere; and only when every known workspace lacks it. Without data models
// nothing is said of objects, fields and choices. Examples within a fence of code are not judged.
// The work is in proportion to the bytes of `text`, beside what `names` has cost.
lint_report lint(std::string_view text, const known_names& names);

// "Line 3: ...", with what stands before the number.
std::string sentence_at(const lint_finding& found, std::string_view before = "Line ");

// The same for all files of a skill, and for the objects that it says it works on; as sentences,
// at most most_findings.
std::vector<std::string> lint_skill(const skill& s, const known_names& names);

// Above these a finding says what the text costs. A token is taken for three bytes.
inline constexpr std::size_t bytes_a_token = 3;
inline constexpr std::size_t most_line_tokens = 1'000;
inline constexpr std::size_t most_text_tokens = 4'000;

} // namespace primer
