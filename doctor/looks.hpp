// The functions of the table's rows: each observes, and lets a rule judge.
#pragma once

#include "doctor/finding.hpp"

namespace doctor {

class examination;

// -- doctor/look_connection.cpp: the way to the server
finding look_names(examination& e);
finding look_scheme(examination& e);
finding look_port(examination& e);
finding look_v4(examination& e);
finding look_v6(examination& e);
finding look_handshake(examination& e);
finding look_chain(examination& e);
finding look_name(examination& e);
finding look_expiry(examination& e);

// -- doctor/look_answers.cpp: /mcp without a token, and the documents
finding look_redirect(examination& e);
finding look_proxy(examination& e);
finding look_host(examination& e);
finding look_clock(examination& e);
finding look_refusal(examination& e);
finding look_challenge(examination& e);
finding look_resource_document(examination& e);
finding look_server_document(examination& e);
finding look_encoding(examination& e);
finding look_resource(examination& e);
finding look_issuer(examination& e);
finding look_promises(examination& e);
finding look_head(examination& e);
finding look_methods(examination& e);
finding look_preflight(examination& e);
finding look_authorization(examination& e);
finding look_large_header(examination& e);
finding look_large_body(examination& e);
finding look_keep_alive(examination& e);
finding look_ready(examination& e);

// -- doctor/look_oauth.cpp: a client's way to its tokens
finding look_registration(examination& e);
finding look_page(examination& e);
finding look_cookie(examination& e);
finding look_style(examination& e);
finding look_client_document(examination& e);
finding look_pkce(examination& e);
finding look_token_endpoint(examination& e);
finding look_revoke_endpoint(examination& e);
finding look_key(examination& e);
finding look_consent(examination& e);
finding look_token(examination& e);
finding look_refresh(examination& e);
finding look_revoke(examination& e);

// -- doctor/look_mcp.cpp: MCP with a token
finding look_initialize(examination& e);
finding look_session_header(examination& e);
finding look_tools(examination& e);
finding look_discover(examination& e);
finding look_call(examination& e);
finding look_large_call(examination& e);
finding look_stream(examination& e);
finding look_buffering(examination& e);
finding look_kept(examination& e);
finding look_session_end(examination& e);

// -- doctor/look_machine.cpp: the server's own machine, and Twenty
finding look_settings(examination& e);
finding look_listener(examination& e);
finding look_trusted_proxies(examination& e);
finding look_forwarded(examination& e);
finding look_folder(examination& e);
finding look_disk(examination& e);
finding look_database(examination& e);
finding look_key_files(examination& e);
finding look_key_file(examination& e);
finding look_collector(examination& e);
finding look_twenty(examination& e);
finding look_twenty_api(examination& e);
finding look_twenty_kind(examination& e);
finding look_twenty_key(examination& e);
finding look_role(examination& e);
finding look_writes(examination& e);
finding look_rate(examination& e);

} // namespace doctor
