// Views that people saved: how a list of records is filtered, sorted and laid out. They belong to
// the data model and are read by every role.
#pragma once

#include "base/json.hpp"
#include "demo/clock.hpp"
#include "demo/schema.hpp"

#include <deque>
#include <string>
#include <string_view>

namespace demo {

class saved_views {
  public:
    // Those of a new workspace, and a few of its people.
    saved_views(const schema& model, std::string workspace_id, time_point now);

    // As the metadata shows them; of all objects for "".
    [[nodiscard]] json::array of_object(std::string_view object_id) const;
    [[nodiscard]] const json::value* find(std::string_view id) const;

    // What `input` leaves out is filled in as Twenty does.
    const json::value& add(const json::value& input, time_point now);
    // Of the view that input.viewId names, into "viewFilters" or "viewSorts"; nullptr: there is
    // none.
    const json::value* add_part(std::string_view list, const json::value& input, time_point now);
    // nullptr: there is none.
    const json::value* change(std::string_view id, const json::value& input, time_point now);
    void erase(std::string_view id);

  private:
    [[nodiscard]] json::object begun(const json::value& input, time_point now);
    [[nodiscard]] json::value* at(std::string_view id);

    std::deque<json::value> views_;
    std::string workspace_id_;
    int made_ = 0; // ids given
};

} // namespace demo
