// The one place that decides what a connection may do: mode, objects, relations, GraphQL
// documents. Tools, resources, primer and completions ask here and nowhere else. Whatever is
// not known to be allowed is refused.
// Threat: a grant for `people` reads companies through a relation, an alias, a fragment, a
// filter, a search, the metadata or the history that Twenty keeps. Defence: every name is
// resolved against the schema, and a relation to an object outside the grant, or a field that
// may tell of one, does not exist for it.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/connection.hpp"
#include "twenty/readable_object.hpp"
#include "twenty/schema.hpp"
#include "twenty/transport.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace twenty {

class access {
  public:
    // Takes mode and objects; keeps no reference to the connection. The schema is shared.
    access(const connection& c, schema_ptr model);
    access(twenty::mode m, std::optional<std::set<std::string>> objects, schema_ptr model);

    [[nodiscard]] const twenty::schema& schema() const noexcept { return *schema_; }
    [[nodiscard]] twenty::mode mode() const noexcept { return mode_; }
    [[nodiscard]] bool restricted() const noexcept { return objects_.has_value(); }

    [[nodiscard]] bool can_read(const object& o) const noexcept;
    [[nodiscard]] bool can_write(const object& o) const;
    // May full text be looked for in its records? Not in words that this grant may not see, and
    // not where it sees some records only: a search takes no filter.
    [[nodiscard]] bool can_search(const object& o) const;
    // Readable objects, by nameSingular.
    [[nodiscard]] std::vector<const object*> objects() const;

    // What a client called an object (singular, plural, label, any case, or a word that people
    // use for it where the workspace has no object of that name). errc::not_found with
    // the nearest readable names; errc::not_allowed when it exists outside the grant, or, for
    // writable(), when the mode is read.
    [[nodiscard]] result<readable_object> readable(std::string_view name) const;
    [[nodiscard]] result<writable_object> writable(std::string_view name) const;
    // The same for an object of the schema, or what a relation leads to; nothing when the grant
    // may not read it.
    [[nodiscard]] std::optional<readable_object> as_readable(const object& o) const;
    [[nodiscard]] std::optional<writable_object> as_writable(const object& o) const;
    [[nodiscard]] std::optional<readable_object> target(const relation& r) const;
    // By exact nameSingular, as relations name their targets.
    [[nodiscard]] std::optional<readable_object> by_singular(std::string_view name) const;

    // A relation may be followed when its target may be read, a list also only when all of its
    // records may. The join column goes with the relation.
    [[nodiscard]] bool can_follow(const relation& r) const noexcept;
    [[nodiscard]] std::vector<const relation*> relations(const field& f) const;
    // False for a relation field of which no target may be read and, in a grant limited to
    // certain objects, for fields that may tell of others.
    [[nodiscard]] bool visible(const field& f) const noexcept;
    [[nodiscard]] std::vector<const field*> fields(const object& o) const;
    // The field that names a record, or nullptr: there is none, or it is hidden.
    [[nodiscard]] const field* label(const object& o) const noexcept;
    // May this grant use that part of a composite? Who made a record is an id of a member, and how
    // (context) may tell of anything.
    [[nodiscard]] bool shows(field_type composite, std::string_view part) const noexcept;
    // Attachments and timeline entries have words of their own, but belong to other records. A
    // grant that may not read all of those sees the rows of its own objects only, in lists and
    // single reads that carry this filter, and changes none. Null: no such limit. Requests get it
    // from the readable_object that they are built for.
    [[nodiscard]] json::value scope(const object& o) const;
    // Every name under which this grant may use the object's fields: fields, join columns and
    // GraphQL names of relations. For near-miss suggestions.
    [[nodiscard]] std::vector<std::string> names(const object& o) const;

  private:
    // Has the grant a scope() for it? Asked for each relation, so without making one.
    [[nodiscard]] bool is_scoped(const object& o) const noexcept;

    schema_ptr schema_;
    twenty::mode mode_;
    std::optional<std::set<std::string>> objects_;
};

// The private detail of errors about an object or field that the schema lacks: it may be newer
// than the schema we hold, so callers may fetch the schema again.
inline constexpr std::string_view unknown_name = "unknown name";

// The name as the object spells it, when `written` differs only in case from exactly one of
// names(); otherwise `written` itself.
std::string exact_name(const access& may, const object& o, std::string_view written);

// Names the field, the object and the nearest names (errc::bad_request).
error unknown_field(const access& may, const object& o, std::string_view name);

// -- GraphQL documents written by the model -----------------------------------------------------

enum class endpoint { records, metadata }; // POST /graphql, POST /metadata
std::optional<endpoint> endpoint_of(std::string_view name) noexcept; // "graphql", "metadata"

enum class graphql_tool { query, mutation };

struct document_change; // twenty/document_change.hpp

// Judges a document and builds the request that carries exactly it. `variables` is an object
// or null; `operation_name` may be empty. errc::bad_request for what is malformed, unknown or
// ambiguous, errc::not_allowed for what the grant or this server does not offer; the message
// says what to change. Introspection: unrestricted grants only.
// Where `change` is given it becomes what a mutation of records changes.
result<request> graphql_request(const access& may, graphql_tool tool, endpoint where,
                                std::string_view document, const json::value& variables,
                                std::string_view operation_name = {},
                                document_change* change = nullptr);

} // namespace twenty
