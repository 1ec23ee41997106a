#include "mcp/page.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace mcp {

namespace {

constexpr std::size_t longest_cursor = 4096;

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

void flatten(const std::string& path, const json::value& v,
             std::vector<std::pair<std::string, json::value>>& into) {
    const auto* members = v.if_object();
    if (!members) {
        if (!v.is_null()) into.emplace_back(path, v);
        return;
    }
    for (const auto& [name, inner] : *members)
        flatten(path.empty() ? name : path + "." + name, inner, into);
}

} // namespace

std::string encode_cursor(const position& at, std::string_view object, const json::value& filter,
                          const json::value& order) {
    json::writer out;
    out.begin_object().member("q", std::string_view(digest(object, filter, order)));
    if (at.offset)
        out.member("n", *at.offset);
    else
        out.member("a", std::string_view(at.after));
    out.end_object();
    return text::base64url_encode(out.text());
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
                     "This cursor belongs to another query: repeat the objectName, filter and "
                     "orderBy of the call that returned it, or leave the cursor out.");
    position at;
    if (const auto* offset = parsed->find("n")) {
        const auto n = offset->as_int();
        if (!n || *n < 0 || *n > 100'000'000) return not_ours();
        at.offset = static_cast<int>(*n);
    } else {
        at.after = parsed->text("a");
        if (at.after.empty()) return not_ours();
    }
    return at;
}

bool table::add(const json::value& record) {
    cells row;
    flatten("", record, row);
    std::size_t bytes = 2;
    for (const auto& [_, v] : row)
        bytes += json::dump(v).size() + 1;
    if (!rows_.empty() && bytes_ + bytes > budget_) return false;
    bytes_ += bytes;
    for (const auto& [path, _] : row)
        if (std::find(columns_.begin(), columns_.end(), path) == columns_.end())
            columns_.push_back(path);
    rows_.push_back(std::move(row));
    return true;
}

void table::write_to(json::object& body) const {
    json::array columns;
    for (const auto& column : columns_)
        columns.emplace_back(column);
    json::array rows;
    for (const auto& row : rows_) {
        json::array line(columns_.size());
        for (const auto& [path, v] : row) {
            const auto at = std::find(columns_.begin(), columns_.end(), path);
            line[static_cast<std::size_t>(at - columns_.begin())] = v;
        }
        rows.emplace_back(std::move(line));
    }
    body.set("columns", std::move(columns));
    body.set("rows", std::move(rows));
}

} // namespace mcp
