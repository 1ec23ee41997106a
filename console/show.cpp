// How an answer is shown.
#include "base/json.hpp"
#include "base/text.hpp"
#include "console/run.hpp"
#include "console/shown.hpp"

namespace console {

namespace {

constexpr std::string_view etag_field = "ETag";
constexpr std::string_view warnings_member = "warnings";

bool is_json(const http::probe_answer& answer) {
    return answer.header("Content-Type").starts_with("application/json");
}

// On a terminal nothing is verbatim that moves its cursor.
std::string as_it_came(const std::string& text, const surroundings& with) {
    return with.screen ? shown(text, true) : text;
}

void print_json(const http::probe_answer& answer, const surroundings& with) {
    if (is_json(answer)) {
        with.out(as_it_came(answer.body, with) + "\n");
        return;
    }
    json::writer w;
    w.begin_object().member("text", answer.body);
    if (const auto etag = answer.header(etag_field); !etag.empty()) w.member("etag", etag);
    w.end_object();
    with.out(as_it_came(w.take(), with) + "\n");
}

// A page says in next_NAME what NAME is of the next one.
void tell_of_more(const json::value& page, const surroundings& with) {
    for (const auto* name : {"cursor", "before"}) {
        const auto* next = page.find("next_" + std::string(name));
        if (!next) continue;
        const auto* text = next->if_string();
        with.say("there is more: --" + std::string(name) + " " +
                 shown(text ? *text : json::dump(*next)));
    }
}

void print_table(const command& of, const json::value& page, const surroundings& with) {
    const auto* list = page.find(of.list);
    const auto* items = list ? list->if_array() : nullptr;
    if (!items || items->empty())
        with.say("none");
    else
        with.out(table(of.columns).write(*items));
    tell_of_more(page, with);
}

// An upload was stored all the same, so they are told beside the answer.
void tell_warnings(const json::value& done, const surroundings& with) {
    const auto* list = done.find(warnings_member);
    const auto* items = list ? list->if_array() : nullptr;
    if (!items) return;
    for (const auto& one : *items)
        if (const auto* text = one.if_string()) with.say("warning: " + shown(*text));
}

void print_facts(json::value body, const http::probe_answer& answer, const surroundings& with) {
    auto* members = body.if_object();
    if (!members) return;
    tell_warnings(body, with);
    members->erase(warnings_member);
    const auto etag = answer.header(etag_field);
    if (!etag.empty() && !members->contains("etag")) members->set("etag", std::string(etag));
    with.out(facts(*members));
}

void print_files(const json::value& skill, const surroundings& with) {
    const auto* files = skill.find("files");
    const auto* each = files ? files->if_object() : nullptr;
    if (!each) return;
    for (const auto& [path, text] : *each) {
        const auto* content = text.if_string();
        with.out("==> " + shown(path) + " <==\n");
        if (content) with.out(as_it_came(*content, with));
        with.out("\n");
    }
}

// As a compiler tells of a file, so that editors find the line.
int print_findings(const std::string& file, const json::value& body, const surroundings& with) {
    const auto* list = body.find("findings");
    const auto* items = list ? list->if_array() : nullptr;
    if (!items) return all_well;
    for (const auto& one : *items) {
        const auto* line = one.find("line");
        with.out(shown(file) + ":" + (line ? shown(json::dump(*line)) : "") + ": " +
                 shown(one.text("kind")) + ": " + shown(one.text("text")) + "\n");
    }
    if (const auto note = body.text("note"); !note.empty()) with.say(shown(note));
    if (const auto* more = body.find("more"); more && more->as_bool().value_or(false))
        with.say("there are more; mend these first");
    return items->empty() ? all_well : found_some;
}

} // namespace

int show(const order& given, const http::probe_answer& answer, const surroundings& with) {
    const auto& of = *given.row;
    auto body = is_json(answer) ? json::parse(answer.body, json::upstream) : json::value();
    if (of.as == view::findings && body && !given.json)
        return print_findings(given.file, *body, with);
    if (given.json) {
        print_json(answer, with);
        const auto* found = body ? body->find("findings") : nullptr;
        const auto* items = found ? found->if_array() : nullptr;
        return items && !items->empty() ? found_some : all_well;
    }
    if (!is_json(answer) || !body)
        with.out(as_it_came(answer.body, with));
    else if (of.as == view::table)
        print_table(of, *body, with);
    else if (of.as == view::files)
        print_files(*body, with);
    else
        print_facts(*std::move(body), answer, with);
    return all_well;
}

result<bool> check_file(const order& given, const content& file, const operations& all,
                        const surroundings& with) {
    const auto* op = find_operation(all, given.row->checked_by);
    if (!op) return true;
    http::probe_request r;
    r.method = op->method;
    r.target = op->path;
    r.headers.emplace_back("Content-Type", file.media);
    r.body = file.text;
    const auto answer = ask(*op, with, std::move(r));
    if (!answer) return answer.failure();
    const auto body = json::parse(answer->body, json::upstream);
    if (!body) return true;
    auto warned = with;
    warned.out = [&](std::string_view line) {
        with.say("warning: " + std::string(text::trim(line)));
    };
    return print_findings(given.file, *body, warned) == all_well;
}

} // namespace console
