// A pasted API key: is it good, what is said when it is not, and by which name its grants are
// found again.
// Threat: a crowd pastes made-up keys, and nobody else's is checked meanwhile. Defence: slots and
// the rate are shared out by network; networks that a refused key came from lately have slots and a
// rate apart from everybody else's; and a key that was good a moment ago counts as one of the
// others, wherever it comes from.
#pragma once

#include "base/secret.hpp"
#include "http/actor_bridge.hpp"
#include "twenty/schema_query.hpp"
#include "web/checked_keys.hpp"
#include "web/fair_slots.hpp"
#include "web/guards.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace web {

class key_verifier {
  public:
    // `fingerprint_key` and `actors` must outlive this.
    key_verifier(const secret& fingerprint_key, guards guard, http::actor_bridge& actors)
        : fingerprint_key_(fingerprint_key), guard_(guard), actors_(actors) {}

    // Groups the grants of one key. Keyed: whoever reads the database can't test guesses.
    [[nodiscard]] std::string fingerprint(const secret& key) const;
    // A hash that nobody else can make, for comparing what a person sent.
    [[nodiscard]] std::string keyed_hash(std::string_view text) const;

    // Asks Twenty, within the limits; counts a refusal against `peer`.
    http::eventually<actors::checked_key> check(std::string peer, secret key);
    // What was found a moment ago.
    std::optional<actors::checked_key> recall(const secret& key);

    [[nodiscard]] std::size_t under_way() const noexcept; // questions to Twenty

  private:
    fair_slots::slot take_slot(std::string_view peer, bool clean);

    static constexpr std::size_t clean_slots = 10;
    const secret& fingerprint_key_;
    guards guard_;
    http::actor_bridge& actors_;
    checked_keys checked_{64};
    fair_slots clean_{clean_slots}; // for good keys, and for networks without a refused one
    fair_slots refused_{twenty::key_checks_at_once - clean_slots};
};

// For the person. Nothing of Twenty's own words.
struct key_failure {
    int status;
    std::string text;
    bool refused; // the key is at fault; otherwise the same key may pass later
};
key_failure explain_key_failure(const error& e);

} // namespace web
