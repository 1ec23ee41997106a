// What the server keys are used for, and how a grant's data key is wrapped for a token.
// Threat: a thief of the file, of a backup or of file and server key reads API keys; a writer
// of the file moves sealed values between rows or lengthens them. Defence: two factors for
// every wrap (the token and the server key), and every column that decides something is
// authenticated with the sealed value beside it.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace store {

struct server_key {
    std::string id; // 8 bytes; tells which key opens a row without telling the key
    secret wrapping;
    secret rotation;
    secret instance;
};

class keyring {
  public:
    keyring(const secret& current, const std::vector<secret>& previous);
    [[nodiscard]] const server_key& current() const noexcept { return keys_.front(); }
    [[nodiscard]] const std::vector<server_key>& all() const noexcept { return keys_; }
    [[nodiscard]] const server_key* find(std::string_view id) const noexcept;

  private:
    std::vector<server_key> keys_; // current first
};

// The secret of this installation, which one of the keys has sealed. errc::unavailable: none of
// them has.
result<secret> open_instance(const keyring& keys, std::string_view kid, std::string_view sealed);
std::string seal_instance(const secret& instance, const server_key& key);

// How a token is looked up: 256 random bits need no salt and no key.
std::string token_id(const secret& token);

// Joins parts so that no two lists give the same text.
std::string bind(std::initializer_list<std::string_view> parts);

enum class token_kind { code, access, refresh };

// The row around a wrap. All of it is authenticated.
struct wrap_place {
    token_kind kind;
    std::string_view token_id;
    std::string_view grant_id;
    std::string_view scope; // empty where the row has none
    std::int64_t expires_at;
};
std::string wrap(const secret& data_key, const secret& token, const server_key& key,
                 const wrap_place& place);
result<secret> unwrap(std::string_view wrapped, const secret& token, const server_key& key,
                      const wrap_place& place);

// The row around a grant's props. All of it is authenticated.
struct props_place {
    std::string_view grant_id;
    std::string_view client_id;
    std::string_view resource;
    std::string_view scope;
    std::int64_t expires_at;
};
std::string seal_props(const secret& props, const secret& data_key, const props_place& place);
result<secret> open_props(std::string_view sealed, const secret& data_key,
                          const props_place& place);

} // namespace store
