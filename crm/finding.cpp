#include "crm/finding.hpp"

#include "base/text.hpp"
#include "mcp/session_memory.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

using objects = std::vector<twenty::readable_object>;

session_memory* memory_of(const call_slot& slot) {
    return slot.context ? slot.context->memory : nullptr;
}

// not_refused() leaves out objects that refused lately; all of them stay when nothing else is left
// to ask.
objects not_refused(const call_slot& slot, const objects& in) {
    const auto* memory = memory_of(slot);
    objects out;
    for (const auto& o : in)
        if (!memory || !memory->is_refused(o->name_singular, slot.context->now)) out.push_back(o);
    return out.empty() ? in : out;
}

bool refused_by_role(const twenty::answer& a) {
    return !a.ok() && a.errors.front().meaning == errc::not_allowed;
}

// ask_which_are_readable() asks for one record of each object, because Twenty has no way to ask
// what a role may read. An object of which no answer tells anything counts as readable.
async<objects> ask_which_are_readable(call_slot& slot, objects in) {
    auto* memory = memory_of(slot);
    objects out;
    for (std::size_t from = 0; from < in.size(); from += twenty::most_probed) {
        const auto to = std::min(in.size(), from + twenty::most_probed);
        const objects some(in.begin() + static_cast<std::ptrdiff_t>(from),
                           in.begin() + static_cast<std::ptrdiff_t>(to));
        twenty::request sent = twenty::probe_request(some);
        auto answer = co_await ask(slot, std::move(sent));
        // Of a document with several roots Twenty answers those that it can, and null for the
        // others.
        const bool told = answer && (answer->ok() || refused_by_role(*answer));
        for (const auto& o : some) {
            const auto* root = told ? answer->data.find(twenty::root_many(o)) : nullptr;
            const bool refused = told && (!root || root->is_null());
            if (!refused) out.push_back(o);
            if (!memory || !told) continue;
            if (refused)
                memory->refused(o->name_singular, slot.context->now);
            else
                memory->answered(o->name_singular);
        }
    }
    co_return out;
}

std::string names_of(const objects& of) {
    std::vector<std::string> names;
    for (const auto& o : of)
        names.push_back(o->name_singular);
    return text::join(names, ", ");
}

void note_left_out(search_found& out, const objects& wanted, const objects& searched) {
    objects left_out;
    for (const auto& o : wanted)
        if (std::find(searched.begin(), searched.end(), o) == searched.end()) left_out.push_back(o);
    if (!left_out.empty())
        out.notes.push_back("Not searched, because the API key's role may not read them: " +
                            names_of(left_out) + ".");
}

async<result<twenty::answer>> ask_search(call_slot& slot, const twenty::access& may,
                                         const std::string& words, const objects& in, int limit) {
    auto request = twenty::search_request(may, words, in, limit);
    if (!request) co_return std::move(request).failure();
    twenty::request sent = std::move(request).value();
    auto answer = co_await ask(slot, std::move(sent));
    co_return answer;
}

// telling_rule says what tells records of an object apart, as people would say it.
struct telling_rule {
    std::string_view object;
    std::string_view fields[2];
};
constexpr telling_rule telling_rules[] = {
    {"person", {"company", "emails.primaryEmail"}},
    {"company", {"domainName.primaryLinkUrl", ""}},
    {"opportunity", {"company", "stage"}},
};

std::string told(const json::value& record, const telling_rule& by) {
    std::vector<std::string> parts;
    for (const auto path : by.fields) {
        const json::value* v = &record;
        for (const auto& step : text::split(path, '.'))
            v = v ? v->find(step) : nullptr;
        const auto text = !v ? "" : v->if_string() ? *v->if_string() : v->text("label");
        if (!text.empty()) parts.emplace_back(text::cut_utf8(text, 120));
    }
    return text::join(parts, ", ");
}

std::vector<std::string> tellable(const twenty::object& of, const twenty::access& may,
                                  const telling_rule& by) {
    std::vector<std::string> out;
    for (const auto path : by.fields) {
        const auto* f = of.find_field(path.substr(0, path.find('.')));
        if (f && may.visible(*f)) out.emplace_back(path);
    }
    return out;
}

} // namespace

