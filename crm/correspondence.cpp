#include "crm/correspondence.hpp"

#include "base/text.hpp"
#include "crm/fit.hpp"
#include "crm/reading.hpp"
#include "crm/tools.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crm {

namespace {

constexpr int most_rows = 60; // participants looked at for the latest ten
constexpr std::size_t longest_preview = 500;

struct kind {
    std::string_view name;
    std::string_view other_name; // where the object has a field called like the first
    std::string_view words;      // between blanks
    std::string_view of;
    std::string_view rows;
    std::string_view time;
    std::vector<std::string> fields;
};

// kinds() is all that is known of mails and meetings: which object they are, whose rows name those
// who took part, by what time they are ordered, and what is shown.
const std::array<kind, 2>& kinds() {
    static const std::array<kind, 2> all{{
        {"mails",
         "messages",
         " email emails mail mails message messages messageparticipants correspondence ",
         "message",
         "messageParticipant",
         "receivedAt",
         {"receivedAt", "subject"}},
        {"meetings",
         "calendarEvents",
         " meeting meetings event events calendar calendarevents calendareventparticipants ",
         "calendarEvent",
         "calendarEventParticipant",
         "startsAt",
         {"startsAt", "endsAt", "title", "location", "isCanceled"}},
    }};
    return all;
}

const twenty::relation* to_one(const twenty::object& from, std::string_view target,
                               const twenty::access& may) {
    for (const auto* f : may.fields(from))
        for (const auto* r : may.relations(*f))
            if (r->kind == twenty::relation_kind::many_to_one && r->target_object == target)
                return r;
    return nullptr;
}

// path_to() leads from a participant's row to the record: directly for people and members, and for
// a company through its people, because no row names a company.
std::vector<std::string> path_to(const twenty::object& of, const twenty::object& rows,
                                 const twenty::access& may) {
    if (const auto* direct = to_one(rows, of.name_singular, may)) return {direct->join_column};
    const auto* person = to_one(rows, "person", may);
    const auto* people = may.schema().by_singular("person");
    if (of.name_singular != "company" || !person || !people) return {};
    const auto* company = to_one(*people, of.name_singular, may);
    if (!company) return {};
    return {person->query_name, company->join_column};
}

json::value filter_of(const correspondence& what, const std::string& id) {
    json::value filter = json::make({{"eq", id}});
    for (auto step = what.path.rbegin(); step != what.path.rend(); ++step)
        filter = json::make({{*step, std::move(filter)}});
    return filter;
}

// participants() selects who took part, as a list inside of the mail. Such a list holds 60 at most,
// and ten of a side are shown, so its limit does not count.
std::string participants(const correspondence& what, const twenty::access& may) {
    if (what.list.empty()) return {};
    std::string inside;
    for (const auto* name : {"role", "handle", "displayName", "responseStatus"})
        if (const auto* f = what.rows->find_field(name); f && may.visible(*f))
            inside += (inside.empty() ? "" : " ") + f->name;
    return inside.empty() ? "" : " " + what.list + "{edges{node{" + inside + "}}}";
}

std::string name_of(const json::value& participant) {
    const auto name = text::without_invisible(participant.text("displayName"), false);
    auto handle = text::without_invisible(participant.text("handle"), false);
    if (name.empty() || name == handle) return handle;
    return handle.empty() ? name : name + " <" + handle + ">";
}

// from and to of a mail, the participants of a meeting.
void add_people(json::object& record, const json::value& node, const correspondence& what) {
    constexpr std::size_t most = 10;
    const auto* listed = node.find(what.list);
    const auto rows = listed ? twenty::connection_nodes(*listed) : json::value{};
    if (!rows.if_array()) return;
    json::array from;
    json::array others;
    for (const auto& row : *rows.if_array()) {
        auto name = name_of(row);
        if (name.empty()) continue;
        auto& side = row.text("role") == "FROM" ? from : others;
        if (side.size() < most) side.emplace_back(std::move(name));
    }
    // A mail has one sender as a rule, who is shown without a list around the name.
    if (from.size() == 1)
        record.append("from", std::move(from.front()));
    else if (!from.empty())
        record.append("from", std::move(from));
    if (!others.empty())
        record.append(what.of->name_singular == "message" ? "to" : "participants",
                      std::move(others));
}

// The records that rows name, each once.
std::vector<std::string> ids_in(const json::value& rows, const std::string& join) {
    std::vector<std::string> ids;
    const auto nodes = twenty::connection_nodes(rows);
    if (const auto* all = nodes.if_array())
        for (const auto& node : *all) {
            const std::string one(node.text(join));
            const bool fresh = std::find(ids.begin(), ids.end(), one) == ids.end();
            if (fresh && text::is_uuid(one)) ids.push_back(one);
        }
    return ids;
}

twenty::wanted_fields wanted_of_correspondence(const correspondence& what,
                                               const twenty::access& may) {
    const auto known = std::find_if(kinds().begin(), kinds().end(),
                                    [&](const kind& k) { return k.of == what.of->name_singular; });
    twenty::wanted_fields want;
    for (const auto& name : known->fields)
        if (const auto* f = what.of->find_field(name); f && may.visible(*f))
            want.fields.push_back(name);
    return want;
}

// shown_records() keeps the order of `ids`, newest first; Twenty answers a list of ids in an order
// of its own.
json::array shown_records(const json::value& root, const std::vector<std::string>& ids,
                          const correspondence& what, const twenty::access& may) {
    json::array out;
    const auto answered = twenty::connection_nodes(root);
    const auto* all = answered.if_array();
    for (const auto& one : ids) {
        if (!all) break;
        const auto node = std::find_if(all->begin(), all->end(),
                                       [&](const auto& n) { return n.text("id") == one; });
        if (node == all->end()) continue;
        json::value compact = twenty::compact_record(*node, *what.of, may);
        auto& members = *compact.if_object();
        members.erase(what.list);
        if (!compact.flag("isCanceled")) members.erase("isCanceled");
        add_people(members, *node, what);
        fit(compact, longest_preview, record_budget);
        out.push_back(std::move(compact));
    }
    return out;
}

} // namespace

