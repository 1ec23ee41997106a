#include "service_settings.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("an environment file is read as systemd reads it", "[service_settings][doctor_program]") {
    const auto read = service_settings::read_environment_file("# a comment\n"
                                                              "; another\n"
                                                              "A=plain value\n"
                                                              "  B = \"with = and # in it\" \r\n"
                                                              "C='single'\n"
                                                              "D=\"open\n"
                                                              "E=\n"
                                                              "no assignment\n"
                                                              "A=the last one counts");
    CHECK(read.size() == 5);
    CHECK(read.at("A") == "the last one counts");
    CHECK(read.at("B") == "with = and # in it");
    CHECK(read.at("C") == "single");
    CHECK(read.at("D") == "\"open");
    CHECK(read.at("E").empty());
}
