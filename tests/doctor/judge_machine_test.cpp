#include "doctor/judge_machine.hpp"

#include "tests/support/catch.hpp"

using namespace doctor;

namespace {

file_facts folder_with(unsigned mode, unsigned owner = 7) {
    return {.there = true, .folder = true, .mode = mode, .owner = owner, .failed = {}};
}
file_facts file_with(unsigned mode) { return {.there = true, .mode = mode, .failed = {}}; }

} // namespace

TEST_CASE("a data folder is its user's alone", "[judge_machine]") {
    CHECK(judge_folder("d", folder_with(0700), 0).is == state::ok);
    CHECK(judge_folder("d", folder_with(0700), 7).is == state::ok);
    CHECK(judge_folder("d", folder_with(0700), 8).is == state::failed);
    for (const unsigned mode : {0750U, 0701U, 0770U, 0704U})
        CHECK(judge_folder("d", folder_with(mode), 0).is == state::failed);
    CHECK(judge_folder("d", folder_with(0755), 0).seen == "d has mode 0755");
    CHECK(judge_folder("d", {}, 0).is == state::warning);
    CHECK(judge_folder("d", file_with(0600), 0).is == state::failed);
    CHECK(judge_folder("d", {.failed = "Permission denied"}, 5).is == state::failed);
}

TEST_CASE("a disk warns below 200 MB, and fails below 20 MB", "[judge_machine]") {
    CHECK(judge_disk(std::uint64_t{200'000'000}).is == state::ok);
    CHECK(judge_disk(std::uint64_t{199'999'999}).is == state::warning);
    CHECK(judge_disk(std::uint64_t{20'000'000}).is == state::warning);
    CHECK(judge_disk(std::uint64_t{19'999'999}).is == state::failed);
    CHECK(judge_disk(error(errc::unavailable, "gone")).is == state::failed);
}

TEST_CASE("a database is private and whole, or not there yet", "[judge_machine]") {
    CHECK(judge_database(file_with(0600), std::string("version 6, no damage")).is == state::ok);
    CHECK(judge_database(file_with(0640), std::string("version 6")).is == state::failed);
    CHECK(judge_database(file_with(0600), error(errc::unavailable, "the file is damaged")).is ==
          state::failed);
    CHECK(judge_database({}, std::string()).is == state::skipped);
}

TEST_CASE("a key's file that the group or others may read fails by its name", "[judge_machine]") {
    CHECK(judge_key_files({{"a", file_with(0600)}, {"b", {}}}).is == state::ok);
    CHECK(judge_key_files({{"a", file_with(0400)}}).is == state::ok);
    CHECK(judge_key_files({{"a", file_with(0600)}, {"b", file_with(0640)}}).seen ==
          "b has mode 0640");
    CHECK(judge_key_files({{"a", file_with(0604)}}).is == state::failed);
    CHECK(judge_key_files({{"a", {}}}).is == state::skipped);
}

TEST_CASE("the file that the API key came from is warned of when others may read it",
          "[judge_machine]") {
    CHECK(judge_key_file("k", file_with(0600)).is == state::ok);
    CHECK(judge_key_file("k", file_with(0400)).is == state::ok);
    for (const unsigned mode : {0640U, 0604U, 0644U, 0620U})
        CHECK(judge_key_file("k", file_with(mode)).is == state::warning);
    CHECK(judge_key_file("k", file_with(0644)).seen == "k has mode 0644");
    CHECK(judge_key_file("k", {.there = true, .stream = true, .mode = 0620, .failed = {}}).is ==
          state::skipped);
    CHECK(judge_key_file("k", {}).is == state::skipped);
}

TEST_CASE("a server on the network that believes its own machine alone is warned of",
          "[judge_machine]") {
    CHECK(judge_trusted_proxies(true, true).is == state::ok);
    CHECK(judge_trusted_proxies(false, false).is == state::ok);
    CHECK(judge_trusted_proxies(false, true).is == state::warning);
}

TEST_CASE("a request that is taken for the proxy's own shows that X-Forwarded-For is missing",
          "[judge_machine]") {
    CHECK(judge_forwarded("192.0.2.0/24", "192.0.2.9").is == state::ok);
    CHECK(judge_forwarded("127.0.0.0/24", "192.0.2.9").is == state::failed);
    CHECK(judge_forwarded("::/48", "2001:db8::1").is == state::failed);
    CHECK(judge_forwarded("127.0.0.0/24", "127.0.0.1").is == state::skipped);
    CHECK(judge_forwarded("", "192.0.2.9").is == state::skipped);
    CHECK(judge_forwarded("198.51.100.0/24", "10.0.0.9").is == state::ok); // behind a router
}
