#include "doctor/judge_twenty.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "doctor/judge_connection.hpp"
#include "twenty/answer.hpp"

#include <algorithm>

namespace doctor {

namespace {

json::value json_of(const asked& a) {
    if (!a) return {};
    auto read = json::parse(a->body, json::upstream);
    return read ? std::move(read).value() : json::value();
}

twenty::answer rest_answer(const asked& a) {
    twenty::response r;
    r.status = a->status;
    r.content_type = a->header("content-type");
    r.body = a->body;
    return twenty::read_rest(r);
}

} // namespace

finding judge_twenty(const asked& a, const http::certificate_facts& seen) {
    if (!seen.faults.empty())
        for (const auto& found : {judge_chain(seen), judge_name("TWENTY_BASE_URL's host", seen)})
            if (found.is == state::failed)
                return failed("its certificate: " + found.seen,
                              "Give Twenty a certificate that is good, or name its authority in "
                              "TWENTY_MCP_CA_FILE.");
    if (!seen.faults.empty()) return failed("its certificate is not valid at this time");
    if (!a) return failed(told(a));
    if (a->status / 100 == 3)
        return failed("it redirects to " + shown(a->header("location")),
                      "Set TWENTY_BASE_URL to the address that it redirects to.");
    if (a->status >= 500) return failed(told(a));
    return ok(std::to_string(a->head_after.count()) + " ms");
}

// Twenty answers GraphQL in JSON, be it a refusal.
finding judge_twenty_api(const asked& a) {
    const auto body = json_of(a);
    if (body.find("data") || body.find("errors")) return ok("/graphql answers");
    return failed(told(a));
}

finding judge_twenty_kind(const asked& a, std::string_view host) {
    const auto body = json_of(a);
    if (!a || a->status != 200 || !body.is_object())
        return skipped("it has no /client-config: " + told(a));
    const auto version = body.text("appVersion");
    const bool cloud = host == "twenty.com" || host.ends_with(".twenty.com");
    std::string out = cloud ? "Twenty Cloud" : "self-hosted";
    out += body.flag("isMultiWorkspaceEnabled") ? ", several workspaces" : ", one workspace";
    return ok(out + (version.empty() ? ", names no version" : ", version " + shown(version, 40)));
}

finding judge_key(const result<twenty::key_facts>& facts, std::int64_t now) {
    if (!facts) return failed(facts.failure().message);
    if (!facts->expires_at) return ok("it does not say when it expires");
    constexpr std::int64_t day = 86'400;
    const auto left = (*facts->expires_at - now) / day;
    const auto text = "until " + text::iso_time(*facts->expires_at).substr(0, 10) + ", " +
                      std::to_string(left) + " days left";
    return left < 14 ? warning(text) : ok(text);
}

finding judge_role(const std::vector<object_read>& reads) {
    std::vector<std::string> may;
    std::vector<std::string> may_not;
    for (const auto& [name, came] : reads) {
        if (!came) return failed(name + ": " + told(came));
        const auto a = rest_answer(came);
        if (a.ok())
            may.push_back(name);
        else if (a.failure().code == errc::not_allowed)
            may_not.push_back(name);
        else if (a.failure().code != errc::rate_limited)
            return failed(name + ": " + shown(a.failure().message));
    }
    if (may_not.empty()) return ok("reads " + text::join(may, ", "));
    const auto text = "may not read " + text::join(may_not, ", ");
    return may.empty() ? failed(text) : warning(text);
}

finding judge_writes(const asked& catalogue) {
    const auto unknown = [] {
        return skipped("this Twenty does not say it, and it is not tried: that would be a write");
    };
    const auto message = json_of(catalogue);
    const auto* result = message.find("result");
    const auto* content = result ? result->find("content") : nullptr;
    const auto* parts = content ? content->if_array() : nullptr;
    if (!parts || parts->empty()) return unknown();
    const auto text = json::parse(parts->front().text("text"), json::upstream);
    const auto* tools = text ? text->at("catalog", "DATABASE_CRUD") : nullptr;
    if (!tools || !tools->if_array()) return unknown();
    std::vector<std::string> may_not;
    for (const auto* object : {"company", "person", "opportunity"}) {
        const auto name = "create_one_" + std::string(object);
        const auto is_it = [&](const json::value& tool) { return tool.text("name") == name; };
        if (std::ranges::none_of(*tools->if_array(), is_it)) may_not.emplace_back(object);
    }
    if (may_not.empty()) return ok("writes company, person, opportunity");
    return warning("may not write " + text::join(may_not, ", "));
}

// OTLP/HTTP: a success is a 200 with an object in JSON, which may be empty.
finding judge_collector(const result<twenty::response>& answer) {
    if (!answer) {
        // The client speaks of Twenty, which is at its other end everywhere else.
        std::string_view why = answer.failure().message;
        if (why.starts_with("Twenty ")) why.remove_prefix(7);
        return warning(shown(why));
    }
    if (answer->status != 200) return warning("it answers HTTP " + std::to_string(answer->status));
    const auto body = json::parse(answer->body);
    if (!answer->body.empty() && !(body && body->is_object()))
        return warning("something else than a collector answers there");
    return ok("takes spans");
}

// Twenty names its limit only when it is reached.
finding judge_rate(const std::vector<object_read>& reads, std::optional<int> calls_per_minute) {
    for (const auto& [name, came] : reads) {
        if (!came) continue;
        const auto a = rest_answer(came);
        if (!a.ok() && a.failure().code == errc::rate_limited)
            return warning("reached: " + shown(a.failure().message));
    }
    if (calls_per_minute)
        return ok("not reached; TWENTY_MCP_CALLS_PER_MINUTE keeps to " +
                  std::to_string(*calls_per_minute));
    return ok("not reached; the server slows down when Twenty says so");
}

} // namespace doctor
