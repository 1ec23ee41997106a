// One change of many records that are named by their ids. The only requests of ours that change
// records by a filter, and the filter is only ever `id in [validated UUIDs]` (decision 0006).
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/readable_object.hpp"
#include "twenty/transport.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace twenty {

// Twenty updates no more at once [twenty-golden-2 many/038].
inline constexpr std::size_t most_changed = 200;

// data.updatePLURAL, deletePLURAL (soft) and restorePLURAL: a list of the records that were
// changed. Twenty leaves out ids that it lacks [many/013] and changes soft-deleted records as well
// [many/022, 023]. errc::bad_request unless there are 1 to most_changed ids and all are UUIDs.
result<request> update_many_request(const writable_object& of, const std::vector<std::string>& ids,
                                    const json::object& values, std::string_view selection);
result<request> delete_many_request(const writable_object& of, const std::vector<std::string>& ids,
                                    std::string_view selection);
result<request> restore_many_request(const writable_object& of, const std::vector<std::string>& ids,
                                     std::string_view selection);

} // namespace twenty
