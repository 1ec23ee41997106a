#include "console/refusal.hpp"

#include "tests/console/support.hpp"

using testing::answer;

TEST_CASE("a refusal says the server's words, and what to do where they leave it open",
          "[refusal]") {
    const auto told = [](int status, std::string body) {
        return console::refusal(answer(status, std::move(body))).message;
    };
    CHECK(told(400, R"({"error":"bad_request","message":"Say which."})") == "Say which.");
    CHECK(told(400, R"({"error":"invalid","error_description":"No."})") == "No.");
    CHECK(told(503, R"({"error":"busy"})") == "busy");
    CHECK(told(401, R"({"error":"unauthorized","message":"Send a token."})")
              .find("/etc/twenty-mcp/ADMIN_TOKEN") != std::string::npos);
    const auto taken = answer(412, R"({"message":"Changed."})");
    CHECK(console::refusal(taken, true).message.find("its new ETag") != std::string::npos);
    CHECK(console::refusal(taken, false).message ==
          "Changed.\nThere is one already, and --only-new replaces none.");
    CHECK(told(502, "<h1>\x1b[2J</h1>") == "the answer is HTTP 502, and none of the admin API");
    auto moved = answer(301, "");
    moved.headers.emplace_back("Location", "https://other.example/\x1b");
    CHECK(console::refusal(moved).message ==
          "the answer is HTTP 301, and none of the admin API; it leads to "
          "https://other.example/\\u001b");
    CHECK(told(400, R"({"message":"\u001b[2J"})") == "\\u001b[2J");
}

TEST_CASE("a refusal is never the command line's fault, and says whether it passes by",
          "[refusal]") {
    for (const int status : {301, 400, 401, 403, 404, 412, 415}) {
        const auto why = console::refusal(answer(status, "{}"));
        CHECK(why.code != errc::bad_request);
        CHECK_FALSE(console::passes_by(why));
    }
    for (const int status : {429, 500, 502, 503})
        CHECK(console::passes_by(console::refusal(answer(status, "{}"))));
}

TEST_CASE("a socket that cannot be used is told with what to look at", "[refusal]") {
    const auto told = [](errc code) {
        return console::unreachable({code, "why"}, "/run/a.sock", true);
    };
    CHECK(told(errc::not_found).message.find("Is the service running?") != std::string::npos);
    CHECK(told(errc::upstream_down).message.find("Is the service running?") != std::string::npos);
    CHECK(told(errc::not_allowed).message.find("Be root, or in its group") != std::string::npos);
    // While a service restarts its socket is gone for a moment.
    CHECK(console::passes_by(told(errc::not_found)));
    CHECK(console::passes_by(told(errc::upstream_timeout)));
    CHECK_FALSE(console::passes_by(told(errc::not_allowed)));
    CHECK(told(errc::bad_request).code == errc::bad_request);
}

TEST_CASE("an answer that is too large or cut off is not told as a server that is away",
          "[refusal]") {
    for (const bool is_socket : {false, true}) {
        const auto large = console::unreachable({errc::too_large, "why"}, "/run/a\x1b", is_socket);
        CHECK(large.message.find("The answer of /run/a\\u001b is too large") == 0);
        CHECK(large.message.find("ask for less") != std::string::npos);
        CHECK_FALSE(console::passes_by(large)); // it would be as large again
    }
    const auto cut = console::cut_off("/run/a\x1b");
    CHECK(cut.message.find("The answer of /run/a\\u001b was cut off") == 0);
    CHECK(console::passes_by(cut));
}

TEST_CASE("a bad certificate is told with what is wrong with it", "[refusal]") {
    http::certificate_facts seen;
    seen.faults = {http::certificate_fault::other_name};
    seen.names = "other.example";
    CHECK(console::bad_certificate(seen).message ==
          "its certificate is not accepted: it is made for other.example");
    seen.faults = {http::certificate_fault::unknown_authority};
    seen.issuer = "/CN=Test CA";
    CHECK(console::bad_certificate(seen).message.find("--ca-file") != std::string::npos);
}
