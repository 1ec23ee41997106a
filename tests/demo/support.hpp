// A small workspace with a fixed clock, and short ways to talk to it.
#pragma once

#include "demo/workspace.hpp"

#include <string>
#include <string_view>

namespace demo_test {

inline demo::time_point at(std::string_view text) { return *demo::parse_date_time(text); }

inline demo::options small_workspace() {
    demo::options out;
    out.now = at("2026-11-22T12:00:00Z");
    out.size = {40, 230, 60, 20, 20};
    return out;
}

struct desk {
    demo::workspace workspace{small_workspace()};
    demo::time_point now = at("2026-11-22T12:00:00Z");

    demo::response send(demo::role who, std::string method, std::string target,
                        std::string body = {}) {
        return workspace.handle({std::move(method), std::move(target),
                                 "Bearer " + workspace.keys().of(who).token, "", "application/json",
                                 std::move(body)},
                                now);
    }
    json::value get(std::string target, demo::role who = demo::role::full) {
        return parsed(send(who, "GET", std::move(target)));
    }
    json::value graphql(std::string query, json::value variables = nullptr,
                        demo::role who = demo::role::full) {
        const auto body =
            json::make({{"query", std::move(query)}, {"variables", std::move(variables)}});
        return parsed(send(who, "POST", "/graphql", json::dump(body)));
    }
    static json::value parsed(const demo::response& r) {
        auto v = json::parse(r.body, json::upstream);
        return v ? *std::move(v) : json::value();
    }
};

// The n-th item of a list, null when there is none.
inline json::value item(const json::value* list, std::size_t n) {
    return list && list->if_array() && n < list->if_array()->size() ? (*list->if_array())[n]
                                                                    : json::value();
}

// The first error's member of a GraphQL answer: "message", "code", "subCode".
inline std::string graphql_error(const json::value& answer, std::string_view what) {
    const json::value first = item(answer.find("errors"), 0);
    if (what == "message") return std::string(first.text("message"));
    const auto* extensions = first.find("extensions");
    return extensions ? std::string(extensions->text(what)) : std::string();
}

inline void replace_all(std::string& in, std::string_view from, std::string_view to) {
    for (auto at = in.find(from); at != std::string::npos; at = in.find(from, at + to.size()))
        in.replace(at, from.size(), to);
}

} // namespace demo_test
