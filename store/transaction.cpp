#include "store/transaction.hpp"

#include "base/fault_point.hpp"

#include <algorithm>
#include <iterator>

namespace store {

namespace {
error lost() {
    error out{errc::unavailable, "the store cannot answer right now",
              "SQLite undid the open transaction"};
    out.retry_after = std::chrono::seconds(2);
    return out;
}
} // namespace

result<done> transaction::enter() {
    if (open_ && !db_->in_transaction()) return lost();
    if (!open_) {
        CHECK_OK(db_->run("BEGIN IMMEDIATE"));
        open_ = true;
        begun_by_this_call_ = true;
        fault_point("transaction.begun");
    } else {
        begun_by_this_call_ = false;
    }
    CHECK_OK(db_->run("SAVEPOINT one_call"));
    fault_point("transaction.marked");
    before_this_call_ = pending_.size();
    return done{};
}

result<done> transaction::keep() {
    CHECK_OK(db_->run("RELEASE one_call"));
    fault_point("transaction.kept");
    return done{};
}

void transaction::undo() noexcept {
    pending_.resize(std::min(before_this_call_, pending_.size()));
    if (begun_by_this_call_) {
        // Nobody else waits for this transaction, so none needs to stay open.
        if (db_->in_transaction()) (void)db_->run("ROLLBACK");
        open_ = false;
    } else if (db_->in_transaction()) {
        (void)db_->run("ROLLBACK TO one_call");
        (void)db_->run("RELEASE one_call");
    }
}

result<done> transaction::commit() {
    if (!open_) return done{};
    open_ = false;
    auto notes = std::exchange(pending_, {});
    if (!db_->in_transaction()) return lost();
    fault_point("commit.next");
    auto committed = db_->run("COMMIT");
    if (committed) {
        fault_point("commit.done");
        std::move(notes.begin(), notes.end(), std::back_inserter(committed_));
        return done{};
    }
    if (db_->in_transaction()) (void)db_->run("ROLLBACK");
    return std::move(committed).failure();
}

} // namespace store
