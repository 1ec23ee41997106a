// Single values, as filters and writes check them: dates, numbers, choices, ids. Shared by
// filter.cpp and data.cpp.
#pragma once

#include "base/json.hpp"
#include "twenty/schema.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twenty {

bool is_date(std::string_view text) noexcept; // 2026-11-22, a real day
// ISO 8601: a date, or date and time with optional fraction and zone.
bool is_date_time(std::string_view text) noexcept;
// A date and time in the one form that every filter and write of Twenty takes; a date as it is. In
// filters it refuses times without seconds, lower case and long fractions [twenty-golden-2
// dates/015]; without a zone it reads UTC.
std::string in_full(std::string_view date_time);

// A JSON number, or a string that is one: the digits as they are.
std::optional<json::number> as_number(const json::value& v);
std::optional<bool> as_boolean(const json::value& v); // also "true" and "False"

// The option that `written` means: its value; else, when it fits only one, value or label in
// any case. nullptr when there is none.
const select_option* find_option(const field& f, std::string_view written);
// Does the label say more than the value? "In progress" says no more than IN_PROGRESS, nor 4 than
// RATING_4; "Closed won" of CUSTOMER does.
bool has_own_label(const field& f, const select_option& option);
// "NEW, SCREENING, CUSTOMER (Closed won)": for messages, cut when long.
std::string option_list(const field& f);
// "LABEL isn't a choice of stage; choices: …"
error unknown_option(const field& f, std::string_view written);

// Does a click on this address do no more than open it? With http, https, mailto, tel or ftp,
// or without a scheme (acme.example, acme.example:8080/x, //acme.example).
bool is_plain_address(std::string_view url) noexcept;
// The first address of a LINKS value that is not. Threat: a website of "javascript:…" or
// "data:…" runs as whoever clicks on it in Twenty. Defence: such a link is never written.
std::optional<std::string> harmful_link(const json::value& links);

// A string in a message: without invisible characters, at most 60 bytes, in quotes.
std::string in_quotes(std::string_view text);
// A value in a message: numbers and truth as they are, texts quoted, others by type.
std::string shown(const json::value& v);

// Notes for the model: each once, at most 8.
void add_note(std::vector<std::string>& notes, std::string what);

} // namespace twenty
