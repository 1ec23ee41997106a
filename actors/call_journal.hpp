// Calls on their way to the audit trail. Writes go at once; reads wait for each other for a moment,
// so that they cost the thread that serves next to nothing.
#pragma once

#include "actors/caf.hpp"

#include <cstddef>
#include <vector>

namespace actors {

class call_journal {
  public:
    static constexpr std::size_t most_waiting = 64;
    static constexpr std::chrono::seconds longest_wait{2};

    call_journal(store_handle store, address<actor::sessions> sessions)
        : store_(std::move(store)), sessions_(std::move(sessions)) {}
    ~call_journal() { flush(); }
    call_journal(const call_journal&) = delete;
    call_journal& operator=(const call_journal&) = delete;

    void add(noted_call call);
    void flush();

  private:
    store_handle store_;
    address<actor::sessions> sessions_;
    std::vector<noted_call> waiting_;
};

} // namespace actors
