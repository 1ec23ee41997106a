#include "twenty/document_notes.hpp"

#include "base/text.hpp"
#include "twenty/document_types.hpp"
#include "twenty/graphql.hpp"

#include <algorithm>

namespace twenty {

namespace {

using kind = place::kind;

constexpr std::size_t most_named = 5;
constexpr std::string_view restores =
    "An upsert writes onto the record that has the id or unique value, and restores it without a "
    "word when it was deleted.";

// is_true() looks for one variable at most: a list of them, which no Boolean is, would be as many
// searches through all that are given.
bool is_true(const graphql::value& v, const json::value& variables) {
    if (v.type == graphql::value::kind::boolean) return v.text == "true";
    return v.type == graphql::value::kind::variable && variables.flag(v.text);
}

// The fields of a selection set, those of its fragments too. The policy has bounded how much there
// is to walk.
template <class Visit>
void for_each_field(const graphql::document& doc, const graphql::selection_set& set,
                    const Visit& visit) {
    for (const auto& s : set) {
        if (const auto* f = std::get_if<graphql::field>(&s.node)) {
            visit(*f);
        } else if (const auto* in = std::get_if<graphql::inline_fragment>(&s.node)) {
            for_each_field(doc, in->selections, visit);
        } else if (const auto* named =
                       doc.find_fragment(std::get<graphql::fragment_spread>(s.node).name)) {
            for_each_field(doc, named->selections, visit);
        }
    }
}

// The lists of records inside of records, where Twenty ignores what is asked [relations/073-077].
class nested_lists {
  public:
    nested_lists(const access& may, const graphql::document& doc) : may_(may), doc_(doc) {}

    void walk(const graphql::selection_set& set, const place& at) {
        for_each_field(doc_, set, [&](const graphql::field& f) { look(f, at); });
    }

    [[nodiscard]] std::string note() const {
        if (names_.empty()) return {};
        return "Lists inside of records (" + text::join(names_, ", ") +
               ") hold at most 60 records, and their totalCount counts at most 60" +
               (asks_ ? "; Twenty ignores their first, filter and orderBy" : "") +
               ". As a root field with a filter on the parent's id such a list is whole.";
    }

  private:
    void look(const graphql::field& f, const place& at) {
        const auto to = member_of(may_, at, f.name);
        if (!to) return;
        if (at.what == kind::record && to->what == kind::connection) {
            if (names_.size() < most_named &&
                std::find(names_.begin(), names_.end(), f.name) == names_.end())
                names_.push_back(f.name);
            asks_ = asks_ || !f.arguments.empty();
        }
        walk(f.selections, *to);
    }

    const access& may_;
    const graphql::document& doc_;
    std::vector<std::string> names_;
    bool asks_ = false;
};

} // namespace

// document_notes() parses the document once more: the judge keeps no tree, and graphql::limits
// bound what a second reading costs. A document that has come so far parses, so a failure says
// nothing.
std::vector<std::string> document_notes(const access& may, graphql_tool tool, endpoint where,
                                        std::string_view document, const json::value& variables) {
    std::vector<std::string> out;
    const auto doc = graphql::parse(document);
    if (!doc || where != endpoint::records || doc->operations.size() != 1) return out;
    const auto& op = doc->operations.front();
    const bool mutates = op.kind == graphql::operation_kind::mutation;
    nested_lists lists(may, *doc);
    bool upserts = false;
    for_each_field(*doc, op.selections, [&](const graphql::field& f) {
        const auto found = mutates ? record_mutation(may, f.name) : record_query(may, f.name);
        if (found) lists.walk(f.selections, found->to);
        // A dry run writes nothing, so an upsert is told of in the tool for mutations alone.
        const auto* upsert = tool == graphql_tool::mutation ? f.find_argument("upsert") : nullptr;
        upserts = upserts || (upsert && is_true(*upsert, variables));
    });
    if (auto note = lists.note(); !note.empty()) out.push_back(std::move(note));
    if (upserts) out.emplace_back(restores);
    return out;
}

} // namespace twenty
