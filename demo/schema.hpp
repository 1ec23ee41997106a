// The data model of the demo workspace: objects, fields and relations, read from schema.txt.
// It can grow at run time, because a real workspace's schema does.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "demo/field_type.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

enum class relation_kind { none, many_to_one, one_to_many };

struct relation_target {
    std::string object;  // singular
    std::string inverse; // the field on the other side
    std::string column;  // the join column: on this side for many-to-one, else on the other
};

struct select_option {
    std::string value;
    std::string color; // empty for ratings
};

struct field {
    std::string id;
    std::string owner; // the object's singular name
    std::string name;
    std::string label;
    const field_type* type = nullptr;
    bool required = false;
    bool unique = false;
    bool system = false;
    bool fixed = false; // not editable in Twenty's own interface
    bool custom = false;
    std::vector<select_option> options;
    json::value fallback; // as the metadata shows it: string literals carry inner quotes
    json::value settings;
    relation_kind relation = relation_kind::none;
    std::vector<relation_target> targets; // several for a MORPH_RELATION
    std::string on_delete;

    [[nodiscard]] bool is_relation() const { return relation != relation_kind::none; }
    [[nodiscard]] bool is_morph() const { return type->name == "MORPH_RELATION"; }
};

struct object {
    std::string id;
    std::string singular;
    std::string plural;
    std::string label;
    std::string labels;
    std::string icon;
    std::string shortcut;
    std::string label_field = "name";
    std::string image_field;
    bool system = false;
    bool searchable = false;
    bool creatable = false;
    bool custom = false;
    bool newer = false; // than 2.19
    std::vector<std::vector<std::string>> duplicate_criteria;
    std::deque<field> fields;

    [[nodiscard]] const field* find_field(std::string_view name) const;
};

// What a key of a record, filter or selection stands for.
struct member {
    enum class kind { value, column, to_one, to_many };
    kind what = kind::value;
    const field* of = nullptr;
    const relation_target* target = nullptr; // for column, to_one and to_many
};

class schema {
  public:
    // The stock model; `newer`: with what Twenty 2.44 to 2.47 added.
    explicit schema(bool newer = false);

    [[nodiscard]] const std::deque<object>& objects() const { return objects_; }
    [[nodiscard]] const object* find_singular(std::string_view name) const;
    [[nodiscard]] const object* find_plural(std::string_view name) const;
    [[nodiscard]] const object* find_id(std::string_view id) const;

    // Adds a custom object with the standard fields, a name, and the usual targets.
    const object& add_object(object made);
    // errc::not_found when there is no such object, errc::conflict when the name is taken.
    result<const field*> add_field(std::string_view object_id, field made);
    [[nodiscard]] bool newer() const { return newer_; }
    // Counts changes; part of what clients compare to see whether their copy is old.
    [[nodiscard]] int version() const { return version_; }

  private:
    object* find(std::string_view singular);
    void finish(object& made);
    void link(const object& source, const field& many_to_one);

    std::deque<object> objects_; // pointers into it stay valid
    bool newer_ = false;
    int version_ = 1;
};

// std::nullopt when the object has no such member.
std::optional<member> find_member(const object& of, std::string_view key);

std::string capitalised(std::string_view name);    // "noteTarget" -> "NoteTarget"
std::string words_of(std::string_view camel_case); // "jobTitle" -> "Job title"
// A version 4 UUID that depends on the name alone.
std::string uuid_of(std::string_view name);

} // namespace demo
