// A file that is there under its name whole or not at all, however its writing ends: written as
// NAME.partial, made durable, and renamed.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace files {

// The folder that a path is in.
std::string folder_of(const std::string& path);

// What the system says of a call that failed, as a sentence's end: "the disk is full; ...".
std::string reason(int error_number);

// errc::conflict: it is there already.
result<done> rename_to_new(const std::string& from, const std::string& to);
// Makes names in the folder of `path` durable.
result<done> sync_folder_of(const std::string& path);

class new_file {
  public:
    // Makes NAME.partial, empty, with mode 0600. What a process that died has left of it goes;
    // errc::conflict when a living one writes it. Root gives it the owner of `owner_like`, a path,
    // unless that is empty.
    static result<new_file> begin(const std::string& name, const std::string& owner_like = {});
    new_file(new_file&& other) noexcept
        : name_(std::move(other.name_)), file_(std::exchange(other.file_, -1)) {}
    new_file& operator=(new_file&&) = delete;
    ~new_file(); // removes what was not finished

    [[nodiscard]] std::string path() const { return name_ + ".partial"; }
    result<done> append(std::string_view bytes);
    // Appends all bytes of an open file.
    result<done> append_from(int file);
    // errc::conflict: the name is taken, and `replace` does not allow that.
    result<done> finish(bool replace);

  private:
    new_file(std::string name, int file) : name_(std::move(name)), file_(file) {}
    std::string name_;
    int file_; // -1: finished, or moved away
};

} // namespace files
