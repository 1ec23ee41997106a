// A workspace's objects and fields as the tools see them, read from Twenty's metadata. One
// immutable value shared by all sessions of a workspace.
#pragma once

#include "base/json.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twenty {

// Twenty 2.19's 25 types; anything newer is `other` and passes as opaque JSON.
enum class field_type {
    actor,
    address,
    array,
    boolean,
    currency,
    date,
    date_time,
    emails,
    files,
    full_name,
    links,
    morph_relation,
    multi_select,
    number,
    numeric,
    phones,
    position,
    rating,
    raw_json,
    relation,
    rich_text,
    select,
    text,
    ts_vector,
    uuid,
    other,
};

struct select_option {
    std::string value;
    std::string label;
};

enum class relation_kind { many_to_one, one_to_many };

struct relation {
    relation_kind kind = relation_kind::many_to_one;
    std::string target_object; // nameSingular
    std::string target_field;
    std::string join_column; // many-to-one: the key to write, e.g. "companyId"
    // The name in GraphQL documents. Usually the field's own; a morph relation has one a
    // target: targetPerson, or in the plural (helperRockets) when it leads to many.
    std::string query_name;
};

struct field {
    std::string id;
    std::string name;
    std::string label;
    std::string description;
    field_type type = field_type::other;
    std::string type_name; // Twenty's word for it
    bool is_custom = false;
    bool is_system = false;
    bool is_nullable = true;
    bool is_unique = false;
    bool is_read_only = false; // people can't edit it in Twenty; its API takes most of them
    // May tell of records of any object without being a relation: what a timeline entry changed,
    // the state of a workflow run.
    bool tells_of_others = false;
    std::optional<json::value> default_value; // inner quotes of string literals removed
    std::vector<select_option> options;
    // RELATION: one entry; MORPH_RELATION: one a target, each with its own join column.
    std::vector<twenty::relation> relations;
    std::optional<int> max_values;

    [[nodiscard]] bool has_default() const noexcept { return default_value.has_value(); }
};

struct object {
    std::string id;
    std::string name_singular;
    std::string name_plural;
    std::string label_singular;
    std::string label_plural;
    std::string description;
    std::string source; // "standard", "custom" or "app:NAME"
    bool is_system = false;
    bool is_searchable = false;
    std::string label_field;   // name of the field that names a record, may be empty
    std::vector<field> fields; // active ones
    std::vector<std::vector<std::string>> duplicate_criteria;

    [[nodiscard]] const field* find_field(std::string_view name) const noexcept; // exact
    // The field whose join column this is (companyId, targetPersonId), with the relation.
    struct join {
        const twenty::field* field;
        const twenty::relation* to;
    };
    [[nodiscard]] std::optional<join> find_join(std::string_view column) const noexcept;
    // The relation that a GraphQL document reaches under this name (company, targetPerson).
    [[nodiscard]] std::optional<join> find_relation(std::string_view query_name) const noexcept;
};

class schema {
  public:
    schema(std::string workspace_id, std::string workspace_name, std::vector<object> objects,
           std::optional<std::int64_t> metadata_version = {}, bool has_rules = false);

    // Any of nameSingular, namePlural, labels; any case. nullptr when unknown.
    [[nodiscard]] const object* find(std::string_view name) const noexcept;
    // Exact nameSingular, as relations name their targets.
    [[nodiscard]] const object* by_singular(std::string_view name) const noexcept;
    [[nodiscard]] const std::vector<object>& objects() const noexcept {
        return objects_;
    } // by nameSingular
    [[nodiscard]] const std::string& workspace_id() const noexcept { return workspace_id_; }
    [[nodiscard]] const std::string& workspace_name() const noexcept { return workspace_name_; }
    // Twenty's count of changes to objects and fields, as of loading; servers before 2.x lack it.
    [[nodiscard]] std::optional<std::int64_t> metadata_version() const noexcept {
        return metadata_version_;
    }
    // Does this Twenty know rules for records (2.44)? Whether there are any is asked apart.
    [[nodiscard]] bool has_rules() const noexcept { return has_rules_; }

  private:
    std::string workspace_id_;
    std::string workspace_name_;
    std::vector<object> objects_;
    std::optional<std::int64_t> metadata_version_;
    bool has_rules_;
};

using schema_ptr = std::shared_ptr<const schema>;

field_type field_type_of(std::string_view type_name) noexcept;

// "person" -> "Person": how Twenty forms operation and type names.
std::string capitalised(std::string_view name);

// What a composite type is made of, in the order in which it is selected. Empty for scalars.
struct sub_field {
    std::string_view name;
    field_type type; // how its values are compared and written
};
struct composite {
    field_type type;
    std::string_view graphql_type; // "FullName"
    std::string_view main;         // the part meant by "sort by emails", may be empty
    std::vector<sub_field> parts;
};
// nullptr for types that are no composites.
const composite* composite_of(field_type type) noexcept;

} // namespace twenty
