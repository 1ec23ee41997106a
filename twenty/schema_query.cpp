#include "twenty/schema_query.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace twenty {

namespace {

// A server that still refuses after five rounds is none that we know, nor is one whose objects fill
// more than 20 pages of 1000.
constexpr int most_repairs = 5;
constexpr int most_pages = 20;

request metadata_post(std::string_view document) {
    request r;
    r.target = "/metadata";
    json::writer body;
    body.begin_object().member("query", document).end_object();
    r.body = body.take();
    r.safe_to_repeat = true;
    return r;
}

constexpr std::array<const char*, 3> introspected{"Object", "Field", "Workspace"};

// The last one asks beside it for a type without which there are no rules for records.
std::string type_query(std::size_t which) {
    const std::string rules =
        which + 1 == introspected.size() ? " rule:__type(name:\"ValidationRule\"){name}" : "";
    return "query MetadataType{__type(name:\"" + std::string(introspected[which]) +
           "\"){fields{name}}" + rules + "}";
}

// object_wishes and field_wishes are what we want to know, of which each server has a part: Twenty
// 2.19 has no isCustom any more, so that a fixed query would fail on one server or another.
constexpr const char* object_wishes[] = {"id",
                                         "nameSingular",
                                         "namePlural",
                                         "labelSingular",
                                         "labelPlural",
                                         "description",
                                         "isActive",
                                         "isSystem",
                                         "isSearchable",
                                         "isCustom",
                                         "applicationId",
                                         "labelIdentifierFieldMetadataId",
                                         "duplicateCriteria"};
constexpr const char* field_wishes[] = {"id",       "name",          "label",       "description",
                                        "type",     "isActive",      "isSystem",    "isNullable",
                                        "isUnique", "defaultValue",  "options",     "settings",
                                        "isCustom", "applicationId", "isUIEditable"};
constexpr const char* ends =
    "{type targetObjectMetadata{nameSingular namePlural} targetFieldMetadata{name}}";

// Cannot query field "x" on type "Y"
std::optional<std::pair<std::string, std::string>> refused_field(std::string_view message) {
    constexpr std::string_view head = "Cannot query field \"";
    constexpr std::string_view middle = "\" on type \"";
    const auto from = message.find(head);
    if (from == std::string_view::npos) return std::nullopt;
    message.remove_prefix(from + head.size());
    const auto between = message.find(middle);
    if (between == std::string_view::npos) return std::nullopt;
    const auto type = message.substr(between + middle.size());
    const auto end = type.find('"');
    if (end == std::string_view::npos) return std::nullopt;
    return std::pair(std::string(message.substr(0, between)), std::string(type.substr(0, end)));
}

// Float! in Twenty's schema, a count all the same.
std::optional<std::int64_t> version_of(const json::value& workspace) {
    const auto* version = workspace.find("metadataVersion");
    return version ? version->as_int() : std::nullopt;
}

} // namespace

request metadata_version_request() {
    return metadata_post("query MetadataVersion{currentWorkspace{id metadataVersion}}");
}

result<std::int64_t> read_metadata_version(const response& r, std::string_view workspace_id) {
    const auto a = read_graphql(r);
    if (!a.ok()) return a.failure();
    const auto* w = a.data.find("currentWorkspace");
    if (w && w->text("id") != workspace_id)
        return error{errc::upstream_auth, "The API key belongs to another workspace now."};
    const auto version = w ? version_of(*w) : std::nullopt;
    if (!version)
        return error{errc::upstream_refused, "Twenty named no version of its objects and fields."};
    return *version;
}

std::optional<request> schema_loader::next() const {
    switch (step_) {
    case step::types:
        return metadata_post(type_query(type_));
    case step::workspace:
        return metadata_post(workspace_query());
    case step::objects:
        return metadata_post(objects_query());
    case step::finished:
        return std::nullopt;
    }
    return std::nullopt;
}

// schema_loader goes through its steps in one direction: each type that is introspected, the
// workspace, the objects page by page, finished. feed() alone moves it. A refused step is asked
// again with less (repair()); a type whose introspection is refused is passed over.
result<done> schema_loader::feed(const response& r) {
    switch (step_) {
    case step::types:
        return feed_types(r);
    case step::workspace:
        return feed_workspace(r);
    case step::objects:
        return feed_objects(r);
    case step::finished:
        break;
    }
    return error{errc::internal, "the schema is loaded already"};
}

result<done> schema_loader::feed_types(const response& r) {
    const auto a = read_graphql(r);
    // A server without introspection is asked for everything; only a dead end stops here.
    if (!a.ok() && a.failure().code != errc::bad_request && a.failure().code != errc::not_allowed)
        return a.failure();
    std::array<type_fields*, 3> all{&object_, &field_, &workspace_};
    auto& type = *all[type_];
    // A type that introspection does not show is asked for all that we want, and repair() takes
    // back what is refused.
    const auto* listed = a.data.at("__type", "fields");
    if (const auto* fields = listed ? listed->if_array() : nullptr) {
        for (const auto& f : *fields)
            type.names.emplace(f.text("name"));
        type.known = !type.names.empty();
    }
    if (const auto* rule = a.data.find("rule"); rule && rule->is_object()) has_rules_ = true;
    if (++type_ == introspected.size()) step_ = step::workspace;
    return done{};
}

