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
    virtual eventually<actors::mcp_call::reply> ask(actors::mcp_call) = 0;
    virtual eventually<actors::open_stream::reply> ask(actors::open_stream) = 0;
    virtual eventually<actors::end_session::reply> ask(actors::end_session) = 0;
    virtual eventually<actors::check_token::reply> ask(actors::check_token) = 0;
    virtual eventually<actors::check_key::reply> ask(actors::check_key) = 0;
    virtual eventually<actors::create_grant::reply> ask(actors::create_grant) = 0;
    virtual eventually<actors::redeem_code::reply> ask(actors::redeem_code) = 0;
    virtual eventually<actors::refresh_token::reply> ask(actors::refresh_token) = 0;
    virtual eventually<actors::revoke_token::reply> ask(actors::revoke_token) = 0;
    virtual eventually<actors::list_grants::reply> ask(actors::list_grants) = 0;
    virtual eventually<actors::end_grants::reply> ask(actors::end_grants) = 0;
    virtual eventually<actors::read_primer::reply> ask(actors::read_primer) = 0;
    virtual eventually<actors::write_primer::reply> ask(actors::write_primer) = 0;
    virtual eventually<actors::clear_primer::reply> ask(actors::clear_primer) = 0;
    virtual eventually<actors::roll_back_primer::reply> ask(actors::roll_back_primer) = 0;
    virtual eventually<actors::list_primers::reply> ask(actors::list_primers) = 0;
    virtual eventually<actors::find_grants::reply> ask(actors::find_grants) = 0;
    virtual eventually<actors::end_chosen::reply> ask(actors::end_chosen) = 0;
    virtual eventually<actors::list_keys::reply> ask(actors::list_keys) = 0;
    virtual eventually<actors::note_audit::reply> ask(actors::note_audit) = 0;
    virtual eventually<actors::read_audit::reply> ask(actors::read_audit) = 0;
    virtual eventually<actors::drop_schemas::reply> ask(actors::drop_schemas) = 0;
    virtual eventually<actors::get_status::reply> ask(actors::get_status) = 0;
};

} // namespace http