// search_workspace() asks once when the key may read everything or the session knows what it may
// not. Otherwise Twenty refuses the whole search, the objects are tried one by one, and those that
// answered are searched again.
async<search_found> search_workspace(call_slot& slot, const twenty::access& may, std::string words,
                                     std::vector<twenty::readable_object> in, int limit) {
    search_found out;
    const auto plain = twenty::search_words(words);
    objects searched = not_refused(slot, in);
    auto answer = co_await ask_search(slot, may, plain, searched, limit);
    if (answer && refused_by_role(*answer) && searched.size() > 1) {
        objects readable = co_await ask_which_are_readable(slot, searched);
        if (!readable.empty() && readable.size() < searched.size()) {
            searched = std::move(readable);
            answer = co_await ask_search(slot, may, plain, searched, limit);
        }
    }
    // search_words() may have taken digits for a phone number that are none: the text itself is
    // looked for when nothing was found by it.
    const bool one_word = words.find_first_of(" \t") == std::string::npos;
    if (answer && answer->ok() && plain != text::trim(words) && one_word) {
        const auto first = twenty::read_hits(*answer);
        if (first && first->empty())
            answer = co_await ask_search(slot, may, words, searched, limit);
    }
    if (!answer) {
        out.failure = answer.failure();
        co_return out;
    }
    if (!answer->ok()) {
        out.failure = answer->failure();
        out.stale_schema = answer->stale_schema;
        if (refused_by_role(*answer))
            out.failure->message +=
                " It was to search " + names_of(searched) + "; name objects that it may read.";
        co_return out;
    }
    auto hits = twenty::read_hits(*answer);
    if (!hits) {
        out.failure = hits.failure();
        co_return out;
    }
    // As many as were asked for means that there may be more: a search has no total.
    out.cut = std::cmp_greater_equal(hits->size(), limit);
    for (auto& hit : *hits) {
        // Threat: the upstream search looks wider than the grant. Defence: checked again.
        const bool wanted = std::any_of(searched.begin(), searched.end(), [&](const auto& o) {
            return o->name_singular == hit.object;
        });
        if (wanted && text::is_uuid(hit.id)) out.hits.push_back(std::move(hit));
    }
    note_left_out(out, in, searched);
    co_return out;
}

async<told_apart> read_told_apart(call_slot& slot, const twenty::access& may,
                                  const std::vector<twenty::hit>& hits) {
    told_apart out;
    std::vector<twenty::records_wanted> wanted;
    std::vector<const telling_rule*> by;
    bool any_two = false;
    for (const auto& one : telling_rules) {
        const auto of = may.by_singular(one.object);
        if (!of) continue;
        twenty::records_wanted records{*of, {}, {}};
        for (const auto& hit : hits)
            if (hit.object == one.object) records.ids.push_back(hit.id);
        twenty::wanted_fields want;
        want.fields = tellable(*of, may, one);
        if (records.ids.empty() || want.fields.empty()) continue;
        auto selection = twenty::select_fields(*of, may, want);
        if (!selection) continue;
        records.selection = std::move(selection).value();
        any_two = any_two || records.ids.size() > 1;
        wanted.push_back(std::move(records));
        by.push_back(&one);
    }
    // A single hit of its kind needs nothing beside its label.
    if (!any_two) co_return out;
    twenty::request sent = twenty::several_records_request(wanted);
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return out; // hits are told apart where they can be
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto* root = answer->data.find(twenty::root_many(wanted[i].of));
        if (!root || root->is_null()) continue;
        const auto nodes = twenty::connection_nodes(*root);
        const auto* all = nodes.if_array();
        if (!all) continue;
        for (const auto& node : *all) {
            const auto record = twenty::compact_record(node, wanted[i].of, may);
            auto text = told(record, *by[i]);
            if (!text.empty()) out.emplace(std::string(node.text("id")), std::move(text));
        }
    }
    co_return out;
}

} // namespace crm
