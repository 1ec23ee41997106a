#include "crm/asking.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "mcp/interaction.hpp"
#include "mcp/protocol.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace crm {

namespace {

constexpr std::size_t told_fields = 6;
constexpr std::size_t longest_told = 80;  // bytes
constexpr std::size_t longest_shown = 60; // of a value
constexpr std::size_t longest_line = 600; // with the names of objects in it

// clean() takes away what a person would not see: names and values are of strangers.
std::string clean(std::string_view text, std::size_t longest) {
    auto out = text::without_invisible(text, true);
    std::ranges::replace(out, '\n', ' ');
    if (out.size() <= longest) return out;
    return std::string(text::cut_utf8(out, longest)) + "…";
}

std::string shown_text(const json::value* v) {
    if (!v || v->is_null()) return "empty";
    const auto* text = v->if_string();
    return clean(text ? *text : json::dump(*v), longest_shown);
}

// "employees: 7 → 9"
std::vector<std::string> field_lines(const planned_record& record, const twenty::object& of,
                                     const twenty::access& may) {
    std::vector<std::string> out;
    if (!record.written) return out;
    json::value before;
    if (record.before && record.before->is_object())
        before = twenty::compact_record(*record.before, of, may);
    std::vector<std::string> left;
    for (const auto& [name, v] : *record.written) {
        if (name == "id") continue;
        if (out.size() >= told_fields) {
            left.push_back(clean(name, longest_told));
            continue;
        }
        std::string line = clean(name, longest_told) + ": ";
        if (before.is_object()) line += shown_text(before.find(name)) + " → ";
        out.push_back(line + shown_text(&v));
    }
    // No field is changed that the person has not seen the name of.
    if (!left.empty()) out.push_back("and also " + text::join(left, ", "));
    return out;
}

std::string name_of_record(const planned_record& record) {
    if (!record.label.empty()) return "“" + clean(record.label, longest_told) + "”";
    return record.id.empty() ? "a new record" : "the record " + record.id;
}

// What an answer holds for. Of a new record the id is made by each call, so it says nothing.
std::string digest_of(const call_slot& slot, const call_context& context, const write_plan& plan) {
    std::string all = slot.request->params.text("name").data();
    const auto add = [&](std::string_view part) {
        all += '\n' + std::to_string(part.size()) + ':';
        all += part;
    };
    const auto* arguments = slot.request->params.find("arguments");
    add(arguments ? canonical_text(*arguments) : std::string());
    for (const auto& record : plan.records) {
        add(record.id);
        if (record.before) add(canonical_text(*record.before));
    }
    add(std::to_string(plan.links));
    for (const auto& line : plan.more)
        add(line);
    const secret none;
    const auto& key = context.question_key ? *context.question_key : none;
    const std::string fallback(32, '\0');
    return text::base64url_encode(
        crypto::keyed_hash(key.empty() ? fallback : std::string(key.reveal()), all, 24));
}

crm_outcome unapproved(errc code, std::string message) {
    return failed(error(code, std::move(message)));
}

std::string question_text(const mcp::approval_question& what) {
    std::string out = what.title + "?";
    for (const auto& line : what.lines)
        out += "\n" + line;
    return out;
}

async<result<mcp::approval>> find_approval(call_slot& slot, mcp::approval_question what) {
    need wanted = mcp::need_approval(std::move(what));
    need_awaiter<result<mcp::approval>> wait(slot, std::move(wanted));
    co_return co_await wait;
}

crm_outcome waits_for(const mcp::approval_question& what, const mcp::approval& open) {
    crm_outcome out = unapproved(errc::approval_needed,
                                 "The person has to approve this first: " + what.title + ".");
    json::array lines;
    for (const auto& line : what.lines)
        lines.emplace_back(line);
    out.more = json::make({{"approval", json::make({{"link", open.link},
                                                    {"minutes", 10},
                                                    {"change", what.title},
                                                    {"records", std::move(lines)}})}});
    return out;
}

async<std::optional<crm_outcome>> ask_here(call_slot& slot, mcp::approval_question what) {
    mcp::approval_question asked = what;
    auto answer = co_await find_approval(slot, std::move(asked));
    if (!answer && answer.failure().code == errc::unsupported)
        co_return unapproved(errc::approval_needed,
                             "The person wants to be asked before this, and this client cannot "
                             "ask.");
    if (!answer) co_return failed(answer.failure());
    switch (answer->now) {
    case mcp::approval::state::approved:
        break;
    case mcp::approval::state::declined:
        co_return unapproved(errc::declined, "The person has refused this.");
    case mcp::approval::state::open:
        co_return waits_for(what, *answer);
    }
    co_return std::nullopt;
}

// The call waited for its person: it runs once more, by what is stored now.
crm_outcome run_again() {
    crm_outcome again = unapproved(errc::approval_needed, "The call runs once more.");
    again.agreed = true;
    return again;
}

// The client asks its own person. Under MCP 2026-07-28 the answer comes with a state that may be
// sent again, so each is used once.
async<std::optional<crm_outcome>> ask_there(call_slot& slot, const call_context& context,
                                            mcp::approval_question what) {
    std::string question = question_text(what);
    std::string key = "confirm-" + what.digest;
    const auto said = co_await mcp::confirm(slot, context, std::move(question), std::move(key));
    const bool in_session = slot.request->era == mcp::era::session;
    // A client that runs by itself says so, too; its person still has the page.
    if (said == mcp::verdict::cancelled) {
        std::optional<crm_outcome> no = co_await ask_here(slot, std::move(what));
        if (!no && in_session) no = run_again();
        co_return no;
    }
    if (said == mcp::verdict::declined)
        co_return unapproved(errc::declined, "The person was asked and did not agree.");
    if (said == mcp::verdict::impossible)
        co_return unapproved(errc::approval_needed, "The person was asked and did not answer.");
    if (in_session) co_return run_again();
    what.is_answered = true;
    auto used = co_await find_approval(slot, std::move(what));
    if (!used) co_return failed(used.failure());
    if (used->now != mcp::approval::state::approved)
        co_return unapproved(errc::declined, "This agreement was used already; ask anew.");
    co_return std::nullopt;
}

} // namespace

