#include "twenty/readable_object.hpp"

#include "twenty/filter.hpp"

#include <algorithm>

namespace twenty {

namespace {

// demands() is true when `scope` is one of the conditions that all must hold. Only lists of "and"
// count: what stands beside a condition could be read by Twenty as an alternative
// (twenty/filter.hpp).
bool demands(const json::value& filter, const json::value& scope) {
    if (filter == scope) return true;
    const auto* members = filter.if_object();
    if (!members || members->size() != 1) return false;
    const auto* all = filter.find("and");
    const auto* listed = all ? all->if_array() : nullptr;
    return listed && std::ranges::any_of(*listed, [&](const json::value& condition) {
               return demands(condition, scope);
           });
}

} // namespace

json::value readable_object::within_scope(json::value filter) const {
    if (scope_.is_null() || demands(filter, scope_)) return filter;
    return both(std::move(filter), scope_);
}

} // namespace twenty
