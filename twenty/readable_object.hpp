// What twenty/access hands out: an object of the schema together with the part of its records that
// the connection may see. Builders of requests take these types and no bare object.
// Threat: a tool builds a request from an object that it found in the schema by itself, or forgets
// the filter that keeps rows of hidden records out. Defence: such a tool does not compile, because
// only access makes these types, and the builders apply the scope themselves.
#pragma once

#include "base/json.hpp"
#include "twenty/schema.hpp"

#include <utility>

namespace twenty {

class access;

class readable_object {
  public:
    // The object as the schema describes it, for rules that send nothing.
    [[nodiscard]] const object& operator*() const noexcept { return *object_; }
    [[nodiscard]] const object* operator->() const noexcept { return object_; }
    operator const object&() const noexcept { return *object_; } // NOLINT(*-explicit-*)

    // access::scope() of it; null: the connection sees all of its records.
    [[nodiscard]] const json::value& scope() const noexcept { return scope_; }
    // `filter` and the scope; `filter` itself when it has the scope among its conditions already.
    [[nodiscard]] json::value within_scope(json::value filter) const;

    friend bool operator==(const readable_object& a, const readable_object& b) noexcept {
        return a.object_ == b.object_;
    }

  private:
    friend class access;
    friend class writable_object;
    readable_object(const object& o, json::value scope) : object_(&o), scope_(std::move(scope)) {}

    const object* object_; // the schema's, which lives as long as the access that handed it out
    json::value scope_;
};

// The connection is in write mode and sees all records of the object, so there is no scope.
class writable_object : public readable_object {
  private:
    friend class access;
    explicit writable_object(const object& o) : readable_object(o, {}) {}
};

} // namespace twenty
