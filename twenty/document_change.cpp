#include "twenty/document_change.hpp"

#include "base/text.hpp"
#include "twenty/document_types.hpp"

#include <array>
#include <utility>

namespace twenty {

namespace {

constexpr std::array<std::string_view, 4> written_verbs{"create", "update", "delete", "restore"};

const graphql::field* first_root(const graphql::operation& op) {
    for (const auto& s : op.selections)
        if (const auto* f = std::get_if<graphql::field>(&s.node); f && f->name != "__typename")
            return f;
    return nullptr;
}

void take_records(document_change& out, json::value data) {
    if (auto* one = data.if_object()) out.records.push_back(std::move(*one));
    if (auto* several = data.if_array())
        for (auto& each : *several)
            if (auto* record = each.if_object()) out.records.push_back(std::move(*record));
}

} // namespace

document_change change_of(const access& may, const graphql::operation& op,
                          const graphql::find_variable& variable) {
    document_change out;
    const auto* root = first_root(op);
    if (!root) return out;
    const auto found = record_mutation(may, root->name);
    if (!found) return out;
    for (const auto verb : written_verbs)
        if (root->name.starts_with(verb)) out.verb = verb;
    if (out.verb.empty()) return out;
    out.of = found->to.of;
    if (const auto* upsert = root->find_argument("upsert"); upsert && upsert->text != "false")
        out.verb = "upsert";
    if (const auto* id = root->find_argument("id")) {
        const auto given = graphql::to_json(*id, variable);
        if (const auto* text = given.if_string(); text && text::is_uuid(*text))
            out.id = text::lower(*text);
    }
    if (const auto* data = root->find_argument("data"))
        take_records(out, graphql::to_json(*data, variable));
    return out;
}

} // namespace twenty
