#include "store/transaction.hpp"

#include "base/fault_point.hpp"

#include <algorithm>
#include <iterator>

// A transaction is closed, open or lost. The first change opens it, each change is a savepoint
// inside, and commit() closes it for all of them. It is lost when SQLite has undone it by itself (a
// full disk, an I/O error): open_ still says that callers wait, but no transaction is there. Then
// every change is refused until commit() has told those callers; otherwise a new transaction would
// begin, and its COMMIT would confirm what is gone.

namespace store {

namespace {
error lost() {
    error out{errc::unavailable, "the store cannot answer right now",
              "SQLite undid the open transaction"};
    out.retry_after = std::chrono::seconds(2);
    return out;
}
} // namespace

// IMMEDIATE takes the write lock at once: a change that has read never fails at its first write
// because another process wrote in between.
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

// The notes of an undone change go with it; those of earlier changes stay for their COMMIT.
void transaction::undo() noexcept {
    pending_.resize(std::min(before_this_call_, pending_.size()));
    if (begun_by_this_call_) {
        // No earlier change waits for this transaction, so it need not stay open.
        if (db_->in_transaction()) (void)db_->run("ROLLBACK");
        open_ = false;
    } else if (db_->in_transaction()) {
        (void)db_->run("ROLLBACK TO one_call");
        (void)db_->run("RELEASE one_call");
    }
}

result<done> transaction::commit() {
    if (!open_) return done{};
    // Closed whatever comes of it: after a failure the next change begins anew. Notes of what was
    // not committed are dropped, for those grants have not ended.
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
