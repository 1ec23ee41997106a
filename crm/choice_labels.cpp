#include "crm/choice_labels.hpp"

#include "twenty/values.hpp"

#include <algorithm>

namespace crm {

void choice_labels::add(const std::string& path, const twenty::field& f, const json::value& v) {
    using enum twenty::field_type;
    if (f.type != select && f.type != multi_select) return;
    if (const auto* several = v.if_array())
        for (const auto& each : *several)
            if (each.is_string()) add(path, f, each);
    const auto* value = v.if_string();
    if (!value) return;
    const auto option = std::find_if(f.options.begin(), f.options.end(),
                                     [&](const auto& o) { return o.value == *value; });
    // A label that says no more than its value ("In progress" of IN_PROGRESS) costs tokens for
    // nothing.
    if (option == f.options.end() || !twenty::has_own_label(f, *option)) return;
    if (!labels_.contains(path)) labels_.append(path, json::object());
    labels_.find(path)->if_object()->set(*value, option->label);
}

void choice_labels::add_record(const json::value& record, const twenty::object& of,
                               const twenty::access& may, const std::string& before) {
    const auto* members = record.if_object();
    if (!members) return;
    for (const auto& [name, v] : *members) {
        if (const auto* f = of.find_field(name); f && f->relations.empty()) {
            add(before + name, *f, v);
            continue;
        }
        const auto to = of.find_relation(name);
        // Records behind a relation are looked into once: deeper ones are not selected.
        const auto* target =
            to && before.empty() ? may.schema().by_singular(to->to->target_object) : nullptr;
        if (!target) continue;
        if (v.is_object()) add_record(v, *target, may, name + ".");
        if (const auto* several = v.if_array())
            for (const auto& each : *several)
                add_record(each, *target, may, name + ".");
    }
}

void choice_labels::write_to(json::object& body) const {
    if (!labels_.empty()) body.set("labels", labels_);
}

} // namespace crm
