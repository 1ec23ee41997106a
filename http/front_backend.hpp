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

    eventually<actors::mcp_reply> ask(actors::mcp_call m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::mcp_reply> ask(actors::open_stream m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::mcp_reply> ask(actors::end_session m) override {
        return front_.ask(std::move(m));
    }
    eventually<done> ask(actors::check_token m) override { return front_.ask(std::move(m)); }
    eventually<actors::checked_key> ask(actors::check_key m) override {
        return front_.ask(std::move(m));
    }
    eventually<secret> ask(actors::create_grant m) override { return front_.ask(std::move(m)); }
    eventually<oauth::token_pair> ask(actors::redeem_code m) override {
        return front_.ask(std::move(m));
    }
    eventually<oauth::token_pair> ask(actors::refresh_token m) override {
        return front_.ask(std::move(m));
    }
    eventually<done> ask(actors::revoke_token m) override { return front_.ask(std::move(m)); }
    eventually<std::vector<oauth::grant_summary>> ask(actors::list_grants m) override {
        return front_.ask(std::move(m));
    }
    eventually<std::vector<std::string>> ask(actors::end_grants m) override {
        return front_.ask(std::move(m));
    }
    eventually<std::optional<store::primer_record>> ask(actors::read_primer m) override {
        return front_.ask(m);
    }
    eventually<store::primer_record> ask(actors::write_primer m) override {
        return front_.ask(std::move(m));
    }
    eventually<done> ask(actors::clear_primer m) override { return front_.ask(std::move(m)); }
    eventually<store::primer_version> ask(actors::roll_back_primer m) override {
        return front_.ask(std::move(m));
    }
    eventually<std::vector<store::primer_version>> ask(actors::list_primers m) override {
        return front_.ask(m);
    }
    eventually<store::grant_page> ask(actors::find_grants m) override {
        return front_.ask(std::move(m));
    }
    eventually<std::vector<std::string>> ask(actors::end_chosen m) override {
        return front_.ask(std::move(m));
    }
    eventually<std::vector<store::key_use>> ask(actors::list_keys m) override {
        return front_.ask(m);
    }
    eventually<done> ask(actors::note_audit m) override { return front_.ask(std::move(m)); }
    eventually<std::vector<store::audit_row>> ask(actors::read_audit m) override {
        return front_.ask(m);
    }
    eventually<std::uint64_t> ask(actors::drop_schemas m) override {
        return front_.ask(std::move(m));
    }
    eventually<actors::status> ask(actors::get_status m) override { return front_.ask(m); }

  private:
    front& front_;
};

} // namespace http
