// The changes of one message: which of them its tool has begun, and not said the end of. Whatever
// is left when the message is over, in whichever way, is told as unknown: a change that reads as
// begun is one that somebody works on.
#pragma once

#include "actors/bearer.hpp"
#include "actors/caf.hpp"
#include "actors/interfaces.hpp"
#include "mcp/changes.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace actors {

class call_changes {
  public:
    call_changes(store_handle store, bearer_ptr who, std::string request_id);
    ~call_changes();
    call_changes(const call_changes&) = delete;
    call_changes& operator=(const call_changes&) = delete;

    // The question to the store, with an id of its own. The change counts as begun from here on,
    // so that a call that ends before the answer still tells of it.
    [[nodiscard]] begin_change begin(mcp::change_begun what, std::string_view tool,
                                     const twenty::change_quota& quota);
    void end(mcp::change_ended what);
    void never_began(std::string_view id);

  private:
    store_handle store_;
    bearer_ptr who_;
    std::string request_id_;
    std::string call_; // as change_record::call has it; an id is this, a dot and a number
    int begun_ = 0;
    std::vector<std::string> open_;
};

// Whose changes a call with this bearer may see.
stored::change_owner owner_of_changes(const bearer& who);

} // namespace actors
