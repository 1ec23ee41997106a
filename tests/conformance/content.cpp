#include "tests/conformance/fixtures.hpp"

#include "base/text.hpp"
#include "mcp/interaction.hpp"

namespace conformance {

namespace {

using mcp::async;
using mcp::call_context;
using mcp::call_slot;
using mcp::tool_result;

constexpr std::chrono::milliseconds step{50};

async<done> step_pause(call_slot& slot) {
    mcp::need what = mcp::need_pause(step);
    mcp::need_awaiter<result<done>> wait(slot, std::move(what));
    (void)co_await wait;
    co_return done{};
}

std::string block(std::string_view type, std::string_view data, std::string_view mime_type) {
    json::writer out;
    out.begin_object().member("type", type).member("data", data);
    out.member("mimeType", mime_type).end_object();
    return out.take();
}

std::string embedded(std::string_view uri, std::string_view mime_type, std::string_view text) {
    json::writer out;
    out.begin_object().member("type", "resource").key("resource").begin_object();
    out.member("uri", uri).member("mimeType", mime_type).member("text", text);
    out.end_object().end_object();
    return out.take();
}

// 8-bit mono, 8 kHz, one sample.
const std::string& small_wav() {
    static const auto wav = [] {
        const auto u32 = [](std::uint32_t n) {
            std::string b;
            for (int i = 0; i < 4; ++i, n >>= 8)
                b.push_back(static_cast<char>(n & 0xFF));
            return b;
        };
        const auto u16 = [&](std::uint32_t n) { return u32(n).substr(0, 2); };
        return text::base64_encode("RIFF" + u32(38) + "WAVEfmt " + u32(16) + u16(1) + u16(1) +
                                   u32(8000) + u32(8000) + u16(1) + u16(8) + "data" + u32(1) +
                                   std::string(2, '\x80'));
    }();
    return wav;
}

async<tool_result> simple_text(call_slot&, json::value, const call_context&) {
    co_return text_result("This is a simple text response for testing.");
}

async<tool_result> image(call_slot&, json::value, const call_context&) {
    co_return content_result("[" + block("image", one_pixel_png, "image/png") + "]");
}

async<tool_result> audio(call_slot&, json::value, const call_context&) {
    co_return content_result("[" + block("audio", small_wav(), "audio/wav") + "]");
}

async<tool_result> embedded_resource(call_slot&, json::value, const call_context&) {
    co_return content_result("[" +
                             embedded("test://embedded-resource", "text/plain",
                                      "This is an embedded resource content.") +
                             "]");
}

async<tool_result> several_types(call_slot&, json::value, const call_context&) {
    co_return content_result(R"([{"type":"text","text":"Multiple content types test:"},)" +
                             block("image", one_pixel_png, "image/png") + "," +
                             embedded("test://mixed-content-resource", "application/json",
                                      R"({"test":"data","value":123})") +
                             "]");
}

async<tool_result> failing(call_slot&, json::value, const call_context&) {
    auto out = text_result("This tool intentionally returns an error for testing");
    out.is_error = true;
    co_return out;
}

async<tool_result> with_progress(call_slot& slot, json::value, const call_context&) {
    for (const std::int64_t done : {0, 50, 100}) {
        mcp::report_progress(slot, done, 100, "");
        if (done < 100) co_await step_pause(slot);
    }
    co_return text_result("Progress reported");
}

async<tool_result> with_logging(call_slot& slot, json::value, const call_context& context) {
    for (const std::string_view text : {"\"Tool execution started\"", "\"Tool processing data\"",
                                        "\"Tool execution completed\""}) {
        mcp::log_to_client(slot, context, "info", "", text);
        co_await step_pause(slot);
    }
    co_return text_result("Logged");
}

// SEP-1699: ends its stream in the middle; the client comes back for the result.
async<tool_result> reconnection(call_slot& slot, json::value, const call_context&) {
    if (slot.out) slot.out->hang_up();
    co_await step_pause(slot);
    co_await step_pause(slot);
    co_return text_result("The stream was closed and resumed.");
}

async<tool_result> echo_arguments(call_slot&, json::value arguments, const call_context&) {
    co_return text_result(json::dump(arguments));
}

async<tool_result> change_tools(call_slot& slot, json::value, const call_context&) {
    mcp::change what;
    what.tools = true;
    if (slot.out) slot.out->announce(what);
    co_return text_result("The list of tools has changed.");
}

async<tool_result> change_prompts(call_slot& slot, json::value, const call_context&) {
    mcp::change what;
    what.prompts = true;
    if (slot.out) slot.out->announce(what);
    co_return text_result("The list of prompts has changed.");
}

constexpr std::string_view schema_2020_12 =
    R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","$defs":{"address":)"
    R"({"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":)"
    R"({"type":"string"}}}},"properties":{"name":{"type":"string"},"address":{"$ref":)"
    R"("#/$defs/address"},"contactMethod":{"type":"string","enum":["phone","email"]},"phone":)"
    R"({"type":"string"},"email":{"type":"string"}},"allOf":[{"anyOf":[{"required":["phone"]},)"
    R"({"required":["email"]}]}],"if":{"properties":{"contactMethod":{"const":"phone"}},)"
    R"("required":["contactMethod"]},"then":{"required":["phone"]},"else":{"required":["email"]},)"
    R"("additionalProperties":false})";

} // namespace

tool_result text_result(std::string_view text) {
    json::writer out;
    out.begin_array().begin_object().member("type", "text").member("text", text);
    out.end_object().end_array();
    return content_result(out.take());
}

tool_result content_result(std::string content) {
    tool_result out;
    out.content = std::move(content);
    return out;
}

mcp::tool tool_of(std::string_view name, std::string_view description, mcp::tool_handler run,
                  std::string_view input_schema) {
    mcp::tool out;
    out.name = name;
    out.title = name;
    out.description = description;
    out.input_schema = input_schema;
    out.run = run;
    return out;
}

std::vector<mcp::tool> content_tools() {
    return {
        tool_of("test_simple_text", "Answers with one text block.", simple_text),
        tool_of("test_image_content", "Answers with an image.", image),
        tool_of("test_audio_content", "Answers with a sound.", audio),
        tool_of("test_embedded_resource", "Answers with a resource.", embedded_resource),
        tool_of("test_multiple_content_types", "Answers with text, image and resource.",
                several_types),
        tool_of("test_error_handling", "Always fails.", failing),
        tool_of("test_tool_with_progress", "Reports progress three times.", with_progress),
        tool_of("test_tool_with_logging", "Logs three times.", with_logging),
        tool_of("test_logging_tool", "Logs when the request asks for it.", with_logging),
        tool_of("test_reconnection", "Ends its stream before its result.", reconnection),
        tool_of("json_schema_2020_12_tool", "Has a schema with many keywords.", echo_arguments,
                schema_2020_12),
        tool_of(
            "test_x_mcp_header", "Has a parameter that is repeated in a header.", echo_arguments,
            R"({"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},)"
            R"("limit":{"type":"integer","x-mcp-header":"Limit"},"query":{"type":"string"}}})"),
        tool_of("test_trigger_tool_change", "Announces a change of the tools.", change_tools),
        tool_of("test_trigger_prompt_change", "Announces a change of the prompts.", change_prompts),
    };
}

} // namespace conformance
