// The judge of one hand-written GraphQL document: document_policy.cpp walks the operation and its
// roots, document_selections.cpp what is selected below them.
#pragma once

#include "twenty/access.hpp"
#include "twenty/bounds.hpp"
#include "twenty/document_types.hpp"
#include "twenty/document_weight.hpp"
#include "twenty/graphql.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace twenty {

class document_judge {
  public:
    document_judge(const document_judge&) = delete;
    document_judge& operator=(const document_judge&) = delete;
    document_judge(const access& may, graphql_tool tool, endpoint where,
                   const graphql::document& doc, const json::value& variables)
        : may_(may), tool_(tool), where_(where), doc_(doc), variables_(variables) {
        for (const auto& f : doc.fragments)
            fragments_.emplace(f.name, &f);
    }

    result<done> operation(const graphql::operation& op);
    // The value of a variable that the operation declares; nullptr: there is none.
    [[nodiscard]] const json::value* variable(std::string_view name) const {
        const auto known = given_.find(name);
        return known == given_.end() ? nullptr : known->second;
    }

  private:
    result<done> declare(const graphql::operation& op);
    result<done> roots(const graphql::selection_set& set);
    result<done> root(const graphql::field& f);
    result<done> metadata_root(const graphql::field& f);
    result<done> record_root(const graphql::field& f);
    result<done> search_scope(const graphql::field& f);
    // document_selections.cpp
    result<done> selections(const graphql::selection_set& set, const place& at);
    result<done> level(const graphql::selection_set& set, const place& at);
    result<done> field(const graphql::field& f, const place& at);
    result<done> below(const graphql::field& f, const place& to);
    result<done> fragment(const graphql::fragment_spread& s, const place& at);
    result<done> directives(const std::vector<graphql::directive>& all) const;
    result<done> pages_backwards(const graphql::field& f) const;
    result<done> expanded(const graphql::field& f);
    result<done> arguments(const graphql::field& f, const root_field& takes);
    result<done> bound(const graphql::value& v) const;
    [[nodiscard]] json::value value_of(const graphql::value& v) const {
        return graphql::to_json(v, [this](std::string_view name) { return variable(name); });
    }

    const access& may_;
    graphql_tool tool_;
    endpoint where_;
    const graphql::document& doc_;
    const json::value& variables_;
    std::unordered_map<std::string_view, const json::value*> given_; // by declared name
    std::unordered_map<std::string_view, const graphql::fragment*> fragments_;
    std::vector<std::string_view> open_;        // fragments being walked
    std::unordered_set<std::string_view> used_; // fragments seen
    std::vector<std::string_view> root_names_;
    document_weight weight_{[this](std::string_view name) { return variable(name); }};
    std::size_t expanded_ = 0;
    std::size_t seen_ = 0;
    std::size_t depth_ = 0; // of the selections being walked
    std::size_t writes_ = 0;
    bool dry_ = false; // a mutation in the tool for queries: dry runs only
};

} // namespace twenty