std::string schema_loader::workspace_query() const {
    std::string q = "query CurrentWorkspace{currentWorkspace{id";
    // Asked before the objects: a change between the two makes the version too low, never the
    // schema older than its version says.
    if (workspace_.known && workspace_.has("metadataVersion")) q += " metadataVersion";
    if (workspace_.has("displayName")) q += " displayName";
    if (workspace_.has("workspaceCustomApplicationId"))
        q += " workspaceCustomApplicationId";
    else if (workspace_.known && workspace_.has("workspaceCustomApplication"))
        q += " workspaceCustomApplication{id}";
    if (workspace_.has("installedApplications"))
        q += " installedApplications{id name universalIdentifier}";
    return q + "}}";
}

result<done> schema_loader::feed_workspace(const response& r) {
    const auto a = read_graphql(r);
    if (!a.ok()) return repair(a);
    const auto* w = a.data.find("currentWorkspace");
    if (!w || !text::is_uuid(w->text("id")))
        return error{errc::upstream_down, "Twenty didn't name the key's workspace."};
    facts_.workspace_id = w->text("id");
    metadata_version_ = version_of(*w);
    facts_.workspace_name = text::without_invisible(w->text("displayName"), false);
    facts_.custom_application = w->text("workspaceCustomApplicationId");
    if (const auto* id = w->at("workspaceCustomApplication", "id"); id && id->if_string())
        facts_.custom_application = *id->if_string();
    if (const auto* apps = w->find("installedApplications"); apps && apps->if_array())
        for (const auto& app : *apps->if_array())
            facts_.applications.push_back({std::string(app.text("id")),
                                           std::string(app.text("name")),
                                           std::string(app.text("universalIdentifier"))});
    repairs_ = 0;
    step_ = step::objects;
    return done{};
}

std::string schema_loader::field_selection() const {
    std::string q = "{";
    for (const auto* name : field_wishes)
        if (field_.has(name)) (q += name) += ' ';
    if (!field_.has("isUIEditable") && field_.has("isUIReadOnly")) q += "isUIReadOnly ";
    if (field_.has("relation"))
        (q += "relation") += ends;
    else if (field_.has("relationDefinition")) // until 1.x
        q += "relationDefinition{direction targetObjectMetadata{nameSingular namePlural} "
             "targetFieldMetadata{name}}";
    if (field_.has("morphRelations")) (q += " morphRelations") += ends;
    return q + "}";
}

// Twenty answers an operation of this very name from a cache of its own.
std::string schema_loader::objects_query() const {
    std::string q = "query ObjectMetadataItems{objects(paging:{first:1000";
    if (!cursor_.empty()) {
        q += ",after:";
        json::append_escaped(q, cursor_);
    }
    q += "}";
    if (filter_active_) q += ",filter:{isActive:{is:true}}";
    q += "){pageInfo{hasNextPage endCursor} edges{node{";
    for (const auto* name : object_wishes)
        if (object_.has(name)) (q += name) += ' ';
    q += object_.has("fieldsList")
             ? "fieldsList" + field_selection()
             : "fields(paging:{first:1000}){edges{node" + field_selection() + "}}";
    return q + "}}}}";
}

result<done> schema_loader::feed_objects(const response& r) {
    const auto a = read_graphql(r);
    if (!a.ok()) return repair(a);
    const auto* found = a.data.find("objects");
    const auto* edges = found ? found->find("edges") : nullptr;
    if (!edges || !edges->if_array())
        return error{errc::upstream_down, "Twenty's list of objects has an unknown form."};
    for (const auto& edge : *edges->if_array())
        if (const auto* node = edge.find("node"))
            if (auto o = read_object(*node, facts_)) objects_.push_back(*std::move(o));
    const auto* page = found->find("pageInfo");
    const std::string next(page ? page->text("endCursor") : "");
    // A cursor that does not move would be followed for ever.
    const bool more = page && page->flag("hasNextPage") && !next.empty() && next != cursor_;
    if (more && ++pages_ < most_pages) {
        cursor_ = next;
        return done{};
    }
    if (objects_.empty())
        return error{errc::upstream_refused, "Twenty lists no objects for this key."};
    ready_ = std::make_shared<const schema>(facts_.workspace_id, facts_.workspace_name,
                                            std::move(objects_), metadata_version_, has_rules_);
    step_ = step::finished;
    return done{};
}

// repair() takes back what the errors name and leaves the step as it is, so that next() asks the
// same with less. An error that names nothing of ours ends the load.
result<done> schema_loader::repair(const answer& a) {
    bool dropped = false;
    for (const auto& e : a.errors)
        dropped = drop(e.message) || dropped;
    if (dropped && ++repairs_ <= most_repairs) return done{};
    return a.failure();
}

bool schema_loader::drop(std::string_view message) {
    if (filter_active_ && (message.find("ObjectFilter") != std::string_view::npos ||
                           message.find("Unknown argument \"filter\"") != std::string_view::npos)) {
        filter_active_ = false;
        return true;
    }
    const auto refused = refused_field(message);
    if (!refused) return false;
    const auto& [name, on] = *refused;
    // Old servers write these type names in lower case.
    auto* type = text::iequals(on, "Object")      ? &object_
                 : text::iequals(on, "Field")     ? &field_
                 : text::iequals(on, "Workspace") ? &workspace_
                                                  : nullptr;
    return type && type->dropped.insert(name).second;
}

schema_ptr schema_loader::take() { return std::move(ready_); }

} // namespace twenty
