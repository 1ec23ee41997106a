// Messages go to their home, and each home has a handler for every message that lives there.
#include "actors/caf.hpp"

namespace actors {

void right_and_wrong(self_ptr self, const pool_handle& pool, const store_handle& store) {
    tell(pool, cancel_call{1, 1});
    // WRONG 1: no matching function for call to
#if WRONG == 1
    tell(store, cancel_call{1, 1});
#endif

    ask(self, store, load_session("id"), [](const auto&) {});
    // WRONG 2: no matching function for call to
#if WRONG == 2
    ask(self, pool, load_session("id"), [](const auto&) {});
#endif
}

caf::behavior key_checks() {
    return handlers<actor::checks> {
        [](check_key&) {},
        // WRONG 3: check_expired has no handler in its home
#if WRONG != 3
            [](check_expired) {},
#endif
        // WRONG 4: a handler is for a message that lives in another actor
#if WRONG == 4
            [](pool_tick) {},
#endif
    };
}

} // namespace actors
