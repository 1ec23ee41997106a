#include "mcp/catalogue.hpp"

#include "base/text.hpp"

#include <utility>

namespace mcp {

namespace {

void write_tool(json::writer& out, const tool& t) {
    const hints hint = hints_of(t.what);
    out.begin_object();
    out.member("name", t.name).member("title", t.title).member("description", t.description);
    out.member_raw("inputSchema", t.input_schema);
    if (!t.output_schema.empty()) out.member_raw("outputSchema", t.output_schema);
    out.key("annotations").begin_object();
    out.member("readOnlyHint", hint.read_only);
    out.member("destructiveHint", hint.destructive);
    out.member("idempotentHint", hint.idempotent);
    out.member("openWorldHint", false); // one CRM workspace, nothing beyond it
    out.end_object().end_object();
}

std::string render_tools(const std::vector<tool>& tools, bool may_write) {
    json::writer out;
    out.begin_object().key("tools").begin_array();
    for (const tool& t : tools)
        if (may_write || !is_write(t.what)) write_tool(out, t);
    out.end_array().end_object();
    return out.take();
}

std::string render_resources(const std::vector<resource>& resources, bool templates) {
    json::writer out;
    out.begin_object().key(templates ? "resourceTemplates" : "resources").begin_array();
    for (const resource& r : resources) {
        if (r.is_template() != templates) continue;
        out.begin_object().member(templates ? "uriTemplate" : "uri", r.uri);
        out.member("name", r.name).member("title", r.title);
        out.member("description", r.description).member("mimeType", r.mime_type).end_object();
    }
    out.end_array().end_object();
    return out.take();
}

std::string render_prompts(const std::vector<prompt>& prompts) {
    json::writer out;
    out.begin_object().key("prompts").begin_array();
    for (const prompt& p : prompts) {
        out.begin_object().member("name", p.name).member("title", p.title);
        out.member("description", p.description).key("arguments").begin_array();
        for (const prompt_argument& a : p.arguments) {
            out.begin_object().member("name", a.name).member("description", a.description);
            out.member("required", a.required).end_object();
        }
        out.end_array().end_object();
    }
    out.end_array().end_object();
    return out.take();
}

// RFC 6570 level 1, one variable a path segment.
std::optional<std::vector<std::string>> match_template(std::string_view pattern,
                                                       std::string_view uri) {
    std::vector<std::string> parts;
    while (!pattern.empty()) {
        const auto open = pattern.find('{');
        const auto literal = pattern.substr(0, open);
        if (uri.substr(0, literal.size()) != literal) return std::nullopt;
        uri.remove_prefix(literal.size());
        if (open == std::string_view::npos) {
            pattern = {};
            break;
        }
        pattern.remove_prefix(pattern.find('}') + 1);
        const auto segment = uri.substr(0, uri.find('/'));
        auto decoded = text::percent_decode(segment);
        if (segment.empty() || !decoded || !text::valid_utf8(*decoded)) return std::nullopt;
        parts.push_back(std::move(*decoded));
        uri.remove_prefix(segment.size());
    }
    if (!uri.empty()) return std::nullopt;
    return parts;
}

template <class Entry>
const Entry* by_name(const std::vector<Entry>& entries, std::string_view name) noexcept {
    for (const Entry& e : entries)
        if (e.name == name) return &e;
    return nullptr;
}

} // namespace

catalogue::catalogue(contents offered) : offered_(std::move(offered)) {
    for (const tool& t : offered_.tools) {
        auto parsed = json::parse(t.input_schema);
        input_schemas_.push_back(parsed ? std::move(parsed).value() : json::value{});
    }
    tools_read_ = render_tools(offered_.tools, false);
    tools_write_ = render_tools(offered_.tools, true);
    resources_list_ = render_resources(offered_.resources, false);
    templates_list_ = render_resources(offered_.resources, true);
    prompts_list_ = render_prompts(offered_.prompts);
}

const tool* catalogue::find_tool(std::string_view name) const noexcept {
    return by_name(offered_.tools, name);
}

const prompt* catalogue::find_prompt(std::string_view name) const noexcept {
    return by_name(offered_.prompts, name);
}

const json::value& catalogue::input_schema(const tool& of) const noexcept {
    return input_schemas_[static_cast<std::size_t>(&of - offered_.tools.data())];
}

std::optional<catalogue::match> catalogue::find_resource(std::string_view uri) const {
    for (const resource& r : offered_.resources) {
        auto parts = match_template(r.uri, uri);
        if (!parts) continue;
        match found;
        found.what = &r;
        found.parts = std::move(*parts);
        return found;
    }
    return std::nullopt;
}

} // namespace mcp
