// Records of a batch that are probably there already.
#include "crm/batch.hpp"
#include "crm/similar.hpp"

#include <utility>
#include <vector>

namespace crm {

using state = batch_row::state;

// note_similar() runs before anything is written; afterwards each new record would be found as its
// own duplicate.
async<done> note_similar(call_slot& slot, batch& all) {
    std::vector<const json::object*> created;
    std::vector<batch_row*> rows;
    for (auto& row : all.rows)
        if (row.now == state::waiting && row.what == write_kind::create) {
            created.push_back(&row.data.values);
            rows.push_back(&row);
        }
    if (rows.empty()) co_return done();
    const auto twins = find_twins(all.of, all.may, created);
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (twins[i]) rows[i]->twin = rows[*twins[i]];
    std::vector<json::array> similar =
        co_await find_similar(slot, all.of, all.may, std::move(created));
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i]->similar = std::move(similar[i]);
    co_return done();
}

} // namespace crm
