#include "demo/metadata_call.hpp"

#include <array>
#include <optional>

namespace demo {

namespace {

// Every role reads saved views, an admin's writes them.

std::optional<denied> unknown_choice(const metadata_call& c, std::string_view type,
                                     std::string_view value) {
    const auto* found = c.types.find(type);
    if (value.empty() || !found || found->find(value)) return std::nullopt;
    denied out = deny("Value \"" + std::string(value) + "\" does not exist in \"" +
                          std::string(type) + "\" enum.",
                      json::make({{"http", json::make({{"status", 400}})},
                                  {"code", "BAD_USER_INPUT"},
                                  {"userFriendlyMessage", "An error occurred."}}));
    out.before_all = true;
    return out;
}

metadata_answer shown(const metadata_call& c, const json::value* v, const graphql::field& f) {
    return v ? c.picked(*v, f) : json::value();
}

denied no_views() {
    return deny("You do not have permission to create workspace-level views",
                json::make({{"userFriendlyMessage",
                             "You don't have permission to create workspace-level views."},
                            {"code", "FORBIDDEN"}}));
}

metadata_answer get_views(metadata_call& c, const graphql::field& f) {
    return c.picked(c.with.views.of_object(c.text_argument(f, "objectMetadataId")), f);
}
metadata_answer get_view(metadata_call& c, const graphql::field& f) {
    return shown(c, c.with.views.find(c.text_argument(f, "id")), f);
}
metadata_answer create_view(metadata_call& c, const graphql::field& f) {
    if (!c.is_admin()) return no_views();
    return shown(c, &c.with.views.add(c.argument(f, "input"), c.with.now), f);
}
metadata_answer update_view(metadata_call& c, const graphql::field& f) {
    if (!c.is_admin()) return no_views();
    return shown(
        c, c.with.views.change(c.text_argument(f, "id"), c.argument(f, "input"), c.with.now), f);
}
metadata_answer delete_view(metadata_call& c, const graphql::field& f) {
    if (!c.is_admin()) return no_views();
    const std::string id = c.text_argument(f, "id");
    const bool there = f.name == "destroyView" || c.with.views.find(id);
    c.with.views.erase(id);
    return json::value(there);
}
metadata_answer create_view_part(metadata_call& c, const graphql::field& f) {
    if (!c.is_admin()) return no_views();
    const json::value input = c.argument(f, "input");
    if (auto wrong = unknown_choice(c, "ViewFilterOperand", input.text("operand"))) return *wrong;
    const auto id = input.text("fieldMetadataId");
    for (const auto& o : c.with.model.objects())
        for (const auto& fd : o.fields)
            if (fd.id == id)
                return shown(
                    c,
                    c.with.views.add_part(f.name == "createViewSort" ? "viewSorts" : "viewFilters",
                                          input, c.with.now),
                    f);
    return deny("Could not find fieldMetadata for given fieldMetadataId",
                json::make({{"code", "INTERNAL_SERVER_ERROR"},
                            {"userFriendlyMessage", "An error occurred."}}));
}

constexpr std::array<metadata_root, 8> roots_of_views{{
    {"getViews", get_views},
    {"getView", get_view},
    {"createView", create_view},
    {"updateView", update_view},
    {"deleteView", delete_view},
    {"destroyView", delete_view},
    {"createViewFilter", create_view_part},
    {"createViewSort", create_view_part},
}};

} // namespace

std::span<const metadata_root> view_roots() { return roots_of_views; }

} // namespace demo
