#include "demo/metadata_api.hpp"

#include "base/text.hpp"
#include "demo/errors.hpp"
#include "demo/graphql_call.hpp"
#include "demo/metadata_shape.hpp"
#include "demo/metadata_view.hpp"
#include "demo/newer.hpp"
#include "embedded/demo_metadata_types_txt.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace demo {

namespace {

// A refused root takes the whole answer with it, for its type cannot be null.
struct denied {
    json::value error;
    bool before_all = false; // the document was not run: 400, and no data
};
using answer = std::variant<json::value, denied>;

denied deny(std::string message, json::value extensions) {
    return {json::make({{"message", std::move(message)}, {"extensions", std::move(extensions)}}),
            false};
}

denied http_error(std::string message, std::string_view code, std::string_view name, int status) {
    const auto inner = json::make({{"message", message}, {"error", name}, {"statusCode", status}});
    return deny(message, json::make({{"code", code},
                                     {"response", inner},
                                     {"userFriendlyMessage", "An error occurred."}}));
}

denied forbidden(const session& with) {
    if (!with.production) return http_error("Forbidden resource", "FORBIDDEN", "Forbidden", 403);
    return deny("Forbidden resource",
                json::make({{"code", "FORBIDDEN"}, {"userFriendlyMessage", "An error occurred."}}));
}

denied no_right(std::string_view code = "FORBIDDEN") {
    const std::string message = "Entity performing the request does not have permission";
    if (code != "FORBIDDEN")
        return deny(message, json::make({{"code", code},
                                         {"userFriendlyMessage",
                                          "You do not have permission to access this feature. "
                                          "Please contact your workspace administrator."}}));
    return deny(message, json::make({{"userFriendlyMessage", "User does not have permission."},
                                     {"subCode", "PERMISSION_DENIED"},
                                     {"code", code}}));
}

class executor {
  public:
    executor(session& with, const graphql_call& call, const type_system& types)
        : with_(with), call_(call), types_(types), view_(with, call) {}

    answer run(const graphql::field& f) {
        if (f.name == "__typename")
            return json::value(
                call_.operation->kind == graphql::operation_kind::mutation ? "Mutation" : "Query");
        if (f.name == "__schema") return picked(introspect_schema(types_), f);
        if (f.name == "__type") return picked(introspect_type(types_, text_argument(f, "name")), f);
        if (!with_.caller) return forbidden(with_);
        for (const auto& [name, method] : roots)
            if (name == f.name) return (this->*method)(f);
        return json::value();
    }

  private:
    using method = answer (executor::*)(const graphql::field&);
    static const std::array<std::pair<std::string_view, method>, 22> roots;

    json::value argument(const graphql::field& f, std::string_view name) const {
        return argument_of(f, name, call_.variables);
    }
    std::string text_argument(const graphql::field& f, std::string_view name) const {
        const json::value v = argument(f, name);
        return v.if_string() ? *v.if_string() : std::string();
    }
    json::value picked(const json::value& v, const graphql::field& f) const {
        return pick(v, f.selections, call_.document, call_.variables);
    }
    [[nodiscard]] bool is_admin() const {
        return permissions(with_.caller->who).may_change_schema();
    }

    answer objects(const graphql::field& f) {
        std::vector<const object*> found;
        const json::value filter = argument(f, "filter");
        for (const auto& o : with_.model.objects())
            if (meets_metadata_filter(describe_object(with_, o), filter)) found.push_back(&o);
        std::sort(found.begin(), found.end(),
                  [](const object* a, const object* b) { return a->id > b->id; });
        return view_.connection(found.size(), argument(f, "paging"), f,
                                [&](std::size_t i, const graphql::field& node) {
                                    return view_.object_node(*found[i], node);
                                });
    }

    answer one_object(const graphql::field& f) {
        const std::string id = text_argument(f, "id");
        const object* o = with_.model.find_id(id);
        if (!o)
            return http_error("Unable to find ObjectMetadataEntity with id: " + id, "NOT_FOUND",
                              "Not Found", 404);
        return view_.object_node(*o, f);
    }

    answer one_field(const graphql::field& f) {
        const std::string id = text_argument(f, "id");
        for (const auto& o : with_.model.objects())
            for (const auto& fd : o.fields)
                if (fd.id == id) return view_.field_node(o, fd, f);
        return http_error("Unable to find FieldMetadataEntity with id: " + id, "NOT_FOUND",
                          "Not Found", 404);
    }

    answer minimal(const graphql::field& f) {
        json::array items;
        for (const auto& o : with_.model.objects())
            items.emplace_back(describe_object(with_, o));
        json::array hashes;
        for (const std::string_view name : {"objectMetadata", "fieldMetadata", "index", "view"})
            hashes.push_back(
                json::make({{"collectionName", name},
                            {"hash", text::hex_encode(uuid_of(std::string(name) +
                                                              std::to_string(with_.model.version()))
                                                          .substr(0, 8))}}));
        return picked(json::make({{"objectMetadataItems", std::move(items)},
                                  {"collectionHashes", std::move(hashes)}}),
                      f);
    }

    // -- the workspace ---------------------------------------------------------------------

