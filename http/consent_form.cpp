#include "http/consent_form.hpp"

#include "base/text.hpp"
#include "http/respond.hpp"
#include "twenty/connection.hpp"

#include <algorithm>

namespace http {

namespace {

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

std::string clean_label(std::string_view label) {
    return std::string(text::trim(text::without_invisible(label, false)));
}

std::vector<std::string> names_of(const twenty::schema& schema) {
    std::vector<std::string> names;
    for (const auto& object : schema.objects()) {
        names.push_back(object.name_singular);
        names.push_back(object.name_plural);
    }
    return names;
}

std::string unknown_object(const std::string& wanted, const twenty::schema& schema) {
    const std::string shown(text::cut_utf8(text::without_invisible(wanted, false), 80));
    const auto near = text::nearest(wanted, names_of(schema));
    if (near.empty()) return "The workspace has no object “" + shown + "”.";
    return "The workspace has no object “" + shown + "”. Did you mean " + text::join(near, ", ") +
           "?";
}

} // namespace

result<consent_form> read_consent_form(request& r) {
    auto fields = text::parse_form(r.body);
    wipe(r.body.data(), r.body.size());
    if (!has_media_type(r, "application/x-www-form-urlencoded"))
        return not_our_form("The form was sent in a wrong format.");
    if (!fields) return std::move(fields).failure();

    consent_form form;
    std::set<std::string> seen;
    std::string action;
    for (auto& [name, value] : *fields) {
        if (is_object_list(name)) {
            add_objects(form.objects, value);
            continue;
        }
        if (!seen.insert(name).second) return not_our_form("The form repeats a field.");
        if (name == "txn")
            form.sealed = std::move(value);
        else if (name == "action")
            action = std::move(value);
        else if (name == "api_key")
            form.api_key = twenty::trimmed_key(secret(std::move(value)));
        else if (name == "mode")
            form.mode = std::move(value);
        else if (name == "label")
            form.label = clean_label(value);
    }
    if (action != "approve" && action != "deny")
        return not_our_form("The form does not say whether to connect or to cancel.");
    form.action = action == "deny" ? consent_action::deny : consent_action::approve;
    return form;
}

consent_values values_of(const consent_form& form) {
    consent_values values;
    values.label = form.label;
    values.objects = text::join(form.objects, ", ");
    values.write = form.mode == "write";
    return values;
}

std::vector<consent_problem> check_consent_form(const consent_form& form, bool write_offered,
                                                std::int64_t now) {
    std::vector<consent_problem> problems;
    if (const auto facts = twenty::read_key(form.api_key, now); !facts)
        problems.push_back({"api_key", facts.failure().message});
    if (!form.mode.empty() && form.mode != "read" && form.mode != "write")
        problems.push_back({"mode", "Choose read, or read and write."});
    if (form.mode == "write" && !write_offered)
        problems.push_back({"mode", "The application asked for read access only."});
    if (text::code_points(form.label) > max_label_code_points)
        problems.push_back({"label", "The label may have 64 characters at most."});
    return problems;
}

result<std::optional<std::set<std::string>>> resolve_objects(const consent_form& form,
                                                             const twenty::schema& schema) {
    if (form.objects.empty()) return std::optional<std::set<std::string>>{};
    std::set<std::string> found;
    std::vector<std::string> unknown;
    for (const auto& name : form.objects) {
        if (const auto* object = schema.find(name))
            found.insert(object->name_singular);
        else if (unknown.size() < 5)
            unknown.push_back(unknown_object(name, schema));
    }
    if (!unknown.empty()) return error{errc::not_found, text::join(unknown, " ")};
    return std::optional(std::move(found));
}

} // namespace http
