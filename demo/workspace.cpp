#include "demo/workspace.hpp"

#include "base/text.hpp"
#include "demo/graphql_api.hpp"
#include "demo/graphql_call.hpp"
#include "demo/metadata_api.hpp"
#include "demo/newer.hpp"
#include "demo/rest_api.hpp"
#include "demo/rest_query.hpp"

#include <array>
#include <variant>

namespace demo {

namespace {

constexpr std::size_t longest_target = 16'000;

template <class T> using switch_row = std::pair<std::string_view, T switches::*>;
constexpr std::array<switch_row<int>, 7> counters{{{"latency_ms", &switches::latency_ms},
                                                   {"answer_429", &switches::answer_429},
                                                   {"answer_500", &switches::answer_500},
                                                   {"answer_html", &switches::answer_html},
                                                   {"answer_402", &switches::answer_402},
                                                   {"hang", &switches::hang},
                                                   {"empty_reply", &switches::empty_reply}}};
constexpr std::array<switch_row<bool>, 3> flags{{{"rate_limit", &switches::rate_limit},
                                                 {"old_schema", &switches::old_schema},
                                                 {"production", &switches::production}}};

bool once(int& counter) {
    if (counter <= 0) return false;
    --counter;
    return true;
}

response not_found(const request& r) {
    return json_response(
        404, json::make({{"message", "Cannot " + r.method + " " + std::string(path_of(r.target))},
                         {"error", "Not Found"},
                         {"statusCode", 404}}));
}

response health() {
    return json_response(200, json::make({{"status", "ok"},
                                          {"info", json::object()},
                                          {"error", json::object()},
                                          {"details", json::object()}}));
}

response client_config() {
    return json_response(
        200, json::make({{"billing", json::make({{"isBillingEnabled", false}})},
                         {"isMultiWorkspaceEnabled", false},
                         {"defaultSubdomain", "app"},
                         {"frontDomain", "localhost"},
                         {"api", json::make({{"mutationMaximumAffectedRecords", 100}})}}));
}

// -- who asks -------------------------------------------------------------------------------

struct refused_key {
    std::string message;
    int status;
    std::string_view name;
};
// The key, nullptr without credentials, or why it is refused.
using identity = std::variant<const api_key*, refused_key>;

identity identify(const key_ring& keys, std::string_view authorization) {
    static constexpr std::string_view scheme = "bearer ";
    if (!text::starts_with_ci(authorization, scheme)) return nullptr; // Basic counts as none
    const api_key* key = keys.find(text::trim(authorization.substr(scheme.size())));
    if (!key) return refused_key{"Token invalid.", 401, "UNAUTHENTICATED"};
    if (key->who == role::expired) return refused_key{"Token has expired.", 401, "UNAUTHENTICATED"};
    if (key->who == role::revoked)
        return refused_key{"This API Key is revoked", 403, "FORBIDDEN_EXCEPTION"};
    return key;
}

response rest_auth_error(const refused_key& why) {
    return {why.status, "application/json",
            json::dump(json::make({{"statusCode", why.status},
                                   {"messages", json::list({why.message})},
                                   {"error", why.name}}))};
}

response quota_used_up(std::string_view path) {
    const std::string message = "Usage limit reached";
    if (path != "/graphql")
        return {402, "application/json",
                json::dump(json::make({{"statusCode", 402},
                                       {"error", "Error"},
                                       {"messages", json::list({message})},
                                       {"code", "QUOTA_EXHAUSTED"}}))};
    const auto why =
        json::make({{"message", message},
                    {"extensions",
                     json::make({{"code", "QUOTA_EXHAUSTED"}, {"userFriendlyMessage", message}})}});
    return json_response(200, json::make({{"errors", json::list({why})}, {"data", nullptr}}));
}

bool is_graphql(std::string_view path) { return path == "/graphql" || path == "/metadata"; }
bool is_rest(std::string_view path) { return path == "/rest" || path.starts_with("/rest/"); }

} // namespace

workspace::workspace(options chosen)
    : facts_{uuid_of("workspace:" + std::to_string(chosen.seed)),
             chosen.workspace_name,
             "demo",
             uuid_of("application:standard"),
             uuid_of("application:custom:" + std::to_string(chosen.seed)),
             chosen.now},
      model_(chosen.newer), keys_(facts_.id, chosen.seed), views_(model_, facts_.id, chosen.now),
      faults_(chosen.faults) {
    fill_with_sample(model_, data_, chosen.seed, chosen.now, chosen.size);
    if (chosen.newer) hide_discoverable(model_, data_);
}

response workspace::handle(const request& r, time_point now) {
    if (path_of(r.target) == "/demo/switches") return set_switches(r);
    response out;
    if (auto fault = misbehave())
        out = *std::move(fault);
    else
        out = answer(r, now);
    out.delay = std::chrono::milliseconds(faults_.latency_ms);
    return out;
}

// answer() finds out who asks before it looks at what is asked, so a bad key hears of nothing else.
// A rate limit on demand is a bucket without tokens: the refusal then comes from the place where
// the real one does, with everything that was checked before it.
response workspace::answer(const request& r, time_point now) {
    const auto path = path_of(r.target);
    if (r.target.size() > longest_target) return {431, {}, {}};
    if (r.method == "OPTIONS") return {204, {}, {}};
    if (path == "/healthz") return health();
    if (path == "/client-config") return client_config();
    if (!is_graphql(path) && !is_rest(path)) return not_found(r);

    const identity who = identify(keys_, r.authorization);
    if (const auto* why = std::get_if<refused_key>(&who))
        return is_graphql(path) ? graphql_auth_error(why->message, why->status == 403)
                                : rest_auth_error(*why);
    if (path != "/metadata" && once(faults_.answer_402)) return quota_used_up(path);
    session with{facts_, model_, data_, keys_, views_};
    with.limit = faults_.rate_limit ? &limit_ : nullptr;
    if (path != "/metadata" && once(faults_.answer_429)) with.limit = &no_tokens_;
    with.caller = std::get<const api_key*>(who);
    with.now = now;
    with.old_schema = faults_.old_schema;
    with.production = faults_.production;
    if (is_rest(path)) {
        if (!with.caller)
            return rest_auth_error({"Missing authentication token", 403, "FORBIDDEN_EXCEPTION"});
        return answer_rest(with, r);
    }
    return path == "/metadata" ? answer_metadata(with, r) : answer_graphql(with, r);
}

std::optional<response> workspace::misbehave() {
    response out;
    if (once(faults_.hang)) {
        out.hangs = true;
        return out;
    }
    if (once(faults_.empty_reply)) {
        out.empty_reply = true;
        return out;
    }
    if (once(faults_.answer_500))
        return response{500, "text/plain;charset=UTF-8",
                        "Error: connect ECONNREFUSED 127.0.0.1:5432\n    at TCPConnectWrap."
                        "afterConnect (/app/packages/twenty-server/dist/main.js:1161:16)\n"};
    if (once(faults_.answer_html))
        return response{
            502, "text/html",
            "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"};
    return std::nullopt;
}

response workspace::set_switches(const request& r) {
    if (r.method == "POST") {
        const auto given = json::parse(r.body);
        if (!given || !given->if_object())
            return json_response(400,
                                 json::make({{"message", "expected a JSON object of switches"}}));
        for (const auto& [name, at] : counters)
            if (const auto* v = given->find(name))
                faults_.*at = static_cast<int>(v->as_int().value_or(0));
        for (const auto& [name, at] : flags)
            if (given->find(name)) faults_.*at = given->flag(name);
    }
    json::object now;
    for (const auto& [name, at] : counters)
        now.append(std::string(name), faults_.*at);
    for (const auto& [name, at] : flags)
        now.append(std::string(name), faults_.*at);
    return json_response(200, std::move(now));
}

} // namespace demo
