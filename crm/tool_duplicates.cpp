// find_duplicates: of one record, or among all of an object.
#include "crm/duplicates.hpp"
#include "crm/tools.hpp"

#include <utility>

namespace crm {

async<crm_outcome> find_duplicates(call_slot& slot, const json::value& arguments,
                                   const call_context&, const twenty::access& may) {
    auto of = may.readable(arguments.text("objectName"));
    if (!of) co_return failed(of.failure());
    if (!arguments.find("id")) {
        crm_outcome all = co_await duplicates_among(slot, *of, may);
        co_return all;
    }
    auto id = checked_id(arguments.text("id"));
    if (!id) co_return failed(id.failure());
    crm_outcome out = co_await duplicates_of(slot, *of, may, std::move(id).value());
    co_return out;
}

} // namespace crm
