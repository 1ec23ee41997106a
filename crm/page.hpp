// Lists of records as a model reads them: columns and rows, fitted to a size, with a cursor of
// ours that continues exactly behind the last row shown.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace crm {

// Where a listing goes on: behind Twenty's cursor, or at an offset for sort orders whose
// cursors lose rows.
struct position {
    std::string after;
    std::optional<int> offset;
    int seen = 0; // rows before it; the same as an offset
};

// A cursor is bound to what it continues. Threat: a cursor used with another filter or order
// silently skips rows. Defence: a digest of the three is part of it. Twenty's cursor quotes the
// sort values, which may be long texts: where that gets too long to be copied, the position
// becomes an offset.
std::string encode_cursor(const position& at, std::string_view object, const json::value& filter,
                          const json::value& order);
// errc::bad_request when it is no cursor of ours or belongs to another query.
result<position> decode_cursor(std::string_view cursor, std::string_view object,
                               const json::value& filter, const json::value& order);

// Objects become columns with dotted names ("name.firstName"), which are the names that
// filters and orders take; lists stay cells. Columns that are empty on the whole page vanish.
class table {
  public:
    // Only objects at the paths in `split` become columns; any other (RAW_JSON) is one cell,
    // because its members differ from row to row. `budget` counts what write_to() adds.
    // `whole` keeps columns that are empty.
    table(std::size_t budget, std::set<std::string> split, bool whole = false)
        : budget_(budget), split_(std::move(split)), whole_(whole) {}

    // False: the row does not fit any more and was not added. The first one always fits.
    bool add(const json::value& record);
    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    // Appends "columns" and "rows".
    void write_to(json::object& body) const;

  private:
    using cells = std::vector<std::pair<std::string, json::value>>;
    void flatten(const std::string& path, const json::value& v, cells& into) const;

    std::size_t budget_;
    std::set<std::string> split_;
    bool whole_;
    std::size_t bytes_ = 0;
    std::vector<std::string> columns_;
    std::unordered_map<std::string, std::size_t> places_; // of the columns
    std::vector<std::vector<std::pair<std::size_t, json::value>>> rows_;
};

} // namespace crm
