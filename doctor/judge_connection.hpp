// Rules about the way to a server: its name, its addresses, its certificate, its clock.
#pragma once

#include "base/result.hpp"
#include "doctor/finding.hpp"
#include "http/certificate.hpp"
#include "http/name_lookup.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace doctor {

using reached = std::vector<std::pair<boost::asio::ip::address, result<done>>>;
enum class family { v4, v6 };

finding judge_names(std::string_view host, const http::looked_up& found);
finding judge_scheme(bool tls, bool loopback);
finding judge_port(std::string_view port, const reached& tried);
// `tried` has the addresses of both families. `loopback`: the name is this machine's, where a
// server listens on one of them alone.
finding judge_family(family which, const reached& tried, bool loopback);

finding judge_handshake(const result<done>& connected, const http::certificate_facts& seen);
finding judge_chain(const http::certificate_facts& seen);
finding judge_name(std::string_view host, const http::certificate_facts& seen);
finding judge_expiry(const http::certificate_facts& seen, std::int64_t now);

// `date` is the header field; `now` is when the answer came (unix seconds).
finding judge_clock(std::string_view date, std::int64_t now);

} // namespace doctor
