#include "doctor/machine.hpp"

#include "tests/support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

TEST_CASE("a file is told with its kind and mode, and one that is missing as such", "[machine]") {
    char made[] = "/tmp/doctor-machine-XXXXXX";
    const std::string folder = ::mkdtemp(made);
    std::ofstream(folder + "/key") << "x";
    ::chmod((folder + "/key").c_str(), 0640);
    const auto key = doctor::look_at(folder + "/key");
    CHECK((key.there && !key.folder && key.mode == 0640 && key.owner == doctor::own_user()));
    CHECK(doctor::look_at(folder).folder);
    const auto gone = doctor::look_at(folder + "/gone");
    CHECK((!gone.there && gone.failed.empty()));
    CHECK_FALSE(doctor::look_at(folder + "/key/below").failed.empty());
    CHECK(doctor::free_bytes(folder));
    CHECK_FALSE(doctor::free_bytes(folder + "/gone"));
    std::filesystem::remove_all(folder);
}
