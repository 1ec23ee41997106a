#include "twenty/metadata_types.hpp"

namespace twenty::metadata {

namespace {

constexpr member queries[] = {
    {"objects", "ObjectConnection"},
    {"object", "Object"},
    {"fields", "FieldConnection"},
    {"field", "Field"},
    {"indexMetadatas", "IndexConnection"},
    {"index", "Index"},
    {"minimalMetadata", "MinimalMetadata"},
    {"currentWorkspace", "Workspace"},
    {"objectRecordCounts", "RecordCount"},
    {"getViews", "View"},
    {"getView", "View"},
};
// Nothing that deletes: dropping an object or a field drops its data for good, and everything
// that this server deletes can be restored.
constexpr member mutations[] = {
    {"createOneObject", "Object"},
    {"updateOneObject", "Object"},
    {"createOneField", "Field"},
    {"updateOneField", "Field"},
    {"createOneRelationMetadata", "Relation"},
};

constexpr member object_members[] = {{"fieldsList", "Field"},
                                     {"fields", "FieldConnection"},
                                     {"indexMetadataList", "Index"},
                                     {"indexMetadatas", "IndexConnection"},
                                     {"searchFieldMetadataList", "SearchField"}};
constexpr member field_members[] = {{"relation", "Relation"},
                                    {"morphRelations", "Relation"},
                                    {"relationDefinition", "Relation"},
                                    {"object", "Object"}};
constexpr member relation_members[] = {
    {"sourceObjectMetadata", "Object"}, {"targetObjectMetadata", "Object"},
    {"fromObjectMetadata", "Object"},   {"toObjectMetadata", "Object"},
    {"sourceFieldMetadata", "Field"},   {"targetFieldMetadata", "Field"}};
constexpr member index_members[] = {{"indexFieldMetadataList", "IndexField"}};
constexpr member object_page[] = {{"edges", "ObjectEdge"}, {"pageInfo", "PageInfo"}};
constexpr member field_page[] = {{"edges", "FieldEdge"}, {"pageInfo", "PageInfo"}};
constexpr member index_page[] = {{"edges", "IndexEdge"}, {"pageInfo", "PageInfo"}};
constexpr member object_edge[] = {{"node", "Object"}};
constexpr member field_edge[] = {{"node", "Field"}};
constexpr member index_edge[] = {{"node", "Index"}};
constexpr member minimal_members[] = {{"objectMetadataItems", "MinimalObject"},
                                      {"collectionHashes", "CollectionHash"}};
constexpr member view_members[] = {{"viewFields", "ViewPart"},
                                   {"viewFilters", "ViewPart"},
                                   {"viewSorts", "ViewPart"},
                                   {"viewGroups", "ViewPart"}};
// Threat: currentWorkspace carries the invitation hash, billing and sign-in settings.
// Defence: its leaves are listed one by one.
constexpr member workspace_members[] = {{"id", ""},
                                        {"displayName", ""},
                                        {"subdomain", ""},
                                        {"customDomain", ""},
                                        {"activationStatus", ""},
                                        {"createdAt", ""},
                                        {"updatedAt", ""},
                                        {"trashRetentionDays", ""},
                                        {"metadataVersion", ""},
                                        {"workspaceMembersCount", ""},
                                        {"workspaceCustomApplicationId", ""},
                                        {"workspaceCustomApplication", "Application"},
                                        {"installedApplications", "Application"}};
constexpr member application_members[] = {
    {"id", ""}, {"name", ""}, {"description", ""}, {"version", ""}, {"universalIdentifier", ""}};

// types says what can be selected. Leaves of a type that only describes the data model are open,
// because every version of Twenty has others; a member with a selection of its own has to be
// listed, because it may lead to people or keys.
constexpr type types[] = {
    {"Object", true, object_members},
    {"Field", true, field_members},
    {"Relation", true, relation_members},
    {"Index", true, index_members},
    {"IndexField", true, {}},
    {"SearchField", true, {}},
    {"ObjectConnection", true, object_page},
    {"FieldConnection", true, field_page},
    {"IndexConnection", true, index_page},
    {"ObjectEdge", true, object_edge},
    {"FieldEdge", true, field_edge},
    {"IndexEdge", true, index_edge},
    {"PageInfo", true, {}},
    {"MinimalMetadata", false, minimal_members},
    {"MinimalObject", true, {}},
    {"CollectionHash", true, {}},
    {"RecordCount", true, {}},
    {"View", true, view_members},
    {"ViewPart", true, {}},
    {"Workspace", false, workspace_members},
    {"Application", false, application_members},
};

} // namespace

std::span<const member> query_roots() noexcept { return queries; }
std::span<const member> mutation_roots() noexcept { return mutations; }

const type* find_type(std::string_view name) noexcept {
    for (const auto& t : types)
        if (t.name == name) return &t;
    return nullptr;
}

} // namespace twenty::metadata
