#include "base/text.hpp"
#include "crm/tools.hpp"
#include "mcp/session_memory.hpp"
#include "primer/primer.hpp"
#include "twenty/data.hpp"
#include "twenty/record_rules.hpp"
#include "twenty/values.hpp"

#include <utility>

namespace crm {

namespace {

using twenty::field_type;

// described() leaves out noise: search vectors and positions.
bool described(const twenty::field& f) {
    return f.type != field_type::ts_vector && f.type != field_type::position;
}

// The choices; beside them what people see of those whose labels say something else.
void show_options(json::object& shown, const twenty::field& f) {
    json::array options;
    json::object labels;
    for (const auto& o : f.options) {
        options.emplace_back(o.value);
        if (twenty::has_own_label(f, o))
            labels.append(o.value, text::without_invisible(o.label, false));
    }
    shown.append("options", std::move(options));
    if (!labels.empty()) shown.append("labels", std::move(labels));
}

json::value relations_of(const twenty::field& f, const twenty::access& may) {
    json::array ends;
    for (const auto* r : may.relations(f)) {
        json::object end;
        end.append("object", r->target_object);
        const bool to_one = r->kind == twenty::relation_kind::many_to_one;
        end.append("kind", to_one ? "to-one" : "to-many");
        if (!r->join_column.empty()) end.append("writeAs", r->join_column);
        ends.emplace_back(std::move(end));
    }
    if (ends.size() == 1) return std::move(ends.front());
    return ends;
}

// required() is true of a field without which a create fails; Twenty's isNullable alone does not
// say so, because most fields that take no null have a default.
bool required(const twenty::field& f) {
    return !f.is_nullable && !f.has_default() && !f.is_system && twenty::writable(f) &&
           f.relations.empty();
}

// describe() leaves out what is as one expects: a label that only repeats the name, a field that
// can be written.
json::value describe(const twenty::field& f, const twenty::access& may) {
    json::object shown;
    shown.append("name", f.name);
    shown.append("type", f.type_name);
    if (text::lower(f.label) != text::lower(f.name)) shown.append("label", f.label);
    if (f.is_custom && !f.description.empty()) shown.append("description", f.description);
    if (!f.options.empty()) show_options(shown, f);
    if (!f.relations.empty()) shown.append("relation", relations_of(f, may));
    if (f.is_custom) shown.append("custom", true);
    if (f.is_unique && f.name != "id") shown.append("unique", true);
    if (required(f)) shown.append("required", true);
    if (!twenty::writable(f) && f.relations.empty())
        shown.append("readOnly", true);
    else if (f.is_read_only)
        shown.append("editedByPeople", false);
    return shown;
}

// sample() is a value of the right form, for the sample body of a create.
std::optional<json::value> sample(const twenty::field& f) {
    switch (f.type) {
    case field_type::text:
        return json::value("text");
    case field_type::full_name:
        return json::make({{"firstName", "Ada"}, {"lastName", "Byron"}});
    case field_type::emails:
        return json::make({{"primaryEmail", "ada@example.com"}});
    case field_type::phones:
        return json::make(
            {{"primaryPhoneCallingCode", "+44"}, {"primaryPhoneNumber", "2079460018"}});
    case field_type::links:
        return json::make({{"primaryLinkUrl", "https://example.com"}});
    case field_type::currency:
        return json::make({{"amountMicros", 1'500'000'000}, {"currencyCode", "EUR"}});
    case field_type::address:
        return json::make({{"addressCity", "Oslo"}});
    case field_type::rich_text:
        return json::make({{"markdown", "**text**"}});
    case field_type::date:
        return json::value("2026-01-31");
    case field_type::date_time:
        return json::value("2026-01-31T09:00:00Z");
    case field_type::boolean:
        return json::value(true);
    case field_type::number:
    case field_type::numeric:
        return json::value(1);
    case field_type::select:
    case field_type::rating:
        if (f.options.empty()) return std::nullopt;
        return json::value(f.options.front().value);
    case field_type::multi_select:
        if (f.options.empty()) return std::nullopt;
        return json::list({f.options.front().value});
    default:
        return std::nullopt;
    }
}

// sample_data() has what a create most needs: the name, what is required, and up to four of the
// fields that people edit.
json::value sample_data(const twenty::object& of, const twenty::access& may) {
    constexpr std::size_t most = 4;
    json::object data;
    const auto add = [&](const twenty::field* f) {
        if (!f || !twenty::writable(*f) || data.contains(f->name)) return;
        if (auto value = sample(*f)) data.append(f->name, std::move(*value));
    };
    add(may.label(of));
    for (const auto* f : may.fields(of))
        if (required(*f)) add(f);
    for (const auto* f : may.fields(of))
        if (data.size() < most && !f->is_system && !f->is_read_only) add(f);
    return data;
}

json::object describe(const twenty::object& of, const twenty::access& may,
                      const call_context& context) {
    json::object shown;
    shown.append("object", of.name_singular);
    shown.append("plural", of.name_plural);
    shown.append("label", of.label_singular);
    if (!of.description.empty()) shown.append("description", of.description);
    if (of.source != "standard") shown.append("source", of.source);
    if (const auto* label = may.label(of)) shown.append("labelField", label->name);
    json::array fields;
    for (const auto* f : may.fields(of))
        if (described(*f)) fields.push_back(describe(*f, may));
    shown.append("fields", std::move(fields));
    if (may.can_write(of)) shown.append("exampleData", sample_data(of, may));
    if (const auto url = record_url(context, of, "{id}"); !url.empty())
        shown.append("recordUrl", url);
    return shown;
}

} // namespace

async<crm_outcome> list_objects(call_slot&, const json::value&, const call_context& context,
                                const twenty::access& may) {
    json::array rows;
    json::array system;
    json::array unreadable;
    for (const auto* of : may.objects()) {
        if (context.memory && context.memory->is_refused(of->name_singular, context.now))
            unreadable.emplace_back(of->name_singular);
        // Twenty's own objects are many and seldom asked for, so their names have to do.
        if (of->is_system) {
            system.emplace_back(of->name_singular);
            continue;
        }
        json::array row;
        row.emplace_back(of->name_singular);
        row.emplace_back(of->name_plural);
        row.emplace_back(of->label_singular);
        row.emplace_back(of->source);
        row.emplace_back(may.fields(*of).size());
        rows.emplace_back(std::move(row));
    }
    crm_outcome out;
    out.body.set("workspace", may.schema().workspace_name());
    out.body.set("mode", context.may_write() ? "write" : "read");
    out.body.set("columns", json::list({"object", "plural", "label", "source", "fields"}));
    out.body.set("rows", std::move(rows));
    if (!system.empty()) out.body.set("systemObjects", std::move(system));
    // Twenty has no way to ask what a key may read, so "unreadable" is what the session has met.
    if (!unreadable.empty()) out.body.set("unreadable", std::move(unreadable));
    if (out.body.contains("unreadable"))
        out.notes.emplace_back("unreadable: the API key's role refused these when last asked.");
    if (may.restricted())
        out.notes.emplace_back("This connection is limited to the objects listed here.");
    co_return out;
}

async<crm_outcome> describe_object(call_slot& slot, const json::value& arguments,
                                   const call_context& context, const twenty::access& may) {
    auto found = may.readable(arguments.text("objectName"));
    if (!found) co_return failed(found.failure());
    crm_outcome out;
    out.body = describe(**found, may, context);
    // Rules may be switched off, and an object is described without them as well.
    if (auto asks = twenty::rules_request(may, *found)) {
        twenty::request sent = std::move(asks).value();
        auto answer = co_await ask(slot, std::move(sent));
        json::array rules;
        if (answer && answer->ok()) rules = twenty::read_rules(answer->data, may, **found);
        if (!rules.empty()) out.body.set("rules", std::move(rules));
    }
    if (!found->scope().is_null())
        out.notes.emplace_back("Only those that belong to records of this connection's objects.");
    co_return out;
}

async<crm_outcome> get_primer(call_slot& slot, const json::value&, const call_context&,
                              const twenty::access& may) {
    need what = need_primer();
    need_awaiter<result<std::string>> wait(slot, std::move(what));
    auto text = co_await wait;
    if (!text) co_return failed(text.failure());
    crm_outcome out;
    out.body.set("primer", primer::render(*text, may));
    co_return out;
}

} // namespace crm
