#include "twenty/record_rules.hpp"

#include "base/text.hpp"
#include "twenty/answer.hpp"

namespace twenty {

namespace {

constexpr std::size_t most_rules = 20;
constexpr std::size_t longest_rule = 200;

} // namespace

std::optional<request> rules_request(const access& may, const readable_object& of) {
    // A Twenty without rules does not know the root field and would answer an error. The id stands
    // in the document's text, so it must be one.
    if (!may.schema().has_rules() || !text::is_uuid(of->id)) return std::nullopt;
    request r;
    r.target = "/metadata";
    json::writer body;
    body.begin_object()
        .member("query", "query ValidationRules{validationRules(objectMetadataId:\"" + of->id +
                             "\"){message isActive errorFieldMetadataId}}")
        .end_object();
    r.body = body.take();
    r.safe_to_repeat = true;
    return r;
}

json::array read_rules(const json::value& data, const access& may, const object& of) {
    json::array out;
    const auto* found = data.find("validationRules");
    const auto* listed = found ? found->if_array() : nullptr;
    if (!listed) return out;
    for (const auto& rule : *listed) {
        if (out.size() == most_rules) break;
        const auto message = clean_message(rule.text("message"));
        if (!rule.flag("isActive", true) || message.empty()) continue;
        json::object shown;
        shown.append("message", text::cut_utf8(message, longest_rule));
        const auto field = rule.text("errorFieldMetadataId");
        // The field is named only when the grant sees it; the rule itself is told in any case.
        for (const auto* f : may.fields(of))
            if (!field.empty() && f->id == field) shown.append("field", f->name);
        out.emplace_back(std::move(shown));
    }
    return out;
}

} // namespace twenty
