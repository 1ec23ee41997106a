// The requests about records that are alike: Twenty's own search for duplicates, and its merge.
// Objects with duplicate criteria have both [twenty-golden-2 merge/020, 041].
#pragma once

#include "base/result.hpp"
#include "twenty/readable_object.hpp"
#include "twenty/transport.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace twenty {

inline constexpr std::size_t fewest_merged = 2; // [merge/026]
inline constexpr std::size_t most_merged = 9;   // [merge/030]

// data.SINGULARDuplicates[0].edges[].node: others that meet one of the object's criteria. Twenty
// compares names by case, and additional addresses never [merge/051, 012].
result<request> duplicates_request(const readable_object& of, const std::string& id,
                                   std::string_view selection);

// data.mergePLURAL: the record that the others, the ids behind the first, are merged into. Twenty
// merges what `selection` names and nothing else, and deletes the others for good [merge/037].
// As a dry run nothing is changed; the record comes under an id that does not exist [merge/022].
// errc::bad_request unless there are 2 to 9 different UUIDs.
result<request> merge_request(const writable_object& of, const std::vector<std::string>& ids,
                              std::string_view selection);
result<request> dry_merge_request(const writable_object& of, const std::vector<std::string>& ids,
                                  std::string_view selection);

} // namespace twenty
