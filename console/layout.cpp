#include "console/layout.hpp"

#include "base/text.hpp"
#include "console/shown.hpp"

#include <algorithm>

namespace console {

namespace {

constexpr std::size_t indent_by = 2;

const json::value* member_at(const json::value& item, std::string_view path) {
    const json::value* at = &item;
    for (const auto& name : text::split(path, '.'))
        at = at ? at->find(name) : nullptr;
    return at;
}

std::string cell(const json::value* v) {
    if (!v || v->is_null()) return "-";
    if (const auto b = v->as_bool()) return *b ? "yes" : "no";
    if (const auto* s = v->if_string()) return s->empty() ? "-" : shown(*s);
    if (const auto* items = v->if_array()) {
        std::vector<std::string> each;
        for (const auto& one : *items)
            each.push_back(cell(&one));
        return each.empty() ? "-" : text::join(each, ", ");
    }
    return shown(json::dump(*v));
}

std::string cut(std::string cell, std::size_t most) {
    if (text::code_points(cell) <= most) return cell;
    std::size_t end = 0;
    for (std::size_t kept = 0; kept < most; ++end)
        if ((cell[end] & 0xC0) != 0x80) ++kept;
    // `end` is behind the first byte of the last character that fits, where the mark goes.
    return cell.substr(0, end - 1) + "…";
}

// Blanks behind a cell up to the next column; none behind the last one.
void append_cells(std::string& out, const std::vector<std::string>& cells,
                  const std::vector<std::size_t>& widths) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        out += cells[i];
        if (i + 1 < cells.size())
            out.append(widths[i] - text::code_points(cells[i]) + indent_by, ' ');
    }
    out += '\n';
}

bool is_nested(const json::value& v) {
    if (v.is_object()) return true;
    const auto* items = v.if_array();
    return items && std::ranges::any_of(*items, [](const auto& one) { return is_nested(one); });
}

void append_facts(std::string& out, const json::object& of, std::size_t indent);

// Each item begins with a dash, in the place of its first blank.
void append_items(std::string& out, const json::array& items, std::size_t indent) {
    for (const auto& item : items) {
        const auto begin = out.size() + indent;
        if (const auto* object = item.if_object(); object && !object->empty())
            append_facts(out, *object, indent + indent_by);
        else
            out.append(indent + indent_by, ' ').append(cell(&item)).append("\n");
        out[begin] = '-';
    }
}

void append_facts(std::string& out, const json::object& of, std::size_t indent) {
    std::size_t width = 0;
    for (const auto& [name, v] : of)
        if (!is_nested(v)) width = std::max(width, text::code_points(shown(name)));
    for (const auto& [name, v] : of) {
        auto line = std::string(indent, ' ') + shown(name);
        if (!is_nested(v)) {
            line.append(width - text::code_points(shown(name)) + indent_by, ' ');
            out += line + cell(&v) + "\n";
            continue;
        }
        out += line + "\n";
        if (const auto* object = v.if_object())
            append_facts(out, *object, indent + indent_by);
        else
            append_items(out, *v.if_array(), indent + indent_by);
    }
}

} // namespace

table::table(const std::vector<column>& columns) : columns_(columns) {
    for (const auto& c : columns_)
        widths_.push_back(c.title.size());
}

std::string table::write(const json::array& items) {
    std::vector<std::vector<std::string>> rows;
    if (!std::exchange(titled_, true)) {
        auto& titles = rows.emplace_back();
        for (const auto& c : columns_)
            titles.emplace_back(c.title);
    }
    for (const auto& item : items) {
        auto& cells = rows.emplace_back();
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            cells.push_back(cut(cell(member_at(item, columns_[i].member)), columns_[i].most));
            widths_[i] = std::max(widths_[i], text::code_points(cells.back()));
        }
    }
    std::string out;
    for (const auto& cells : rows)
        append_cells(out, cells, widths_);
    return out;
}

std::string facts(const json::object& of) {
    std::string out;
    append_facts(out, of, 0);
    return out;
}

} // namespace console
