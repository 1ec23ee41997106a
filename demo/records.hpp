// What REST and GraphQL have in common: every operation on records, with permissions, limits
// and refusals. The two of them only parse requests and shape answers.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "demo/clock.hpp"
#include "demo/ordering.hpp"
#include "demo/rate_limit.hpp"
#include "demo/roles.hpp"
#include "demo/store.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace demo {

struct page_request {
    json::value filter;
    json::value order_by;
    std::optional<std::int64_t> first;
    std::optional<std::int64_t> last;
    std::int64_t offset = 0;
    std::string after;
    std::string before;
    bool lenient = false; // filter values came as text
};

struct page {
    std::vector<const record*> rows;
    std::vector<const record*> matched; // all that the filter takes, for counts and aggregates
    sort_order order;
    bool has_next = false;
    bool has_previous = false;
};

using rows = std::vector<const record*>;

// What a merge is asked for of the record: it merges nothing else.
struct merged_parts {
    bool all = true;
    std::map<std::string, std::set<std::string>, std::less<>> by_field; // none: all parts
};

class records {
  public:
    static constexpr std::size_t most_updated = 200;
    static constexpr std::size_t most_created = 200;

    records(const schema& model, store& data, rate_limit* limit, const api_key& caller,
            time_point now)
        : model_(model), data_(data), limit_(limit), caller_(caller), rights_(caller.who),
          now_(now) {}

    result<page> find_many(const object& on, const page_request& request);
    result<const record*> find_one(const object& on, const json::value& filter);
    result<const record*> get(const object& on, std::string_view id);

    result<rows> create(const object& on, const json::array& data, bool upsert);
    result<rows> update(const object& on, std::string_view id, const json::value& data);
    result<rows> update_many(const object& on, const json::value& filter, const json::value& data,
                             bool lenient);
    // Soft deletion and restoring answer the rows, destruction the ids that are gone.
    result<rows> soft_delete(const object& on, std::string_view id);
    result<rows> soft_delete_many(const object& on, const json::value& filter, bool lenient);
    result<rows> restore(const object& on, std::string_view id);
    result<rows> restore_many(const object& on, const json::value& filter, bool lenient);
    result<std::vector<record>> destroy(const object& on, std::string_view id);
    result<std::vector<record>> destroy_many(const object& on, const json::value& filter,
                                             bool lenient);

    // Other records that meet one of the object's duplicate criteria, for each id or input.
    result<std::vector<rows>> duplicates(const object& on, const json::value* ids,
                                         const json::value* data);
    // The survivor; in a dry run a copy under a new id that is not stored.
    result<record> merge(const object& on, const std::vector<std::string>& ids,
                         std::int64_t priority, bool dry_run, const merged_parts& parts);

    [[nodiscard]] const schema& model() const { return model_; }
    [[nodiscard]] const store& data() const { return data_; }
    [[nodiscard]] const permissions& rights() const { return rights_; }
    [[nodiscard]] role caller() const { return caller_.who; }

    // Takes a token and checks the role; every operation above begins with it.
    result<done> enter(action what, const object& on);

  private:
    result<record*> existing(const object& on, std::string_view id);
    result<rows> matching(const object& on, const json::value& filter, bool lenient);
    // What a write to many records meets: deleted ones as well.
    result<rows> written(const object& on, const json::value& filter, bool lenient);
    // `twins` are the records that the same call has made already.
    result<const record*> create_one(const object& on, const json::value& data, bool upsert,
                                     const std::vector<std::string>& twins);
    result<done> change(const object& on, record& row, const json::value& data,
                        bool one_of_several);
    void touch(record& row);
    [[nodiscard]] json::object actor() const;
    [[nodiscard]] error duplicate_error(const object& on, const struct clash& found) const;
    using reference_use =
        std::function<bool(const field& f, const std::string& column, record& row)>;
    void each_reference(const object& on, std::string_view id, const reference_use& meet);
    void unlink(const object& on, std::string_view id);
    void hand_over(const object& on, std::string_view from, const std::string& to);

    const schema& model_;
    store& data_;
    rate_limit* limit_; // nullptr: off
    const api_key& caller_;
    permissions rights_;
    time_point now_;
};

} // namespace demo
