// What the messages of all calls hold in memory, from their arrival until nothing of the call is
// left: a tree takes up to fifty times what its text took. Bounded in all, and for each API key,
// whose grants count as one; messages of the usual size have a reserve that large ones leave alone.
// One thread. A holder is an API key (actors/lane).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace actors {

class held_calls : public std::enable_shared_from_this<held_calls> {
  public:
    struct limits {
        std::size_t holder = 16 * 1024 * 1024; // of all calls of one holder
        std::size_t large = 48 * 1024 * 1024;  // in all, up to which a large message is taken
        std::size_t total = 64 * 1024 * 1024;  // in all
        std::size_t usual = 16 * 1024;         // a message of at most so much is no large one
        // At most so much counts in all and not for its holder, whose queues bound how many there
        // are.
        std::size_t small = 1024;
    };

    // What one call holds; gives it back by ending, and may outlive everything else.
    class hold {
      public:
        hold(hold&& other) noexcept = default;
        hold& operator=(hold&& other) noexcept;
        ~hold() { release(); }

      private:
        friend class held_calls;
        hold(std::shared_ptr<held_calls> of, std::string holder, std::size_t bytes)
            : of_(std::move(of)), holder_(std::move(holder)), bytes_(bytes) {}
        void release() noexcept;

        std::shared_ptr<held_calls> of_; // null: moved from
        std::string holder_;             // empty: it counts in all alone
        std::size_t bytes_;
    };

    explicit held_calls(limits most) : most_(most) {}

    // nullopt: no room, neither now nor for what waits behind it. Made by std::make_shared.
    std::optional<hold> take(const std::string& holder, std::size_t bytes);
    // Of all holders.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t calls() const noexcept { return calls_; }
    [[nodiscard]] std::size_t most() const noexcept { return most_.total; }

  private:
    hold held(const std::string& holder, std::size_t bytes);

    limits most_;
    std::size_t calls_ = 0;
    std::size_t bytes_ = 0;
    std::unordered_map<std::string, std::size_t> of_holder_; // no entry: none
};

} // namespace actors
