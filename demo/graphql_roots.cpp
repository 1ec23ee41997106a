#include "demo/graphql_roots.hpp"

#include "demo/values.hpp"

#include <array>

namespace demo {

namespace {

struct root_row {
    root what;
    bool mutation;
    bool plural;
    std::string_view prefix;
    std::string_view suffix;
};
constexpr std::array<root_row, 15> root_rows{{
    {root::find_many, false, true, "", ""},
    {root::find_one, false, false, "", ""},
    {root::duplicates, false, false, "", "Duplicates"},
    {root::group_by, false, true, "", "GroupBy"},
    {root::create_one, true, false, "create", ""},
    {root::create_many, true, true, "create", ""},
    {root::update_one, true, false, "update", ""},
    {root::update_many, true, true, "update", ""},
    {root::delete_one, true, false, "delete", ""},
    {root::delete_many, true, true, "delete", ""},
    {root::destroy_one, true, false, "destroy", ""},
    {root::destroy_many, true, true, "destroy", ""},
    {root::restore_one, true, false, "restore", ""},
    {root::restore_many, true, true, "restore", ""},
    {root::merge, true, true, "merge", ""},
}};

} // namespace

std::optional<root_field> find_root(const schema& model, std::string_view name, bool mutation) {
    for (const auto& row : root_rows) {
        if (row.mutation != mutation || !name.starts_with(row.prefix) ||
            !name.ends_with(row.suffix))
            continue;
        const auto middle =
            name.substr(row.prefix.size(), name.size() - row.prefix.size() - row.suffix.size());
        for (const auto& o : model.objects()) {
            const std::string& wanted = row.plural ? o.plural : o.singular;
            if ((row.mutation ? capitalised(wanted) : wanted) == middle)
                return root_field{row.what, &o};
        }
    }
    return std::nullopt;
}

} // namespace demo
