// The standard objects of a Twenty 2.19 workspace, as recorded (twenty-golden
// metadata/objects-rich), from the fixture that the e2e tests share.
#pragma once

#include "tests/support/sample_schema.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace support {

namespace stock {

using plurals = std::map<std::string, std::string, std::less<>>;

inline json::value end(std::string_view kind, const std::string& target, std::string_view field,
                       const plurals& all) {
    return json::make(
        {{"type", kind == "1" ? "MANY_TO_ONE" : "ONE_TO_MANY"},
         {"targetObjectMetadata",
          json::make({{"nameSingular", target}, {"namePlural", all.find(target)->second}})},
         {"targetFieldMetadata", json::make({{"name", field}})}});
}

// Either "TEXT", or ["SELECT", value…], or {"is": one of these, "marks": "srun"}.
inline json::value field_node(const std::string& object, const std::string& plural,
                              const std::string& name, const json::value& written,
                              const plurals& all) {
    const auto* is = written.find("is");
    const auto& form = is ? *is : written;
    const auto marks = written.text("marks");
    const auto marked = [&](char c) { return marks.find(c) != std::string_view::npos; };
    std::vector<std::string> words;
    if (const auto* one = form.if_string()) words.push_back(*one);
    if (const auto* several = form.if_array())
        for (const auto& word : *several)
            words.push_back(*word.if_string());
    json::object node;
    node.append("id", object + "-" + name);
    node.append("name", name);
    node.append("label", name);
    node.append("type", words.front());
    node.append("isSystem", marked('s'));
    node.append("isUIEditable", !marked('r'));
    node.append("isUnique", marked('u'));
    node.append("isNullable", !marked('n'));
    if (words.front() == "RELATION") {
        node.append("relation", end(words[1], words[2], words[3], all));
    } else if (words.front() == "MORPH_RELATION") {
        json::array ends;
        for (std::size_t i = 2; i < words.size(); ++i)
            ends.push_back(end(words[1], words[i], plural, all));
        node.append("morphRelations", std::move(ends));
    } else if (words.size() > 1) {
        json::array options;
        for (std::size_t i = 1; i < words.size(); ++i)
            options.push_back(json::make({{"value", words[i]}, {"label", words[i]}}));
        node.append("options", std::move(options));
    }
    return node;
}

} // namespace stock

inline twenty::schema_ptr stock_schema() {
    static const twenty::schema_ptr made = [] {
        const auto file = json::parse(read_text_file(std::string(TWENTY_MCP_SOURCE_DIR) +
                                                     "/tests/e2e/fixtures/stock_schema.json"));
        if (!file) throw std::runtime_error("the stock schema is no JSON");
        stock::plurals all;
        for (const auto& o : *file->find("objects")->if_array())
            all.emplace(o.text("name"), o.text("plural"));
        std::vector<twenty::object> objects;
        for (const auto& o : *file->find("objects")->if_array()) {
            const std::string name(o.text("name"));
            const std::string plural(o.text("plural"));
            json::array fields;
            const auto& own = *o.find("fields")->if_object();
            const auto add = [&](const json::object& from, bool common) {
                for (const auto& [field, written] : from)
                    if (!common || !own.contains(field))
                        fields.push_back(stock::field_node(name, plural, field, written, all));
            };
            add(*file->find("common")->if_object(), true);
            add(own, false);
            json::object node;
            node.append("id", name);
            node.append("nameSingular", name);
            node.append("namePlural", plural);
            node.append("labelSingular", name);
            node.append("labelPlural", plural);
            node.append("isSystem", o.flag("system"));
            node.append("isSearchable", o.flag("searchable"));
            node.append("labelIdentifierFieldMetadataId",
                        name + "-" + std::string(o.text("label")));
            node.append("fieldsList", std::move(fields));
            if (auto read = twenty::read_object(node, {})) objects.push_back(*std::move(read));
        }
        return std::make_shared<const twenty::schema>("20202020-1c25-4d02-bf25-6aeccf7ea419",
                                                      "Apple", std::move(objects));
    }();
    return made;
}

} // namespace support