    json::value application(bool custom) const {
        const std::string& id =
            custom ? with_.facts.custom_application : with_.facts.standard_application;
        return json::make({{"id", id},
                           {"name", custom ? "Custom" : "Standard"},
                           {"description", nullptr},
                           {"version", nullptr},
                           {"universalIdentifier",
                            custom ? id : std::string("20202020-64aa-4b6f-b003-9c74b97cee20")}});
    }
    json::value applications() const { return json::list({application(false), application(true)}); }

    answer current_workspace(const graphql::field& f) {
        const std::string made_at = iso_date_time(with_.facts.started);
        const auto* members = with_.model.find_singular("workspaceMember");
        return picked(json::make({{"id", with_.facts.id},
                                  {"displayName", with_.facts.name},
                                  {"logo", ""},
                                  {"inviteHash", "demo-invite"},
                                  {"createdAt", made_at},
                                  {"updatedAt", made_at},
                                  {"activationStatus", "ACTIVE"},
                                  {"metadataVersion", with_.model.version()},
                                  {"databaseSchema", ""},
                                  {"subdomain", with_.facts.subdomain},
                                  {"customDomain", nullptr},
                                  {"workspaceMembersCount", with_.data.of(*members).size()},
                                  {"featureFlags", json::array()},
                                  {"workspaceCustomApplication", application(true)},
                                  {"workspaceCustomApplicationId", with_.facts.custom_application},
                                  {"installedApplications", applications()}}),
                      f);
    }

    answer find_applications(const graphql::field& f) {
        if (!is_admin()) return no_right("INTERNAL_SERVER_ERROR");
        return picked(applications(), f);
    }

    answer api_keys(const graphql::field& f) {
        if (!is_admin()) return no_right();
        json::array out;
        for (const auto& key : with_.keys.keys())
            out.push_back(
                json::make({{"id", key.id},
                            {"name", key.name},
                            {"expiresAt", iso_date_time(with_.facts.started)},
                            {"revokedAt", key.who == role::revoked
                                              ? json::value(iso_date_time(with_.facts.started))
                                              : json::value()},
                            {"role", json::make({{"id", uuid_of("role:" + key.name)},
                                                 {"label", key.name},
                                                 {"description", nullptr}})}}));
        return picked(std::move(out), f);
    }

    answer roles(const graphql::field& f) {
        if (!is_admin()) return no_right();
        json::array out;
        for (const auto& key : with_.keys.keys())
            out.push_back(json::make({{"id", uuid_of("role:" + key.name)},
                                      {"label", key.name},
                                      {"description", nullptr}}));
        return picked(std::move(out), f);
    }

    answer current_user(const graphql::field&) { return forbidden(with_); }
    answer webhooks(const graphql::field&) {
        if (!is_admin()) return no_right();
        return json::value(json::array());
    }

    answer validation_rules(const graphql::field& f) {
        return picked(rules_of(with_.model, text_argument(f, "objectMetadataId")), f);
    }

    answer create_api_key(const graphql::field&) {
        return deny("This endpoint requires a session access token",
                    json::make({{"subCode", "FORBIDDEN_EXCEPTION"},
                                {"userFriendlyMessage",
                                 "You do not have permission to perform this action."},
                                {"code", "FORBIDDEN"}}));
    }

    answer create_object(const graphql::field& f) {
        if (!is_admin()) return no_right();
        const json::value input = argument(f, "input");
        const json::value* given = input.find("object");
        if (!given || given->text("nameSingular").empty() || given->text("namePlural").empty() ||
            with_.model.find_singular(given->text("nameSingular")))
            return http_error("Object name is not available", "BAD_USER_INPUT", "Bad Request", 400);
        object made;
        made.singular = given->text("nameSingular");
        made.plural = given->text("namePlural");
        made.label = given->text("labelSingular");
        made.labels = given->text("labelPlural");
        made.icon = given->text("icon", "IconBox");
        return view_.object_node(with_.model.add_object(std::move(made)), f);
    }

    answer create_field(const graphql::field& f) {
        if (!is_admin()) return no_right();
        const json::value input = argument(f, "input");
        const json::value* given = input.find("field");
        field made;
        if (given) {
            made.name = given->text("name");
            made.label = given->text("label");
            made.type = find_field_type(given->text("type"));
            if (const auto* fallback = given->find("defaultValue")) made.fallback = *fallback;
            if (const auto* options = given->find("options"); options && options->if_array())
                for (const auto& o : *options->if_array())
                    made.options.push_back(
                        {std::string(o.text("value")), std::string(o.text("color"))});
        }
        if (!made.type || made.name.empty())
            return http_error("Field type or name is missing", "BAD_USER_INPUT", "Bad Request",
                              400);
        const std::string owner(given->text("objectMetadataId"));
        const auto added = with_.model.add_field(owner, std::move(made));
        if (!added)
            return http_error(added.failure().message, "BAD_USER_INPUT", "Bad Request", 400);
        return view_.field_node(*with_.model.find_id(owner), **added, f);
    }

    // -- saved views; every role reads them, an admin's writes them --------------------------

