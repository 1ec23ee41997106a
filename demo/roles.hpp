// The demo workspace's API keys and what each may do, as one table.
#pragma once

#include "demo/schema.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

enum class role {
    full,
    read_only,
    limited,      // reads people and companies, changes companies, two fields excepted
    rw_nodestroy, // everything but destroying
    no_delete,    // and not deleting either
    people,       // reads people and companies, writes people
    fields,       // everything, two fields of companies excepted
    revoked,
    expired,
};

enum class action { read, update, soft_delete, destroy }; // creating needs update

// A role's rights. System objects are open to every role, the workspace members and workflows
// excepted.
class permissions {
  public:
    explicit permissions(role who) : role_(who) {}

    [[nodiscard]] bool may(action what, const object& on) const;
    [[nodiscard]] bool may_read(const object& on, const field& f) const;
    [[nodiscard]] bool may_write(const object& on, const field& f) const;
    [[nodiscard]] bool may_change_schema() const { return role_ == role::full; }

  private:
    role role_;
};

struct api_key {
    role who;
    std::string id;
    std::string name; // records written with the key are attributed to it
    std::string token;
};

// The keys of one workspace. They look like Twenty's (JWT, ES256) but the signature is made up:
// a key is accepted because it is in this list, and it opens nothing but the demo.
class key_ring {
  public:
    key_ring(std::string workspace_id, std::uint64_t seed);

    [[nodiscard]] const std::vector<api_key>& keys() const { return keys_; }
    [[nodiscard]] const api_key& of(role who) const;
    [[nodiscard]] const api_key* find(std::string_view token) const;

  private:
    std::vector<api_key> keys_;
};

} // namespace demo
