#include "tests/conformance/fixtures.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "mcp/interaction.hpp"

namespace conformance {

namespace {

using mcp::async;
using mcp::call_context;
using mcp::call_slot;
using mcp::prompt_text;
using mcp::resource_content;

using parts_type = std::vector<std::string>;

resource_content content(std::string_view mime_type, std::string text, bool is_blob = false) {
    resource_content c;
    c.mime_type = mime_type;
    c.text = std::move(text);
    c.is_blob = is_blob;
    return c;
}

async<result<resource_content>> static_text(call_slot&, parts_type, const call_context&) {
    co_return content("text/plain", "This is the content of the static text resource.");
}

async<result<resource_content>> static_binary(call_slot&, parts_type, const call_context&) {
    co_return content("image/png", std::string(one_pixel_png), true);
}

async<result<resource_content>> templated(call_slot&, parts_type parts, const call_context&) {
    json::writer out;
    out.begin_object().member("id", parts.front()).member("templateTest", true);
    out.member("data", "Data for ID: " + parts.front()).end_object();
    co_return content("application/json", out.take());
}

async<result<resource_content>> watched(call_slot&, parts_type, const call_context&) {
    co_return content("text/plain", "Watched resource content");
}

prompt_text says(std::string text) {
    prompt_text p;
    p.text = std::move(text);
    return p;
}

async<result<prompt_text>> simple(call_slot&, json::value, const call_context&) {
    co_return says("This is a simple prompt for testing.");
}

async<result<prompt_text>> with_arguments(call_slot&, json::value a, const call_context&) {
    co_return says("Prompt with arguments: arg1='" + std::string(a.text("arg1")) + "', arg2='" +
                   std::string(a.text("arg2")) + "'");
}

prompt_text messages(std::string content_block, std::string_view text) {
    json::writer out;
    out.begin_array();
    out.begin_object().member("role", "user").member_raw("content", content_block).end_object();
    out.begin_object().member("role", "user").key("content").begin_object();
    out.member("type", "text").member("text", text).end_object().end_object().end_array();
    prompt_text p;
    p.messages = out.take();
    return p;
}

async<result<prompt_text>> with_resource(call_slot&, json::value a, const call_context&) {
    json::writer out;
    out.begin_object().member("type", "resource").key("resource").begin_object();
    out.member("uri", a.text("resourceUri")).member("mimeType", "text/plain");
    out.member("text", "Embedded resource content for testing.").end_object().end_object();
    co_return messages(out.take(), "Please process the embedded resource above.");
}

async<result<prompt_text>> with_image(call_slot&, json::value, const call_context&) {
    json::writer out;
    out.begin_object().member("type", "image").member("data", one_pixel_png);
    out.member("mimeType", "image/png").end_object();
    co_return messages(out.take(), "Please analyze the image above.");
}

async<result<prompt_text>> asking(call_slot& slot, json::value, const call_context& context) {
    json::value schema =
        json::parse(
            R"({"type":"object","properties":{"context":{"type":"string"}},"required":["context"]})")
            .value();
    std::vector<mcp::input_request> questions;
    questions.push_back(mcp::form("user_context", "What context?", std::move(schema)));
    auto answers = co_await mcp::ask_client(slot, context, std::move(questions));
    if (!answers) co_return std::move(answers).failure();
    const auto* given = answers->at("user_context", "content");
    co_return says("Use this context: " + std::string(given ? given->text("context") : ""));
}

async<result<std::vector<std::string>>> complete(call_slot&, mcp::completion_request wanted,
                                                 const call_context&) {
    std::vector<std::string> values;
    for (const std::string_view value : {"paris", "park", "party"})
        if (value.starts_with(wanted.typed)) values.emplace_back(value);
    co_return values;
}

// A skill with a directory, and one beside it.
constexpr std::string_view skill_main =
    "---\nname: reports\ndescription: Writes reports.\n---\n\nSee templates/weekly.md.\n";
constexpr std::string_view plain_skill_main =
    "---\nname: greeting\ndescription: Greets people.\n---\n\nSay hello.\n";
constexpr std::string_view skill_template = "# Week\n";

mcp::skill_file file_of(std::string_view path, std::string_view text) {
    return {std::string(path), "sha256:" + text::hex_encode(crypto::sha256(text)), text.size()};
}

async<result<std::vector<mcp::skill>>> skills(call_slot&, const call_context&) {
    mcp::skill with_directory{
        "reports",
        "reports",
        "Writes reports.",
        R"({"name":"reports","description":"Writes reports."})",
        {file_of("SKILL.md", skill_main), file_of("templates/weekly.md", skill_template)}};
    mcp::skill plain{"everyday/greeting",
                     "greeting",
                     "Greets people.",
                     R"({"name":"greeting","description":"Greets people."})",
                     {file_of("SKILL.md", plain_skill_main)}};
    std::vector<mcp::skill> out;
    out.push_back(std::move(with_directory));
    out.push_back(std::move(plain));
    co_return out;
}

async<result<resource_content>> skill_file(call_slot&, parts_type parts, const call_context&) {
    const auto whole = parts.front() + "/" + parts.back();
    std::string_view text;
    if (whole == "reports/SKILL.md") text = skill_main;
    if (whole == "reports/templates/weekly.md") text = skill_template;
    if (whole == "everyday/greeting/SKILL.md") text = plain_skill_main;
    if (text.empty()) co_return error(errc::not_found, "Resource not found.");
    co_return content("text/markdown", std::string(text));
}

async<std::vector<mcp::listed_resource>> skill_resources(call_slot& slot,
                                                         const call_context& context) {
    const auto all = co_await skills(slot, context);
    std::vector<mcp::listed_resource> out;
    for (const auto& s : *all)
        out.push_back({mcp::uri_of(s, mcp::skill_main_file), s.name, "Skill: " + s.name,
                       s.description, "text/markdown"});
    co_return out;
}

} // namespace

std::vector<mcp::resource> resources() {
    return {
        {"test://static-text",
         "static-text",
         "Static text",
         "A text.",
         "text/plain",
         {},
         static_text},
        {"test://static-binary",
         "static-binary",
         "Static binary",
         "An image.",
         "image/png",
         {},
         static_binary},
        {"test://watched-resource",
         "watched-resource",
         "Watched",
         "It may change.",
         "text/plain",
         {},
         watched,
         mcp::source::fixture},
        {"test://template/{id}/data",
         "template",
         "Template",
         "Data of an id.",
         "application/json",
         {},
         templated},
        {"skill://{skill}/{+file}",
         "skill-file",
         "Skill",
         "A file of a skill.",
         "text/markdown",
         {},
         skill_file},
    };
}

std::vector<mcp::prompt> prompts() {
    return {
        {"test_simple_prompt", "Simple", "Without arguments.", {}, simple},
        {"test_prompt_with_arguments",
         "Arguments",
         "With two arguments.",
         {{"arg1", "The first", true}, {"arg2", "The second", true}},
         with_arguments},
        {"test_prompt_with_embedded_resource",
         "Resource",
         "With a resource.",
         {{"resourceUri", "The resource's URI", true}},
         with_resource},
        {"test_prompt_with_image", "Image", "With an image.", {}, with_image},
        {"test_input_required_result_prompt", "Asking", "Asks before it answers.", {}, asking},
    };
}

const mcp::catalogue& fixtures() {
    static const mcp::catalogue offered([] {
        mcp::catalogue::contents all;
        all.server = {"twenty-mcp", "Twenty CRM", TWENTY_MCP_VERSION};
        all.tools = content_tools();
        for (const auto& more : {asking_tools(), task_tools()})
            all.tools.insert(all.tools.end(), more.begin(), more.end());
        all.resources = resources();
        all.prompts = prompts();
        all.complete = complete;
        all.more_resources = skill_resources;
        all.skills = skills;
        all.changing = {true, true, true};
        all.logging = true;
        all.tasks = true;
        return all;
    }());
    return offered;
}

} // namespace conformance
