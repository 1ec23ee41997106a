#include "doctor/judge_mcp.hpp"

#include "base/text.hpp"

namespace doctor {

namespace {

json::value message_of(const asked& a) {
    if (!a || a->status != 200) return {};
    std::string_view text = a->body;
    if (a->header("content-type").starts_with("text/event-stream")) {
        const auto at = text.rfind("data: {");
        if (at == text.npos) return {};
        text.remove_prefix(at + 6);
        text = text.substr(0, text.find('\n'));
    }
    auto read = json::parse(text);
    return read ? std::move(read).value() : json::value();
}

std::string error_of(const asked& a) {
    auto out = told(a);
    if (!a) return out;
    const auto read = json::parse(a->body);
    if (!read) return out;
    if (const auto* why = read->at("error", "message"); why && why->if_string())
        return out + ": " + shown(*why->if_string());
    return out;
}

} // namespace

json::value result_of(const asked& a) {
    const auto message = message_of(a);
    const auto* found = message.find("result");
    return found ? *found : json::value();
}

finding judge_initialize(const asked& a) {
    const auto found = result_of(a);
    if (!found.find("serverInfo")) return failed(error_of(a));
    return ok(shown(found.at("serverInfo", "name") ? found.find("serverInfo")->text("name") : "") +
              " " + shown(found.find("serverInfo")->text("version")) + ", protocol " +
              shown(found.text("protocolVersion")));
}

finding judge_session_header(const asked& a) {
    if (!a) return failed(told(a));
    return a->header("mcp-session-id").empty() ? failed("the answer has no Mcp-Session-Id")
                                               : ok("Mcp-Session-Id arrives");
}

finding judge_tools(const asked& a) {
    const auto found = result_of(a);
    const auto* tools = found.find("tools");
    const auto* all = tools ? tools->if_array() : nullptr;
    if (!all || all->empty()) return failed(error_of(a));
    return ok(std::to_string(all->size()) + " tools");
}

finding judge_discover(const asked& a) {
    const auto found = result_of(a);
    if (!found.find("supportedVersions")) return failed(error_of(a));
    return ok("server/discover of 2026-07-28");
}

finding judge_call(const asked& a) {
    const auto found = result_of(a);
    const auto* content = found.find("content");
    if (!content) return failed(error_of(a));
    if (!found.flag("isError")) return ok("list_objects answers");
    const auto* all = content->if_array();
    return failed(all && !all->empty() ? shown(all->front().text("text"), 200) : "isError");
}

finding judge_stream(const asked& a) {
    if (!a) return failed(told(a));
    const auto type = a->header("content-type");
    if (a->status != 200 || !type.starts_with("text/event-stream")) return failed(error_of(a));
    return ok("text/event-stream");
}

finding judge_large_call(const asked& a) {
    return result_of(a).is_object() ? ok("1 MB is read")
                                    : failed("a message of 1 MB: " + error_of(a));
}

// The server writes the first event with the head. A proxy that collects answers before it passes
// them on sends neither until much has come.
finding judge_buffering(const asked& a) {
    if (!a) return failed("no event: " + told(a));
    if (!a->header("content-encoding").empty())
        return failed("the stream is compressed: " + shown(a->header("content-encoding")));
    if (!a->body_after) return failed("the head arrived, and no event");
    const auto time = std::to_string(a->body_after->count()) + " ms";
    if (*a->body_after > at_once) return failed("the first event took " + time);
    return ok("the first event after " + time);
}

finding judge_kept(const asked& a, std::chrono::milliseconds needed) {
    if (!a) return failed(told(a));
    const auto seconds = std::to_string(a->ended_after.count() / 1000) + " s";
    if (a->cut || a->complete) return failed("it was ended after " + seconds);
    if (a->ended_after >= needed) return ok("open after " + seconds);
    return ok("open after " + seconds + "; a longer --timeout waits longer");
}

finding judge_session_end(const asked& a) {
    return a && a->status / 100 == 2 ? ok("DELETE " + std::to_string(a->status))
                                     : failed(error_of(a));
}

} // namespace doctor
