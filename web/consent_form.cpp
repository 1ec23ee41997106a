#include "web/consent_form.hpp"

#include "base/text.hpp"
#include "twenty/connection.hpp"
#include "twenty/named_objects.hpp"
#include "web/browser_form.hpp"

#include <algorithm>
#include <charconv>

namespace web {

namespace {

// A workspace's objects may all be ticked.
constexpr std::size_t max_fields = 1000;

struct named_action {
    std::string_view name;
    consent_action action;
};
constexpr named_action actions[] = {{"check", consent_action::check},
                                    {"filter", consent_action::filter},
                                    {"back", consent_action::back},
                                    {"approve", consent_action::approve},
                                    {"deny", consent_action::deny}};

error not_our_form(std::string why) { return {errc::bad_request, std::move(why)}; }

bool is_object_list(std::string_view name) {
    return name == "objects" || name == "allowed_objects";
}

void add_objects(std::vector<std::string>& to, std::string_view list) {
    for (const auto& part : text::split(list, ',')) {
        const auto name = text::trim(part);
        if (!name.empty()) to.emplace_back(name);
    }
}

std::string clean_text(std::string_view written) {
    return std::string(text::trim(text::without_invisible(written, false)));
}

} // namespace

// read_consent_form() refuses a field that is there twice, for which of the two a person saw cannot
// be told; lists of objects may come in pieces, as ticks do. Fields that it does not know mean
// nothing.
result<consent_form> read_consent_form(request& r) {
    TRY(fields, read_browser_form(r, max_fields));
    consent_form form;
    auto& choices = form.choices;
    std::set<std::string> seen;
    std::string action;
    bool names_nothing = false;
    for (auto& [name, value] : fields) {
        if (is_object_list(name)) {
            const auto before = choices.objects.size();
            add_objects(choices.objects, value);
            names_nothing |= !value.empty() && choices.objects.size() == before;
            continue;
        }
        if (!seen.insert(name).second) return not_our_form("The form repeats a field.");
        if (name == "txn")
            form.sealed = std::move(value);
        else if (name == "action")
            action = std::move(value);
        else if (name == "api_key")
            form.api_key = twenty::trimmed_key(secret(std::move(value)));
        else if (name == "held_key")
            form.held = std::move(value);
        else if (name == "mode")
            choices.mode = std::move(value);
        else if (name == "label")
            choices.label = clean_text(value);
        else if (name == "reach")
            choices.reach = std::move(value);
        else if (name == "lifetime")
            choices.lifetime = std::move(value);
        else if (name == "ask")
            choices.ask = std::move(value);
        else if (name == "changes_hour")
            choices.changes_hour = text::trim(value);
        else if (name == "changes_day")
            choices.changes_day = text::trim(value);
        else if (name == "filter")
            choices.filter = clean_text(text::cut_utf8(value, max_filter_bytes));
    }
    // Threat: a list that names nothing ("," for one) opens everything. Defence: whoever sends a
    // list means some objects, whichever of the fields came first.
    if (names_nothing) choices.reach = "chosen";
    const auto* meant = std::find_if(std::begin(actions), std::end(actions),
                                     [&](const named_action& a) { return a.name == action; });
    if (meant == std::end(actions))
        return not_our_form("The form does not say whether to connect or to cancel.");
    form.action = meant->action;
    return form;
}

std::vector<consent_problem> check_pasted_key(const consent_form& form, std::int64_t now) {
    if (form.api_key.empty() && !form.held.empty())
        return {{"api_key", "Too much time has passed since the key was checked. Paste it again."}};
    if (const auto facts = twenty::read_key(form.api_key, now); !facts)
        return {{"api_key", facts.failure().message}};
    return {};
}

namespace {

std::optional<std::int64_t> read_count(std::string_view written) {
    std::int64_t count = 0;
    const auto* const end = written.data() + written.size();
    const auto read = std::from_chars(written.data(), end, count);
    if (read.ec != std::errc() || read.ptr != end || count < 1) return std::nullopt;
    return count;
}

void check_count(std::vector<consent_problem>& problems, const char* field,
                 const std::string& written, std::int64_t most) {
    if (written.empty()) return;
    const auto count = read_count(written);
    if (!count || *count > most)
        problems.push_back({field, "Give a number of records from 1 to " + std::to_string(most) +
                                       ", or leave it empty."});
}

} // namespace

twenty::asking chosen_asking(const consent_values& choices, const twenty::caution_rules& caution) {
    return twenty::asking_named(choices.ask).value_or(caution.floor);
}

twenty::change_quota chosen_quota(const consent_values& choices) {
    return {read_count(choices.changes_hour).value_or(0),
            read_count(choices.changes_day).value_or(0)};
}

std::vector<consent_problem> check_choices(const consent_values& choices, bool write_offered,
                                           const twenty::caution_rules& caution) {
    std::vector<consent_problem> problems;
    const auto& mode = choices.mode;
    if (!mode.empty() && mode != "read" && mode != "write")
        problems.push_back({"mode", "Choose read, or read and write."});
    if (mode == "write" && !write_offered)
        problems.push_back({"mode", "The application asked for read access only."});
    const auto& reach = choices.reach;
    if (!reach.empty() && reach != "all" && reach != "chosen")
        problems.push_back({"objects", "Choose all objects, or only some."});
    // Threat: who wanted few objects and ticked none gives all. Defence: it is asked again.
    if (reach == "chosen" && choices.objects.empty())
        problems.push_back({"objects", "Tick at least one object, or choose all objects."});
    if (text::code_points(choices.label) > max_label_code_points)
        problems.push_back({"label", "The label may have 64 characters at most."});
    const auto ask = twenty::asking_named(choices.ask);
    if (!choices.ask.empty() && (!ask || *ask < caution.floor))
        problems.push_back({"ask", "Choose one of the offered answers."});
    check_count(problems, "changes_hour", choices.changes_hour, caution.most.hour);
    check_count(problems, "changes_day", choices.changes_day, caution.most.day);
    if (!is_offered_lifetime(choices.lifetime))
        problems.push_back({"lifetime", "Choose one of the offered ends."});
    return problems;
}

result<std::optional<std::set<std::string>>> resolve_objects(const consent_values& choices,
                                                             const twenty::schema& schema) {
    if (choices.objects.empty() || choices.reach == "all")
        return std::optional<std::set<std::string>>{};
    TRY(found, twenty::objects_named(choices.objects, schema));
    return std::optional(std::move(found));
}

// chosen_life() comes after check_choices(): stoi() meets only what was offered.
std::optional<std::chrono::seconds> chosen_life(const consent_values& choices) {
    if (choices.lifetime.empty()) return std::nullopt;
    return std::chrono::hours(24) * std::stoi(choices.lifetime); // one of those offered
}

} // namespace web
