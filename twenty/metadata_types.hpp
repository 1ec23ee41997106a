// The part of Twenty's /metadata API that run_graphql may touch, as data: root fields and the
// types behind them. Keys, roles, members, webhooks, invitations, billing and files are not in
// it and therefore refused.
#pragma once

#include <span>
#include <string_view>

namespace twenty::metadata {

struct member {
    std::string_view name;
    std::string_view type; // empty: a leaf
};
struct type {
    std::string_view name;
    bool open_leaves; // leaves beyond the list are fine; members with a selection never are
    std::span<const member> members;
};

std::span<const member> query_roots() noexcept;
std::span<const member> mutation_roots() noexcept; // objects, fields and relations only
const type* find_type(std::string_view name) noexcept;

} // namespace twenty::metadata
