// The machine of a key check: accept() → step()… → load_schema() → finish(). Callbacks carry the
// number of their check and look it up again, because check_expired may have ended it meanwhile.
#include "actors/key_checks.hpp"

namespace actors {

key_checks_logic::key_checks_logic(self_ptr self, settings_ptr settings, pool_handle pool,
                                   schemas_handle schemas)
    : self_(self), settings_(std::move(settings)), pool_(std::move(pool)),
      schemas_(std::move(schemas)) {}

caf::behavior key_checks_logic::behavior() {
    return handlers<home>{
        [this](check_key& m) { accept(m); },
        [this](check_expired m) {
            finish(m.number,
                   error(errc::upstream_timeout, "Twenty did not answer in time; try again."));
        },
    };
}

void key_checks_logic::accept(check_key& m) {
    owed promise(self_);
    // read_key() comes before the bound: what is no key by its form, or has expired by its own
    // date, takes no place from others and costs Twenty nothing.
    auto facts = twenty::read_key(m.api_key, oauth::clock::to_time_t(settings_->now()));
    if (!facts) {
        promise.answer(std::move(facts).failure());
        return;
    }
    if (running_.size() >= settings_->key_checks_at_once) {
        promise.answer(error(errc::busy, "Too many keys are being checked at the moment; try "
                                         "again in a few seconds."));
        return;
    }
    const auto number = ++last_number_;
    const auto until = self_->clock().now() + settings_->key_check_limit;
    running_.try_emplace(number, std::move(promise), std::move(m.api_key), std::move(facts).value(),
                         until);
    // One deadline for the whole check, in `until` for the pool and as check_expired for this
    // actor: a Twenty that answers each step slowly cannot hold a place for longer.
    tell_later(self_, settings_->key_check_limit, check_expired{number});
    step(number);
}

void key_checks_logic::step(std::uint64_t number) {
    check& c = running_.at(number);
    auto request = c.steps.next();
    if (!request) return load_schema(number);
    // Threat: a made-up key that claims a victim's workspace uses up its rate. Defence: the
    // claim is not believed; unconfirmed keys share a lane of their own.
    twenty_call call("", c.api_key, std::move(*request), c.until);
    call.metered = false;
    ask(self_, pool_, std::move(call), [this, number](result<twenty::response> answer) {
        const auto found = running_.find(number);
        if (found == running_.end()) return;
        if (!answer) return finish(number, answer.failure());
        if (auto fed = found->second.steps.feed(*answer); !fed)
            return finish(number, fed.failure());
        step(number);
    });
}

// load_schema() is reached only after Twenty has taken the key, and with it the workspace that the
// key names: get_schema takes no other id. `checked`, because the person chooses from these
// objects.
void key_checks_logic::load_schema(std::uint64_t number) {
    check& c = running_.at(number);
    const get_schema wanted(c.steps.found().id, c.api_key, mcp::freshness::checked);
    ask(self_, schemas_, wanted, [this, number](result<twenty::schema_ptr> schema) {
        const auto found = running_.find(number);
        if (found == running_.end()) return;
        if (!schema) return finish(number, schema.failure());
        checked_key good;
        good.workspace = found->second.steps.found();
        good.facts = found->second.facts;
        good.schema = std::move(schema).value();
        finish(number, std::move(good));
    });
}

void key_checks_logic::finish(std::uint64_t number, result<checked_key> outcome) {
    const auto found = running_.find(number);
    if (found == running_.end()) return;
    found->second.promise.answer(std::move(outcome));
    running_.erase(found);
}

} // namespace actors
