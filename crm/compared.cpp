#include "crm/compared.hpp"

#include "twenty/compared_fields.hpp"
#include "twenty/names.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace crm {

namespace {

using compared = std::vector<twenty::compared_field>;

// The first that is not selected: Twenty refused it.
const twenty::compared_field* first_refused(const compared& fields, std::string_view selection) {
    const auto at = std::find_if(fields.begin(), fields.end(),
                                 [&](const auto& f) { return !twenty::is_selected(selection, f); });
    return at == fields.end() ? nullptr : &*at;
}

// may_not_compare() names the field, which the caller wrote, and nothing of what would have been
// found.
error may_not_compare(const twenty::compared_field& field) {
    return {errc::not_allowed, "Records can't be filtered by \"" + field.path() +
                                   "\": the API key's role may not read it."};
}

compared behind_relations(const compared& fields) {
    compared out;
    for (const auto& f : fields)
        if (!f.relation.empty()) out.push_back(f);
    return out;
}

twenty::page one_of(const json::value& filter) {
    twenty::page page;
    page.filter = filter;
    page.first = 1;
    return page;
}

// read_related_alone() asks for what the filter compares and nothing else: of a refused related
// object Twenty does not say which one, and it may be one that was only to be shown.
async<reading> read_related_alone(call_slot& slot, const twenty::readable_object& of,
                                  const twenty::access& may, const compared& fields,
                                  const json::value& filter) {
    twenty::wanted_fields want;
    for (const auto& f : fields)
        want.fields.push_back(f.path());
    twenty::page page = one_of(filter);
    reading alone = co_await read_list(slot, of, may, std::move(want), std::move(page));
    co_return alone;
}

} // namespace

bool compares_related(const twenty::object& of, const twenty::access& may,
                      const json::value& filter) {
    const auto fields = twenty::compared_fields(filter, of, may);
    return std::any_of(fields.begin(), fields.end(),
                       [](const auto& f) { return !f.relation.empty(); });
}

// read_compared() selects what the filter compares beside what is wanted, reads, and looks whether
// the selection that came through still has it. What Twenty refused in between was compared all the
// same, so the records are not shown then. Otherwise the additional fields are taken out of them.
async<reading> read_compared(call_slot& slot, const twenty::readable_object& of,
                             const twenty::access& may, twenty::wanted_fields want,
                             json::value filter, request_maker make) {
    const compared fields = twenty::compared_fields(filter, of, may);
    const auto own = twenty::select_fields(of, may, want);
    const std::string wanted = own ? *own : std::string();
    // Among the fields that are named, read_root() can do without related ones.
    auto& more = want.fields.empty() ? want.also : want.fields;
    for (const auto& f : fields)
        if (own && !twenty::is_selected(wanted, f)) more.push_back(f.path());
    reading found =
        co_await read_root(slot, of, may, std::move(want), std::move(make), twenty::root_many(of));
    if (found.failure) co_return found;
    const twenty::compared_field* refused = first_refused(fields, found.selection);
    const compared related = behind_relations(fields);
    if (refused && found.ids_only && !refused->relation.empty()) {
        reading alone = co_await read_related_alone(slot, of, may, related, filter);
        if (alone.failure) co_return alone;
        refused = first_refused(related, alone.selection);
    }
    // A failure hides the records, which `found` still has.
    if (refused) found.failure = may_not_compare(*refused);
    auto* root = found.root.if_object();
    auto* edges = root ? root->find("edges") : nullptr;
    if (auto* all = edges ? edges->if_array() : nullptr)
        for (auto& edge : *all)
            if (auto* members = edge.if_object())
                if (auto* node = members->find("node"))
                    twenty::erase_compared(*node, fields, of, wanted);
    co_return found;
}

result<twenty::request> compared_count_request(const twenty::readable_object& of,
                                               const twenty::access& may,
                                               const json::value& filter) {
    TRY(selection, twenty::select_compared(twenty::compared_fields(filter, of, may), of, may));
    if (selection.empty()) return twenty::count_request(of, filter);
    return twenty::find_request(of, selection, one_of(filter));
}

} // namespace crm
