#include "twenty/broken_rules.hpp"

#include "base/text.hpp"
#include "twenty/answer.hpp"

#include <algorithm>

namespace twenty {

namespace {

// Twenty reports 100 rules at most; what of them is told is for a model to read in one sentence.
constexpr std::size_t most_read = 100;
constexpr std::size_t most_told = 5;
constexpr std::size_t longest_told = 200;

} // namespace

std::vector<broken_rule> read_broken_rules(const json::value& holder) {
    std::vector<broken_rule> out;
    const auto* raw = holder.find("validationRuleViolations");
    const auto* listed = raw ? raw->if_array() : nullptr;
    if (!listed) return out;
    for (const auto& one : *listed) {
        if (out.size() == most_read) break;
        broken_rule broken;
        broken.message = text::cut_utf8(clean_message(one.text("message")), longest_told);
        if (broken.message.empty()) continue;
        // Threat: an upstream text smuggled in as an id. Defence: ids are UUIDs or nothing.
        if (text::is_uuid(one.text("recordId")))
            broken.record_id = text::lower(one.text("recordId"));
        out.push_back(std::move(broken));
    }
    return out;
}

std::string rules_sentence(const std::vector<broken_rule>& broken,
                           std::optional<std::string_view> record_id) {
    std::vector<std::string> told;
    std::size_t left_out = 0;
    for (const auto& one : broken) {
        if (record_id && !text::iequals(one.record_id, *record_id)) continue;
        // Twenty reports a broken rule once for each record, so one sentence may come many times.
        if (std::ranges::find(told, one.message) != told.end()) continue;
        if (told.size() == most_told)
            ++left_out;
        else
            told.push_back(one.message);
    }
    if (told.empty()) return {};
    std::string out = told.size() == 1 ? "A rule of this workspace refuses this: "
                                       : "Rules of this workspace refuse this: ";
    out += text::join(told, "; ");
    if (left_out > 0) return out + "; and others.";
    const char last = out.back();
    return last == '.' || last == '!' || last == '?' ? out : out + ".";
}

} // namespace twenty
