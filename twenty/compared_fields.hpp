// The fields that a filter compares. Twenty filters by fields that the key's role may not read,
// also through a relation [twenty-golden-2 permissions/112, 116], so that a count would tell their
// values. It refuses to select them: whoever filters selects what the filter compares as well.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/access.hpp"
#include "twenty/query.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace twenty {

struct compared_field {
    std::string relation; // that leads to it; empty: the object's own
    std::string name;     // "linkedinLink"; a join column stands for its relation
    const object* of = nullptr;

    [[nodiscard]] std::string path() const {
        return relation.empty() ? name : relation + "." + name;
    }
};
// Of a prepared filter, each once. The object's own id and what can't be selected are none of them.
std::vector<compared_field> compared_fields(const json::value& filter, const object& of,
                                            const access& may);
// The inside of a selection set with all of them; empty when there are none. errc::bad_request
// where they cannot all be selected: then nothing may be asked by this filter, because the role's
// fields would not be checked.
result<std::string> select_compared(const std::vector<compared_field>& fields, const object& of,
                                    const access& may);

// Is it inside a selection set?
bool is_selected(std::string_view selection, const compared_field& field);
// Takes out of a record what is selected for the comparison alone: what `wanted`, a selection
// set, does not have.
void erase_compared(json::value& record, const std::vector<compared_field>& fields,
                    const object& of, std::string_view wanted);

// The request with a second root that selects them of any one record, for roots that select no
// fields: groups.
request also_selecting(request r, const readable_object& of, std::string_view selection);

} // namespace twenty
