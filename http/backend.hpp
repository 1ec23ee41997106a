// The actors as the endpoints see them: one question a message, answered some time later.
// Endpoints know only this interface, so tests answer for the actors.
#pragma once

#include "actors/messages.hpp"
#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>

namespace http {

template <class T> using eventually = boost::asio::awaitable<result<T>>;

// Errors of every ask: those of the message, busy when too many questions are open,
// unavailable when the service is closing.
class backend {
  public:
    virtual ~backend() = default;
    virtual eventually<actors::mcp_reply> ask(actors::mcp_call) = 0;
    virtual eventually<actors::mcp_reply> ask(actors::open_stream) = 0;
    virtual eventually<actors::mcp_reply> ask(actors::end_session) = 0;
    virtual eventually<done> ask(actors::check_token) = 0;
    virtual eventually<actors::checked_key> ask(actors::check_key) = 0;
    virtual eventually<secret> ask(actors::create_grant) = 0;
    virtual eventually<oauth::token_pair> ask(actors::redeem_code) = 0;
    virtual eventually<oauth::token_pair> ask(actors::refresh_token) = 0;
    virtual eventually<done> ask(actors::revoke_token) = 0;
    virtual eventually<std::vector<oauth::grant_summary>> ask(actors::list_grants) = 0;
    virtual eventually<std::vector<std::string>> ask(actors::end_grants) = 0;
    virtual eventually<std::optional<store::primer_record>> ask(actors::read_primer) = 0;
    virtual eventually<store::primer_record> ask(actors::write_primer) = 0;
    virtual eventually<done> ask(actors::clear_primer) = 0;
    virtual eventually<store::primer_version> ask(actors::roll_back_primer) = 0;
    virtual eventually<std::vector<store::primer_version>> ask(actors::list_primers) = 0;
    virtual eventually<store::grant_page> ask(actors::find_grants) = 0;
    virtual eventually<std::vector<std::string>> ask(actors::end_chosen) = 0;
    virtual eventually<std::vector<store::key_use>> ask(actors::list_keys) = 0;
    virtual eventually<done> ask(actors::note_audit) = 0;
    virtual eventually<std::vector<store::audit_row>> ask(actors::read_audit) = 0;
    virtual eventually<std::uint64_t> ask(actors::drop_schemas) = 0;
    virtual eventually<actors::status> ask(actors::get_status) = 0;
};

} // namespace http
