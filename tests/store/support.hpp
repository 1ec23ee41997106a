// What the store's tests share: a folder that removes itself, fixed keys and times, and the
// short way from a consent to its tokens.
#pragma once

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "store/database.hpp"
#include "store/store.hpp"

#include "tests/support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace store_tests {

using namespace std::chrono_literals;
using oauth::time_point;

inline const time_point start{1'800'000'000s};
inline const std::string resource = "https://crm.example.com/mcp";
inline const std::string verifier = std::string(43, 'v');
inline const std::string planted = "eyJhbGciOiJFUzI1NiJ9.planted-api-key.signature";
inline const std::string props = R"({"api_key":")" + planted + R"(","mode":"read"})";

class folder {
  public:
    folder() : folder(std::filesystem::temp_directory_path()) {}
    explicit folder(const std::filesystem::path& parent) {
        std::string pattern = (parent / "store-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    [[nodiscard]] std::string file(const std::string& name = "twenty-mcp.db") const {
        return (path_ / name).string();
    }
    [[nodiscard]] std::filesystem::path path() const { return path_; }

  private:
    std::filesystem::path path_;
};

// Where a file survives the death of its process, though not of the machine, and costs no disk
// its time.
inline std::filesystem::path memory_folder() {
    const std::filesystem::path shared = "/dev/shm";
    return ::access(shared.c_str(), W_OK) == 0 ? shared : std::filesystem::temp_directory_path();
}

inline secret key(char c) { return secret(std::string(32, c)); }

inline stored::options at(const std::string& path, char current = 'k') {
    stored::options out;
    out.path = path;
    out.key = key(current);
    out.resource = resource;
    return out;
}

inline store::store open(stored::options opts) {
    auto opened = store::store::open(std::move(opts));
    INFO((opened ? std::string() : opened.failure().message + opened.failure().detail));
    REQUIRE(opened.ok());
    return *std::move(opened);
}
inline std::string opening_fault(stored::options opts) {
    const auto opened = store::store::open(std::move(opts));
    return opened ? "opened" : opened.failure().message;
}

inline oauth::new_grant consent(const std::string& client = "client",
                                const std::string& fingerprint = "fp") {
    oauth::new_grant out;
    out.request.client_id = client;
    out.request.client_name = "Test client";
    out.request.redirect_uri = "https://claude.ai/cb";
    out.request.code_challenge = text::base64url_encode(crypto::sha256(verifier));
    out.request.resource = resource;
    out.granted = {true, true, false};
    out.props = secret(props);
    out.fingerprint = fingerprint;
    out.label = "label";
    out.workspace_name = "Workspace";
    return out;
}

inline secret new_code(store::store& s, time_point now, const oauth::new_grant& g = consent()) {
    auto code = s.create_grant(g, now);
    REQUIRE(code.ok());
    REQUIRE(s.commit().ok());
    return *std::move(code);
}
inline oauth::code_exchange exchange_of(const secret& code, const std::string& client = "client") {
    oauth::code_exchange out;
    out.client_id = client;
    out.code = code;
    out.code_verifier = verifier;
    return out;
}
inline oauth::token_pair login(store::store& s, time_point now,
                               const oauth::new_grant& g = consent()) {
    auto pair = s.redeem_code(exchange_of(new_code(s, now, g), g.request.client_id), now);
    REQUIRE(pair.ok());
    REQUIRE(s.commit().ok());
    return *std::move(pair);
}
inline result<oauth::token_pair> refresh(store::store& s, const secret& token, time_point now,
                                         const std::string& client = "client") {
    oauth::refresh_exchange exchange;
    exchange.client_id = client;
    exchange.refresh_token = token;
    auto outcome = s.refresh(exchange, now);
    REQUIRE(s.commit().ok());
    return outcome;
}
inline oauth::token_pair refreshed(store::store& s, const secret& token, time_point now) {
    auto pair = refresh(s, token, now);
    REQUIRE(pair.ok());
    return *std::move(pair);
}
inline bool opens(store::store& s, const secret& access, time_point now) {
    const auto opened = s.open_grant(access, now);
    if (!opened) CHECK(opened.failure().code == errc::unauthenticated);
    return opened.ok();
}
inline std::string grant_of(store::store& s, const oauth::token_pair& pair) {
    return s.open_grant(pair.access_token, start)->grant_id;
}
// Everybody's grants, as an administrator gets them: to the end, in as many steps as it takes.
inline result<stored::grant_page> found_grants(store::store& s, const stored::grant_filter& filter,
                                               std::size_t limit, const std::string& after,
                                               time_point now) {
    store::grant_search search{filter, limit, after, {}, false};
    while (!search.over)
        CHECK_OK(s.find_grants(search, now));
    return std::move(search.found);
}
template <class T> errc code_of(const result<T>& outcome) {
    REQUIRE_FALSE(outcome.ok());
    return outcome.failure().code;
}
// Another program with the file open: what a thief or a writer of the database can do.
inline void edit(const std::string& path, const char* sql) {
    auto db = store::database::open(path);
    REQUIRE(db.ok());
    const auto ran = db->script(sql);
    INFO((ran ? std::string() : ran.failure().detail));
    REQUIRE(ran.ok());
}
inline std::int64_t count(const std::string& path, const char* sql) {
    auto db = store::database::open(path);
    REQUIRE(db.ok());
    auto query = db->query(sql);
    REQUIRE(query.ok());
    REQUIRE(*query->next());
    return query->integer(0);
}
inline std::string bytes_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

} // namespace store_tests
