// One transaction that several calls share until commit(), and the part of it that one call
// made. A call that fails undoes only itself.
#pragma once

#include "store/database.hpp"

#include <string>
#include <utility>
#include <vector>

namespace store {

class transaction {
  public:
    explicit transaction(database& db) : db_(&db) {}

    // Begins the transaction if none is open. errc::unavailable when another process holds
    // the write lock too long, or when SQLite has undone the open transaction by itself: then
    // everything is refused until commit() has reported the loss.
    result<done> enter();
    result<done> keep();
    void undo() noexcept;

    result<done> commit();
    [[nodiscard]] bool open() const noexcept { return open_; }

    // Something to tell once it is durable: undone with the call, lost with the transaction.
    void note(std::string what) { pending_.push_back(std::move(what)); }
    // The notes of what was committed since the last take.
    std::vector<std::string> take_notes() { return std::exchange(committed_, {}); }

  private:
    database* db_;
    std::vector<std::string> pending_;
    std::vector<std::string> committed_;
    std::size_t before_this_call_ = 0; // so many are pending from earlier calls
    bool open_ = false;
    bool begun_by_this_call_ = false;
};

// The writes of one call: undone unless keep() was called.
class change {
  public:
    static result<change> begin(transaction& t) {
        CHECK_OK(t.enter());
        return change(t);
    }
    change(change&& other) noexcept : transaction_(std::exchange(other.transaction_, nullptr)) {}
    change& operator=(change&&) = delete;
    ~change() {
        if (transaction_) transaction_->undo();
    }
    result<done> keep() { return std::exchange(transaction_, nullptr)->keep(); }

  private:
    explicit change(transaction& t) noexcept : transaction_(&t) {}
    transaction* transaction_;
};

} // namespace store
