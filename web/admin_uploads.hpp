// What /admin/primer and /admin/skills have in common: versions that are kept, taken back into use,
// changed only while they are the ones that their author saw, and read for what is probably wrong
// in them.
#pragma once

#include "base/json.hpp"
#include "primer/lint.hpp"
#include "web/admin_api.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace web {

// RFC 9110 §13.1: If-Match with etags or *; of If-None-Match only what keeps a first upload from
// replacing somebody else's. errc::bad_request.
result<stored::upload_condition> condition_of(const request& r);
// A condition that does not hold is 412, whatever the store calls it.
response refused_change(const error& e);

// The answer with its etag, or 304 where the caller has it (RFC 9110 §13.1.2).
response found_upload(response answer, const std::string& etag, std::string_view if_none_match);

// `taken_back` is the member that says that a version has no text.
asio::awaitable<response> answer_history(const admin_needs& needs, std::string upload,
                                         std::string_view taken_back);
asio::awaitable<response> answer_roll_back(const admin_needs& needs, std::string upload,
                                           std::string_view taken_back, admin_call call);
asio::awaitable<response> answer_clear(const admin_needs& needs, std::string upload,
                                       admin_call call);

// One version; errc::not_found: it is not kept, or has no text.
http::eventually<stored::upload_version> find_upload(const admin_needs& needs, std::string upload,
                                                     std::int64_t version);

// What texts may name: the tools, and the data models that are kept now. An administrator has no
// key of Twenty, so none is loaded.
http::eventually<primer::known_names> names_for_lint(const admin_needs& needs);
std::vector<std::string> sentences_of(const primer::lint_report& found);
// No member for an upload that could not be judged: an empty list says that nothing was found.
void write_warnings(json::writer& w, const std::optional<std::vector<std::string>>& warnings);

} // namespace web
