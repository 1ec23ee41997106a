#include "key_rotation.hpp"

#include "base/crypto.hpp"

#include "tests/support/catch.hpp"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

const std::string first = "4b5c" + std::string(60, '1');
const std::string older = "5d6e" + std::string(60, '2');

class key_folder {
  public:
    key_folder() {
        path = (std::filesystem::temp_directory_path() / "keys-XXXXXX").string();
        REQUIRE(::mkdtemp(path.data()) != nullptr);
        REQUIRE(crypto::start());
    }
    ~key_folder() { std::filesystem::remove_all(path); }
    key_folder(const key_folder&) = delete;
    key_folder& operator=(const key_folder&) = delete;
    void put(const std::string& name, const std::string& content) const {
        std::ofstream(path + "/" + name) << content;
    }
    [[nodiscard]] std::string get(const std::string& name) const {
        std::ifstream in(path + "/" + name);
        std::ostringstream out;
        out << in.rdbuf();
        return out.str();
    }
    [[nodiscard]] result<std::string> rotate(bool finish = false, bool sure = false) const {
        return key_rotation::run({path, finish, sure});
    }
    std::string path;
};

std::string reason(const result<std::string>& outcome) {
    return outcome ? "done" : outcome.failure().message;
}

} // namespace

TEST_CASE("a new key stands alone, and the key before it is the first of the older ones",
          "[key_rotation]") {
    const key_folder keys;
    keys.put("COOKIE_ENCRYPTION_KEY", first + "\n");
    keys.put("COOKIE_ENCRYPTION_KEY_PREVIOUS", older + "\n");
    REQUIRE(keys.rotate().ok());
    const auto made = keys.get("COOKIE_ENCRYPTION_KEY");
    CHECK(made.size() == 64);
    CHECK(made != first);
    CHECK(keys.get("COOKIE_ENCRYPTION_KEY_PREVIOUS") == first + "," + older);
    REQUIRE(keys.rotate().ok());
    CHECK(keys.get("COOKIE_ENCRYPTION_KEY") != made);
    CHECK(keys.get("COOKIE_ENCRYPTION_KEY_PREVIOUS") == made + "," + first + "," + older);
}

TEST_CASE("a rotation that was interrupted goes on without a key twice", "[key_rotation]") {
    const key_folder keys;
    keys.put("COOKIE_ENCRYPTION_KEY", first);
    keys.put("COOKIE_ENCRYPTION_KEY_PREVIOUS", first + "," + older);
    keys.put("COOKIE_ENCRYPTION_KEY.partial", "4b5c");
    REQUIRE(keys.rotate().ok());
    CHECK(keys.get("COOKIE_ENCRYPTION_KEY_PREVIOUS") == first + "," + older);
    CHECK_FALSE(std::filesystem::exists(keys.path + "/COOKIE_ENCRYPTION_KEY.partial"));
}

TEST_CASE("older keys go only when somebody is sure, and the key in use never", "[key_rotation]") {
    const key_folder keys;
    keys.put("COOKIE_ENCRYPTION_KEY", first);
    keys.put("COOKIE_ENCRYPTION_KEY_PREVIOUS", older);
    CHECK(reason(keys.rotate(true, false)).find("--yes") != std::string::npos);
    CHECK(keys.get("COOKIE_ENCRYPTION_KEY_PREVIOUS") == older);
    CHECK(reason(keys.rotate(true, true)) == "done");
    CHECK(keys.get("COOKIE_ENCRYPTION_KEY_PREVIOUS").empty());
    CHECK(keys.get("COOKIE_ENCRYPTION_KEY") == first);
}

TEST_CASE("two rotations never run at one time, and a link is nobody's to rotate",
          "[key_rotation]") {
    const key_folder keys;
    keys.put("elsewhere", first);
    std::filesystem::create_symlink(keys.path + "/elsewhere", keys.path + "/COOKIE_ENCRYPTION_KEY");
    CHECK(reason(keys.rotate()).find("no plain file") != std::string::npos);
    CHECK(keys.get("elsewhere") == first);
    std::filesystem::remove(keys.path + "/COOKIE_ENCRYPTION_KEY");
    keys.put("COOKIE_ENCRYPTION_KEY", first);
    const int other = ::open(keys.path.c_str(), O_RDONLY | O_DIRECTORY);
    REQUIRE(::flock(other, LOCK_EX) == 0);
    CHECK(reason(keys.rotate()).find("another rotation") != std::string::npos);
    CHECK(keys.get("COOKIE_ENCRYPTION_KEY") == first);
    ::close(other);
    CHECK(keys.rotate().ok());
}

TEST_CASE("the files and the folder of keys are closed to others, and stay their owner's",
          "[key_rotation]") {
    const key_folder keys;
    keys.put("COOKIE_ENCRYPTION_KEY", first);
    const auto file = keys.path + "/COOKIE_ENCRYPTION_KEY";
    ::chmod(file.c_str(), 0644);
    ::chmod(keys.path.c_str(), 0775);
    const uid_t owner = ::geteuid() == 0 ? 61234 : ::geteuid();
    REQUIRE(::chown(file.c_str(), owner, static_cast<gid_t>(-1)) == 0);
    REQUIRE(keys.rotate().ok());
    for (const auto& path : {file, file + "_PREVIOUS"}) {
        struct stat is {};
        REQUIRE(::stat(path.c_str(), &is) == 0);
        CHECK((is.st_mode & 0777) == 0600);
        CHECK(is.st_uid == owner);
    }
    struct stat is {};
    REQUIRE(::stat(keys.path.c_str(), &is) == 0);
    CHECK((is.st_mode & 0777) == 0750);
    ::chmod(keys.path.c_str(), 0700);
    REQUIRE(keys.rotate().ok());
    REQUIRE(::stat(keys.path.c_str(), &is) == 0);
    CHECK((is.st_mode & 0777) == 0700);
}