std::vector<correspondence> correspondence_of(const twenty::object& of, const twenty::access& may,
                                              std::string_view word) {
    std::vector<correspondence> out;
    const auto wanted = " " + text::lower(word) + " ";
    for (const auto& k : kinds()) {
        if (!word.empty() && k.words.find(wanted) == std::string_view::npos) continue;
        const auto target = may.by_singular(k.of);
        const auto rows = may.by_singular(k.rows);
        if (!target || !rows || of.name_singular == k.of || of.name_singular == k.rows) continue;
        const auto* relation = to_one(*rows, k.of, may);
        correspondence one(*target, *rows);
        one.path = path_to(of, *rows, may);
        if (!relation || one.path.empty() || !one.of->find_field(k.time)) continue;
        one.name = of.find_field(k.name) || of.find_relation(k.name) ? k.other_name : k.name;
        one.relation = relation->query_name;
        one.join = relation->join_column;
        one.time = k.time;
        for (const auto* f : may.fields(*target))
            for (const auto* r : may.relations(*f))
                if (r->target_object == k.rows && r->kind == twenty::relation_kind::one_to_many)
                    one.list = r->query_name;
        out.push_back(std::move(one));
    }
    return out;
}

// read_correspondence() reads the rows first, for the ids of the latest mails, and then the mails
// by their ids from their own root: Twenty checks there what may be private, and nowhere else.
async<correspondence_read> read_correspondence(call_slot& slot, correspondence what, std::string id,
                                               const twenty::access& may) {
    correspondence_read out;
    twenty::page page;
    page.filter = filter_of(what, id);
    page.order =
        json::list({json::make({{what.relation, json::make({{what.time, "DescNullsLast"}})}})});
    page.first = most_rows;
    twenty::wanted_fields row;
    row.fields.push_back(what.join);
    twenty::page latest = page;
    reading rows = co_await read_list(slot, what.rows, may, std::move(row), std::move(latest));
    if (rows.failure) {
        out.failure = std::move(rows.failure);
        co_return out;
    }
    std::vector<std::string> ids = ids_in(rows.root, what.join);
    const auto* counted = rows.root.find("totalCount");
    const auto total = counted ? counted->as_int().value_or(0) : 0;
    // Several rows may name one mail, so more than sixty rows say only that there may be more
    // mails.
    if (ids.size() > most_related || std::cmp_greater(total, most_rows)) {
        ids.resize(std::min(ids.size(), most_related));
        out.notes.push_back("The latest " + std::to_string(ids.size()) + " " + what.name +
                            " are shown; find_records of " + what.rows->name_singular +
                            " with filter " + json::dump(page.filter) + " and fields " +
                            what.relation + " lists all.");
    }
    if (ids.empty()) co_return out;

    twenty::wanted_fields want = wanted_of_correspondence(what, may);
    request_maker list_records = [&](const std::string& selection) {
        return result<twenty::request>(
            twenty::records_request(what.of, ids, selection + participants(what, may)));
    };
    reading found = co_await read_root(slot, what.of, may, std::move(want), std::move(list_records),
                                       twenty::root_many(what.of));
    if (found.failure) {
        out.failure = std::move(found.failure);
        co_return out;
    }
    out.notes.insert(out.notes.end(), found.notes.begin(), found.notes.end());
    out.records = shown_records(found.root, ids, what, may);
    if (out.records.size() < ids.size())
        out.notes.push_back("Some " + what.name + " are private and not shown.");
    co_return out;
}

} // namespace crm
