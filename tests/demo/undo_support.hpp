// What the tests of undo look at, in the demo workspace.
#pragma once

#include "tests/demo/tool_desk.hpp"

#include <map>
#include <string>

namespace tool_test {

inline std::string first_id(tool_desk& d, const std::string& object, std::size_t row = 0) {
    return cell(d.good("find_records", R"({"objectName":")" + object + R"(","limit":50})"), row,
                "id");
}

inline json::value record_of(tool_desk& d, const std::string& object, const std::string& id) {
    const auto& of = *d.model().find(object);
    const auto* found =
        d.workspace.data().find(*d.workspace.model().find_singular(of.name_singular), id);
    return found ? json::value(*found) : json::value();
}

// Without what is empty, in whatever form that is stored, and without the editor's form of a text,
// whose blocks get new ids.
inline json::value without_empty(const json::value& v) {
    if (const auto* members = v.if_object()) {
        json::object out;
        for (const auto& [name, inner] : *members)
            if (auto kept = without_empty(inner); name != "blocknote" && !kept.is_null())
                out.append(name, std::move(kept));
        return out.empty() ? json::value() : json::value(std::move(out));
    }
    const auto* list = v.if_array();
    const auto* text = v.if_string();
    return (list && list->empty()) || (text && text->empty()) ? json::value() : v;
}

// What a person would see of a record: not when it was last changed, and by whom. In one order.
inline std::map<std::string, std::string> shown_of(const json::value& record) {
    std::map<std::string, std::string> out;
    const auto kept = without_empty(record);
    if (const auto* members = kept.if_object())
        for (const auto& [name, v] : *members)
            if (name != "updatedAt" && name != "deletedAt" && name != "updatedBy")
                out.emplace(name, json::dump(v));
    return out;
}

inline tool_desk& with_journal(tool_desk& d) {
    d.journal->on = true;
    return d;
}

inline std::string change_of(const tool_desk& d) { return d.journal->kept.back().id; }

inline tool_desk::called undone(tool_desk& d, const std::string& id) {
    return d.good("undo_changes", R"({"ids":[")" + id + R"("]})");
}

inline const json::value& result_of(const tool_desk::called& r, std::size_t row = 0) {
    return (*r.body.find("results")->if_array()).at(row);
}
inline std::string fate_of(const tool_desk::called& r, std::size_t row = 0) {
    return std::string(result_of(r, row).text("outcome"));
}

// A write that the journal does not know, as somebody else makes it.
inline void by_a_stranger(tool_desk& d, std::string tool, const std::string& arguments) {
    d.journal->on = false;
    d.good(std::move(tool), arguments);
    d.journal->on = true;
}

} // namespace tool_test
