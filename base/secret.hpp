// A string that wipes itself and cannot be printed: no stream operator, no formatter, no
// implicit conversion. API keys, tokens, codes and server keys travel only as this type.
// Threat: a secret in a log line, an error text or freed memory. Defence: the type itself;
// whoever needs the bytes says reveal(), which is easy to search for in a review. They are kept in
// locked memory.
#pragma once

#include "base/locked_memory.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

// Overwrites the memory in a way that the compiler must not remove.
void wipe(void* data, std::size_t size) noexcept;

class secret {
  public:
    secret() = default;
    explicit secret(std::string text) : text_(text) { wipe_string(text); }
    explicit secret(std::string_view text) : text_(text) {}
    secret(const secret&) = default;
    secret(secret&& other) noexcept : text_(std::move(other.text_)) {
        if (!text_.empty()) wipe_string(other.text_);
    }
    secret& operator=(const secret& other) {
        if (this != &other) {
            wipe_text();
            text_ = other.text_;
        }
        return *this;
    }
    secret& operator=(secret&& other) noexcept {
        if (this != &other) {
            wipe_text();
            text_ = std::move(other.text_);
            if (!text_.empty()) wipe_string(other.text_);
        }
        return *this;
    }
    ~secret() { wipe_text(); }

    [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }

  private:
    // An empty secret is clean already: it never had a text, or was wiped when the text went. Most
    // secrets that end are such, moved from.
    void wipe_text() noexcept {
        if (!text_.empty()) wipe_string(text_);
    }
    // Wipes the whole capacity, so that the small-string buffer of a moved-from string is
    // clean too.
    template <class String> static void wipe_string(String& text) noexcept {
        text.resize(text.capacity()); // never allocates: size grows to what is there already
        wipe(text.data(), text.size());
        text.clear();
    }
    std::basic_string<char, std::char_traits<char>, locked_memory::allocator<char>> text_;
};
