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

// Remembers what it has judged: a name costs once, however often a text has it.
class name_lint {
  public:
    explicit name_lint(const known_names& names) : names_(names) {}

    // The faults of a line of prose, `most` at most.
    std::vector<name_fault> read(std::string_view line, std::size_t most);
    // Of an object's name that is meant as one: any of its names, or nameSingular alone if `exact`.
    [[nodiscard]] std::optional<name_fault> object(std::string_view name, bool exact = false) const;

  private:
    using verdict = std::optional<name_fault>;

    void read_spans(std::string_view line);
    void read_tools(std::string_view line);
    void read_addresses(std::string_view line);
    [[nodiscard]] bool full() const noexcept { return found_.size() >= most_; }
    void add(const verdict& said) {
        if (said && !full()) found_.push_back(*said);
    }
    const verdict& judged(std::string_view word, bool alone);
    [[nodiscard]] verdict judge(std::string_view word, bool alone);
    [[nodiscard]] verdict judge_path(std::string_view written);
    const name_places& fields_named(std::string_view name);
    [[nodiscard]] verdict judge_word(std::string_view word) const;
    [[nodiscard]] verdict judge_choice(std::string_view word) const;

    const known_names& names_;
    std::map<std::string, verdict, std::less<>> alone_;
    std::map<std::string, verdict, std::less<>> among_;
    std::map<std::string, name_places, std::less<>> fields_;
    std::vector<name_fault> found_; // in the line that is read
    std::size_t most_ = 0;
};

} // namespace primer
