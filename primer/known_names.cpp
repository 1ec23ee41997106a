#include "primer/known_names.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace primer {

namespace {

constexpr std::size_t longest = 64;

// The hashes of a word: its own, and that of the word without one letter, for each.
template <class Use> void each_hash(std::string_view low, Use use) {
    const std::hash<std::string_view> hash;
    use(hash(low));
    std::string shorter(low.substr(low.empty() ? 0 : 1));
    for (std::size_t at = 0; at < low.size(); ++at) {
        use(hash(shorter));
        if (at < shorter.size()) shorter[at] = low[at];
    }
}

} // namespace

known_names::known_names(const std::vector<twenty::schema_ptr>& models,
                         const std::vector<std::string>& tools) {
    for (const auto& model : models)
        models_.emplace_back(twenty::mode::write, std::nullopt, model);
    for (const auto& may : models_)
        for (const auto& object : may.schema().objects())
            add(may, object);
    for (const auto& tool : tools)
        add(tool, kind::tool);
    make_index();
}

void known_names::add(const twenty::access& may, const twenty::object& of) {
    add(of.name_singular, kind::object);
    add(of.name_plural, kind::object);
    add_word(of.label_singular);
    add_word(of.label_plural);
    for (const auto& each : may.names(of))
        add(each, kind::field);
    for (const auto& field : of.fields) {
        add(field.name, kind::field); // of a morph relation, which names() has by its targets
        add_word(field.label);
        add_word(field.type_name);
        for (const auto& option : field.options) {
            add(option.value, kind::choice);
            add_word(option.label);
        }
        if (const auto* composite = twenty::composite_of(field.type))
            for (const auto& part : composite->parts)
                add(part.name, kind::field);
    }
}

// add() keeps the first of several equal names for suggestions, by kind: workspaces share most.
void known_names::add(std::string_view written, kind what) {
    add_word(written);
    if (written.size() <= longest)
        names_.push_back({std::string(written), text::lower(written), what});
}

void known_names::add_word(std::string_view word) { words_.insert(text::lower(word)); }

void known_names::make_index() {
    std::ranges::stable_sort(names_, {}, [](const name& n) { return std::tie(n.what, n.low); });
    const auto same = [](const name& a, const name& b) {
        return a.what == b.what && a.low == b.low;
    };
    names_.erase(std::unique(names_.begin(), names_.end(), same), names_.end());
    for (std::uint32_t at = 0; at < names_.size(); ++at)
        each_hash(names_[at].low, [&](std::size_t hash) { index_.emplace_back(hash, at); });
    std::ranges::sort(index_);
}

bool known_names::has(std::string_view word) const { return words_.contains(text::lower(word)); }

// near() walks names_ by their places, which are in the order of the kinds.
const known_names::name* known_names::near(std::string_view word, kind first, kind last) const {
    if (word.size() > longest) return nullptr;
    const auto low = text::lower(word);
    auto found = names_.size();
    each_hash(low, [&](std::size_t hash) {
        auto hit =
            std::lower_bound(index_.begin(), index_.end(), std::pair(hash, std::uint32_t{0}));
        for (; hit != index_.end() && hit->first == hash; ++hit) {
            const auto& each = names_[hit->second];
            if (hit->second < found && each.what >= first && each.what <= last && each.low != low &&
                text::one_slip(low, each.low))
                found = hit->second;
        }
    });
    return found < names_.size() ? &names_[found] : nullptr;
}

} // namespace primer
