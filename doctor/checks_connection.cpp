#include "doctor/check_tables.hpp"
#include "doctor/looks.hpp"

namespace doctor {

namespace {

constexpr check connection[] = {
    {"dns", "the name has addresses",
     "Make an A record for the name (and AAAA if the server has IPv6).", side::client, "",
     look_names},
    {"https", "the address is https",
     "Serve it by a reverse proxy with a certificate: clients refuse plain http but on their "
     "own machine.",
     side::client, "", look_scheme},
    {"port", "somebody listens at the port",
     "Start the reverse proxy, open the port in the firewall, and check that the record of the "
     "name leads to this machine.",
     side::client, "dns", look_port},
    {"ipv4", "it is reached by IPv4", "Let the proxy listen on IPv4, or take the A record away.",
     side::client, "port", look_v4},
    {"ipv6", "it is reached by IPv6",
     "Let the proxy listen on IPv6 (nginx: listen [::]:443 ssl), or take the AAAA record away: "
     "clients that try it first wait or give up.",
     side::client, "port", look_v6},
    {"tls-handshake", "TLS 1.2 or newer is spoken",
     "Let the proxy speak TLS at this port, in version 1.2 or 1.3.", side::client, "https port",
     look_handshake},
    {"tls-chain", "the certificate's authority is known",
     "Use a certificate of a public authority with its full chain; for one of your own give "
     "--ca-file here, and know that hosted clients refuse it.",
     side::client, "tls-handshake", look_chain},
    {"tls-name", "the certificate is the name's",
     "Get a certificate for this name, or use the name that it was made for.", side::client,
     "tls-handshake", look_name},
    {"tls-expiry", "the certificate is valid for two weeks or more",
     "Renew the certificate, reload the proxy, and see why it was not renewed by itself.",
     side::client, "tls-handshake", look_expiry},
};

constexpr check answers[] = {
    {"redirect", "/mcp is not redirected",
     "Give clients the address that it redirects to, and set PUBLIC_URL to that: a POST loses "
     "its body or its token on the way.",
     side::client, "tls-chain tls-name tls-expiry", look_redirect},
    {"proxy", "twenty-mcp answers, and no page of the proxy's",
     "Lead every path of this name to twenty-mcp, and pass its answers on as they are.",
     side::client, "redirect", look_proxy},
    {"host", "the proxy passes the name on",
     "Pass the Host header on (nginx: proxy_set_header Host $host), and set PUBLIC_URL to the "
     "address that people use, or add the name to TWENTY_MCP_ALLOWED_HOSTS.",
     side::client, "proxy", look_host},
    {"clock", "the clocks agree within a minute",
     "Set both clocks by NTP (timedatectl set-ntp true): tokens and keys expire by them.",
     side::client, "proxy", look_clock},
    {"mcp-401", "/mcp without a token is refused with 401",
     "Pass the answer of twenty-mcp on: this refusal begins a client's login.", side::client,
     "host", look_refusal},
    {"www-authenticate", "the 401 says where the login begins",
     "Let the proxy pass WWW-Authenticate on: without it clients do not find the login.",
     side::client, "mcp-401", look_challenge},
    {"well-known-resource", "the resource's document is served (RFC 9728)",
     "Lead /.well-known/oauth-protected-resource/mcp to twenty-mcp: no file of the proxy's, "
     "no other rule for /.well-known/.",
     side::client, "host", look_resource_document},
    {"well-known-server", "the login server's document is served (RFC 8414)",
     "Lead /.well-known/oauth-authorization-server to twenty-mcp: no file of the proxy's, no "
     "other rule for /.well-known/.",
     side::client, "host", look_server_document},
    {"document-encoding", "the documents arrive as they were written",
     "Switch off what the proxy changes in answers of application/json: compression that "
     "nobody asked for, other types, rewriting.",
     side::client, "well-known-resource well-known-server", look_encoding},
    {"resource-url", "the resource is the address that was used",
     "Set PUBLIC_URL to the address that people use, and restart: clients compare the two.",
     side::client, "well-known-resource document-encoding", look_resource},
    {"issuer", "the login server is the address that was used",
     "Set PUBLIC_URL to the address that people use, and restart: clients compare the two "
     "(RFC 8414, section 3.3).",
     side::client, "well-known-server document-encoding", look_issuer},
    {"pkce-offered", "the document offers PKCE with S256",
     "Let the proxy leave the document as it is: clients refuse a server without S256.",
     side::client, "well-known-server document-encoding", look_promises},
    {"mcp-head", "HEAD comes through", "Let the proxy pass HEAD on as it is.", side::client,
     "mcp-401", look_head},
    {"mcp-methods", "GET and DELETE come through",
     "Let the proxy pass GET, POST and DELETE on: streams and the end of a session need them.",
     side::client, "mcp-401", look_methods},
    {"cors", "scripts of claude.ai may call /mcp",
     "Let twenty-mcp answer OPTIONS, and take CORS headers of the proxy's own away.", side::client,
     "mcp-401", look_preflight},
    {"authorization-header", "Authorization comes through",
     "Let the proxy pass Authorization on (Apache: CGIPassAuth; nginx: no proxy_set_header "
     "Authorization), and take its own login away for this name.",
     side::client, "mcp-401 www-authenticate", look_authorization},
    {"large-header", "a header of 7 KB comes through",
     "Give the proxy room for it (nginx: large_client_header_buffers 4 16k).", side::client,
     "mcp-401", look_large_header},
    {"large-body", "a body of 1 MB comes through",
     "Give the proxy room for it (nginx: client_max_body_size 2m).", side::client, "mcp-401",
     look_large_body},
    {"keep-alive", "a connection serves several requests",
     "Let the proxy keep connections of clients open: each new one costs a TLS handshake.",
     side::client, "well-known-resource", look_keep_alive},
    {"ready", "the server is ready",
     "Read its log (journalctl -u twenty-mcp): its database cannot be used.", side::client, "host",
     look_ready},
};

} // namespace

std::span<const check> connection_checks() noexcept { return connection; }
std::span<const check> answer_checks() noexcept { return answers; }

} // namespace doctor
