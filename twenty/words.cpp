#include "twenty/words.hpp"

#include "base/text.hpp"

namespace twenty {

namespace {

struct synonyms {
    std::string_view object; // nameSingular
    std::string_view words;  // in lower case, singular, each between commas
};
constexpr synonyms synonyms_of[] = {
    {"person", ",contact,individual,"},
    {"company", ",account,organisation,organization,customer,client,firm,business,"},
    {"opportunity", ",deal,sale,sales opportunity,"},
    {"workspaceMember", ",user,member,colleague,owner,assignee,teammate,team member,"},
    {"message", ",email,e-mail,mail,"},
    {"calendarEvent", ",meeting,event,appointment,calendar,"},
    {"task", ",todo,to-do,to do,"},
    {"timelineActivity", ",activity,timeline,history,"},
    {"attachment", ",file,document,"},
};

bool has_word(std::string_view words, std::string_view word) {
    return !word.empty() && words.find("," + std::string(word) + ",") != words.npos;
}

} // namespace

std::string_view object_meant(std::string_view written) noexcept {
    if (written.size() > 40) return {};
    const auto word = text::lower(text::trim(written));
    const auto ends = [&](std::string_view end) { return word.ends_with(end); };
    const auto without = [&](std::size_t n) { return word.substr(0, word.size() - n); };
    for (const auto& m : synonyms_of) {
        // The lists are parted by commas, so a word with one in it could match across two of
        // theirs.
        if (word.find(',') != word.npos) break;
        if (has_word(m.words, word) || (ends("s") && has_word(m.words, without(1))) ||
            (ends("es") && has_word(m.words, without(2))) ||
            (ends("ies") && has_word(m.words, without(3) + "y")))
            return m.object;
    }
    return {};
}

} // namespace twenty
