#include "tests/demo/values_of.hpp"

#include "base/text.hpp"
#include "tests/demo/shape_of.hpp"

#include <algorithm>
#include <array>

namespace demo_test {

namespace {

// Chosen by the server, or wording for people.
constexpr std::array<std::string_view, 14> free_values{
    "createdAt", "updatedAt", "deletedAt",           "cursor",   "startCursor",
    "endCursor", "blocknote", "userFriendlyMessage", "imageUrl", "position",
    "locations", "createdBy", "updatedBy",           "token"};

// Ids that the recordings chose; all others are the server's.
bool is_chosen_id(std::string_view s) { return s.starts_with("a021"); }

class comparison {
  public:
    explicit comparison(bool ordered) : ordered_(ordered) {}
    void compare(const std::string& path, std::string_view key, const json::value& expected,
                 const json::value& actual, std::vector<std::string>& out) const;

  private:
    // Each entry has a like one on the other side, wherever it stands.
    void compare_sets(const std::string& path, std::string_view key, const json::array& expected,
                      const json::array& actual, std::vector<std::string>& out) const {
        std::vector<bool> taken(actual.size(), false);
        for (const auto& wanted : expected) {
            std::vector<std::string> nearest;
            bool found = false;
            for (std::size_t i = 0; i < actual.size() && !found; ++i) {
                if (taken[i]) continue;
                std::vector<std::string> differs;
                compare(path + "[*]", key, wanted, actual[i], differs);
                if ((found = differs.empty())) taken[i] = true;
                if (nearest.empty()) nearest = std::move(differs);
            }
            if (!found) out.insert(out.end(), nearest.begin(), nearest.end());
        }
    }

    bool ordered_;
};

void comparison::compare(const std::string& path, std::string_view key, const json::value& expected,
                         const json::value& actual, std::vector<std::string>& out) const {
    if (expected.is_null() != actual.is_null()) {
        out.push_back(path + " is " + json::dump(actual).substr(0, 120) + ", not " +
                      json::dump(expected).substr(0, 120));
        return;
    }
    if (std::find(free_values.begin(), free_values.end(), key) != free_values.end()) return;
    if (const auto* wanted = expected.if_object(); wanted && actual.if_object()) {
        for (const auto& [name, value] : *wanted) {
            const auto* other = actual.find(name);
            if (!other)
                out.push_back(path + "." + name + " is missing");
            else
                compare(path + "." + name, name, value, *other, out);
        }
        for (const auto& [name, value] : *actual.if_object())
            if (!wanted->contains(name)) out.push_back(path + "." + name + " is too much");
        return;
    }
    if (const auto* wanted = expected.if_array(); wanted && actual.if_array()) {
        if (wanted->size() != actual.if_array()->size()) {
            out.push_back(path + " has " + std::to_string(actual.if_array()->size()) +
                          " entries, not " + std::to_string(wanted->size()));
            return;
        }
        if (!ordered_) return compare_sets(path, key, *wanted, *actual.if_array(), out);
        for (std::size_t i = 0; i < wanted->size(); ++i)
            compare(path + "[" + std::to_string(i) + "]", key, (*wanted)[i],
                    (*actual.if_array())[i], out);
        return;
    }
    if (expected == actual) return;
    if (const auto* wanted = expected.if_string(); wanted && actual.if_string()) {
        if (text::is_uuid(*wanted) && text::is_uuid(*actual.if_string()) && !is_chosen_id(*wanted))
            return;
        if (message_pattern(*wanted) == message_pattern(*actual.if_string())) return;
    }
    if (expected.as_double() && actual.as_double() && *expected.as_double() == *actual.as_double())
        return;
    out.push_back(path + " is " + json::dump(actual).substr(0, 200) + ", not " +
                  json::dump(expected).substr(0, 200));
}

} // namespace

std::vector<std::string> value_differences(const json::value& expected, const json::value& actual,
                                           bool ordered) {
    std::vector<std::string> out;
    comparison(ordered).compare("", {}, expected, actual, out);
    return out;
}

} // namespace demo_test
