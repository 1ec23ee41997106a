// The rules that people set for the records of their workspace (Twenty 2.44 and later): what a
// refused write broke, and what they are.
#pragma once

#include "base/json.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twenty {

// GraphQL's subCode and REST's code of a write that broke rules, and of one whose rules could not
// be evaluated, which is not the caller's to mend.
inline constexpr std::string_view rule_violation = "VALIDATION_RULE_VIOLATION";
inline constexpr std::string_view rule_failure = "VALIDATION_RULE_EVALUATION_FAILED";

struct broken_rule {
    std::string message;   // what people wrote for whoever breaks it; cleaned and cut
    std::string record_id; // the record that breaks it, empty when Twenty didn't name it
};

// `validationRuleViolations` of an error's extensions or of a REST body; the first 100, as many
// as Twenty reports.
std::vector<broken_rule> read_broken_rules(const json::value& holder);

// "A rule of this workspace refuses this: A; B." Each sentence once, some at most, those of one
// record where an id is given. Empty without any.
std::string rules_sentence(const std::vector<broken_rule>& broken,
                           std::optional<std::string_view> record_id = {});

} // namespace twenty
