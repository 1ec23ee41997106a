#include "demo/metadata_call.hpp"

namespace demo {

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

denied no_right(std::string_view code) {
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

json::value metadata_call::argument(const graphql::field& f, std::string_view name) const {
    return argument_of(f, name, call.variables);
}

std::string metadata_call::text_argument(const graphql::field& f, std::string_view name) const {
    const json::value v = argument(f, name);
    return v.if_string() ? *v.if_string() : std::string();
}

json::value metadata_call::picked(const json::value& v, const graphql::field& f) const {
    return pick(v, f.selections, call.document, call.variables);
}

bool metadata_call::is_admin() const { return permissions(with.caller->who).may_change_schema(); }

} // namespace demo
