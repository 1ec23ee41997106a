// What a server is and offers, as data. The dispatcher serves any catalogue; the program hands in
// the CRM's, the conformance fixture its own. Everything that tools/list
// and its siblings show is rendered from these tables, once.
#pragma once

#include "mcp/server.hpp"
#include "mcp/skills.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

// What a tool does to the workspace. Annotations, visibility and the need for a write grant
// are derived from it and from nothing else.
enum class effect { read, create, update, remove, restore, raw };

constexpr bool is_write(effect what) noexcept { return what != effect::read; }
std::string_view name_of(effect what) noexcept; // "read", "create" …

// MCP 2025-11-25, tool annotations.
struct hints {
    bool read_only = false;
    bool destructive = false;
    bool idempotent = false;
};
constexpr hints hints_of(effect what) noexcept {
    switch (what) {
    case effect::read:
        return {true, false, true};
    case effect::create:
        return {false, false, false};
    case effect::update:
        return {false, true, true};
    case effect::remove:
        return {false, true, true};
    case effect::restore:
        return {false, false, true};
    case effect::raw:
        return {false, true, false};
    }
    return {false, true, false};
}

// What a tool gives back. Exactly one of `structured` and `content` is filled.
struct tool_result {
    std::string structured; // a JSON object; the same text goes out as a text block
    std::string content;    // a JSON array of content blocks
    bool is_error = false;  // an error's structured text is sent as a text block only
    std::string_view error; // its code, for whoever watches; empty: a code of no list
};

// `arguments` is an object that satisfies the tool's input schema.
using tool_handler = async<tool_result> (*)(call_slot&, json::value arguments, const call_context&);

struct tool {
    std::string_view name;
    std::string_view title;
    std::string_view description;
    std::string_view input_schema;  // JSON text, type object
    std::string_view output_schema; // JSON text, type object; empty: none
    effect what = effect::read;
    tool_handler run = nullptr;
    // What arguments are checked against, where more is taken than is advertised; JSON text. Empty:
    // input_schema.
    std::string_view accepted_schema = {};
};

// MCP 2026-07-28, caching hints; always private, because lists depend on the grant.
struct cache_hint {
    std::int64_t ttl_ms = 0;
};

struct resource_content {
    std::string mime_type;
    std::string text;
    bool is_blob = false; // `text` is Base64
};
// `parts` are the template's variables, percent-decoded, in order; empty for a plain resource.
using resource_handler = async<result<resource_content>> (*)(call_slot&,
                                                             std::vector<std::string> parts,
                                                             const call_context&);
// May this connection read it? Asked before it is told of changes.
using resource_check = async<result<done>> (*)(call_slot&, std::vector<std::string> parts,
                                               const call_context&);
struct resource {
    // A URI, or a template with {variables} that span one segment each; {+variable} at its end
    // spans all that is left (RFC 6570, reserved expansion).
    std::string_view uri;
    std::string_view name;
    std::string_view title;
    std::string_view description;
    std::string_view mime_type;
    cache_hint cache;
    resource_handler read = nullptr;
    source depends_on = source::none;  // what announces that it was updated
    resource_check may_read = nullptr; // null: whoever may connect

    [[nodiscard]] bool is_template() const noexcept {
        return uri.find('{') != std::string_view::npos;
    }
};

struct prompt_argument {
    std::string_view name;
    std::string_view description;
    bool required = false;
};
// Either the text of one user message, or `messages`, a JSON array.
struct prompt_text {
    std::string text;
    std::string messages;
};
// `arguments` are strings, required ones present.
using prompt_handler = async<result<prompt_text>> (*)(call_slot&, json::value arguments,
                                                      const call_context&);
struct prompt {
    std::string_view name;
    std::string_view title;
    std::string_view description;
    std::vector<prompt_argument> arguments;
    prompt_handler run = nullptr;
};

// Values for a prompt's argument or a template's variable that begin with what is typed.
struct completion_request {
    bool for_prompt = false;
    std::string ref; // prompt name or template URI
    std::string argument;
    std::string typed;
    json::value known; // the arguments that are filled in already, an object or null
};
using completion_handler = async<result<std::vector<std::string>>> (*)(call_slot&,
                                                                       completion_request,
                                                                       const call_context&);
using instructions_handler = async<std::string> (*)(call_slot&, const call_context&);

// A resource that is known only at run time; it is read through one of the templates.
struct listed_resource {
    std::string uri;
    std::string name;
    std::string title;
    std::string description; // may be empty
    std::string_view mime_type;
};
// Those that this connection may have.
using skills_handler = async<result<std::vector<skill>>> (*)(call_slot&, const call_context&);
using listing_handler = async<std::vector<listed_resource>> (*)(call_slot&, const call_context&);

