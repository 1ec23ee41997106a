#include "base/text.hpp"
#include "store/parts.hpp"

#include <algorithm>
#include <utility>

namespace store {

// Undoing is a change, which can be undone: so those of `id` are the records of the changes that
// undo it, without those for which they are undone themselves. A chain is followed so far: people
// change their mind now and then.
result<std::vector<std::string>> store::parts::undone_of(const std::string& id,
                                                         const std::string& grant_id, int further) {
    std::vector<std::pair<std::string, std::string>> undoing; // id, records
    {
        TRY(row, db.query("SELECT id, ids FROM changes WHERE undoes = ? AND grant_id = ? AND state "
                          "= 'done'",
                          id, grant_id));
        for (;;) {
            TRY(found, row.next());
            if (!found) break;
            undoing.emplace_back(row.text(0), row.text(1));
        }
    }
    std::vector<std::string> out;
    for (const auto& [by, records] : undoing) {
        std::vector<std::string> redone;
        if (further > 0) {
            TRY(deeper, undone_of(by, grant_id, further - 1));
            redone = std::move(deeper);
        }
        for (const auto& record : text::split(records, ','))
            if (!record.empty() && std::ranges::find(redone, record) == redone.end())
                out.emplace_back(record);
    }
    return out;
}

} // namespace store
