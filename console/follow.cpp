// Following what happens: the server is asked again and again for what came after the last.
#include "base/json.hpp"
#include "base/text.hpp"
#include "console/question.hpp"
#include "console/refusal.hpp"
#include "console/run.hpp"
#include "console/shown.hpp"

#include <algorithm>

namespace console {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t a_page = 100; // of events, which have some 7 KB at most

// How long to wait for the next look: longer and longer while the server refuses or is away.
class pace {
  public:
    std::chrono::milliseconds usual() { return wait_ = 1s; }
    std::chrono::milliseconds slower() {
        return wait_ = std::min<std::chrono::milliseconds>(2 * wait_, 5s);
    }

  private:
    std::chrono::milliseconds wait_ = 1s;
};

struct page {
    json::array events; // the oldest first
    std::string last;   // id of the last one; empty: there is none
};

result<page> look(const order& given, const web::admin_operation& op, const surroundings& with) {
    TRY(r, request_of(op, given.given));
    TRY(answer, ask(op, with, std::move(r)));
    TRY(body, json::parse(answer.body, json::upstream));
    page out;
    auto* members = body.if_object();
    auto* list = members ? members->find(given.row->list) : nullptr;
    if (auto* items = list ? list->if_array() : nullptr) out.events = std::move(*items);
    if (out.events.empty()) return out;
    const auto* id = out.events.back().find("id");
    if (!id || !id->as_int()) return error{errc::upstream_refused, "an event has no id"};
    out.last = std::to_string(*id->as_int());
    return out;
}

struct start {
    std::string after = "0"; // the id of an event
    bool answered = false;   // the server has
};

// Where to begin: behind what is there already, unless a time or an id was named.
result<start> beginning(const order& given, const web::admin_operation& op,
                        const surroundings& with) {
    start out;
    if (const auto at = given.given.find("after"); at != given.given.end()) out.after = at->second;
    if (given.given.contains("after") || given.given.contains("since")) return out;
    auto newest = given;
    newest.given["limit"] = "1";
    TRY(found, look(newest, op, with));
    if (!found.last.empty()) out.after = found.last;
    out.answered = true;
    return out;
}

void print(const order& given, const page& came, table& rows, const surroundings& with) {
    if (!given.json) {
        if (!came.events.empty()) with.out(rows.write(came.events));
        return;
    }
    for (const auto& one : came.events) {
        const auto line = json::dump(one);
        with.out((with.screen ? shown(line) : line) + "\n");
    }
}

} // namespace

// follow() ends with an error where the server was never reached, or refuses for good. Once it has
// answered, a restart is waited for.
result<int> follow(const order& given, const web::admin_operation& op, const surroundings& with) {
    for (const auto* name : {"before", "format", "limit"})
        if (given.given.contains(name))
            return bad_request("--follow does not go together with --" + std::string(name));
    auto now = given;
    TRY(from, beginning(given, op, with));
    now.given["after"] = from.after;
    now.given["limit"] = std::to_string(a_page);
    table rows(given.row->columns);
    pace next;
    bool away = false;
    for (;;) {
        const auto came = look(now, op, with);
        const auto wait = came ? next.usual() : next.slower();
        if (!came) {
            if (!from.answered || !passes_by(came.failure())) return came.failure();
            if (!std::exchange(away, true)) with.say(came.failure().message + "\nwaiting for it");
        } else {
            from.answered = true;
            if (std::exchange(away, false)) with.say("it answers again");
            print(given, *came, rows, with);
            const bool further = !came->last.empty() && came->last != now.given["after"];
            if (further) now.given["after"] = came->last;
            if (further && came->events.size() == a_page) continue;
        }
        if (!with.wait(wait)) return all_well;
    }
}

} // namespace console
