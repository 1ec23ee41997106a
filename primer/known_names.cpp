#include "primer/known_names.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <numeric>
#include <optional>
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

// Workspaces share most names, so an equal one costs a look and no copy. The views are into the
// models, the tools and tables.
struct known_names::met {
    std::array<std::unordered_set<std::string_view>, 4> names; // by kind
    std::unordered_set<std::string_view> words;
    std::unordered_set<const twenty::composite*> composites;
    std::size_t read = 0;
    std::size_t letters = 0;

    [[nodiscard]] bool too_many() const noexcept {
        return read > most_read || letters > most_letters;
    }
};

known_names::known_names(const std::vector<twenty::schema_ptr>& models,
                         const std::vector<std::string>& tools) {
    for (const auto& model : models)
        models_.emplace_back(twenty::mode::write, std::nullopt, model);
    met before;
    if (!add_models(before)) {
        *this = known_names({}, tools);
        too_many_ = true;
        return;
    }
    for (const auto& tool : tools)
        add(before, tool, kind::tool);
    make_index();
}

bool known_names::add_models(met& before) {
    for (const auto& may : models_)
        for (const auto& object : may.schema().objects()) {
            add(before, may, object);
            if (before.too_many()) return false;
        }
    for (const auto& may : models_)
        add_places(may);
    return true;
}

void known_names::add(met& before, const twenty::access& may, const twenty::object& of) {
    add(before, of.name_singular, kind::object);
    add(before, of.name_plural, kind::object);
    add_word(before, of.label_singular);
    add_word(before, of.label_plural);
    for (const auto& field : of.fields) {
        // A relation has other names in documents.
        add(before, field.name, kind::field);
        fields_[field.name].add(may, field);
        for (const auto* to : may.relations(field)) {
            add(before, to->query_name, kind::field);
            add(before, to->join_column, kind::field);
            if (to->query_name != field.name) fields_[to->query_name].add(may, *to);
        }
        add_word(before, field.label);
        add_word(before, field.type_name);
        for (const auto& option : field.options) {
            add(before, option.value, kind::choice);
            add_word(before, option.label);
        }
        const auto* composite = twenty::composite_of(field.type);
        if (composite && before.composites.insert(composite).second)
            for (const auto& part : composite->parts)
                add(before, part.name, kind::field);
        if (before.too_many()) return;
    }
}

// add() keeps the first of several equal names for suggestions, by kind.
void known_names::add(met& before, std::string_view written, kind what) {
    ++before.read;
    if (written.empty() || !before.names[static_cast<std::size_t>(what)].insert(written).second)
        return;
    add_word(before, written);
    if (written.size() > longest) return;
    before.letters += written.size();
    names_.push_back({std::string(written), text::lower(written), what});
}

void known_names::add_word(met& before, std::string_view word) {
    ++before.read;
    if (!before.words.insert(word).second) return;
    before.letters += word.size();
    words_.insert(text::lower(word));
}

// As schema::find(): names come before labels.
void known_names::add_places(const twenty::access& may) {
    const auto& objects = may.schema().objects();
    for (const auto& each : objects)
        for (const auto* called : {&each.name_singular, &each.name_plural}) {
            auto& places = objects_[text::lower(*called)];
            if (places.empty() || places.back().object != &each) places.push_back({&may, &each});
        }
    for (const auto& each : objects)
        for (const auto* called : {&each.label_singular, &each.label_plural}) {
            auto& places = objects_[text::lower(*called)];
            if (places.empty() || places.back().may != &may) places.push_back({&may, &each});
        }
    objects_.erase(std::string()); // of an object without a label
}

void known_names::make_index() {
    std::ranges::stable_sort(names_, {}, [](const name& n) { return std::tie(n.what, n.low); });
    const auto same = [](const name& a, const name& b) {
        return a.what == b.what && a.low == b.low;
    };
    names_.erase(std::unique(names_.begin(), names_.end(), same), names_.end());
    // Counted, summed up and put in their places: to sort them takes several times as long.
    std::size_t hashes = 0;
    for (const auto& each : names_)
        hashes += each.low.size() + 1;
    begins_.assign(std::bit_ceil(hashes + 1) + 1, 0);
    for (const auto& each : names_)
        each_hash(each.low, [&](std::size_t hash) { ++begins_[bucket(hash)]; });
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    index_.resize(hashes);
    for (std::uint32_t at = 0; at < names_.size(); ++at)
        each_hash(names_[at].low, [&](std::size_t hash) { index_[--begins_[bucket(hash)]] = at; });
}

bool known_names::has(std::string_view word) const { return words_.contains(text::lower(word)); }

const name_places& known_names::objects(std::string_view name) const {
    static const name_places none;
    const auto found = objects_.find(text::lower(name));
    return found == objects_.end() ? none : found->second;
}

const name_places& known_names::fields(std::string_view name) const {
    static const name_places none;
    const auto found = fields_.find(name);
    return found == fields_.end() ? none : found->second.places;
}

// near() walks names_ by their places, which are in the order of the kinds.
const known_names::name* known_names::near(std::string_view word, kind first, kind last) const {
    if (word.size() > longest) return nullptr;
    const auto low = text::lower(word);
    auto found = names_.size();
    each_hash(low, [&](std::size_t hash) {
        const auto in = bucket(hash);
        for (auto hit = begins_[in]; hit < begins_[in + 1]; ++hit) {
            const auto place = index_[hit];
            const auto& each = names_[place];
            if (place < found && each.what >= first && each.what <= last && each.low != low &&
                text::one_slip(low, each.low))
                found = place;
        }
    });
    return found < names_.size() ? &names_[found] : nullptr;
}

} // namespace primer
