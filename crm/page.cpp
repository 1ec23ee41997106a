#include "crm/page.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

#include <utility>

namespace crm {

namespace {

constexpr std::size_t longest_cursor = 2048; // a model has to copy it

// digest() is no secret and no signature: a forged cursor reads what its sender may read anyway. It
// keeps an honest one from being used with another query.
std::string digest(std::string_view object, const json::value& filter, const json::value& order) {
    std::string all(object);
    all.append(1, '\n').append(json::dump(filter)).append(1, '\n').append(json::dump(order));
    return text::base64url_encode(crypto::sha256(all).substr(0, 9));
}

error not_ours() {
    return {errc::bad_request,
            "\"cursor\" is not a cursor of find_records; take it from a result unchanged, or "
            "leave it out for the first page."};
}

std::string cursor_text(const position& at, std::string_view of_query) {
    json::writer out;
    out.begin_object().member("q", of_query);
    if (at.offset)
        out.member("n", *at.offset);
    else
        out.member("a", std::string_view(at.after)).member("s", at.seen);
    out.end_object();
    return text::base64url_encode(out.text());
}

// Rows seen so far; nothing when it is no such number.
std::optional<int> row_number(const json::value* v) {
    const auto n = v ? v->as_int() : std::nullopt;
    if (!n || *n < 0 || *n > 100'000'000) return std::nullopt;
    return static_cast<int>(*n);
}

} // namespace

std::string encode_cursor(const position& at, std::string_view object, const json::value& filter,
                          const json::value& order) {
    const auto of_query = digest(object, filter, order);
    auto cursor = cursor_text(at, of_query);
    // An offset goes on at the same place as long as no row is added or deleted before it.
    if (cursor.size() <= longest_cursor) return cursor;
    position by_offset;
    by_offset.offset = at.seen;
    return cursor_text(by_offset, of_query);
}

result<position> decode_cursor(std::string_view cursor, std::string_view object,
                               const json::value& filter, const json::value& order) {
    if (cursor.size() > longest_cursor) return not_ours();
    const auto decoded = text::base64url_decode(cursor);
    if (!decoded) return not_ours();
    const auto parsed = json::parse(*decoded);
    if (!parsed || parsed->text("q").empty()) return not_ours();
    if (parsed->text("q") != digest(object, filter, order))
        return error(errc::bad_request,
                     "This cursor belongs to another query: repeat the objectName, filter, search, "
                     "includeDeleted and orderBy of the call that returned it, or leave the "
                     "cursor out.");
    position at;
    const auto* offset = parsed->find("n");
    const auto seen = row_number(offset ? offset : parsed->find("s"));
    at.after = parsed->text("a");
    // A cursor without a place would be the first page, which a model that pages on would take for
    // the next.
    if (!seen || (!offset && at.after.empty())) return not_ours();
    at.seen = *seen;
    if (offset) at.offset = seen;
    return at;
}

void table::flatten(const std::string& path, const json::value& v, cells& into) const {
    const auto* members = v.if_object();
    if (!members || !(path.empty() || split_.contains(path))) {
        if (!v.is_null() || (whole_ && !split_.contains(path))) into.emplace_back(path, v);
        return;
    }
    for (const auto& [name, inner] : *members)
        flatten(path.empty() ? name : path + "." + name, inner, into);
}

// table::add() counts the bytes of the finished page, also those that a new column costs the rows
// before: each gets a null for it.
bool table::add(const json::value& record) {
    constexpr std::size_t gap = 5; // null and a comma
    cells row;
    flatten("", record, row);
    std::size_t fresh = 0;
    std::size_t bytes = 3; // brackets and a comma
    for (const auto& [path, v] : row) {
        bytes += json::dumped_size(v) + 1;
        if (places_.contains(path)) continue;
        ++fresh;
        bytes += json::dumped_size(path) + 1;
    }
    // A new column costs a gap in each row before, a column without a cell one in this row.
    bytes += gap * (fresh * rows_.size() + columns_.size() + fresh - row.size());
    if (!rows_.empty() && bytes_ + bytes > budget_) return false;
    bytes_ += bytes;
    auto& placed = rows_.emplace_back();
    for (auto& [path, v] : row) {
        const auto [at, is_new] = places_.try_emplace(path, columns_.size());
        if (is_new) columns_.push_back(path);
        placed.emplace_back(at->second, std::move(v));
    }
    return true;
}

void table::write_to(json::object& body) const {
    json::array columns;
    for (const auto& column : columns_)
        columns.emplace_back(column);
    json::array rows;
    for (const auto& row : rows_) {
        json::array line(columns_.size());
        for (const auto& [place, v] : row)
            line[place] = v;
        rows.emplace_back(std::move(line));
    }
    body.set("columns", std::move(columns));
    body.set("rows", std::move(rows));
}

} // namespace crm
