#include "demo/metadata_call.hpp"

#include <array>

namespace demo {

namespace {

json::value application(const metadata_call& c, bool custom) {
    const std::string& id =
        custom ? c.with.facts.custom_application : c.with.facts.standard_application;
    return json::make({{"id", id},
                       {"name", custom ? "Custom" : "Standard"},
                       {"description", nullptr},
                       {"version", nullptr},
                       {"universalIdentifier",
                        custom ? id : std::string("20202020-64aa-4b6f-b003-9c74b97cee20")}});
}
json::value applications(const metadata_call& c) {
    return json::list({application(c, false), application(c, true)});
}

metadata_answer current_workspace(metadata_call& c, const graphql::field& f) {
    const std::string made_at = iso_date_time(c.with.facts.started);
    const auto* members = c.with.model.find_singular("workspaceMember");
    return c.picked(json::make({{"id", c.with.facts.id},
                                {"displayName", c.with.facts.name},
                                {"logo", ""},
                                {"inviteHash", "demo-invite"},
                                {"createdAt", made_at},
                                {"updatedAt", made_at},
                                {"activationStatus", "ACTIVE"},
                                {"metadataVersion", c.with.model.version()},
                                {"databaseSchema", ""},
                                {"subdomain", c.with.facts.subdomain},
                                {"customDomain", nullptr},
                                {"workspaceMembersCount", c.with.data.of(*members).size()},
                                {"featureFlags", json::array()},
                                {"workspaceCustomApplication", application(c, true)},
                                {"workspaceCustomApplicationId", c.with.facts.custom_application},
                                {"installedApplications", applications(c)}}),
                    f);
}

metadata_answer find_applications(metadata_call& c, const graphql::field& f) {
    if (!c.is_admin()) return no_right("INTERNAL_SERVER_ERROR");
    return c.picked(applications(c), f);
}

metadata_answer api_keys(metadata_call& c, const graphql::field& f) {
    if (!c.is_admin()) return no_right();
    json::array out;
    for (const auto& key : c.with.keys.keys())
        out.push_back(
            json::make({{"id", key.id},
                        {"name", key.name},
                        {"expiresAt", iso_date_time(c.with.facts.started)},
                        {"revokedAt", key.who == role::revoked
                                          ? json::value(iso_date_time(c.with.facts.started))
                                          : json::value()},
                        {"role", json::make({{"id", uuid_of("role:" + key.name)},
                                             {"label", key.name},
                                             {"description", nullptr}})}}));
    return c.picked(std::move(out), f);
}

metadata_answer roles(metadata_call& c, const graphql::field& f) {
    if (!c.is_admin()) return no_right();
    json::array out;
    for (const auto& key : c.with.keys.keys())
        out.push_back(json::make(
            {{"id", uuid_of("role:" + key.name)}, {"label", key.name}, {"description", nullptr}}));
    return c.picked(std::move(out), f);
}

metadata_answer current_user(metadata_call& c, const graphql::field&) { return forbidden(c.with); }
metadata_answer webhooks(metadata_call& c, const graphql::field&) {
    if (!c.is_admin()) return no_right();
    return json::value(json::array());
}

metadata_answer create_api_key(metadata_call&, const graphql::field&) {
    return deny(
        "This endpoint requires a session access token",
        json::make({{"subCode", "FORBIDDEN_EXCEPTION"},
                    {"userFriendlyMessage", "You do not have permission to perform this action."},
                    {"code", "FORBIDDEN"}}));
}

constexpr std::array<metadata_root, 7> roots_of_workspace{{
    {"currentWorkspace", current_workspace},
    {"findManyApplications", find_applications},
    {"apiKeys", api_keys},
    {"getRoles", roles},
    {"currentUser", current_user},
    {"webhooks", webhooks},
    {"createApiKey", create_api_key},
}};

} // namespace

std::span<const metadata_root> workspace_roots() { return roots_of_workspace; }

} // namespace demo