// Which lists may change while a client is connected.
struct lists_changing {
    bool tools = false;
    bool prompts = false;
    bool resources = false;
};

// A property of a tool's input schema that clients repeat in a header (MCP 2026-07-28,
// x-mcp-header). `path` leads to it through properties.
struct header_param {
    std::string name; // lower case, without Mcp-Param-
    std::vector<std::string> path;
};

// MCP 2025-11-25, Icon.
struct icon {
    std::string src; // a URL
    std::string_view mime_type;
    std::string_view size; // "96x96", or "any"
};

// Who a server says it is (MCP, Implementation).
struct implementation {
    std::string_view name;
    std::string_view title;
    std::string_view version;
    std::string_view description = {};
    std::string website_url = {}; // empty: none
    std::vector<icon> icons = {};
};
void write_icons(json::writer& out, const std::vector<icon>& icons); // the member; none: nothing

class catalogue {
  public:
    struct contents {
        implementation server;
        std::vector<tool> tools; // in the order that tools/list shows
        std::vector<resource> resources;
        std::vector<prompt> prompts;
        completion_handler complete = nullptr;       // null: not offered
        instructions_handler instructions = nullptr; // null: none
        listing_handler more_resources = nullptr;    // null: none
        skills_handler skills = nullptr;             // null: not offered
        lists_changing changing;
        // What is put before a tool's effect and ".png" for the URL of its icon; empty: tools have
        // none.
        std::string tool_icons;
        bool logging = false; // notifications/message and logging/setLevel
        bool tasks = false;   // some tools may become tasks (mcp/tasks.hpp)
    };
    // The schemas of the tools must be valid JSON (they are constants of the program).
    explicit catalogue(contents offered);

    [[nodiscard]] const implementation& server() const noexcept { return offered_.server; }
    // {"name","title","version"}, for every answer.
    [[nodiscard]] const std::string& server_info() const noexcept { return server_info_; }
    // All that the server says of itself, for clients that get to know it.
    [[nodiscard]] const std::string& introduction() const noexcept { return introduction_; }
    [[nodiscard]] const std::vector<tool>& tools() const noexcept { return offered_.tools; }
    [[nodiscard]] const std::vector<resource>& resources() const noexcept {
        return offered_.resources;
    }
    [[nodiscard]] const std::vector<prompt>& prompts() const noexcept { return offered_.prompts; }
    [[nodiscard]] completion_handler complete() const noexcept { return offered_.complete; }
    [[nodiscard]] instructions_handler instructions() const noexcept {
        return offered_.instructions;
    }

    [[nodiscard]] listing_handler more_resources() const noexcept {
        return offered_.more_resources;
    }
    [[nodiscard]] skills_handler skills() const noexcept { return offered_.skills; }
    [[nodiscard]] const lists_changing& changing() const noexcept { return offered_.changing; }
    [[nodiscard]] bool logging() const noexcept { return offered_.logging; }
    [[nodiscard]] bool tasks() const noexcept { return offered_.tasks; }
    // Any resource that announces its updates?
    [[nodiscard]] bool subscribable() const noexcept;

    [[nodiscard]] const tool* find_tool(std::string_view name) const noexcept;
    [[nodiscard]] const prompt* find_prompt(std::string_view name) const noexcept;
    struct match {
        const resource* what = nullptr;
        std::vector<std::string> parts;
    };
    [[nodiscard]] std::optional<match> find_resource(std::string_view uri) const;
    // The parsed input schema of a tool of this catalogue.
    [[nodiscard]] const json::value& accepted_schema(const tool& of) const noexcept;
    [[nodiscard]] const std::vector<header_param>& header_params(const tool& of) const noexcept;

    // Results of the list methods, rendered beforehand. Tools have icons for clients that know
    // them.
    [[nodiscard]] const std::string& tools_list(bool may_write, bool icons = false) const noexcept {
        return tools_lists_[may_write ? 1 : 0][icons ? 1 : 0];
    }
    // The whole result; `more` goes behind the fixed ones.
    [[nodiscard]] std::string resources_list(const std::vector<listed_resource>& more) const;
    [[nodiscard]] const std::string& templates_list() const noexcept { return templates_list_; }
    [[nodiscard]] const std::string& prompts_list() const noexcept { return prompts_list_; }

  private:
    contents offered_;
    std::string server_info_;
    std::string introduction_;
    std::vector<json::value> accepted_schemas_; // beside offered_.tools
    std::vector<std::vector<header_param>> header_params_;
    std::array<std::array<std::string, 2>, 2> tools_lists_; // as tools_list() has its arguments
    std::string templates_list_;
    std::string prompts_list_;
};

} // namespace mcp
