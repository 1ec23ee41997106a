#include "crm/workspace.hpp"

#include "mcp/failure.hpp"
#include "mcp/session_memory.hpp"
#include "twenty/restricted.hpp"

#include <set>
#include <utility>

namespace crm {

namespace {

constexpr int most_denied_fields = 5;

// Twenty refuses the whole read when the key's role may not read some related object, and
// does not say which. What is left then: the ids of to-one relations. False: nothing to drop.
bool drop_related(const twenty::object& of, const twenty::access& may,
                  twenty::wanted_fields& want) {
    bool dropped = false;
    for (const auto* f : may.fields(of)) {
        // A morph field under its own name stands for all of its relations.
        const bool morph =
            f->type == twenty::field_type::morph_relation && std::erase(want.fields, f->name) > 0;
        if (morph && want.fields.empty()) want.fields.emplace_back("id");
        for (const auto* r : may.relations(*f)) {
            const auto named = [&](const std::string& path) {
                return path == r->query_name || path.starts_with(r->query_name + ".");
            };
            const bool all = want.fields.empty();
            const bool to_one = r->kind == twenty::relation_kind::many_to_one;
            const bool listed = std::erase_if(want.fields, named) > 0 || morph;
            const bool expanded = std::erase_if(want.expand, named) > 0;
            dropped = dropped || listed || expanded || (all && to_one);
            want.without.insert(of.name_singular + "." + r->query_name);
            if (to_one && (all || listed)) want.also.push_back(r->join_column);
            if (!all && want.fields.empty()) want.fields.emplace_back("id");
        }
    }
    return dropped;
}

} // namespace

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
    const bool not_sent = why.detail == twenty::not_sent;
    crm_outcome out = failed(std::move(why));
    if (not_sent) {
        out.failure->message += " Nothing was written.";
        return out;
    }
    // All but what is known to end before anything is sent.
    if (code != errc::busy && code != errc::rate_limited && code != errc::upstream_auth)
        out.more = std::move(if_done);
    return out;
}

crm_outcome failed_write(const twenty::answer& refused, json::object if_done) {
    crm_outcome out = failed(refused);
    const auto code = out.failure->code;
    if (code == errc::upstream_down || code == errc::upstream_timeout)
        out.more = std::move(if_done);
    return out;
}

crm_outcome failed(const reading& broken) {
    crm_outcome out;
    out.failure = broken.failure;
    out.stale_schema = broken.stale_schema;
    return out;
}

task<result<twenty::access>> open_workspace(exchange& slot, const call_context& context,
                                            freshness wanted, std::chrono::milliseconds patience) {
    if (!context.connection)
        co_return error(errc::unavailable, "This server is not connected to a workspace.");
    need_schema schema(wanted);
    schema.patience = patience;
    need what = std::move(schema);
    need_awaiter<result<twenty::schema_ptr>> wait(slot, std::move(what));
    auto model = co_await wait;
    if (!model) co_return std::move(model).failure();
    // A read token on a write connection reads, whatever the primer or a tool asks.
    const auto mode = context.may_write() ? twenty::mode::write : twenty::mode::read;
    co_return twenty::access(mode, context.connection->objects, std::move(model).value());
}

task<crm_outcome> work_in_workspace(exchange& slot, json::value arguments,
                                    const call_context& context, crm_body body, freshness wanted) {
    auto may = co_await open_workspace(slot, context, wanted);
    if (!may) co_return failed(may.failure());
    crm_outcome first = co_await body(slot, arguments, context, *may);
    if (!first.stale_schema) co_return first;
    auto fresh = co_await open_workspace(slot, context, freshness::checked);
    if (!fresh || &fresh->schema() == &may->schema()) co_return first;
    crm_outcome second = co_await body(slot, arguments, context, *fresh);
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

task<tool_result> run_in_workspace(exchange& slot, json::value arguments,
                                   const call_context& context, crm_body body, freshness wanted) {
    crm_outcome done =
        co_await work_in_workspace(slot, std::move(arguments), context, body, wanted);
    if (done.failure) co_return mcp::tool_failure(*done.failure, done.more);
    co_return mcp::tool_success(shown(std::move(done)));
}

task<result<twenty::answer>> ask(exchange& slot, twenty::request request) {
    need what = need_twenty(std::move(request));
    need_awaiter<result<twenty::response>> wait(slot, std::move(what));
    auto response = co_await wait;
    if (!response) co_return std::move(response).failure();
    co_return twenty::read_graphql(*response);
}

task<reading> read_root(exchange& slot, const twenty::readable_object& of,
                        const twenty::access& may, twenty::wanted_fields want, request_maker make,
                        std::string root) {
    reading out;
    for (int denied = 0;; ++denied) {
        auto selection = twenty::select_fields(of, may, want);
        if (!selection) {
            out.failure = selection.failure();
            out.stale_schema = out.failure->detail == twenty::unknown_name;
            co_return out;
        }
        auto request = make(*selection);
        if (!request) {
            out.failure = request.failure();
            co_return out;
        }
        twenty::request sent = std::move(request).value();
        auto answer = co_await ask(slot, std::move(sent));
        if (!answer) {
            out.failure = answer.failure();
            co_return out;
        }
        if (answer->ok()) {
            remember_read(slot, of, *answer);
            out.selection = std::move(selection).value();
            auto found = twenty::root_of(*answer, root);
            if (found && twenty::has_restricted_values(*found))
                out.notes.emplace_back(twenty::restricted_note);
            if (found)
                out.root = std::move(found).value();
            else
                out.failure = found.failure();
            co_return out;
        }
        const auto& refused = answer->errors.front();
        if (refused.meaning == errc::not_allowed && refused.denied_field.empty() &&
            !std::exchange(out.ids_only, true) && drop_related(of, may, want)) {
            out.notes.emplace_back("Related records are shown by id only: the API key's role may "
                                   "not read some of them.");
            continue;
        }
        remember_read(slot, of, *answer);
        const std::string object =
            refused.denied_object.empty() ? of->name_singular : refused.denied_object;
        const std::string field = object + "." + refused.denied_field;
        if (refused.denied_field.empty() || denied == most_denied_fields ||
            !want.without.insert(field).second) {
            out.failure = answer->failure();
            out.stale_schema = answer->stale_schema;
            co_return out;
        }
        out.notes.push_back("Left out " + field + ": the API key's role may not read it.");
    }
}

void remember_read(const exchange& slot, const twenty::object& of, const twenty::answer& answer) {
    auto* memory = slot.context ? slot.context->memory : nullptr;
    if (!memory) return;
    if (answer.ok()) return memory->answered(of.name_singular);
    const auto& first = answer.errors.front();
    if (first.meaning == errc::not_allowed && first.denied_field.empty())
        memory->refused(of.name_singular, slot.context->now);
}

std::string record_url(const call_context& context, const twenty::object& of, std::string_view id) {
    if (context.twenty_base_url.empty()) return {};
    return context.twenty_base_url + "/object/" + of.name_singular + "/" + std::string(id);
}

} // namespace crm
