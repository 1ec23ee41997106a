#include "crm/reading.hpp"

#include "mcp/session_memory.hpp"
#include "twenty/names.hpp"
#include "twenty/restricted.hpp"
#include "twenty/shape.hpp"

#include <utility>

namespace crm {

namespace {

constexpr int most_denied_fields = 5;

// drop_related() takes related records out of what is wanted. Twenty refuses the whole read when
// the key's role may not read one of the related objects, and does not say which. What is left are
// the ids of to-one relations. False: nothing to drop.
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

// Keeps in the session whether the key's role lets the object be read, as far as the answer to a
// read of it tells.
void remember(const call_slot& slot, const twenty::object& of, const twenty::answer& answer) {
    auto* memory = slot.context ? slot.context->memory : nullptr;
    if (!memory) return;
    if (answer.ok()) return memory->answered(of.name_singular);
    const auto& first = answer.errors.front();
    if (first.meaning == errc::not_allowed && first.denied_field.empty())
        memory->refused(of.name_singular, slot.context->now);
}

} // namespace

crm_outcome failed(const reading& broken) {
    crm_outcome out;
    out.failure = broken.failure;
    out.stale_schema = broken.stale_schema;
    return out;
}

// read_root() asks again with less while Twenty refuses, in two ways. A refusal that names a field
// leaves that field out. One that names none may be of a related object: then all of these go,
// once. Five repetitions are the most; a refusal after that, or of a field that is left out
// already, is the answer. A refusal is remembered of the object only when no related records were
// asked for any more, whose it may have been.
async<reading> read_root(call_slot& slot, const twenty::readable_object& of,
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
            remember(slot, of, *answer);
            out.selection = std::move(selection).value();
            auto found = twenty::root_of(std::move(*answer), root);
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
        remember(slot, of, *answer);
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

json::array reading::take_nodes() {
    auto found = twenty::connection_nodes(std::move(root));
    auto* listed = found.if_array();
    return listed ? std::move(*listed) : json::array();
}

async<reading> read_list(call_slot& slot, const twenty::readable_object& of,
                         const twenty::access& may, twenty::wanted_fields want, twenty::page page) {
    request_maker make = [&of, &page](const std::string& selection) {
        return result<twenty::request>(twenty::find_request(of, selection, page));
    };
    reading read =
        co_await read_root(slot, of, may, std::move(want), std::move(make), twenty::root_many(of));
    co_return read;
}

async<result<twenty::answer>> ask_about(call_slot& slot, const twenty::readable_object& of,
                                        twenty::request request, bool by_related) {
    auto answer = co_await ask(slot, std::move(request));
    if (answer && (answer->ok() || !by_related)) remember(slot, of, *answer);
    co_return answer;
}

} // namespace crm
