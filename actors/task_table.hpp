// The tasks of a grant (mcp/tasks.hpp): their records, which call works on each, and how long
// they are kept. In memory: a restart loses them (docs/decisions/0005).
#pragma once

#include "actors/interfaces.hpp"
#include "mcp/tasks.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace actors {

class task_table {
  public:
    using number = std::uint64_t;
    using unix_time = std::int64_t;

    // The answers that a call waits for.
    struct answered {
        number call = 0;
        json::value answers;
        answered(number c, json::value a) : call(c), answers(std::move(a)) {}
    };

    // At most `most` at a time, each kept for `ttl` from its beginning.
    task_table(std::size_t most, std::chrono::milliseconds ttl) : most_(most), ttl_(ttl) {}

    [[nodiscard]] bool has_room() const noexcept { return tasks_.size() < most_; }
    // A new one, `working`, with an id that nobody guesses.
    const mcp::task_record& begin(number call, deadline now, unix_time wall);
    // nullptr: unknown, or forgotten.
    [[nodiscard]] const mcp::task_record* find(const std::string& id) const;
    // The call that still works on it. nullopt: none, or no such task.
    [[nodiscard]] std::optional<number> working_call(const std::string& id) const;

    // working → input_required: the call waits for answers, which tasks/get shows as open.
    void ask(const std::string& id, std::vector<mcp::input_request> questions, unix_time wall);
    // input_required → working, once no question is open any more; then the call goes on with
    // the answers. nullopt: it does not (yet).
    std::optional<answered> take_answers(const std::string& id, const json::value& responses,
                                         unix_time wall);
    // working or input_required → completed, failed or cancelled: an end that lasts.
    void end(const std::string& id, mcp::task_record::state how, std::string result,
             std::string error, unix_time wall);

    // Calls whose task has been kept long enough and has not ended: to be ended first.
    [[nodiscard]] std::vector<number> overdue(deadline now) const;
    void forget_old(deadline now);

  private:
    struct task {
        mcp::task_record record;
        number call = 0;
        deadline keep_until;
    };

    std::size_t most_;
    std::chrono::milliseconds ttl_;
    std::unordered_map<std::string, task> tasks_;
};

} // namespace actors
