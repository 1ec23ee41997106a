#include "demo/metadata_shape.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace demo {

namespace {

json::value options_of(const object& o, const field& f) {
    if (f.options.empty()) return nullptr;
    json::array out;
    for (std::size_t i = 0; i < f.options.size(); ++i) {
        const auto& option = f.options[i];
        std::string label = text::lower(option.value);
        std::replace(label.begin(), label.end(), '_', ' ');
        if (option.color.empty() && label.starts_with("rating ")) label.erase(0, 7);
        json::object made;
        made.append("id", uuid_of("option:" + o.singular + f.name + option.value));
        if (!option.color.empty()) made.append("color", option.color);
        made.append("label", capitalised(label));
        made.append("value", option.value);
        made.append("position", i);
        out.emplace_back(std::move(made));
    }
    return out;
}

json::value identifier_of(const object& o, const std::string& field_name) {
    const field* f = o.find_field(field_name);
    return f ? json::value(f->id) : json::value();
}

json::value criteria_of(const object& o) {
    if (o.duplicate_criteria.empty()) return nullptr;
    json::array out;
    for (const auto& criterion : o.duplicate_criteria) {
        json::array names;
        for (const auto& name : criterion)
            names.emplace_back(name);
        out.emplace_back(std::move(names));
    }
    return out;
}

json::value indexes_of(const session& with, const object& o) {
    json::array out;
    const std::string made_at = iso_date_time(with.facts.started);
    for (const auto& f : o.fields) {
        if (!f.unique) continue;
        out.push_back(json::make({{"id", uuid_of("index:" + o.singular + f.name)},
                                  {"name", "IDX_UNIQUE_" + uuid_of(o.singular + f.name).substr(24)},
                                  {"isCustom", f.custom},
                                  {"isUnique", true},
                                  {"indexWhereClause", nullptr},
                                  {"indexType", "BTREE"},
                                  {"createdAt", made_at},
                                  {"updatedAt", made_at}}));
    }
    return out;
}

} // namespace

json::object describe_object(const session& with, const object& o) {
    const std::string made_at = iso_date_time(with.facts.started);
    json::object out;
    out.append("id", o.id);
    out.append("universalIdentifier", uuid_of("universal:" + o.singular));
    out.append("applicationId",
               o.custom ? with.facts.custom_application : with.facts.standard_application);
    out.append("nameSingular", o.singular);
    out.append("namePlural", o.plural);
    out.append("labelSingular", o.label);
    out.append("labelPlural", o.labels);
    out.append("description", "A record of the kind " + o.label);
    out.append("icon", o.icon);
    out.append("shortcut", o.shortcut.empty() ? json::value() : json::value(o.shortcut));
    out.append("color", nullptr);
    out.append("isCustom", o.custom);
    out.append("isRemote", false);
    out.append("isActive", true);
    out.append("isSystem", o.system);
    out.append("isUIEditable", true);
    out.append("isUICreatable", o.creatable);
    out.append("isUIReadOnly", !o.creatable);
    out.append("isSearchable", o.searchable);
    out.append("createdAt", made_at);
    out.append("updatedAt", made_at);
    out.append("labelIdentifierFieldMetadataId", identifier_of(o, o.label_field));
    out.append("imageIdentifierFieldMetadataId", identifier_of(o, o.image_field));
    out.append("isLabelSyncedWithName", false);
    out.append("duplicateCriteria", criteria_of(o));
    out.append("indexMetadataList", indexes_of(with, o));
    out.append("searchFieldMetadataList", json::array());
    return out;
}

json::object describe_field(const session& with, const object& o, const field& f) {
    const std::string made_at = iso_date_time(with.facts.started);
    json::object out;
    out.append("id", f.id);
    out.append("universalIdentifier", uuid_of("universal:" + o.singular + "." + f.name));
    out.append("applicationId",
               f.custom ? with.facts.custom_application : with.facts.standard_application);
    out.append("objectMetadataId", o.id);
    out.append("type", f.type->name);
    out.append("name", f.name);
    out.append("label", f.label);
    out.append("description", f.label + " of the " + text::lower(o.label));
    out.append("icon", f.type->icon);
    out.append("isCustom", f.custom);
    out.append("isActive", true);
    out.append("isSystem", f.system);
    out.append("isUIEditable", !f.fixed);
    out.append("isUIReadOnly", f.fixed);
    out.append("isNullable", !f.required);
    out.append("isUnique", f.unique);
    out.append("defaultValue", f.fallback);
    out.append("options", options_of(o, f));
    out.append("settings", f.settings);
    out.append("isLabelSyncedWithName", false);
    out.append("morphId", f.is_morph() ? json::value(uuid_of("morph:" + f.id)) : json::value());
    out.append("createdAt", made_at);
    out.append("updatedAt", made_at);
    return out;
}

std::vector<relation_view> relations_of(const session& with, const object& o, const field& f) {
    std::vector<relation_view> out;
    for (const auto& target : f.targets) {
        const object* other = with.model.find_singular(target.object);
        if (!other) continue;
        out.push_back({&o, other, &f, other->find_field(target.inverse),
                       f.relation == relation_kind::many_to_one});
    }
    return out;
}

bool meets_metadata_filter(const json::object& described, const json::value& filter) {
    const auto* members = filter.if_object();
    if (!members) return true;
    return std::all_of(members->begin(), members->end(), [&](const auto& m) {
        const auto& [key, test] = m;
        if (const auto* list = test.if_array(); list && (key == "and" || key == "or")) {
            const auto holds = [&](const auto& item) {
                return meets_metadata_filter(described, item);
            };
            return key == "and" ? std::all_of(list->begin(), list->end(), holds)
                                : std::any_of(list->begin(), list->end(), holds);
        }
        const json::value* have = described.find(key);
        if (!have) return true;
        for (const std::string_view op : {"is", "eq"})
            if (const auto* wanted = test.find(op); wanted && !(*wanted == *have)) return false;
        for (const std::string_view op : {"isNot", "neq"})
            if (const auto* wanted = test.find(op); wanted && *wanted == *have) return false;
        if (const auto* list = test.find("in"); list && list->if_array())
            return std::find(list->if_array()->begin(), list->if_array()->end(), *have) !=
                   list->if_array()->end();
        return true;
    });
}

} // namespace demo
