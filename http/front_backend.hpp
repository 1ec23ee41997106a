// The backend that the program runs with: every question goes to the actors through front.
#pragma once

#include "http/backend.hpp"
#include "http/front.hpp"

#include <utility>

namespace http {

class front_backend final : public backend {
  public:
    // `actors` must outlive this.
    explicit front_backend(front& actors) : front_(actors) {}

    eventually<actors::mcp_call::reply> ask(actors::mcp_call m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::open_stream::reply> ask(actors::open_stream m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::end_session::reply> ask(actors::end_session m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::check_token::reply> ask(actors::check_token m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::check_key::reply> ask(actors::check_key m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::create_grant::reply> ask(actors::create_grant m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::redeem_code::reply> ask(actors::redeem_code m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::refresh_token::reply> ask(actors::refresh_token m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::revoke_token::reply> ask(actors::revoke_token m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::list_grants::reply> ask(actors::list_grants m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::end_grants::reply> ask(actors::end_grants m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::read_primer::reply> ask(actors::read_primer m) override {
        return front_.ask(m);
    }
    eventually<actors::write_primer::reply> ask(actors::write_primer m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::clear_primer::reply> ask(actors::clear_primer m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::roll_back_primer::reply> ask(actors::roll_back_primer m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::list_primers::reply> ask(actors::list_primers m) override {
        return front_.ask(m);
    }
    eventually<actors::find_grants::reply> ask(actors::find_grants m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::end_chosen::reply> ask(actors::end_chosen m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::list_keys::reply> ask(actors::list_keys m) override { return front_.ask(m); }
    eventually<actors::note_audit::reply> ask(actors::note_audit m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::read_audit::reply> ask(actors::read_audit m) override {
        return front_.ask(m);
    }
    eventually<actors::drop_schemas::reply> ask(actors::drop_schemas m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::get_status::reply> ask(actors::get_status m) override {
        return front_.ask(m);
    }

  private:
    front& front_;
};

} // namespace http
