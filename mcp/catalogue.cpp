#include "mcp/catalogue.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace mcp {

namespace {

// MCP, tool annotations: a missing destructiveHint or openWorldHint means true. So both are always
// written, and no client takes a tool that reads for one that destroys. idempotentHint says
// something of writes alone.
void write_tool(json::writer& out, const tool& t, const std::string& icons) {
    const hints hint = hints_of(t.what);
    out.begin_object();
    out.member("name", t.name).member("title", t.title).member("description", t.description);
    if (!icons.empty()) write_icons(out, {{icons + std::string(name_of(t.what)) + ".png", {}, {}}});
    out.member_raw("inputSchema", t.input_schema);
    if (!t.output_schema.empty()) out.member_raw("outputSchema", t.output_schema);
    out.key("annotations").begin_object();
    out.member("readOnlyHint", hint.read_only);
    out.member("destructiveHint", hint.destructive);
    if (!hint.read_only) out.member("idempotentHint", hint.idempotent);
    out.member("openWorldHint", false); // one CRM workspace, nothing beyond it
    out.end_object().end_object();
}

// A connection that may not write does not see the tools that do: a model offers nothing that is
// bound to fail. This is no defence; call_tool() refuses such a call whatever the list said.
std::string render_tools(const catalogue::contents& offered, bool may_write, bool icons) {
    json::writer out;
    out.begin_object().key("tools").begin_array();
    for (const tool& t : offered.tools)
        if (may_write || !is_write(t.what))
            write_tool(out, t, icons ? offered.tool_icons : std::string());
    out.end_array().end_object();
    return out.take();
}

void write_resources(json::writer& out, const std::vector<resource>& resources, bool templates) {
    for (const resource& r : resources) {
        if (r.is_template() != templates) continue;
        out.begin_object().member(templates ? "uriTemplate" : "uri", r.uri);
        out.member("name", r.name).member("title", r.title);
        out.member("description", r.description).member("mimeType", r.mime_type).end_object();
    }
}

std::string render_templates(const std::vector<resource>& resources) {
    json::writer out;
    out.begin_object().key("resourceTemplates").begin_array();
    write_resources(out, resources, true);
    out.end_array().end_object();
    return out.take();
}

// collect_header_params() goes through `properties` alone: what stands behind $ref, items or allOf
// is not statically reachable (MCP 2026-07-28, x-mcp-header).
void collect_header_params(const json::value& schema, std::vector<std::string> path,
                           std::vector<header_param>& into) {
    const auto* properties = schema.find("properties");
    if (!properties || !properties->is_object()) return;
    for (const auto& [name, property] : *properties->if_object()) {
        auto deeper = path;
        deeper.push_back(name);
        if (const auto header = property.text("x-mcp-header"); !header.empty())
            into.push_back({text::lower(header), deeper});
        collect_header_params(property, std::move(deeper), into);
    }
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

// RFC 6570 level 1, one variable a path segment, and level 2 for what is left of a path. A segment
// is cut out first and decoded then, so that %2F stays inside of its variable and names no other
// path; of what is left nothing is decoded.
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
        const bool all_left = pattern[open + 1] == '+';
        pattern.remove_prefix(pattern.find('}') + 1);
        if (all_left) {
            if (uri.empty()) return std::nullopt;
            parts.emplace_back(uri);
            return parts;
        }
        const auto segment = uri.substr(0, uri.find('/'));
        auto decoded = text::percent_decode(segment);
        if (segment.empty() || !decoded || !text::valid_utf8(*decoded)) return std::nullopt;
        parts.push_back(std::move(*decoded));
        uri.remove_prefix(segment.size());
    }
    if (!uri.empty()) return std::nullopt;
    return parts;
}

