// Records as REST shows them: with what they are related to, at the depth that was asked for.
#pragma once

#include "demo/grouping.hpp"
#include "demo/records.hpp"
#include "demo/session.hpp"

#include <string_view>

namespace demo {

class rest_view {
  public:
    // depth 0: without related records; else with one level of them.
    rest_view(const session& with, const permissions& rights, int depth)
        : with_(with), rights_(rights), depth_(depth) {}

    [[nodiscard]] json::object record_shape(const object& on, const record& row) const;
    [[nodiscard]] json::value list(const object& on, const rows& all) const;
    // `names` are aggregates.
    [[nodiscard]] json::object group(const object& on, const demo::group& g,
                                     const json::value& names, bool with_sample) const;

  private:
    [[nodiscard]] json::value parent(const object& other, const json::value& id) const;
    [[nodiscard]] json::value children(const object& other, std::string_view column,
                                       std::string_view id) const;

    const session& with_;
    const permissions& rights_;
    int depth_;
};

// `nodes` are the page's rows as they are shown.
json::value rest_page_info(const page& p, const json::array& nodes);

} // namespace demo
