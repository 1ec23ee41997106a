#include "base/new_file.hpp"

#include "tests/support/catch.hpp"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace {

class scratch {
  public:
    scratch() {
        path_ = (std::filesystem::temp_directory_path() / "file-XXXXXX").string();
        REQUIRE(::mkdtemp(path_.data()) != nullptr);
    }
    ~scratch() { std::filesystem::remove_all(path_); }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    [[nodiscard]] std::string operator()(const std::string& name) const {
        return path_ + "/" + name;
    }
    [[nodiscard]] std::ptrdiff_t files() const {
        return std::distance(std::filesystem::directory_iterator(path_), {});
    }

  private:
    std::string path_;
};

std::string content(const std::string& path) {
    std::ifstream in(path);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

} // namespace

TEST_CASE("a new file is there under its name when it is whole, and private before that",
          "[new_file]") {
    const scratch here;
    const auto mask = ::umask(0);
    auto file = files::new_file::begin(here("a"));
    ::umask(mask);
    REQUIRE(file.ok());
    REQUIRE(file->append("one, ").ok());
    REQUIRE(file->append("two").ok());
    CHECK_FALSE(std::filesystem::exists(here("a")));
    struct stat is {};
    REQUIRE(::stat(file->path().c_str(), &is) == 0);
    CHECK((is.st_mode & 0777) == 0600);
    REQUIRE(file->finish(false).ok());
    CHECK(content(here("a")) == "one, two");
    CHECK(here.files() == 1);
}

TEST_CASE("a file that was not finished leaves nothing, and what was there stays", "[new_file]") {
    const scratch here;
    std::ofstream(here("a")) << "old";
    {
        auto file = files::new_file::begin(here("a"));
        REQUIRE(file->append("new").ok());
        std::ofstream(file->path() + "-wal") << "log";
    }
    CHECK(content(here("a")) == "old");
    CHECK(here.files() == 1);
    {
        auto file = files::new_file::begin(here("a"));
        const auto taken = file->finish(false);
        REQUIRE_FALSE(taken.ok());
        CHECK(taken.failure().code == errc::conflict);
    }
    CHECK(content(here("a")) == "old");
    auto file = files::new_file::begin(here("a"));
    REQUIRE(file->append("new").ok());
    REQUIRE(file->finish(true).ok());
    CHECK(content(here("a")) == "new");
    CHECK(here.files() == 1);
}

TEST_CASE("one process writes a file at a time, and a dead one's rest goes with its log",
          "[new_file]") {
    const scratch here;
    {
        std::optional first = *files::new_file::begin(here("a"));
        const auto second = files::new_file::begin(here("a"));
        REQUIRE_FALSE(second.ok());
        CHECK(second.failure().code == errc::conflict);
        first.reset();
        CHECK(files::new_file::begin(here("a")).ok());
    }
    for (const auto* rest : {"", "-wal", "-shm", "-journal"})
        std::ofstream(here("a.partial") + rest) << "rest";
    auto file = files::new_file::begin(here("a"));
    REQUIRE(file.ok());
    CHECK(here.files() == 1);
    CHECK(content(file->path()).empty());
}

TEST_CASE("nothing but a plain file is taken for a dead process's rest", "[new_file]") {
    const scratch here;
    std::ofstream(here("target")) << "target";
    std::filesystem::create_symlink(here("target"), here("a.partial"));
    CHECK_FALSE(files::new_file::begin(here("a")).ok());
    CHECK(content(here("target")) == "target");
    CHECK(std::filesystem::is_symlink(here("a.partial")));
    std::filesystem::create_directory(here("b.partial"));
    CHECK_FALSE(files::new_file::begin(here("b")).ok());
    CHECK_FALSE(files::new_file::begin(here("none/c")).ok());
}

TEST_CASE("a file is filled from another to its last byte", "[new_file]") {
    const scratch here;
    const std::string much(3'000'001, 'x');
    std::ofstream(here("source")) << much;
    const int source = ::open(here("source").c_str(), O_RDONLY);
    auto file = files::new_file::begin(here("a"));
    REQUIRE(file->append_from(source).ok());
    ::close(source);
    REQUIRE(file->finish(false).ok());
    CHECK((content(here("a")) == much));
    auto again = files::new_file::begin(here("b"));
    CHECK_FALSE(again->append_from(-1).ok());
}

TEST_CASE("root gives a file the owner that it is asked for", "[new_file]") {
    if (::geteuid() != 0) {
        WARN("skipped: only root can");
        return;
    }
    const scratch here;
    std::ofstream(here("like")) << "x";
    REQUIRE(::chown(here("like").c_str(), 61234, 61234) == 0);
    auto file = files::new_file::begin(here("a"), here("like"));
    REQUIRE(file->finish(false).ok());
    struct stat is {};
    REQUIRE(::stat(here("a").c_str(), &is) == 0);
    CHECK(is.st_uid == 61234);
    CHECK_FALSE(files::new_file::begin(here("b"), here("none")).ok());
    CHECK(here.files() == 2);
}
