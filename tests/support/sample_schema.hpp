// A small workspace for tests: the standard objects, two custom ones and an app's, with every
// field type, morph relations in both directions, an inactive object and an inactive field.
// Read from tests/twenty/fixtures/sample_schema.json through the parser of the real loader.
#pragma once

#include "base/json.hpp"
#include "twenty/access.hpp"
#include "twenty/schema_parse.hpp"

#include <fstream>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>

namespace support {

inline std::string read_text_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// {"workspace": {…}, "objects": [nodes of Twenty's objects query]}
inline const json::value& sample_metadata() {
    static const json::value parsed = [] {
        auto read = json::parse(read_text_file(std::string(TWENTY_MCP_SOURCE_DIR) +
                                               "/tests/twenty/fixtures/sample_schema.json"));
        if (!read) throw std::runtime_error("the sample schema is no JSON");
        return *std::move(read);
    }();
    return parsed;
}

inline twenty::schema_ptr sample_schema() {
    static const twenty::schema_ptr made = [] {
        const auto& w = *sample_metadata().find("workspace");
        twenty::workspace_facts facts;
        facts.workspace_id = w.text("id");
        facts.workspace_name = w.text("displayName");
        facts.custom_application = w.text("workspaceCustomApplicationId");
        for (const auto& app : *w.find("installedApplications")->if_array())
            facts.applications.push_back({std::string(app.text("id")),
                                          std::string(app.text("name")),
                                          std::string(app.text("universalIdentifier"))});
        std::vector<twenty::object> objects;
        for (const auto& node : *sample_metadata().find("objects")->if_array())
            if (auto o = twenty::read_object(node, facts)) objects.push_back(*std::move(o));
        return std::make_shared<const twenty::schema>(facts.workspace_id, facts.workspace_name,
                                                      std::move(objects));
    }();
    return made;
}

inline const twenty::object& sample_object(std::string_view name) {
    const auto* o = sample_schema()->by_singular(name);
    if (!o) throw std::runtime_error("no such sample object");
    return *o;
}

// All objects, or only the named ones.
inline twenty::access sample_access(twenty::mode mode = twenty::mode::write) {
    return {mode, std::nullopt, sample_schema()};
}
inline twenty::access sample_access(twenty::mode mode, std::initializer_list<const char*> objects) {
    return {mode, std::set<std::string>(objects.begin(), objects.end()), sample_schema()};
}

// An object as an open connection in write mode gets it.
inline twenty::writable_object handed_out(const twenty::object& o) {
    return sample_access().as_writable(o).value();
}

} // namespace support
