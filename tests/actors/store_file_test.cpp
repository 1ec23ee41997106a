#include "actors/store_file.hpp"

#include "store/store.hpp"
#include "tests/support/catch.hpp"

namespace {

stored::options in_memory() {
    stored::options out;
    out.path = ":memory:";
    out.key = secret(std::string(32, 'k'));
    out.resource = "https://crm.example.com/mcp";
    return out;
}

} // namespace

TEST_CASE("the store's actor first gets the database that main opened, then one opened anew",
          "[store_file][store]") {
    auto file = actors::store_file::open(in_memory());
    REQUIRE(file.ok());
    const auto secret_of_the_first = file->instance_secret();
    const auto open = std::move(*file).opener();

    auto first = open();
    REQUIRE(first.ok());
    CHECK(first->instance_secret().reveal() == secret_of_the_first.reveal());
    auto second = open(); // another one in memory
    REQUIRE(second.ok());
    CHECK(second->instance_secret().reveal() != secret_of_the_first.reveal());
}

TEST_CASE("a database that cannot be opened is refused with its name before an actor runs",
          "[store_file][store]") {
    auto options = in_memory();
    options.path = "/dev/null/store.db";
    const auto refused = actors::store_file::open(options);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().message.find("/dev/null/store.db") != std::string::npos);
}
