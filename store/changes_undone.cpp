#include "base/text.hpp"
#include "store/parts.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace store {

namespace {

// Of one change: people change their mind now and then, and not without end.
constexpr std::size_t most_followed = 1'000;

// What the changes behind one say of a record: the last that is done, and the last without an
// answer.
struct last_word {
    std::int64_t done = 0;
    bool undoes = false;
    std::int64_t open = 0;
};

// A change whose undoing is looked for; `undoes`: what undoes it takes the first one back.
struct followed {
    std::string id;
    bool undoes;
};

void hear(last_word& word, std::int64_t number, bool undoes, bool is_done) {
    if (!is_done) {
        word.open = std::max(word.open, number);
    } else if (number > word.done) {
        word.done = number;
        word.undoes = undoes;
    }
}

} // namespace

// Undoing is a change, which can be undone, and two calls may undo the same at once: so the changes
// behind one are followed, and the last of them has the say.
result<done> store::parts::note_undone(stored::change_record& change, const std::string& grant_id) {
    std::map<std::string, last_word, std::less<>> words; // by record
    std::vector<followed> chain{{change.id, true}};
    for (std::size_t i = 0; i < chain.size() && chain.size() < most_followed; ++i) {
        const bool undoes = chain[i].undoes;
        TRY(row, db.query("SELECT number, id, ids, state FROM changes WHERE undoes = ? AND "
                          "grant_id = ? AND state <> 'refused'",
                          chain[i].id, grant_id));
        for (;;) {
            TRY(found, row.next());
            if (!found) break;
            const bool is_done = row.text(3) == stored::name_of(stored::change_state::done);
            const auto records = row.text(2);
            for (const auto& record : text::split(records, ','))
                if (!record.empty())
                    hear(words.try_emplace(std::string(record)).first->second, row.integer(0),
                         undoes, is_done);
            chain.push_back({row.text(1), !undoes});
        }
    }
    for (const auto& [record, word] : words) {
        if (word.done > 0 && word.undoes) change.undone.push_back(record);
        if (word.open > word.done) change.undone_perhaps.push_back(record);
    }
    return done{};
}

} // namespace store
