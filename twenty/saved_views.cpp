#include "twenty/saved_views.hpp"

#include "twenty/graphql_post.hpp"

namespace twenty {

namespace {

// Nothing but what is used. Twenty's argument is a String.
constexpr const char* document =
    "query($o:String!){getViews(objectMetadataId:$o){id name type visibility anyFieldFilterValue "
    "viewFilters{id fieldMetadataId operand value subFieldName viewFilterGroupId} "
    "viewFilterGroups{id parentViewFilterGroupId logicalOperator} "
    "viewSorts{fieldMetadataId direction} "
    "viewFields{fieldMetadataId isVisible position}}}";

} // namespace

request views_request(const readable_object& of) {
    // graphql_post() makes a request of /graphql; views are metadata.
    auto r = graphql_post(document, json::make({{"o", of->id}}));
    r.target = "/metadata";
    return r;
}

} // namespace twenty
