// What is wrong with a server's certificate, and what it says of itself: for whoever examines a
// server. Everybody else lets the handshake fail.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct ssl_st;
struct x509_store_ctx_st;

namespace http {

enum class certificate_fault {
    expired,
    not_yet_valid,
    other_name,
    self_signed,       // by itself, or by an authority that the server sends along
    unknown_authority, // or the server leaves an intermediate certificate out
    other,
};

struct certificate_facts {
    std::vector<certificate_fault> faults; // each once
    std::string other;                     // OpenSSL's words for certificate_fault::other
    std::string names;                     // DNS names and addresses, comma separated
    std::string issuer;
    std::string version; // of TLS
    std::int64_t expires_at = 0;
    std::size_t sent = 0; // certificates that the server sent

    [[nodiscard]] bool has(certificate_fault fault) const noexcept;
};

// The fault at which a verification stands, if there is one.
void note_fault(certificate_facts& into, x509_store_ctx_st* checked);
// After the handshake.
void describe_certificate(certificate_facts& into, ssl_st* ssl);

} // namespace http