async<result<twenty::change_quota>> quota_left(call_slot& slot) {
    need what = mcp::need_quota_left();
    need_awaiter<result<twenty::change_quota>> wait(slot, std::move(what));
    co_return co_await wait;
}

std::string canonical_text(const json::value& v) {
    if (const auto* list = v.if_array()) {
        std::string out = "[";
        for (const auto& item : *list)
            out += canonical_text(item) + ",";
        return out + "]";
    }
    const auto* members = v.if_object();
    if (!members) return json::dump(v);
    std::map<std::string_view, const json::value*> sorted;
    for (const auto& [name, member] : *members)
        sorted.emplace(name, &member);
    std::string out = "{";
    for (const auto& [name, member] : sorted)
        out += json::dump(json::value(name)) + ":" + canonical_text(*member) + ",";
    return out + "}";
}

std::string plan_title(const write_plan& plan) {
    const auto count = plan.records.size();
    if (!plan.of || count == 0) return plan.verb;
    const auto& of = *plan.of;
    const auto& one = of.label_singular.empty() ? of.name_singular : of.label_singular;
    const auto& several = of.label_plural.empty() ? of.name_plural : of.label_plural;
    return plan.verb + " " + std::to_string(count) + " " +
           clean(text::lower(count == 1 ? one : several), longest_told);
}

std::vector<std::string> plan_lines(const write_plan& plan, const twenty::access& may) {
    std::vector<std::string> out;
    for (const auto& record : plan.records) {
        if (out.size() == plan.told) break;
        auto line = (record.fate.empty() ? "" : record.fate + ": ") + name_of_record(record);
        const auto fields =
            plan.of ? field_lines(record, *plan.of, may) : std::vector<std::string>();
        if (!fields.empty()) line += ": " + text::join(fields, "; ");
        out.push_back(std::move(line));
    }
    if (plan.records.size() > plan.told)
        out.push_back("and " + std::to_string(plan.records.size() - plan.told) + " more");
    if (plan.links > 0)
        out.push_back("with up to " + std::to_string(plan.links) +
                      (plan.links == 1 ? " link" : " links") + " to other records");
    for (const auto& line : plan.more)
        out.push_back(clean(line, longest_line));
    return out;
}

async<std::optional<crm_outcome>> ask_before(call_slot& slot, const call_context& context,
                                             const twenty::access& may, write_plan plan) {
    auto kind = plan.kind;
    kind.records =
        std::max(kind.records, static_cast<std::int64_t>(plan.records.size()) + plan.links);
    // Links that were refused together go again by themselves, under ids of their own.
    const auto cleared = kind.records + plan.links;
    slot.cleared = cleared;
    slot.written.clear();
    slot.written_unnamed = 0;
    if (!twenty::needs_asking(context.caution, kind)) co_return std::nullopt;
    slot.cleared.reset();
    mcp::approval_question what;
    what.title = plan_title(plan);
    what.lines = plan_lines(plan, may);
    what.digest = digest_of(slot, context, plan);
    const std::string digest = what.digest;
    if (digest == slot.approved) { // the call runs once more
        slot.cleared = cleared;
        co_return std::nullopt;
    }
    std::optional<crm_outcome> no;
    if (mcp::client_answers(slot, context, "elicitation/create"))
        no = co_await ask_there(slot, context, std::move(what));
    else
        no = co_await ask_here(slot, std::move(what));
    if (!no) slot.cleared = cleared;
    if (!no || no->agreed) slot.approved = digest;
    co_return no;
}

} // namespace crm
