#include "twenty/graphql_post.hpp"

namespace twenty {

bool filled(const json::value& v) {
    if (const auto* o = v.if_object()) return !o->empty();
    if (const auto* a = v.if_array()) return !a->empty();
    return !v.is_null();
}

// graphql_post() makes a read. Builders of changes mark the request as a write, and say whether it
// may be repeated.
request graphql_post(std::string_view document, json::value variables) {
    request r;
    r.target = "/graphql";
    r.safe_to_repeat = true;
    json::writer body;
    body.begin_object().member("query", document);
    if (filled(variables)) body.member("variables", variables);
    body.end_object();
    r.body = body.take();
    return r;
}

} // namespace twenty
