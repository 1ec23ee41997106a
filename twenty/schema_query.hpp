// Loading a workspace's schema from any version of Twenty, as steps without I/O. First the
// server is asked which metadata fields it has, then only those are queried; a field that is
// refused all the same is dropped and the query repeated.
#pragma once

#include "base/result.hpp"
#include "twenty/answer.hpp"
#include "twenty/connection.hpp"
#include "twenty/schema.hpp"
#include "twenty/schema_parse.hpp"
#include "twenty/transport.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace twenty {

// Drive it: while next() has a request, send it and feed() the answer. A failed feed() ends
// the load with that error. Transport failures never reach feed(): give up with them.
//   schema_loader load;
//   while (auto r = load.next()) { … CHECK_OK(load.feed(answer)); }
//   schema_ptr s = load.take();
class schema_loader {
  public:
    schema_loader() = default;

    [[nodiscard]] std::optional<request> next() const;
    result<done> feed(const response& r);
    [[nodiscard]] bool finished() const noexcept { return step_ == step::finished; }
    schema_ptr take(); // once, when finished()

  private:
    enum class step { types, workspace, objects, finished };
    struct type_fields {
        bool known = false; // false: introspection did not answer, ask for everything
        std::set<std::string> names;
        std::set<std::string> dropped; // refused all the same
        [[nodiscard]] bool has(const std::string& name) const {
            return (!known || names.contains(name)) && !dropped.contains(name);
        }
    };

    result<done> feed_types(const response& r);
    result<done> feed_workspace(const response& r);
    result<done> feed_objects(const response& r);
    // Drops what the errors name, so that next() asks without it; else the failure itself.
    result<done> repair(const answer& a);
    bool drop(std::string_view message);
    [[nodiscard]] std::string objects_query() const;
    [[nodiscard]] std::string workspace_query() const;
    [[nodiscard]] std::string field_selection() const;

    step step_ = step::types;
    std::size_t type_ = 0; // which type is being introspected
    type_fields object_;
    type_fields field_;
    type_fields workspace_;
    bool filter_active_ = true;
    int repairs_ = 0;
    std::string cursor_;
    int pages_ = 0;

    workspace_facts facts_;
    std::optional<std::int64_t> metadata_version_;
    bool has_rules_ = false;
    std::vector<object> objects_;
    schema_ptr ready_;
};

// Asks which version the workspace's objects and fields have; it rises with every change of them.
// Any role may ask.
request metadata_version_request();
// errc::upstream_auth when the key is refused or belongs to another workspace.
result<std::int64_t> read_metadata_version(const response& r, std::string_view workspace_id);

// Consent is the one path where strangers make us call Twenty.
inline constexpr std::size_t key_checks_at_once = 12;

// Is a pasted key good, and for which workspace? Same way of driving. Never asks `__typename`:
// that succeeds without a credential.
class key_check {
  public:
    explicit key_check(key_facts facts) : facts_(std::move(facts)) {}

    [[nodiscard]] std::optional<request> next() const;
    // errc::upstream_auth: wrong, expired, revoked; errc::upstream_down: not a Twenty server;
    // the message is for the person on the consent page.
    result<done> feed(const response& r);
    [[nodiscard]] bool finished() const noexcept { return done_; }
    [[nodiscard]] const workspace& found() const noexcept { return found_; }

  private:
    key_facts facts_;
    std::size_t attempt_ = 0; // 0: currentWorkspace; later ones only for servers that lack it
    bool done_ = false;
    workspace found_;
};

} // namespace twenty
