#include "doctor/judge_documents.hpp"

#include "oauth/metadata.hpp"
#include "tests/doctor/support.hpp"

using namespace doctor;
using namespace testing;

namespace {

oauth::server_identity identity() { return *oauth::make_identity(origin); }

json::value server_document() {
    return *json::parse(oauth::authorization_server_metadata(identity(), true));
}

} // namespace

TEST_CASE("the server's own documents have no fault", "[judge_documents]") {
    const auto resource = json_answer(200, oauth::protected_resource_metadata(identity()));
    const auto server = json_answer(200, oauth::authorization_server_metadata(identity(), true));
    CHECK(judge_document(resource, "authorization_servers").is == state::ok);
    CHECK(judge_document(server, "token_endpoint").is == state::ok);
    CHECK(judge_encoding(resource, server).is == state::ok);
    CHECK(judge_resource(document_of(resource), origin + "/mcp").is == state::ok);
    CHECK(judge_issuer(document_of(server), origin).is == state::ok);
    CHECK(judge_promises(document_of(server)).is == state::ok);
}

TEST_CASE("what stands in a document's place is no document", "[judge_documents]") {
    CHECK(judge_document(page_answer(404), "resource").is == state::failed);
    CHECK(judge_document(page_answer(200), "resource").is == state::failed);
    CHECK(judge_document(json_answer(200, "[]"), "resource").is == state::failed);
    CHECK(judge_document(json_answer(200, "{}"), "resource").is == state::failed);
    CHECK(judge_document(no_answer(), "resource").is == state::failed);
    CHECK(document_of(json_answer(404, "{}")).is_null());
}

TEST_CASE("an address that is not the one in use is named beside it", "[judge_documents]") {
    const auto document = *json::parse(R"({"resource":"https://old.example/mcp"})");
    const auto found = judge_resource(document, origin + "/mcp");
    CHECK(found.is == state::failed);
    CHECK((holds(found.seen, "https://old.example/mcp") && holds(found.seen, origin + "/mcp")));

    CHECK(judge_issuer(server_document(), "http://mcp.example.com").is == state::failed);
    auto moved = server_document();
    moved.if_object()->set("revocation_endpoint", origin + ".evil.example/revoke");
    CHECK(holds(judge_issuer(moved, origin).seen, "revocation_endpoint"));
}

TEST_CASE("a document that was packed or got another type on its way fails", "[judge_documents]") {
    const auto good = json_answer(200, "{}");
    CHECK(judge_encoding(good, json_answer(200, "x", {{"Content-Encoding", "gzip"}})).is ==
          state::failed);
    CHECK(judge_encoding(page_answer(200), good).is == state::failed);
    auto plain = server_document();
    plain.if_object()->erase("code_challenge_methods_supported");
    CHECK(judge_promises(plain).is == state::failed);
}
