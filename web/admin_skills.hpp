// /admin/skills: workflows of the organisation's own, which models load when they need them.
#pragma once

#include "web/admin_api.hpp"

namespace web {

// 100,000 bytes, each as \u00XX, and what JSON needs beside them.
inline constexpr std::size_t max_skill_body_bytes = 640UL * 1024;

boost::asio::awaitable<response> list_skills(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> get_skill(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> put_skill(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> delete_skill(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> get_skill_history(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> roll_back_skill(const admin_needs& needs, admin_call call);

} // namespace web
