// Calls that a person makes themselves, at a page that was shown their API key.
#include "actors/sessions.hpp"

namespace actors {

// The rights are those of the key: what the connection may is what its person lets a model do.
void sessions_logic::call_for_person(owed promise, person_call m) {
    const auto facts = twenty::read_key(m.api_key, 0);
    if (!facts) {
        promise.answer(facts.failure());
        return;
    }
    auto who = std::make_shared<bearer>();
    who->grant_id = std::move(m.grant_id);
    who->key_id = std::move(m.key_id);
    who->scope = {true, true, false};
    who->client_name = "/connections";
    auto& own = who->connection;
    own.api_key = std::move(m.api_key);
    own.workspace.id = facts->workspace_id;
    own.key_id = facts->key_id;
    own.mode = twenty::mode::write;
    own.by_person = true;
    mcp_call call(secret(), {}, std::move(m.message), std::move(m.protocol_version));
    call.request_id = std::move(m.request_id);
    route(std::move(promise), who, std::move(call));
}

} // namespace actors
