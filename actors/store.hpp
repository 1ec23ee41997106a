// The actor that owns the database, on a thread of its own because SQLite blocks. It answers
// the token endpoint, consent, the primer and the sessions. Lives as long as the process; when
// it fails, the supervisor starts it again and it opens the database anew.
#pragma once

#include "actors/caf.hpp"
#include "actors/clock_watch.hpp"
#include "actors/settings.hpp"
#include "actors/store_file.hpp"
#include "store/store.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace actors {

class store_logic {
  public:
    static constexpr auto home = actor::store;

    // `supervisor` is told of grants that ended by themselves.
    store_logic(self_ptr self, settings_ptr settings, store_opener open,
                address<actor::supervisor> supervisor);
    ~store_logic();
    caf::behavior behavior();

  private:
    // An answer that waits for COMMIT: see answer(), the output gate.
    using waiting = std::function<void(const std::optional<error>& commit_failure)>;
    struct search {
        owed promise;
        store::grant_search what;
    };

    template <class T> void answer(owed promise, result<T> outcome);
    template <class Message, class Work> auto on(Work work);
    template <class Message, class Work> auto on_upload(Work work);
    void settle();
    void flush();
    void begin_search(find_grants& m);
    void search_on();
    void report_ended();
    void sweep();
    oauth::time_point swept_until();

    // store_calls.cpp
    void note(const note_calls& m);
    void hold_calls(const error& why);
    void retry();
    void calls_settled(const std::optional<error>& failure);

    // store_changes.cpp
    void hold_end(end_change& m);
    void write_held_ends();
    void ends_settled(bool committed);
    void wait_for_ends(std::chrono::seconds longest);

    self_of<home> self_;
    settings_ptr settings_;
    address<actor::supervisor> supervisor_;
    std::optional<store::store> database_;
    std::vector<waiting> opened_; // answers that open a token: flush() says why they are apart
    std::vector<waiting> waiting_;
    std::deque<search> searches_; // under way, in turn
    clock_watch clock_;
    bool flush_sent_ = false;
    bool retry_sent_ = false;
    bool calls_held_ = false; // and the log has said so
    mcp::change uploaded_;    // since the last COMMIT
    // Calls whose COMMIT is still to come, or has failed.
    std::vector<stored::call_record> unsettled_calls_;
    // Ends of changes in their order; the first `written_ends_` wait for their COMMIT alone.
    std::deque<end_change> ends_;
    std::size_t written_ends_ = 0;
    std::size_t ends_bytes_ = 0; // of their bodies
    bool ends_awaited_ = false;
};

} // namespace actors
