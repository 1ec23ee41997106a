#include "crm/workspace.hpp"

#include "crm/told.hpp"
#include "mcp/failure.hpp"

#include <set>
#include <utility>

namespace crm {

crm_outcome failed(error why) {
    crm_outcome out;
    out.stale_schema = why.detail == twenty::unknown_name;
    out.failure = std::move(why);
    return out;
}

void add_notes(crm_outcome& out, const std::vector<std::string>& notes) {
    out.notes.insert(out.notes.end(), notes.begin(), notes.end());
}

crm_outcome failed(const twenty::answer& refused) {
    crm_outcome out;
    out.failure = refused.failure();
    out.stale_schema = refused.stale_schema;
    return out;
}

crm_outcome failed_write(error why, json::object if_done) {
    const auto code = why.code;
    const bool not_sent = why.detail.starts_with(twenty::not_sent);
    crm_outcome out = failed(std::move(why));
    out.unsent = not_sent;
    if (not_sent) return out;
    // busy, rate_limited and upstream_auth are known to end before anything is run; after any other
    // failure the change may have happened.
    if (code != errc::busy && code != errc::rate_limited && code != errc::upstream_auth)
        out.more = std::move(if_done);
    return out;
}

crm_outcome failed_write(const twenty::answer& refused, json::object if_done) {
    crm_outcome out = failed(refused);
    const auto code = out.failure->code;
    // A refusal of Twenty's says that it wrote nothing; a timeout or a gateway's answer does not.
    if (code == errc::upstream_down || code == errc::upstream_timeout)
        out.more = std::move(if_done);
    return out;
}

async<result<twenty::access>> open_workspace(call_slot& slot, const call_context& context,
                                             freshness wanted, std::chrono::milliseconds patience) {
    if (!context.connection)
        co_return error(errc::unavailable, "This server is not connected to a workspace.");
    need_schema schema(wanted);
    schema.patience = patience;
    need what = std::move(schema);
    need_awaiter<result<twenty::schema_ptr>> wait(slot, std::move(what));
    auto model = co_await wait;
    if (!model) co_return std::move(model).failure();
    // A read token on a write connection reads, whatever the connection may do: the lesser of the
    // two counts, and it is decided here for every tool, resource and completion.
    const auto mode = context.may_write() ? twenty::mode::write : twenty::mode::read;
    co_return twenty::access(mode, context.connection->objects, std::move(model).value());
}

// work_in_workspace() runs a body once more when it met names that the schema lacks and a newer
// schema was to be had. Bodies that write say stale_schema only while nothing is written.
async<crm_outcome> work_in_workspace(call_slot& slot, json::value arguments,
                                     const call_context& context, crm_body body, freshness wanted) {
    auto may = co_await open_workspace(slot, context, wanted);
    if (!may) co_return failed(may.failure());
    if (slot.told.writes) tell_begun(slot.told, arguments, *may);
    crm_outcome first = co_await body(slot, arguments, context, *may);
    constexpr int most_asked = 4; // times in one call
    // A person takes their time, and others write meanwhile: if what they agreed to is another
    // thing by now, they are asked once more.
    for (int asked = 1; first.agreed && asked < most_asked; ++asked)
        first = co_await body(slot, arguments, context, *may);
    if (first.agreed)
        first = failed(error(errc::approval_needed, "What would change is another thing each time "
                                                    "that the person has agreed. Nothing was "
                                                    "written."));
    tell(slot.told, arguments, *may, first);
    if (!first.stale_schema) co_return first;
    auto fresh = co_await open_workspace(slot, context, freshness::checked);
    // The same schema means that the name is unknown to Twenty as well; the first answer stands.
    if (!fresh || &fresh->schema() == &may->schema()) co_return first;
    crm_outcome second = co_await body(slot, arguments, context, *fresh);
    tell(slot.told, arguments, *fresh, second);
    if (!second.stale_schema)
        second.notes.emplace_back("The workspace's objects or fields had changed; they were read "
                                  "again.");
    co_return second;
}

json::value shown(crm_outcome done) {
    if (!done.notes.empty()) {
        json::array notes;
        std::set<std::string> told; // parts of one answer may have the same to say
        for (auto& note : done.notes)
            if (told.insert(note).second) notes.emplace_back(std::move(note));
        done.body.set("notes", std::move(notes));
    }
    return std::move(done.body);
}

namespace {

// The call's changes have one name in front of the dot, by which undo_changes takes them back.
void name_change(const call_slot& slot, crm_outcome& done) {
    if (slot.changes.empty()) return;
    const auto& id = slot.changes.front().id;
    const auto call = id.substr(0, id.find('.'));
    if (!done.failure)
        done.body.set("change", call);
    else if (auto* more = done.more.if_object())
        more->set("change", call);
}

} // namespace

async<tool_result> run_in_workspace(call_slot& slot, json::value arguments,
                                    const call_context& context, crm_body body, freshness wanted) {
    crm_outcome done =
        co_await work_in_workspace(slot, std::move(arguments), context, body, wanted);
    // Said of the whole call alone: a part of it that was not sent may stand behind one that was.
    if (done.failure && done.unsent) done.failure->message += " Nothing was written.";
    name_change(slot, done);
    if (done.failure) co_return mcp::tool_failure(*done.failure, done.more);
    co_return mcp::tool_success(shown(std::move(done)));
}

namespace {
constexpr std::size_t large_answer = 128UL * 1024; // read in some 2 ms
}

async<result<twenty::answer>> ask(call_slot& slot, twenty::request request, std::size_t most) {
    // A tool that writes without ask_before() is a fault of ours.
    if (request.is_write && !slot.cleared)
        co_return error(errc::internal, "The write was not judged.", std::string(twenty::not_sent));
    need what = need_twenty(std::move(request));
    need_awaiter<result<twenty::response>> wait(slot, std::move(what));
    auto response = co_await wait;
    if (!response) co_return std::move(response).failure();
    if (response->body.size() > most) co_return twenty::answer_too_large();
    twenty::answer read = twenty::read_graphql(*response, twenty::of_records);
    // No answer: a refusal of Twenty's would say that nothing was written.
    if (read.unread) co_return twenty::answer_too_large();
    // Threat: a large answer takes the thread that serves everybody for as long as it takes to be
    // read and to be shown, in one. Defence: others are served in between.
    if (response->body.size() > large_answer) {
        response->body = std::string();
        need others = need_pause(std::chrono::milliseconds(0));
        need_awaiter<result<done>> breath(slot, std::move(others));
        (void)co_await breath;
    }
    co_return read;
}

std::string record_url(const call_context& context, const twenty::object& of, std::string_view id) {
    if (context.twenty_base_url.empty()) return {};
    return context.twenty_base_url + "/object/" + of.name_singular + "/" + std::string(id);
}

} // namespace crm
