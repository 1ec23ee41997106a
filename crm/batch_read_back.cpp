// Reading what a batch stored, in one request. read_back() is called before the links are written,
// when it is not known of some new records whether they are there, and again at the end. Rows that
// have been seen are not read twice.
#include "base/text.hpp"
#include "crm/batch.hpp"
#include "crm/before.hpp"
#include "crm/changes.hpp"
#include "crm/reading.hpp"
#include "crm/tools.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace crm {

using state = batch_row::state;

async<done> read_back(call_slot& slot, batch& all) {
    std::vector<std::string> ids;
    json::object written;
    for (const auto& row : all.rows) {
        const bool may_exist = row.now == state::unknown && row.what == write_kind::create;
        const bool unseen = row.now == state::done && row.stored.is_null();
        if (row.what == write_kind::remove || (!unseen && !may_exist)) continue;
        ids.push_back(row.id);
        for (const auto& [name, _] : row.data.values)
            if (!written.contains(name)) written.append(name, json::value());
    }
    if (ids.empty()) co_return done();
    twenty::wanted_fields want = written_fields(all.of, all.may, written);
    leave_out_stamps(want, written, slot);
    request_maker make = [&all, &ids](const std::string& selection) {
        return result<twenty::request>(twenty::records_request(all.of, ids, selection, true));
    };
    reading read = co_await read_root(slot, all.of, all.may, std::move(want), std::move(make),
                                      twenty::root_many(all.of));
    if (read.failure) {
        if (all.count(state::done) > 0)
            all.notes.push_back("What is written is stored, but could not be read back: " +
                                read.failure->message);
        co_return done();
    }
    all.notes.insert(all.notes.end(), read.notes.begin(), read.notes.end());
    const auto nodes = twenty::connection_nodes(std::move(read.root));
    std::map<std::string, const json::value*, std::less<>> found;
    if (const auto* listed = nodes.if_array())
        for (const auto& node : *listed)
            found.emplace(text::lower(node.text("id")), &node);
    std::vector<const json::value*> made;
    for (auto& row : all.rows) {
        const auto at = found.find(row.id);
        if (at == found.end()) continue;
        // Our id was in no record before, so whoever has it is the record of this call.
        if (row.now == state::unknown) row.now = state::done;
        if (row.now == state::done) row.stored = *at->second;
        if (row.what == write_kind::create) made.push_back(at->second);
    }
    co_await keep_after(slot, all.of, all.may, std::move(made), written);
    co_return done();
}

} // namespace crm
