// A run of the table and what is said of it: to people, to programs, in the documents.
#pragma once

#include "doctor/checks.hpp"
#include "doctor/examination.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace doctor {

struct row {
    const check* of = nullptr;
    finding found;
    // Not looked at: why not, in words that other rows share. Empty: it was.
    std::string held_back;
};

struct report {
    std::string target; // the origin; empty: the settings do not say it
    std::vector<row> rows;

    [[nodiscard]] bool healthy() const noexcept; // warnings are allowed
};

// Every row of the table, in its order. `stop` is asked before each: when it says true, only what
// ends the examination's own connection is still done. `tell` hears of each row as it is done.
report examine(examination& e, const std::function<bool()>& stop,
               const std::function<void(const row&)>& tell);

// One row for people: state, check, what was seen; below a failure what to do.
std::string as_text(const row& r);
// What was not looked at, by the reason, and the counts: "1 failed, 2 warning, 3 skipped, 40 ok".
std::string summary(const report& r);
// {"target","checks":[{"name","state","seen","advice"}],"ok"}
std::string as_json(const report& r);
// The table for docs/doctor.md, in Markdown.
std::string checks_table();

} // namespace doctor
