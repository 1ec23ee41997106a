// Reading records, and the four duties of a tool that does. Each has a place that fulfils it:
//
// 1. Names are resolved by access. Builders of requests (twenty/query, many, search, saved_views)
//    take a twenty::readable_object or writable_object, which access alone can make. A tool that
//    takes an object from the schema instead does not compile.
// 2. The connection's scope goes into every request. The builders take it from the same object, so
//    no tool applies it and none can leave it out.
// 3. Records come back compact: what a tool shows of a record has gone through
//    twenty::compact_record(), which drops what the grant may not see. A type does not hold a tool
//    to that: `root` is as Twenty answered, because merging and comparing need it so. Show the
//    result of read_record() (crm/record.hpp), or compact_record() of a node.
// 4. The session remembers what was read, to make later answers better. read_root(), read_list()
//    and ask_about() do it for the object that they are given; a search, which is of many objects,
//    keeps what it learnt by itself (crm/finding).
//
// tests/crm/does_not_compile/past_access.cpp is such a tool, with all that the compiler refuses
// instead.
#pragma once

#include "crm/workspace.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace crm {

// The selection is generated, sent, and generated again without a field that the key's role may not
// read (at most 5 of them).
struct reading {
    json::value root;      // data.ROOT
    std::string selection; // what could be read of what was wanted
    std::vector<std::string> notes;
    std::optional<error> failure;
    bool stale_schema = false;
    // The key's role may not read some of what is related, and Twenty does not say what: instead
    // of related records there are ids.
    bool ids_only = false;

    // The records of a list, as Twenty answered; none when `root` is no list. `root` is spent then.
    [[nodiscard]] json::array take_nodes();
};
using request_maker = std::function<result<twenty::request>(const std::string& selection)>;
async<reading> read_root(call_slot& slot, const twenty::readable_object& of,
                         const twenty::access& may, twenty::wanted_fields want, request_maker make,
                         std::string root);
// The same for a page of the object's records: data.PLURAL.
async<reading> read_list(call_slot& slot, const twenty::readable_object& of,
                         const twenty::access& may, twenty::wanted_fields want, twenty::page page);

crm_outcome failed(const reading& broken);

// One exchange for what is counted or grouped of an object's records: ask(), and what it tells of
// the key's role is remembered. `by_related`: the request needs other objects as well, so that a
// refusal says nothing of this one.
async<result<twenty::answer>> ask_about(call_slot& slot, const twenty::readable_object& of,
                                        twenty::request request, bool by_related);

} // namespace crm
