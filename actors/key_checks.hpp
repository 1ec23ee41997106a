// Checks a pasted API key for the consent page: is it good, for which workspace, and what does
// that workspace hold. A stranger can make us do this, so few run at once, each with a short
// deadline, and all of them share one queue of the pool. Keeps nothing between checks.
#pragma once

#include "actors/caf.hpp"
#include "actors/settings.hpp"
#include "twenty/schema_query.hpp"

#include <map>
#include <memory>

namespace actors {

class key_checks_logic {
  public:
    static constexpr auto home = actor::checks;

    key_checks_logic(self_ptr self, settings_ptr settings, pool_handle pool,
                     schemas_handle schemas);
    caf::behavior behavior();

  private:
    // One check: step() asks Twenty what `steps` wants to know, one request after the other, then
    // load_schema() asks the cache, and finish() answers and forgets. check_expired ends it from
    // anywhere; an answer that comes after that finds no check.
    struct check {
        owed promise;
        secret api_key;
        twenty::key_facts facts;
        twenty::key_check steps;
        deadline until;
        check(owed p, secret key, twenty::key_facts f, deadline d)
            : promise(std::move(p)), api_key(std::move(key)), facts(f), steps(std::move(f)),
              until(d) {}
    };

    void accept(check_key& m);
    void step(std::uint64_t number);
    void load_schema(std::uint64_t number);
    void finish(std::uint64_t number, result<checked_key> outcome);

    self_of<home> self_;
    settings_ptr settings_;
    pool_handle pool_;
    schemas_handle schemas_;
    std::map<std::uint64_t, check> running_;
    std::uint64_t last_number_ = 0;
};

} // namespace actors
