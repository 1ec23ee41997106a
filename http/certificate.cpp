#include "http/certificate.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstring>
#include <ctime>
#include <memory>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace http {

namespace {

certificate_fault fault_of(int verdict) noexcept {
    switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return certificate_fault::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return certificate_fault::not_yet_valid;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return certificate_fault::other_name;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return certificate_fault::self_signed;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return certificate_fault::unknown_authority;
    default:
        return certificate_fault::other;
    }
}

std::string address_text(const ASN1_OCTET_STRING* ip) {
    const auto* bytes = ASN1_STRING_get0_data(ip);
    if (ASN1_STRING_length(ip) == 4) {
        boost::asio::ip::address_v4::bytes_type four{};
        std::memcpy(four.data(), bytes, four.size());
        return boost::asio::ip::address_v4(four).to_string();
    }
    if (ASN1_STRING_length(ip) != 16) return {};
    boost::asio::ip::address_v6::bytes_type sixteen{};
    std::memcpy(sixteen.data(), bytes, sixteen.size());
    return boost::asio::ip::address_v6(sixteen).to_string();
}

std::string names_of(const X509* leaf) {
    std::string out;
    const auto free = [](GENERAL_NAMES* all) { GENERAL_NAMES_free(all); };
    const std::unique_ptr<GENERAL_NAMES, decltype(free)> all(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr)),
        free);
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
        const auto* name = sk_GENERAL_NAME_value(all.get(), i);
        std::string text;
        if (name->type == GEN_DNS)
            text.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                        static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
        else if (name->type == GEN_IPADD)
            text = address_text(name->d.iPAddress);
        if (!text.empty()) out.append(out.empty() ? "" : ", ").append(text);
    }
    return out;
}

} // namespace

bool certificate_facts::has(certificate_fault fault) const noexcept {
    return std::find(faults.begin(), faults.end(), fault) != faults.end();
}

void note_fault(certificate_facts& into, x509_store_ctx_st* checked) {
    const int verdict = X509_STORE_CTX_get_error(checked);
    if (verdict == X509_V_OK) return;
    const auto fault = fault_of(verdict);
    if (!into.has(fault)) into.faults.push_back(fault);
    if (fault == certificate_fault::other) into.other = X509_verify_cert_error_string(verdict);
}

void describe_certificate(certificate_facts& into, ssl_st* ssl) {
    into.version = SSL_get_version(ssl);
    const auto* chain = SSL_get_peer_cert_chain(ssl);
    into.sent = chain ? static_cast<std::size_t>(sk_X509_num(chain)) : 0;
    const X509* leaf = SSL_get0_peer_certificate(ssl);
    if (!leaf) return;
    into.names = names_of(leaf);
    std::array<char, 256> issuer{};
    X509_NAME_oneline(X509_get_issuer_name(leaf), issuer.data(), static_cast<int>(issuer.size()));
    into.issuer = issuer.data();
    std::tm end{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(leaf), &end) == 1)
        into.expires_at = static_cast<std::int64_t>(timegm(&end));
}

} // namespace http
