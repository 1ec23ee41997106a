#include "demo/metadata_call.hpp"

#include "base/text.hpp"
#include "demo/metadata_shape.hpp"
#include "demo/newer.hpp"

#include <algorithm>
#include <array>

namespace demo {

namespace {

metadata_answer objects(metadata_call& c, const graphql::field& f) {
    std::vector<const object*> found;
    const json::value filter = c.argument(f, "filter");
    for (const auto& o : c.with.model.objects())
        if (meets_metadata_filter(describe_object(c.with, o), filter)) found.push_back(&o);
    std::sort(found.begin(), found.end(),
              [](const object* a, const object* b) { return a->id > b->id; });
    return c.view.connection(found.size(), c.argument(f, "paging"), f,
                             [&](std::size_t i, const graphql::field& node) {
                                 return c.view.object_node(*found[i], node);
                             });
}

metadata_answer one_object(metadata_call& c, const graphql::field& f) {
    const std::string id = c.text_argument(f, "id");
    const object* o = c.with.model.find_id(id);
    if (!o)
        return http_error("Unable to find ObjectMetadataEntity with id: " + id, "NOT_FOUND",
                          "Not Found", 404);
    return c.view.object_node(*o, f);
}

metadata_answer one_field(metadata_call& c, const graphql::field& f) {
    const std::string id = c.text_argument(f, "id");
    for (const auto& o : c.with.model.objects())
        for (const auto& fd : o.fields)
            if (fd.id == id) return c.view.field_node(o, fd, f);
    return http_error("Unable to find FieldMetadataEntity with id: " + id, "NOT_FOUND", "Not Found",
                      404);
}

metadata_answer minimal(metadata_call& c, const graphql::field& f) {
    json::array items;
    for (const auto& o : c.with.model.objects())
        items.emplace_back(describe_object(c.with, o));
    json::array hashes;
    for (const std::string_view name : {"objectMetadata", "fieldMetadata", "index", "view"})
        hashes.push_back(json::make(
            {{"collectionName", name},
             {"hash",
              text::hex_encode(uuid_of(std::string(name) + std::to_string(c.with.model.version()))
                                   .substr(0, 8))}}));
    return c.picked(json::make({{"objectMetadataItems", std::move(items)},
                                {"collectionHashes", std::move(hashes)}}),
                    f);
}

metadata_answer validation_rules(metadata_call& c, const graphql::field& f) {
    return c.picked(rules_of(c.with.model, c.text_argument(f, "objectMetadataId")), f);
}

metadata_answer create_object(metadata_call& c, const graphql::field& f) {
    if (!c.is_admin()) return no_right();
    const json::value input = c.argument(f, "input");
    const json::value* given = input.find("object");
    if (!given || given->text("nameSingular").empty() || given->text("namePlural").empty() ||
        c.with.model.find_singular(given->text("nameSingular")))
        return http_error("Object name is not available", "BAD_USER_INPUT", "Bad Request", 400);
    object made;
    made.singular = given->text("nameSingular");
    made.plural = given->text("namePlural");
    made.label = given->text("labelSingular");
    made.labels = given->text("labelPlural");
    made.icon = given->text("icon", "IconBox");
    return c.view.object_node(c.with.model.add_object(std::move(made)), f);
}

metadata_answer create_field(metadata_call& c, const graphql::field& f) {
    if (!c.is_admin()) return no_right();
    const json::value input = c.argument(f, "input");
    const json::value* given = input.find("field");
    field made;
    if (given) {
        made.name = given->text("name");
        made.label = given->text("label");
        made.type = find_field_type(given->text("type"));
        if (const auto* fallback = given->find("defaultValue")) made.fallback = *fallback;
        if (const auto* options = given->find("options"); options && options->if_array())
            for (const auto& o : *options->if_array())
                made.options.push_back(
                    {std::string(o.text("value")), std::string(o.text("color"))});
    }
    if (!made.type || made.name.empty())
        return http_error("Field type or name is missing", "BAD_USER_INPUT", "Bad Request", 400);
    const std::string owner(given->text("objectMetadataId"));
    const auto added = c.with.model.add_field(owner, std::move(made));
    if (!added) return http_error(added.failure().message, "BAD_USER_INPUT", "Bad Request", 400);
    return c.view.field_node(*c.with.model.find_id(owner), **added, f);
}

constexpr std::array<metadata_root, 7> roots_of_model{{
    {"objects", objects},
    {"object", one_object},
    {"field", one_field},
    {"minimalMetadata", minimal},
    {"validationRules", validation_rules},
    {"createOneObject", create_object},
    {"createOneField", create_field},
}};

} // namespace

std::span<const metadata_root> model_roots() { return roots_of_model; }

} // namespace demo
