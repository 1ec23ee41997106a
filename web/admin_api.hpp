// The admin API as one table: each row is an endpoint with everything that is to be known of it.
// What is routed, how arguments are checked, the index and the OpenAPI document all come from
// these rows, so that no two of them can disagree.
#pragma once

#include "web/admin_access.hpp"
#include "web/admin_arguments.hpp"
#include "web/http.hpp"

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace web {

inline constexpr std::size_t max_primer_bytes = 100'000;

// A call that was let in and whose arguments were checked.
struct admin_call {
    http::request request;
    admin_arguments given;
    std::string source; // the caller's network, as it is written down
};
using admin_handler = boost::asio::awaitable<response> (*)(const admin_needs&, admin_call);

struct admin_answer {
    int status;
    std::string_view meaning;
    std::string_view schema; // a name of admin_schemas(); empty: not JSON
    std::string_view media = "application/json";
};

struct admin_operation {
    std::string_view id;
    std::string_view method;
    std::string_view path; // one of its segments may be {name}: of the caller's choice
    std::string_view summary;
    std::vector<admin_parameter> parameters = {};
    admin_body body = admin_body::none;
    std::vector<admin_answer> answers = {}; // beside those that every endpoint gives
    admin_handler answer = nullptr;
};

// In the order of the index and of the document.
const std::vector<admin_operation>& admin_operations();

// Its rows that are about the server itself.
std::vector<admin_operation> server_operations();

// Which row answers; HEAD counts as GET.
struct admin_route {
    const admin_operation* operation = nullptr;
    std::string_view segment; // what stands for {name}; points into the path
    std::string allowed;      // without a row: the path's methods; empty: no such path
};
admin_route find_admin_route(std::string_view method, std::string_view path);

} // namespace web
