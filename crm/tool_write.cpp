// The writing tools: which form of a call is meant, of one record or of many. JSON Schema says
// which arguments there are; which of them exclude each other is said here, in sentences that a
// model can act on.
#include "crm/tools.hpp"
#include "crm/write_many.hpp"
#include "crm/write_single.hpp"

#include <utility>

namespace crm {

namespace {

// The object to write to, and the one form of arguments: a single record or a list of them.
result<twenty::writable_object> writing_to(const json::value& arguments, const twenty::access& may,
                                           const char* single, const char* many) {
    TRY(of, may.writable(arguments.text("objectName")));
    const bool one = arguments.find(single) != nullptr;
    const auto* list = arguments.find(many);
    // An id or data beside a list belongs to the other form, and nobody knows which one was meant.
    const bool stray = list && (arguments.find("id") || arguments.find("data"));
    if (one == (list != nullptr) || stray)
        return error(errc::bad_request, "Give either \"" + std::string(single) + "\" or \"" + many +
                                            "\", as the tool's schema shows.");
    if (list && list->if_array()->empty())
        return error(errc::bad_request, "\"" + std::string(many) + "\" is empty.");
    return of;
}

// update_ids() is the form with the same data for many records.
async<crm_outcome> update_ids(call_slot& slot, const json::value& arguments,
                              const call_context& context, const twenty::access& may) {
    auto of = may.writable(arguments.text("objectName"));
    if (!of) co_return failed(of.failure());
    for (const auto* other : {"id", "records", "upsertBy", "about"})
        if (arguments.find(other))
            co_return failed(
                error(errc::bad_request, "\"ids\" goes with \"data\" alone, not with \"" +
                                             std::string(other) + "\"."));
    if (!arguments.find("data") || arguments.find("ids")->if_array()->empty())
        co_return failed(
            error(errc::bad_request, "Give \"ids\" and the \"data\" for all of them."));
    crm_outcome out = co_await update_equally(slot, arguments, context, may, *of);
    co_return out;
}

} // namespace

async<crm_outcome> create_record(call_slot& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may) {
    auto of = writing_to(arguments, may, "data", "records");
    if (!of) co_return failed(of.failure());
    if (arguments.find("records")) {
        if (arguments.find("about"))
            co_return failed(
                error(errc::bad_request, "In records, \"about\" stands in each record."));
        crm_outcome out = co_await create_many(slot, arguments, context, may, *of);
        co_return out;
    }
    crm_outcome out = co_await create_single(slot, arguments, context, may, *of);
    co_return out;
}

async<crm_outcome> update_record(call_slot& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may) {
    if (arguments.find("ids")) {
        crm_outcome out = co_await update_ids(slot, arguments, context, may);
        co_return out;
    }
    if (arguments.find("id") && !arguments.text("upsertBy").empty())
        co_return failed(error(errc::bad_request, "Give either \"id\" or \"upsertBy\"."));
    if (arguments.find("about") && arguments.find("id") && !arguments.find("records")) {
        auto linked = may.writable(arguments.text("objectName"));
        if (!linked) co_return failed(linked.failure());
        crm_outcome out = co_await update_single(slot, arguments, context, may, *linked);
        co_return out;
    }
    if (arguments.find("about"))
        co_return failed(error(errc::bad_request, "\"about\" goes with \"id\"; in records it "
                                                  "stands in each record."));
    auto of = writing_to(arguments, may, "data", "records");
    if (!of) co_return failed(of.failure());
    if (!arguments.text("upsertBy").empty()) {
        if (arguments.find("records")) {
            crm_outcome out = co_await create_many(slot, arguments, context, may, *of);
            co_return out;
        }
        crm_outcome out = co_await upsert_single(slot, arguments, context, may, *of);
        co_return out;
    }
    if (arguments.find("records")) {
        crm_outcome out = co_await update_many(slot, arguments, context, may, *of);
        co_return out;
    }
    crm_outcome out = co_await update_single(slot, arguments, context, may, *of);
    co_return out;
}

async<crm_outcome> delete_record(call_slot& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may) {
    auto of = writing_to(arguments, may, "id", "ids");
    if (!of) co_return failed(of.failure());
    if (arguments.find("ids")) {
        crm_outcome out =
            co_await change_many(slot, write_kind::remove, arguments, context, may, *of);
        co_return out;
    }
    crm_outcome out = co_await delete_single(slot, arguments, context, may, *of);
    co_return out;
}

async<crm_outcome> restore_record(call_slot& slot, const json::value& arguments,
                                  const call_context& context, const twenty::access& may) {
    auto of = writing_to(arguments, may, "id", "ids");
    if (!of) co_return failed(of.failure());
    if (arguments.find("ids")) {
        crm_outcome out =
            co_await change_many(slot, write_kind::restore, arguments, context, may, *of);
        co_return out;
    }
    crm_outcome out = co_await restore_single(slot, arguments, context, may, *of);
    co_return out;
}

} // namespace crm