std::string render_server(const implementation& server, bool whole) {
    json::writer out;
    out.begin_object().member("name", server.name).member("title", server.title);
    out.member("version", server.version);
    if (whole) {
        if (!server.description.empty()) out.member("description", server.description);
        if (!server.website_url.empty()) out.member("websiteUrl", server.website_url);
        write_icons(out, server.icons);
    }
    out.end_object();
    return out.take();
}

template <class Entry>
const Entry* by_name(const std::vector<Entry>& entries, std::string_view name) noexcept {
    for (const Entry& e : entries)
        if (e.name == name) return &e;
    return nullptr;
}

} // namespace

std::string_view name_of(effect what) noexcept {
    switch (what) {
    case effect::read:
        return "read";
    case effect::create:
        return "create";
    case effect::update:
        return "update";
    case effect::remove:
        return "remove";
    case effect::restore:
        return "restore";
    case effect::raw:
        return "raw";
    }
    return "read";
}

void write_icons(json::writer& out, const std::vector<icon>& icons) {
    if (icons.empty()) return;
    out.key("icons").begin_array();
    for (const auto& one : icons) {
        out.begin_object().member("src", one.src);
        if (!one.mime_type.empty()) out.member("mimeType", one.mime_type);
        if (!one.size.empty()) out.key("sizes").begin_array().string(one.size).end_array();
        out.end_object();
    }
    out.end_array();
}

// Everything that depends on the tables alone is rendered here, once. The order is the tables', so
// that two answers of one server are equal byte by byte (MCP 2026-07-28: lists in a deterministic
// order).
catalogue::catalogue(contents offered) : offered_(std::move(offered)) {
    for (const tool& t : offered_.tools) {
        auto parsed = json::parse(t.accepted_schema.empty() ? t.input_schema : t.accepted_schema);
        accepted_schemas_.push_back(parsed ? std::move(parsed).value() : json::value{});
        collect_header_params(accepted_schemas_.back(), {}, header_params_.emplace_back());
    }
    server_info_ = render_server(offered_.server, false);
    introduction_ = render_server(offered_.server, true);
    for (const bool may_write : {false, true})
        for (const bool icons : {false, true})
            tools_lists_[may_write ? 1 : 0][icons ? 1 : 0] =
                render_tools(offered_, may_write, icons);
    templates_list_ = render_templates(offered_.resources);
    prompts_list_ = render_prompts(offered_.prompts);
}

const tool* catalogue::find_tool(std::string_view name) const noexcept {
    return by_name(offered_.tools, name);
}

const prompt* catalogue::find_prompt(std::string_view name) const noexcept {
    return by_name(offered_.prompts, name);
}

const json::value& catalogue::accepted_schema(const tool& of) const noexcept {
    return accepted_schemas_[static_cast<std::size_t>(&of - offered_.tools.data())];
}

const std::vector<header_param>& catalogue::header_params(const tool& of) const noexcept {
    return header_params_[static_cast<std::size_t>(&of - offered_.tools.data())];
}

bool catalogue::subscribable() const noexcept {
    return std::any_of(offered_.resources.begin(), offered_.resources.end(),
                       [](const resource& r) { return r.depends_on != source::none; });
}

std::string catalogue::resources_list(const std::vector<listed_resource>& more) const {
    json::writer out;
    out.begin_object().key("resources").begin_array();
    write_resources(out, offered_.resources, false);
    for (const auto& r : more) {
        out.begin_object().member("uri", r.uri).member("name", r.name).member("title", r.title);
        if (!r.description.empty()) out.member("description", r.description);
        out.member("mimeType", r.mime_type).end_object();
    }
    out.end_array().end_object();
    return out.take();
}

// The first row that matches counts, so a plain URI has to stand before a template that takes it
// too. Threat: a URI comes back in answers and notifications, and may hide a text. Defence: one
// with a character that nobody sees names no resource.
std::optional<catalogue::match> catalogue::find_resource(std::string_view uri) const {
    if (text::without_invisible(uri, false) != uri) return std::nullopt;
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
