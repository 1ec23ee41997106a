// The part of lint() that judges names.
#pragma once

#include "primer/known_names.hpp"
#include "primer/lint_rules.hpp"
#include "primer/name_path.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primer {

// What is said of a name: which kind of finding, and its sentence.
struct name_fault {
    lint_kind kind;
    std::string text;
};

// Remembers what it has judged: a name costs once, however often a text has it. One is used for all
// texts that are judged at once.
class name_lint {
  public:
    explicit name_lint(const known_names& names) : names_(names) {}

    // Some paths were let pass, because too many fields were looked at for those before.
    [[nodiscard]] bool passed_over() const noexcept { return looks_.left == 0; }

    // The faults of a line of prose, `most` at most.
    std::vector<name_fault> read(std::string_view line, std::size_t most);
    // Of an object's name that is meant as one: any of its names, or nameSingular alone if `exact`.
    const std::optional<name_fault>& object(std::string_view name, bool exact = false);

  private:
    using verdict = std::optional<name_fault>;
    using verdicts = std::map<std::string, verdict, std::less<>>;

    void read_spans(std::string_view line);
    void read_tools(std::string_view line);
    void read_addresses(std::string_view line);
    [[nodiscard]] bool full() const noexcept { return found_.size() >= most_; }
    void add(const verdict& said) {
        if (said && !full()) found_.push_back(*said);
    }
    [[nodiscard]] verdict judge_object(std::string_view name, bool exact) const;
    const verdict& judged(std::string_view word, bool alone);
    [[nodiscard]] verdict judge(std::string_view word, bool alone);
    [[nodiscard]] verdict judge_path(std::string_view written);
    [[nodiscard]] verdict judge_word(std::string_view word) const;
    [[nodiscard]] verdict judge_choice(std::string_view word) const;

    const known_names& names_;
    verdicts objects_;
    verdicts exact_objects_;
    verdicts alone_;
    verdicts among_;
    std::vector<name_fault> found_; // in the line that is read
    std::size_t most_ = 0;
    look_budget looks_{40'000};
};

} // namespace primer
