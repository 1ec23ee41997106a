#include "doctor/report.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <map>

namespace doctor {

namespace {

// Why a row cannot be asked at all; empty: it can.
std::string not_asked(const check& of, const examination& e) {
    const bool wants_key = of.by == side::key || of.by == side::both;
    const bool wants_machine = of.by == side::machine || of.by == side::both;
    if (!wants_machine && e.given.where.origin.empty()) return "needs settings";
    if (wants_machine && !e.given.here)
        return "run twenty-mcp doctor on the server's machine, without an address";
    if (wants_key && !e.given.key) return "run it with --key-file FILE (an API key of Twenty)";
    return {};
}

std::string_view asked_with(side by) noexcept {
    switch (by) {
    case side::client:
        return "-";
    case side::key:
        return "`--key-file`";
    case side::machine:
        return "on the machine";
    case side::both:
        return "on the machine, `--key-file`";
    }
    return "-";
}

// The first failure that keeps a row from being looked at, for each row that failed or was kept.
using causes = std::map<std::string_view, std::string_view>;

finding look_at_row(const check& of, examination& e) {
    auto found = of.look(e);
    if (found.is == state::ok || found.is == state::skipped)
        found.advice.clear();
    else if (found.advice.empty())
        found.advice = of.advice;
    return found;
}

row run_row(const check& of, examination& e, causes& blocked) {
    row out{&of, {}, not_asked(of, e)};
    std::string_view cause = of.name;
    for (const auto& need : text::split(of.needs, ' ')) {
        const auto at = blocked.find(need);
        if (at == blocked.end() || !out.held_back.empty()) continue;
        cause = at->second;
        out.held_back = "needs " + std::string(cause);
    }
    out.found = out.held_back.empty() ? look_at_row(of, e) : skipped(out.held_back);
    if (out.found.is == state::failed || !out.held_back.empty()) blocked[of.name] = cause;
    return out;
}

} // namespace

bool report::healthy() const noexcept {
    return std::none_of(rows.begin(), rows.end(),
                        [](const row& r) { return r.found.is == state::failed; });
}

report examine(examination& e, const std::function<bool()>& stop,
               const std::function<void(const row&)>& tell) {
    report out;
    out.target = e.given.where.origin;
    causes blocked;
    for (const auto& of : checks()) {
        // The connection that was made is ended in any case.
        const bool over = stop() && of.name != "revoke";
        auto done = over ? row{&of, skipped("broken off"), "broken off"} : run_row(of, e, blocked);
        if (over) blocked[of.name] = of.name;
        tell(done);
        out.rows.push_back(std::move(done));
    }
    return out;
}

std::string as_text(const row& r) {
    constexpr std::size_t state_width = 9;
    constexpr std::size_t name_width = 22;
    std::string out(to_string(r.found.is));
    out.resize(state_width, ' ');
    out += r.of->name;
    out.resize(state_width + name_width, ' ');
    out += r.found.seen + "\n";
    if (!r.found.advice.empty())
        out += std::string(state_width, ' ') + "→ " + r.found.advice + "\n";
    return out;
}

std::string summary(const report& r) {
    std::vector<std::pair<std::string, std::string>> held; // reason, names
    for (const auto& one : r.rows) {
        if (one.held_back.empty()) continue;
        const auto at = std::find_if(held.begin(), held.end(),
                                     [&](const auto& h) { return h.first == one.held_back; });
        if (at == held.end())
            held.emplace_back(one.held_back, one.of->name);
        else
            at->second.append(", ").append(one.of->name);
    }
    std::string out;
    for (const auto& [reason, names] : held)
        out += "skipped, " + reason + ":\n         " + names + "\n";
    std::string counts;
    for (const auto s : {state::failed, state::warning, state::skipped, state::ok}) {
        const auto count = std::count_if(r.rows.begin(), r.rows.end(),
                                         [s](const row& one) { return one.found.is == s; });
        counts.append(counts.empty() ? "" : ", ").append(std::to_string(count));
        counts.append(" ").append(to_string(s));
    }
    return out + "\n" + counts + "\n";
}

std::string as_json(const report& r) {
    json::writer w;
    w.begin_object().member("target", r.target).key("checks").begin_array();
    for (const auto& one : r.rows)
        w.begin_object()
            .member("name", one.of->name)
            .member("state", to_string(one.found.is))
            .member("seen", one.found.seen)
            .member("advice", one.found.advice)
            .end_object();
    w.end_array().member("ok", r.healthy()).end_object();
    return w.take();
}

std::string checks_table() {
    std::string out = "| check | it holds when | needs | if it fails |\n|---|---|---|---|\n";
    for (const auto& one : checks())
        out += "| `" + std::string(one.name) + "` | " + std::string(one.title) + " | " +
               std::string(asked_with(one.by)) + " | " +
               (one.advice.empty() ? "-" : std::string(one.advice)) + " |\n";
    return out;
}

} // namespace doctor
