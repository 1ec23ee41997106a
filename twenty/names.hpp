// The names that Twenty's GraphQL gives to an object's types and root fields. They are made of
// the object's name by lodash's camelCase, which takes names apart at digits and at runs of
// capitals: object b2bLead has roots b2BLeads and createB2BLead and the type B2BLead.
#pragma once

#include "twenty/schema.hpp"

#include <string>
#include <string_view>

namespace twenty {

// What lodash.camelcase 4.3.0, which Twenty uses, makes of letters, digits and _; idempotent.
// Unlike lodash's own camelCase it knows no ordinals: race1st becomes race1St.
std::string camel_case(std::string_view name);
// The same with a capital first letter.
std::string pascal_case(std::string_view name);

// b2BLead, b2BLeads, b2BLeadDuplicates, b2BLeadsGroupBy: the roots that read an object.
std::string root_one(const object& of);
std::string root_many(const object& of);
std::string root_duplicates(const object& of);
std::string root_groups(const object& of);
// createB2BLead, createB2BLeads: the roots that write it.
std::string mutation_one(std::string_view verb, const object& of);
std::string mutation_many(std::string_view verb, const object& of);
// B2BLead, or B2BLeadFilterInput with its suffix.
std::string type_name(const object& of, std::string_view suffix = {});

} // namespace twenty
