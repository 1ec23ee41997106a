// A tool as a newcomer would write it. Each line that has TAKES may give a builder an object that
// access has not handed out for that purpose (tests/checks/does_not_compile.py).
#include "crm/about.hpp"
#include "crm/compared.hpp"
#include "crm/record.hpp"
#include "crm/similar.hpp"
#include "crm/upsert.hpp"
#include "twenty/compared_fields.hpp"
#include "twenty/many.hpp"
#include "twenty/record_rules.hpp"
#include "twenty/saved_views.hpp"
#include "twenty/search.hpp"
#include "twenty/shape.hpp"

#ifdef MISTAKES
#define TAKES(right, wrong) wrong
#else
#define TAKES(right, wrong) right
#endif

namespace crm {

// One page of an object's records.
async<crm_outcome> list_some(call_slot& slot, const json::value& arguments, const call_context&,
                             const twenty::access& may) {
    const auto found = may.readable(arguments.text("objectName"));
    if (!found) co_return failed(found.failure());
    const twenty::object* const looked_up = may.schema().find(arguments.text("objectName"));
    const twenty::object& bare = *looked_up;
    const twenty::readable_object& of = *found;
    twenty::wanted_fields want;
    twenty::page page;
    reading read = co_await read_list(slot,            //
                                      TAKES(of, bare), //
                                      may, std::move(want), std::move(page));
    if (read.failure) co_return failed(read);
    crm_outcome out;
    json::array rows;
    for (const auto& node : read.take_nodes())
        rows.push_back(twenty::compact_record(node, of, may));
    out.body.set("rows", std::move(rows));
    co_return out;
}

// Only access makes the types, and nothing makes an object writable that was handed out to be read.
void makes_none(const twenty::object& bare, const twenty::readable_object& readable,
                const twenty::writable_object& writable) {
    (void)twenty::readable_object(TAKES(readable, bare));
    (void)twenty::writable_object(TAKES(writable, readable));
    (void)twenty::writable_object(TAKES(writable, bare));
}

// Every builder of a request for records.
void builds(const twenty::access& may, const twenty::object& bare,
            const twenty::readable_object& readable, const twenty::writable_object& writable) {
    const std::vector<std::string> ids;
    const json::object values;
    const twenty::page page;
    (void)twenty::find_request(TAKES(readable, bare), "id", page);
    (void)twenty::count_request(TAKES(readable, bare), {});
    (void)twenty::joined_ids_request(TAKES(readable, bare), "companyId", {}, 1);
    (void)twenty::get_request(TAKES(readable, bare), "", "id");
    (void)twenty::records_request(TAKES(readable, bare), ids, "id");
    (void)twenty::prepare_aggregate(TAKES(readable, bare), may, {});
    (void)twenty::also_selecting({}, TAKES(readable, bare), "id");
    (void)twenty::rules_request(may, TAKES(readable, bare));
    (void)twenty::views_request(TAKES(readable, bare));
    (void)twenty::search_request(may, "", {TAKES(readable, bare)}, 1);
    (void)twenty::probe_request({TAKES(readable, bare)});
    (void)twenty::records_wanted{TAKES(readable, bare), ids, "id"};
    (void)twenty::create_request(TAKES(writable, readable), "", values, "id");
    (void)twenty::create_many_request(TAKES(writable, readable), {}, "id");
    (void)twenty::update_request(TAKES(writable, readable), "", values, "id");
    (void)twenty::delete_request(TAKES(writable, readable), "");
    (void)twenty::restore_request(TAKES(writable, readable), "", "id");
    (void)twenty::update_many_request(TAKES(writable, readable), ids, values, "id");
    (void)twenty::delete_many_request(TAKES(writable, readable), ids, "id");
    (void)twenty::restore_many_request(TAKES(writable, bare), ids, "id");
}

// What tools share stands on the same types.
void shares(call_slot& slot, const twenty::access& may, const twenty::object& bare,
            const twenty::readable_object& readable, const twenty::writable_object& writable) {
    const json::object values;
    const about_list about;
    (void)read_root(slot, TAKES(readable, bare), may, {}, {}, "");
    (void)read_record(slot, TAKES(readable, bare), may, "", {}, false);
    (void)read_compared(slot, TAKES(readable, bare), may, {}, {}, {});
    (void)compared_count_request(TAKES(readable, bare), may, {});
    (void)ask_about(slot, TAKES(readable, bare), {}, false);
    (void)find_similar(slot, TAKES(writable, readable), may, {});
    (void)wanted_names{{TAKES(readable, bare), ""}};
    (void)about_item{TAKES(readable, bare), "", "", ""};
    (void)write_one(slot, TAKES(writable, readable), may, write_kind::remove, "", values, "id");
    (void)write_together(slot, TAKES(writable, readable), may, write_kind::remove, {}, values, "");
    (void)write_new(slot, TAKES(writable, readable), may, {});
    (void)link_created(slot, TAKES(writable, readable), {}, about, may);
    (void)batch(TAKES(writable, readable), may, "ids");
}

} // namespace crm
