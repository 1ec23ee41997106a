// The names that a text for models may use: those of the workspaces whose data models are known,
// and this server's tools. What a word was meant to be is found by one slip in it, at a cost of the
// word's own letters, however many names there are.
#pragma once

#include "twenty/access.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace primer {

class known_names {
  public:
    enum class kind : std::uint8_t { object, field, choice, tool };
    struct name {
        std::string written;
        std::string low; // in lower case
        kind what;
    };

    known_names(const std::vector<twenty::schema_ptr>& models,
                const std::vector<std::string>& tools);

    // Each as a connection without limits sees it.
    [[nodiscard]] const std::vector<twenty::access>& models() const noexcept { return models_; }
    // A name or a label of anything, in any case.
    [[nodiscard]] bool has(std::string_view word) const;
    // The name that is `word` but for one slip, in any case, of the first of the kinds from `first`
    // to `last` that has one; nullptr: none has. Words and names of more than 64 bytes are near
    // nothing.
    [[nodiscard]] const name* near(std::string_view word, kind first, kind last) const;

  private:
    void add(const twenty::access& may, const twenty::object& of);
    void add(std::string_view written, kind what);
    void add_word(std::string_view word);
    void make_index();

    std::vector<twenty::access> models_;
    std::unordered_set<std::string> words_; // in lower case
    std::vector<name> names_;
    // The hash of each name, and of each name without one of its letters, with the name's place.
    // Two words that are equal but for one slip have one of these in common.
    std::vector<std::pair<std::size_t, std::uint32_t>> index_;
};

} // namespace primer
