// The names that a text for models may use: those of the workspaces whose data models are known,
// and this server's tools. What a word was meant to be is found by one slip in it, at a cost of the
// word's own letters, however many names there are.
#pragma once

#include "primer/name_path.hpp"
#include "twenty/access.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
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

    // What is read of data models at most: names and labels, equal ones too, and the letters of
    // those that differ. Both are work of the thread that serves. Where the models have more, none
    // is known: a name that is no name of the others might be one of theirs.
    static constexpr std::size_t most_read = 350'000;
    static constexpr std::size_t most_letters = 80'000;

    known_names(const std::vector<twenty::schema_ptr>& models,
                const std::vector<std::string>& tools);
    // Places point into models().
    known_names(const known_names&) = delete;
    known_names& operator=(const known_names&) = delete;
    known_names(known_names&&) = default;
    known_names& operator=(known_names&&) = default;
    ~known_names() = default;

    // Each as a connection without limits sees it.
    [[nodiscard]] const std::vector<twenty::access>& models() const noexcept { return models_; }
    // There were data models, with more names than are read.
    [[nodiscard]] bool too_many() const noexcept { return too_many_; }
    // A name or a label of anything, in any case.
    [[nodiscard]] bool has(std::string_view word) const;
    // The objects of that name or, in a model that has none, of that label, in any case.
    [[nodiscard]] const name_places& objects(std::string_view name) const;
    // Of the fields and relations of that name, exactly.
    [[nodiscard]] const name_places& fields(std::string_view name) const;
    // The name that is `word` but for one slip, in any case, of the first of the kinds from `first`
    // to `last` that has one; nullptr: none has. Words and names of more than 64 bytes are near
    // nothing.
    [[nodiscard]] const name* near(std::string_view word, kind first, kind last) const;

  private:
    struct met; // what was read

    bool add_models(met& before);
    void add(met& before, const twenty::access& may, const twenty::object& of);
    void add(met& before, std::string_view written, kind what);
    void add_word(met& before, std::string_view word);
    void add_places(const twenty::access& may);
    void make_index();
    [[nodiscard]] std::size_t bucket(std::size_t hash) const noexcept {
        return hash & (begins_.size() - 2);
    }

    std::vector<twenty::access> models_;
    bool too_many_ = false;
    std::unordered_set<std::string> words_; // in lower case
    std::unordered_map<std::string, name_places> objects_;
    std::unordered_map<std::string_view, places_of_field> fields_; // by their models' texts
    std::vector<name> names_;
    // The places in names_, by the hash of each name, and of each name without one of its letters.
    // Two words that are equal but for one slip have one of these in common. begins_ says where
    // the names of a bucket of hashes begin in index_, and at last where those of the last one end.
    std::vector<std::uint32_t> begins_;
    std::vector<std::uint32_t> index_;
};

} // namespace primer
