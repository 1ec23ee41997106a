// The log of a test, as it would stand on standard error.
#pragma once

#include "base/log.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <cstdio>
#include <string>
#include <unistd.h>

namespace testing {

// What is written to stderr while it lives.
class heard {
  public:
    heard() : file_(std::tmpfile()), kept_(::dup(STDERR_FILENO)) {
        REQUIRE(file_ != nullptr);
        logging::flush(std::chrono::seconds(5));
        ::dup2(::fileno(file_), STDERR_FILENO);
    }
    ~heard() {
        restore();
        std::fclose(file_);
    }
    heard(const heard&) = delete;
    heard& operator=(const heard&) = delete;
    // Once: what comes after it goes its own way again.
    std::string text() {
        restore();
        std::rewind(file_);
        std::string out(1 << 14, '\0');
        out.resize(std::fread(out.data(), 1, out.size(), file_));
        return out;
    }

  private:
    void restore() {
        if (kept_ < 0) return;
        logging::flush(std::chrono::seconds(5));
        ::dup2(kept_, STDERR_FILENO);
        ::close(kept_);
        kept_ = -1;
    }
    std::FILE* file_;
    int kept_;
};

} // namespace testing
