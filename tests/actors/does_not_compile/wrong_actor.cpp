// Messages go to their home, and each home has a handler for every message that lives there
// (tests/checks/does_not_compile.py).
#include "actors/caf.hpp"

#ifdef MISTAKES
#define TAKES(right, wrong) wrong
#else
#define TAKES(right, wrong) right
#endif

namespace actors {

void goes_home(self_ptr self, const pool_handle& pool, const store_handle& store) {
    tell(TAKES(pool, store), cancel_call{1, 1});                           // WRONG: no matching
    ask(self, TAKES(store, pool), load_session("id"), [](const auto&) {}); // WRONG: no matching
}

struct takes_key {
    void operator()(check_key&) const {}
};
struct takes_expiry {
    void operator()(check_expired) const {}
};
struct takes_tick {
    void operator()(pool_tick) const {}
};

template <class... More> caf::behavior checks_and() {
    return handlers<actor::checks>{takes_key{}, More{}...};
}

void has_all_handlers() {
    (void)checks_and<TAKES(takes_expiry, takes_key)>(); // WRONG: check_expired has no handler
}

template <class... More> caf::behavior all_checks_and() {
    return handlers<actor::checks>{takes_key{}, takes_expiry{}, More{}...};
}

void has_no_other_handlers() {
    (void)all_checks_and<TAKES(takes_expiry, takes_tick)>(); // WRONG: lives in another actor
}

} // namespace actors
