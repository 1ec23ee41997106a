// A workspace's data model in which all that people wrote is one text: labels, descriptions, the
// names of the workspace and of its apps. It comes through the real loader.
#pragma once

#include "tests/support/sample_schema.hpp"
#include "twenty/schema_query.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace support {

inline json::value with_text(const json::value& from, std::string_view text) {
    static constexpr std::string_view written[] = {"label", "labelSingular", "labelPlural",
                                                   "description", "displayName"};
    if (const auto* all = from.if_array()) {
        json::array list;
        for (const auto& one : *all)
            list.push_back(with_text(one, text));
        return list;
    }
    const auto* object = from.if_object();
    if (!object) return from;
    const bool app = object->contains("universalIdentifier");
    json::object members;
    for (const auto& [name, v] : *object) {
        const bool theirs =
            std::find(std::begin(written), std::end(written), name) != std::end(written);
        members.append(name,
                       theirs || (app && name == "name") ? json::value(text) : with_text(v, text));
    }
    return members;
}

inline twenty::schema_ptr schema_with(std::string_view text) {
    const auto& all = sample_metadata();
    json::array edges;
    for (const auto& o : *all.find("objects")->if_array())
        edges.push_back(json::make({{"node", with_text(o, text)}}));
    twenty::schema_loader loader;
    while (const auto r = loader.next()) {
        json::object data;
        if (r->body.find("currentWorkspace") != std::string::npos)
            data.append("currentWorkspace", with_text(*all.find("workspace"), text));
        else if (r->body.find("__type") == std::string::npos)
            data.append("objects", json::make({{"edges", edges}}));
        twenty::response answer;
        answer.status = 200;
        answer.content_type = "application/json";
        answer.body = data.empty()
                          ? R"({"errors":[{"message":"GraphQL introspection has been disabled"}]})"
                          : json::dump(json::make({{"data", std::move(data)}}));
        if (!loader.feed(answer)) throw std::runtime_error("the loader takes no such answer");
    }
    return loader.take();
}

} // namespace support
