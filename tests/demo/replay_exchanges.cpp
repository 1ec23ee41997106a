// The first set of exchanges with a real Twenty 2.19: each stands for itself.
#include "demo/workspace.hpp"

#include "base/text.hpp"
#include "tests/demo/replay_support.hpp"
#include "tests/demo/shape_of.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace {

using namespace demo_test;

constexpr std::string_view sample_now = "2026-11-22T12:00:00Z";

// What an exchange needs that earlier recordings had left behind.
struct preparation {
    std::string_view word; // in the exchange's file name
    std::string_view method;
    std::string_view target;
    std::string_view body;
};
constexpr std::string_view widget_object =
    R"({"query":"mutation{createOneObject(input:{object:{nameSingular:\"widget\",namePlural:\"widgets\",labelSingular:\"Widget\",labelPlural:\"Widgets\"}}){id}}"})";
constexpr std::string_view widget_stage =
    R"({"query":"mutation{createOneField(input:{field:{objectMetadataId:\"#widget\",name:\"stage\",label:\"Stage\",type:SELECT,options:[{value:\"NEW\"},{value:\"DONE\"}]}}){id}}"})";
constexpr std::array<preparation, 14> preparations{{
    {"widget", "POST", "/metadata", widget_object},
    {"Widget", "POST", "/metadata", widget_object},
    {"updateRocketsAll", "POST", "/metadata", widget_object},
    {"empty-id-slash", "POST", "/metadata", widget_object},
    {"no-filter-small", "POST", "/metadata", widget_object},
    {"createField", "POST", "/metadata", widget_object},
    {"create-widget", "POST", "/metadata", widget_stage},
    {"empty-id-slash", "POST", "/metadata", widget_stage},
    {"empty-id-slash", "POST", "/rest/widgets", R"({"name":"W0"})"},
    {"dup-email", "POST", "/rest/people",
     R"({"emails":{"primaryEmail":"golden.one@example.com"}})"},
    {"createPerson-dup", "POST", "/rest/people",
     R"({"emails":{"primaryEmail":"jeffery.griffin@example.com"}})"},
    {"with-id-again", "POST", "/rest/people", R"({"id":"33333333-3333-4333-8333-333333333333"})"},
    {"-soft-delete", "POST", "/rest/people", R"({"id":"33333333-3333-4333-8333-333333333333"})"},
    {"-destroy", "POST", "/rest/people", R"({"id":"33333333-3333-4333-8333-333333333333"})"},
}};

class replay {
  public:
    replay() : now_(*demo::parse_date_time(sample_now)), workspace_(chosen(now_)) {}

    demo::response send(const std::string& method, std::string target, std::string body,
                        const std::string& authorization, const std::string& content_type,
                        const std::string& accept) {
        return workspace_.handle(
            {method, std::move(target), authorization, accept, content_type, std::move(body)},
            now_);
    }

    void prepare(const std::string& file) {
        const std::string full = key("<FULL>");
        for (const auto& p : preparations)
            if (file.find(p.word) != std::string::npos)
                send(std::string(p.method), std::string(p.target), with_widget(p.body), full,
                     "application/json", {});
        if (file.starts_with("ratelimit/")) {
            workspace_.faults().rate_limit = true;
            for (int i = 0; i < demo::rate_limit::capacity; ++i)
                send("GET", "/rest/blocklists", {}, full, {}, {});
        }
        workspace_.faults().production = file.starts_with("prod-mode/");
    }

    std::string key(std::string text) const {
        static constexpr std::array<std::pair<std::string_view, demo::role>, 6> names{
            {{"<FULL>", demo::role::full},
             {"<RO>", demo::role::read_only},
             {"<LIMITED>", demo::role::limited},
             {"<RW_NODESTROY>", demo::role::rw_nodestroy},
             {"<REVOKED>", demo::role::revoked},
             {"<EXPIRED>", demo::role::expired}}};
        if (text.find("Bearer") == std::string::npos && !text.empty()) text = "Bearer " + text;
        for (const auto& [name, who] : names)
            if (const auto at = text.find(name); at != std::string::npos)
                return text.replace(at, name.size(), workspace_.keys().of(who).token);
        return text;
    }

    // Recorded ids become ids of our records of the same object; unknown ones stay unknown.
    std::string with_our_ids(const std::string& file, std::string text) const {
        static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> prefixes{
            {{"20202020-b", "person"},
             {"20202020-a", "company"},
             {"f7cd5bef-0", "#widget"},
             {"b692d48e-d", "note"}}};
        std::string out;
        for (std::size_t i = 0; i < text.size();) {
            const auto candidate = std::string_view(text).substr(i, 36);
            if (candidate.size() < 36 || !text::is_uuid(candidate) ||
                candidate.starts_with("00000000") || candidate.starts_with("33333333")) {
                out += text[i++];
                continue;
            }
            std::string_view object = file.find("pportunit") != std::string::npos &&
                                              file.find("create-") == std::string::npos
                                          ? "opportunity"
                                          : "person";
            for (const auto& [prefix, name] : prefixes)
                if (candidate.starts_with(prefix)) object = name;
            out += object == "#widget" ? demo::uuid_of("object:widget") : our_id(object, candidate);
            i += 36;
        }
        return out;
    }

  private:
    static std::string with_widget(std::string_view body) {
        std::string out(body);
        if (const auto at = out.find("#widget"); at != std::string::npos)
            out.replace(at, 7, demo::uuid_of("object:widget"));
        return out;
    }
    static demo::options chosen(demo::time_point now) {
        demo::options out;
        out.now = now;
        out.size = {20, 210, 20, 10, 10};
        return out;
    }
    std::string our_id(std::string_view object, std::string_view recorded) const {
        const auto& table = workspace_.data().of(*workspace_.model().find_singular(object));
        auto row = table.begin();
        const auto sum =
            static_cast<unsigned char>(recorded[0]) + static_cast<unsigned char>(recorded[1]);
        std::advance(row, sum % 5);
        return row->first;
    }

    demo::time_point now_;
    demo::workspace workspace_;
};

std::string header(const json::value& request, std::string_view name) {
    const auto* headers = request.find("headers");
    return headers ? std::string(headers->text(name)) : std::string();
}

bool only_reads(const std::string& file, const json::value& request) {
    if (file.starts_with("ratelimit/") || file.starts_with("prod-mode/")) return false;
    if (std::any_of(preparations.begin(), preparations.end(),
                    [&](const auto& p) { return file.find(p.word) != std::string::npos; }))
        return false;
    if (request.text("method") == "GET") return true;
    const auto* query = request.at("body", "query");
    return query && query->if_string() && query->if_string()->find("mutation") == std::string::npos;
}

// An empty string when our answer has the recorded shape, else what differs. Exchanges that
// write, or need something prepared, get a workspace of their own.
std::string differences(replay& shared, const std::string& file, const json::value& exchange) {
    std::optional<replay> own;
    if (!only_reads(file, *exchange.find("request"))) own.emplace().prepare(file);
    replay& r = own ? *own : shared;
    const json::value& request = *exchange.find("request");
    const json::value& response = *exchange.find("response");
    const auto* body = request.find("body");
    std::string sent;
    if (body && body->if_string())
        sent = *body->if_string();
    else if (body && !body->is_null())
        sent = json::dump(*body);
    const auto* answered = response.find("status");
    const auto status = answered ? answered->as_int().value_or(0) : 0; // 0: the real server hung
    std::string target(request.text("path"));
    if (status != 404 && file.find("missing") == std::string::npos) {
        target = r.with_our_ids(file, target);
        sent = r.with_our_ids(file, sent);
    }
    std::string type = header(request, "Content-Type");
    if (type.empty() && !sent.empty()) type = "application/json";
    std::string authorization = r.key(header(request, "Authorization"));
    if (file == "rest/basic-auth.json")
        authorization = "Basic ZGVtbzpkZW1v"; // masked when recorded
    const auto ours = r.send(std::string(request.text("method")), target, sent, authorization, type,
                             header(request, "Accept"));
    if (status == 0) return ours.hangs ? "" : "answers where the real server hangs";
    if (ours.status != status)
        return "status " + std::to_string(ours.status) + ", not " + std::to_string(status) + ": " +
               ours.body.substr(0, 300);
    const auto expected = answer_in(response);
    if (!expected) return {};
    std::string out;
    for (const auto& line : demo_test::shape_differences(*expected, parsed(ours.body)))
        out += "\n    " + line;
    return out;
}

} // namespace

demo_test::outcome demo_test::replay_exchanges(const source& from) {
    const auto reasons = exclusions("");
    std::set<std::string> used;
    replay shared;
    outcome out;
    from.each([&](const std::string& file, const json::value& exchange) {
        const std::string all = file.substr(0, file.find('/')) + "/*";
        for (const auto& name : {file, all})
            if (reasons.contains(name)) used.insert(name);
        if (reasons.contains(file) || reasons.contains(all)) {
            ++out.left_out;
            return;
        }
        const auto found = differences(shared, file, exchange);
        if (!found.empty()) out.faults.push_back(file + ": " + found);
        ++out.replayed;
    });
    if (from.complete) check_reasons(reasons, used, out);
    return out;
}
