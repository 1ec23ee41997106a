// Every workspace's object model, loaded once for all of its sessions. The key is the workspace
// id that Twenty confirmed, never a base URL, so two workspaces can't see each other's model.
// An asker that has to know that a copy still holds waits for a check: Twenty is asked for its
// metadata version, once for all who ask meanwhile, and the schema is loaded again when that is
// another. One load at a time for each; an expired schema is served while its refresh runs; a
// failed load is told to those who waited, remembered by nobody, and leaves the old schema in
// place, unless the administrator dropped it.
#pragma once

#include "actors/caf.hpp"
#include "actors/settings.hpp"
#include "twenty/schema_query.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace actors {

class schema_cache_logic {
  public:
    static constexpr auto home = actor::schemas;

    // `supervisor` is told when a schema changed.
    schema_cache_logic(self_ptr self, settings_ptr settings, pool_handle pool,
                       address<actor::supervisor> supervisor);
    caf::behavior behavior();

  private:
    using time_point = deadline;

    struct waiting {
        secret api_key;
        owed promise;
        waiting(secret key, owed p) : api_key(std::move(key)), promise(std::move(p)) {}
    };
    struct load {
        twenty::schema_loader steps;
        secret api_key;
        time_point until;
    };
    // The schema of one workspace. An entry is idle, `checking` or `loading`, never both:
    //
    //     idle ──check()──▶ checking ──the version holds──▶ idle
    //       │                  │
    //       └────begin()───────┴──▶ loading ──succeed()──▶ idle
    //                                  └─────fail()──────▶ idle with the old schema, or erased
    //
    // `dropped`, `load_again` and `check_again` say that what is under way may bring something old:
    // its answer is then asked for once more instead of being given out.
    struct entry {
        twenty::schema_ptr schema; // null before the first success
        time_point loaded_at{};
        time_point last_load{};
        time_point last_used{};
        time_point checked_at{}; // Twenty was asked then, and the schema held or none was to be had
        bool dropped = false; // nobody gets it any more; it only tells whether the next one differs
        bool load_again = false; // dropped while a load was under way, which may bring the old one
        bool checking = false;
        bool check_again = false; // changed while a check was under way, which may have missed it
        std::unique_ptr<load> loading;
        std::optional<tracing::place> within; // whose question began what is under way
        std::vector<waiting> askers;
    };

    void accept(get_schema& m);
    void drop(const drop_schemas& m);
    void list();
    void check(const std::string& workspace, const secret& api_key);
    void finish_check(const std::string& workspace, const secret& api_key, time_point asked_at,
                      const result<std::int64_t>& version);
    void begin(const std::string& workspace, const secret& api_key);
    void step(const std::string& workspace);
    void succeed(const std::string& workspace, twenty::schema_ptr schema);
    void answer_all(entry& e);
    void refuse_askers(const std::string& workspace, const secret& api_key, const error& why);
    void fail(const std::string& workspace, const error& why);
    void report_change(const std::string& workspace);
    void make_room();

    [[nodiscard]] time_point now() const { return self_->clock().now(); }

    self_of<home> self_;
    settings_ptr settings_;
    pool_handle pool_;
    address<actor::supervisor> supervisor_;
    std::map<std::string, entry> entries_;
};

} // namespace actors
