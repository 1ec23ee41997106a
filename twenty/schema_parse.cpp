#include "twenty/schema_parse.hpp"

#include "base/text.hpp"
#include "twenty/copies.hpp"

#include <algorithm>
#include <utility>

namespace twenty {

namespace {

// The same on every server (Twenty's own standard application).
constexpr std::string_view standard_application = "20202020-64aa-4b6f-b003-9c74b97cee20";

// Threat: a name in the metadata that ends our selection and begins another. Defence: names
// that are no GraphQL names do not enter the schema.
bool is_graphql_name(std::string_view s) {
    if (s.empty() || s.size() > 128 || (s[0] >= '0' && s[0] <= '9')) return false;
    return std::all_of(s.begin(), s.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

std::string plain_text(std::string_view upstream) {
    return std::string(text::cut_utf8(text::without_invisible(upstream, false), 300));
}

// "'NEW'" -> NEW; objects of such strings likewise; functions (uuid, now) stay words.
json::value without_inner_quotes(const json::value& v) {
    if (const auto* s = v.if_string()) {
        if (s->size() >= 2 && s->front() == '\'' && s->back() == '\'')
            return s->substr(1, s->size() - 2);
        return v;
    }
    if (const auto* o = v.if_object()) {
        json::object out;
        for (const auto& [key, member] : *o)
            out.append(key, without_inner_quotes(member));
        return out;
    }
    if (const auto* a = v.if_array()) {
        json::array out;
        for (const auto& item : *a)
            out.push_back(without_inner_quotes(item));
        return out;
    }
    return v;
}

// source_of() goes by the application that an object or field belongs to, which is all that Twenty
// 2.19 tells; older servers have isCustom. An application that is not among the installed ones
// counts as Twenty's own.
std::string source_of(const json::value& node, const workspace_facts& facts) {
    const auto application = node.text("applicationId");
    if (facts.custom_application.empty() || application.empty())
        return node.flag("isCustom") ? "custom" : "standard";
    if (application == facts.custom_application) return "custom";
    for (const auto& app : facts.applications)
        if (app.id == application && app.universal_id != standard_application)
            return "app:" + plain_text(app.name);
    return "standard";
}

// options_of() puts choices in the order of their positions, which people gave them and by which
// Twenty compares choices.
std::vector<select_option> options_of(const json::value* raw) {
    std::vector<std::pair<double, select_option>> found;
    if (raw && raw->if_array())
        for (const auto& o : *raw->if_array()) {
            if (o.text("value").empty()) continue; // a form that is not known
            const auto* position = o.find("position");
            found.emplace_back(
                position ? position->as_double().value_or(0) : 0,
                select_option{plain_text(o.text("value")), plain_text(o.text("label"))});
        }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<select_option> out;
    for (auto& [position, option] : found)
        out.push_back(std::move(option));
    return out;
}

struct relation_ends {
    relation_kind kind;
    std::string object, plural, field;
};
// `relation` and `morphRelations` of 2.x, `relationDefinition` (direction) of older servers.
std::optional<relation_ends> ends_of(const json::value& raw) {
    const auto type = raw.text("type", raw.text("direction"));
    const auto* to = raw.find("targetObjectMetadata");
    if (!to || !is_graphql_name(to->text("nameSingular"))) return std::nullopt;
    relation_ends e;
    e.kind = type == "ONE_TO_MANY" || type == "MANY_TO_MANY" ? relation_kind::one_to_many
                                                             : relation_kind::many_to_one;
    e.object = to->text("nameSingular");
    e.plural = to->text("namePlural");
    if (const auto* f = raw.find("targetFieldMetadata")) e.field = f->text("name");
    return e;
}

std::vector<relation> plain_relation(const json::value& raw, const std::string& name) {
    const auto* r = raw.find("relation");
    if (!r || r->is_null()) r = raw.find("relationDefinition");
    if (!r) return {};
    const auto e = ends_of(*r);
    if (!e) return {};
    relation out;
    out.kind = e->kind;
    out.target_object = e->object;
    out.target_field = e->field;
    out.query_name = name;
    // The settings of a plain relation name its join column; without a name that a document could
    // hold it is the usual one.
    if (e->kind == relation_kind::many_to_one) {
        const auto* settings = raw.find("settings");
        out.join_column = settings ? settings->text("joinColumnName", name + "Id") : name + "Id";
        if (!is_graphql_name(out.join_column)) out.join_column = name + "Id";
    }
    return {out};
}

// morph_relations() computes each column, because settings.joinColumnName names only one of them.
std::vector<relation> morph_relations(const json::value& raw, const std::string& name) {
    std::vector<relation> out;
    const auto* listed = raw.find("morphRelations");
    if (!listed || !listed->if_array()) return out;
    for (const auto& r : *listed->if_array()) {
        const auto e = ends_of(r);
        if (!e) continue;
        relation one;
        one.kind = e->kind;
        one.target_object = e->object;
        one.target_field = e->field;
        const bool many = e->kind == relation_kind::one_to_many;
        if (many && !is_graphql_name(e->plural)) continue;
        one.query_name = name + capitalised(many ? e->plural : e->object);
        if (!many) one.join_column = one.query_name + "Id";
        out.push_back(std::move(one));
    }
    return out;
}

// read_field() gives nothing for a deactivated field. Twenty would still read, write and filter by
// it, and so it exists for nobody here.
std::optional<field> read_field(const json::value& raw, const workspace_facts& facts,
                                const object& of) {
    if (!raw.flag("isActive", true) || !is_graphql_name(raw.text("name"))) return std::nullopt;
    field f;
    f.id = raw.text("id");
    f.name = raw.text("name");
    f.label = plain_text(raw.text("label"));
    f.description = plain_text(raw.text("description"));
    f.type_name = plain_text(raw.text("type"));
    f.type = field_type_of(f.type_name);
    f.is_system = raw.flag("isSystem");
    f.is_nullable = raw.flag("isNullable", true);
    f.is_unique = raw.flag("isUnique");
    f.is_custom = source_of(raw, facts) == "custom";
    if (const auto* d = raw.find("defaultValue"); d && !d->is_null())
        f.default_value = without_inner_quotes(*d);
    f.options = options_of(raw.find("options"));
    if (const auto* max =
            raw.find("settings") ? raw.find("settings")->find("maxNumberOfValues") : nullptr)
        if (const auto n = max->as_int(); n && *n > 0 && *n < 10'000)
            f.max_values = static_cast<int>(*n);

    if (f.type == field_type::relation) f.relations = plain_relation(raw, f.name);
    if (f.type == field_type::morph_relation) {
        f.relations = morph_relations(raw, f.name);
        // A morph field stands for one row a target; label and owner are an arbitrary row's.
        f.label = capitalised(f.name);
        f.description.clear();
        f.is_custom = of.source == "custom";
    }
    // isUIEditable is false for the links of noteTarget and taskTarget too, and those must be
    // written to attach a note: it counts for values only.
    // Servers have isUIEditable, or only isUIReadOnly, or neither; then Twenty's own fields are
    // taken for read-only ones.
    const bool editable = raw.find("isUIEditable") && !raw.find("isUIEditable")->is_null()
                              ? raw.flag("isUIEditable")
                              : !raw.flag("isUIReadOnly", f.is_system && !raw.find("isUIReadOnly"));
    f.is_read_only = f.relations.empty() && !editable;
    // tells_of_others() needs the object's is_system and source, which read_object() has set before
    // any field is read.
    f.tells_of_others = tells_of_others(f, of);
    return f;
}

} // namespace

std::optional<object> read_object(const json::value& node, const workspace_facts& facts) {
    if (!node.flag("isActive", true)) return std::nullopt;
    object o;
    o.name_singular = node.text("nameSingular");
    o.name_plural = node.text("namePlural");
    if (!is_graphql_name(o.name_singular) || !is_graphql_name(o.name_plural)) return std::nullopt;
    o.id = node.text("id");
    o.label_singular = plain_text(node.text("labelSingular"));
    o.label_plural = plain_text(node.text("labelPlural"));
    o.description = plain_text(node.text("description"));
    o.source = source_of(node, facts);
    o.is_system = node.flag("isSystem");
    o.is_searchable = node.flag("isSearchable");

    const auto read = [&](const json::value& raw) {
        if (auto f = read_field(raw, facts, o)) o.fields.push_back(*std::move(f));
    };
    if (const auto* list = node.find("fieldsList"); list && list->if_array()) {
        for (const auto& raw : *list->if_array())
            read(raw);
    } else if (const auto* edges = node.at("fields", "edges"); edges && edges->if_array()) {
        for (const auto& edge : *edges->if_array())
            if (const auto* raw = edge.find("node")) read(*raw);
    }
    const auto label = node.text("labelIdentifierFieldMetadataId");
    for (const auto& f : o.fields)
        if (f.id == label && f.name != "id") o.label_field = f.name;
    if (const auto* rules = node.find("duplicateCriteria"); rules && rules->if_array())
        for (const auto& rule : *rules->if_array()) {
            std::vector<std::string> columns;
            if (const auto* names = rule.if_array())
                for (const auto& n : *names)
                    if (n.if_string()) columns.push_back(*n.if_string());
            o.duplicate_criteria.push_back(std::move(columns));
        }
    return o;
}

} // namespace twenty
