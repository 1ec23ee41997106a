// Bytes read and not yet used, in one block that starts small and never outgrows its limit:
// what a peer can make us hold before it has sent a whole header or chunk line.
// Threat: API keys and tokens stay in memory after their request. Defence: what has been used
// is wiped at once, the rest with the buffer.
#pragma once

#include "base/secret.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace http {

class read_buffer {
  public:
    read_buffer(std::size_t first, std::size_t most)
        : bytes_(new char[std::min(first, most)]), size_(std::min(first, most)), most_(most) {}
    ~read_buffer() { wipe(bytes_.get(), size_); }
    read_buffer(const read_buffer&) = delete;
    read_buffer& operator=(const read_buffer&) = delete;

    [[nodiscard]] std::string_view unread() const noexcept {
        return {bytes_.get() + begin_, end_ - begin_};
    }
    void use(std::size_t n) noexcept {
        wipe(bytes_.get() + begin_, n);
        begin_ += n;
        if (begin_ == end_) begin_ = end_ = 0;
    }
    // Room for the next read; empty when the limit is reached with everything unread.
    [[nodiscard]] boost::asio::mutable_buffer room() {
        if (end_ == size_) make_room();
        return {bytes_.get() + end_, size_ - end_};
    }
    void filled(std::size_t n) noexcept { end_ += n; }

  private:
    void make_room() {
        const auto held = end_ - begin_;
        if (begin_ > 0) {
            std::memmove(bytes_.get(), bytes_.get() + begin_, held);
            const auto left = std::max(held, begin_); // below it only what was used, or the copy
            wipe(bytes_.get() + left, end_ - left);
        } else if (size_ < most_) {
            const auto larger = std::min(size_ * 2, most_);
            std::unique_ptr<char[]> next(new char[larger]);
            std::memcpy(next.get(), bytes_.get(), held);
            wipe(bytes_.get(), held);
            bytes_ = std::move(next);
            size_ = larger;
        }
        begin_ = 0;
        end_ = held;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t size_;
    std::size_t most_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace http