    answer get_views(const graphql::field& f) {
        return picked(with_.views.of_object(text_argument(f, "objectMetadataId")), f);
    }
    answer get_view(const graphql::field& f) {
        return shown(with_.views.find(text_argument(f, "id")), f);
    }
    answer create_view(const graphql::field& f) {
        if (!is_admin()) return no_views();
        return shown(&with_.views.add(argument(f, "input"), with_.now), f);
    }
    answer update_view(const graphql::field& f) {
        if (!is_admin()) return no_views();
        return shown(with_.views.change(text_argument(f, "id"), argument(f, "input"), with_.now),
                     f);
    }
    answer delete_view(const graphql::field& f) {
        if (!is_admin()) return no_views();
        const std::string id = text_argument(f, "id");
        const bool there = f.name == "destroyView" || with_.views.find(id);
        with_.views.erase(id);
        return json::value(there);
    }
    answer create_view_part(const graphql::field& f) {
        if (!is_admin()) return no_views();
        const json::value input = argument(f, "input");
        if (auto wrong = unknown_choice("ViewFilterOperand", input.text("operand"))) return *wrong;
        const auto id = input.text("fieldMetadataId");
        for (const auto& o : with_.model.objects())
            for (const auto& fd : o.fields)
                if (fd.id == id)
                    return shown(with_.views.add_part(f.name == "createViewSort" ? "viewSorts"
                                                                                 : "viewFilters",
                                                      input, with_.now),
                                 f);
        return deny("Could not find fieldMetadata for given fieldMetadataId",
                    json::make({{"code", "INTERNAL_SERVER_ERROR"},
                                {"userFriendlyMessage", "An error occurred."}}));
    }
    std::optional<denied> unknown_choice(std::string_view type, std::string_view value) const {
        const auto* found = types_.find(type);
        if (value.empty() || !found || found->find(value)) return std::nullopt;
        denied out = deny("Value \"" + std::string(value) + "\" does not exist in \"" +
                              std::string(type) + "\" enum.",
                          json::make({{"http", json::make({{"status", 400}})},
                                      {"code", "BAD_USER_INPUT"},
                                      {"userFriendlyMessage", "An error occurred."}}));
        out.before_all = true;
        return out;
    }
    answer shown(const json::value* v, const graphql::field& f) const {
        return v ? picked(*v, f) : json::value();
    }
    static denied no_views() {
        return deny("You do not have permission to create workspace-level views",
                    json::make({{"userFriendlyMessage",
                                 "You don't have permission to create workspace-level views."},
                                {"code", "FORBIDDEN"}}));
    }

    session& with_;
    const graphql_call& call_;
    const type_system& types_;
    metadata_view view_;
};

const std::array<std::pair<std::string_view, executor::method>, 22> executor::roots{{
    {"objects", &executor::objects},
    {"object", &executor::one_object},
    {"field", &executor::one_field},
    {"minimalMetadata", &executor::minimal},
    {"currentWorkspace", &executor::current_workspace},
    {"findManyApplications", &executor::find_applications},
    {"apiKeys", &executor::api_keys},
    {"getRoles", &executor::roles},
    {"currentUser", &executor::current_user},
    {"webhooks", &executor::webhooks},
    {"validationRules", &executor::validation_rules},
    {"createApiKey", &executor::create_api_key},
    {"createOneObject", &executor::create_object},
    {"createOneField", &executor::create_field},
    {"getViews", &executor::get_views},
    {"getView", &executor::get_view},
    {"createView", &executor::create_view},
    {"updateView", &executor::update_view},
    {"deleteView", &executor::delete_view},
    {"destroyView", &executor::delete_view},
    {"createViewFilter", &executor::create_view_part},
    {"createViewSort", &executor::create_view_part},
}};

} // namespace

response answer_metadata(session& with, const request& r) {
    auto read = read_graphql_call(r);
    if (auto* refused = std::get_if<response>(&read)) return *refused;
    const auto& call = std::get<graphql_call>(read);
    if (!call.operation)
        return graphql_refused(call,
                               {json::make({{"message", "Must provide operation name if query "
                                                        "contains multiple operations."}})});
    type_system types = parse_types(embedded::demo_metadata_types_txt, with.old_schema);
    if (with.model.newer()) add_rule_types(types);
    auto errors = with.production && !with.caller ? closed_introspection(call) : json::array();
    if (errors.empty()) errors = unknown_fields(types, call.document, *call.operation);
    if (!errors.empty()) return graphql_refused(call, std::move(errors));
    executor run(with, call, types);
    json::object data;
    for (const auto* f : flatten(call.operation->selections, call.document, call.variables)) {
        auto done = run.run(*f);
        auto* no = std::get_if<denied>(&done);
        if (no && no->before_all)
            return json_response(400, json::make({{"errors", json::list({std::move(no->error)})}}));
        if (no)
            return json_response(200, json::make({{"errors", json::list({std::move(no->error)})},
                                                  {"data", nullptr}}));
        data.set(f->key(), std::move(std::get<json::value>(done)));
    }
    return json_response(200, json::make({{"data", std::move(data)}}));
}

} // namespace demo
