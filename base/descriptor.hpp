// A file that is open for as long as this lives.
#pragma once

#include <unistd.h>

namespace files {

class descriptor {
  public:
    // Takes over what open() gave; below 0: it failed.
    explicit descriptor(int file) noexcept : file_(file) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (file_ >= 0) ::close(file_);
    }
    [[nodiscard]] int get() const noexcept { return file_; }

  private:
    int file_;
};

} // namespace files
