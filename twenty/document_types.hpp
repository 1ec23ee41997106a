// Which type a selection set of a hand-written document stands in, and what may be selected
// there. The record half comes from the workspace's schema, the metadata half from
// metadata_types. Used by the document policy alone.
#pragma once

#include "base/result.hpp"
#include "twenty/access.hpp"
#include "twenty/graphql.hpp"
#include "twenty/metadata_types.hpp"
#include "twenty/restricted.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twenty {

// Where a selection set stands.
struct place {
    enum class kind {
        leaf, // no selection set
        record,
        connection,
        edge,
        group, // of a group-by: a connection with its dimension values
        page_info,
        composite,
        search,
        search_edge,
        search_hit,
        metadata,
        introspection, // anything goes: the schema's own description
    };
    kind what = kind::leaf;
    const object* of = nullptr;
    const composite* parts = nullptr;
    const metadata::type* described = nullptr;
    asked_at where = asked_at::elsewhere; // does Twenty check there what may be private?
};

// What a root field or a to-many relation takes as arguments; the kinds are checked in
// document_policy.cpp.
struct root_field {
    place to;
    std::vector<std::string_view> arguments;
    bool many = false;        // its data is a list of records
    bool changes_one = false; // its data changes the record that its id names
    // Offered with dryRun:true written in the document, and why else not.
    std::optional<std::string_view> dry_run_only = std::nullopt;
};

// The members of a place: errc::bad_request for an unknown one, with near names.
result<place> member_of(const access& may, const place& at, std::string_view name);

// The type name of a place, for fragments; empty where fragments with a type are refused.
std::string type_name(const place& at);

// Root fields of /graphql. Exactly one reading, or refused.
result<root_field> record_query(const access& may, std::string_view name);
result<root_field> record_mutation(const access& may, std::string_view name);

// Arguments of a to-many relation inside a record.
const std::vector<std::string_view>& list_arguments();

// errc::bad_request for an alias of a field inside a record, which Twenty ignores.
result<done> own_name(const graphql::field& f);

} // namespace twenty
