// The second set of exchanges with a real Twenty 2.19. Each folder is one story that begins with
// the records that it is about, so the values of a recording are compared too.
#include "demo/workspace.hpp"

#include "base/text.hpp"
#include "tests/demo/replay_support.hpp"
#include "tests/demo/shape_of.hpp"
#include "tests/demo/support.hpp"
#include "tests/demo/values_of.hpp"

#include <array>
#include <map>
#include <set>

namespace {

using namespace demo_test;
using demo::role;

constexpr std::string_view jane = "20202020-463f-435b-828c-107e007a2711";

constexpr std::array<std::pair<std::string_view, role>, 7> key_names{{
    {"<FULL>", role::full},
    {"<RO>", role::read_only},
    {"<LIMITED>", role::people},
    {"<RW_NODESTROY>", role::rw_nodestroy},
    {"<NODELETE>", role::no_delete},
    {"<FIELDS>", role::fields},
    {"<REVOKED>", role::revoked},
}};

// Of the recorded workspace's data model.
struct recorded_id {
    std::string_view id, object, field;
};
constexpr std::array<recorded_id, 5> recorded_ids{{
    {"496ae3cc-cd6a-4597-b260-f3a07f39cfd9", "opportunity", ""},
    {"553c2fed-15df-4c88-a2bf-0b1b45baab46", "opportunity", "name"},
    {"a561c31d-577c-47f9-b74b-0434124244d7", "opportunity", "stage"},
    {"4d6ff725-1704-4783-a3fe-56f747d1b361", "opportunity", "amount"},
    {"08d66aff-c528-45f6-a976-a2905b3480a1", "opportunity", "closeDate"},
}};

// One folder, replayed in its order in a workspace of its own.
class story {
  public:
    explicit story(const std::string& folder) : folder_(folder), workspace_(chosen()) {
        const auto& members =
            workspace_.data().of(*workspace_.model().find_singular("workspaceMember"));
        member_ = members.begin()->first;
        prepare();
    }

    // An empty text when our answer is the recorded one, else what differs.
    std::string differences(const json::value& exchange) {
        const json::value& request = *exchange.find("request");
        now_ += std::chrono::seconds(1);
        const auto sent = ours_of(request);
        const auto ours = workspace_.handle(sent, now_);
        if (!exchange.find("response")) return {};
        const json::value& response = *exchange.find("response");
        const auto* answered = response.find("status");
        const auto status = answered ? answered->as_int().value_or(0) : 0;
        if (status == 0) return ours.hangs ? "" : "answers where the real server hangs";
        std::string out;
        if (const auto* body = response.find("body");
            !answered || (body && body->is_null() && ours.hangs))
            return ours.hangs ? "" : "answers where the real server hangs";
        if (ours.status != status)
            out = "status " + std::to_string(ours.status) + ", not " + std::to_string(status) +
                  ": " + ours.body.substr(0, 300);
        for (const auto& line : out.empty() ? differences(sent, response, parsed(ours.body))
                                            : std::vector<std::string>())
            out += "\n    " + line;
        return out;
    }

  private:
    std::vector<std::string> differences(const demo::request& sent, const json::value& response,
                                         const json::value& answer) const {
        if (const auto* shape = response.find("shape")) return shape_differences(*shape, answer);
        std::string recorded(response.text("body"));
        replace_all(recorded, jane, member_);
        const auto expected = json::parse(recorded, json::upstream);
        if (!expected) return {}; // cut short when recorded
        return tells_of_the_story(recorded) || !expected->find("data") || is_write(sent)
                   ? value_differences(*expected, answer, is_ordered(sent))
                   : shape_differences(*expected, answer);
    }
    // Answers about other records hang on what Twenty's own seed holds: their shape is compared.
    static bool tells_of_the_story(std::string_view recorded) {
        return recorded.find("a021") != std::string_view::npos ||
               recorded.find("ZQ") != std::string_view::npos ||
               recorded.find("Zq") != std::string_view::npos ||
               recorded.find("zq") != std::string_view::npos;
    }
    static bool is_write(const demo::request& r) {
        return r.body.find("mutation") != std::string::npos ||
               (r.method != "GET" && r.target.starts_with("/rest"));
    }
    // What PostgreSQL promises no order for.
    static bool is_ordered(const demo::request& r) {
        if (is_write(r)) return false;
        if (r.target.find("/groupBy") != std::string::npos)
            return r.target.find("order_by") != std::string::npos;
        return r.body.find("GroupBy") == std::string::npos ||
               r.body.find("orderBy:") != std::string::npos;
    }
    static demo::options chosen() {
        demo::options out;
        out.now = at("2026-11-28T12:00:00Z");
        out.size = {20, 210, 20, 10, 10};
        return out;
    }

    void send(std::string target, std::string body) {
        workspace_.handle({"POST", std::move(target),
                           "Bearer " + workspace_.keys().of(role::full).token, "",
                           "application/json", std::move(body)},
                          now_);
    }
    void prepare();

    demo::request ours_of(const json::value& request) const {
        const auto header = [&](std::string_view name) {
            const auto* headers = request.find("headers");
            return headers ? std::string(headers->text(name)) : std::string();
        };
        demo::request out;
        out.method = request.text("method");
        out.target = request.text("path");
        out.authorization = header("Authorization");
        for (const auto& [name, who] : key_names)
            replace_all(out.authorization, name, workspace_.keys().of(who).token);
        out.accept = header("Accept");
        if (const auto* body = request.find("body"); body && !body->is_null())
            out.body = body->if_string() ? *body->if_string() : json::dump(*body);
        replace_all(out.body, jane, member_);
        for (const auto& [id, name, of_field] : recorded_ids) {
            const auto& o = *workspace_.model().find_singular(name);
            const auto* f = o.find_field(of_field);
            replace_all(out.body, id, f ? f->id : o.id);
            replace_all(out.target, id, f ? f->id : o.id);
        }
        out.content_type = header("Content-Type");
        if (out.content_type.empty() && !out.body.empty()) out.content_type = "application/json";
        return out;
    }

    std::string folder_;
    demo::workspace workspace_;
    demo::time_point now_ = at("2026-11-28T21:00:00Z");
    std::string member_;
};

// What the recordings found there already.
constexpr std::string_view pet_object =
    R"({"query":"mutation{createOneObject(input:{object:{nameSingular:\"pet\",namePlural:\"pets\",labelSingular:\"Pet\",labelPlural:\"Pets\"}}){id}}"})";
constexpr std::string_view empty_object =
    R"({"query":"mutation{createOneObject(input:{object:{nameSingular:\"zqEmpty\",namePlural:\"zqEmpties\",labelSingular:\"ZQ empty\",labelPlural:\"ZQ empties\"}}){id}}"})";

struct new_field {
    std::string_view name;
    std::string_view type;
    std::string_view options; // apart by blanks
};
constexpr std::array<new_field, 16> pet_fields{{
    {"species", "SELECT", "DOG CAT BIRD FISH RABBIT HAMSTER"},
    {"traits", "MULTI_SELECT", "PLAYFUL FRIENDLY PROTECTIVE SHY BRAVE CURIOUS"},
    {"comments", "TEXT", ""},
    {"age", "NUMBER", ""},
    {"location", "ADDRESS", ""},
    {"vetPhone", "PHONES", ""},
    {"vetEmail", "EMAILS", ""},
    {"birthday", "DATE", ""},
    {"isGoodWithKids", "BOOLEAN", ""},
    {"pictures", "LINKS", ""},
    {"averageCostOfKibblePerMonth", "CURRENCY", ""},
    {"makesOwnerThinkOf", "FULL_NAME", ""},
    {"soundSwag", "RATING", "RATING_1 RATING_2 RATING_3 RATING_4 RATING_5"},
    {"bio", "TEXT", ""},
    {"interestingFacts", "ARRAY", ""},
    {"extraData", "RAW_JSON", ""},
}};

std::string field_call(const std::string& object_id, const new_field& f) {
    std::string out = R"({"query":"mutation{createOneField(input:{field:{objectMetadataId:\")" +
                      object_id + R"(\",name:\")" + std::string(f.name) + R"(\",label:\")" +
                      std::string(f.name) + R"(\",type:)" + std::string(f.type);
    if (!f.options.empty()) {
        out += ",options:[";
        for (const auto& value : text::split(f.options, ' '))
            out += R"({value:\")" + value + R"(\"})";
        out += "]";
    }
    return out + R"(}}){id}}"})";
}

// The id of the n-th record of the recordings.
std::string id_at(unsigned n) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string tail(12, '0');
    for (std::size_t i = tail.size(); n > 0; n /= 16)
        tail[--i] = digits[n % 16];
    return "a0210000-0000-4000-8000-" + tail;
}

void story::prepare() {
    send("/metadata", std::string(pet_object));
    for (const auto& f : pet_fields)
        send("/metadata", field_call(demo::uuid_of("object:pet"), f));
    if (folder_ == "null") {
        send("/metadata", std::string(empty_object));
        send("/metadata", field_call(demo::uuid_of("object:zqEmpty"), {"remark", "TEXT", ""}));
    }
    if (folder_ == "dates")
        send("/rest/opportunities", R"({"name":"ZQ dotted","id":")" + id_at(0x270e) + "\"}");
    if (folder_ == "permissions")
        for (unsigned i = 0; i < 6; ++i) { // one for each of six keys
            send("/rest/people", R"({"name":{"firstName":"ZQ","lastName":"Perm"},"id":")" +
                                     id_at(0x2135 + i) + "\"}");
            send("/rest/companies", R"({"name":"ZQ Perm Co","id":")" + id_at(0x213b + i) + "\"}");
            send("/rest/opportunities",
                 R"({"name":"ZQ Perm Opp","id":")" + id_at(0x2141 + i) + "\"}");
        }
}

} // namespace

demo_test::outcome demo_test::replay_stories(const source& from) {
    const auto reasons = exclusions("2/");
    std::set<std::string> used;
    std::map<std::string, story> stories;
    outcome out;
    from.each([&](const std::string& file, const json::value& exchange) {
        const std::string name = file.substr(0, file.find('/'));
        if (reasons.contains(name + "/*")) {
            used.insert(name + "/*");
            ++out.left_out;
            return;
        }
        const auto found = stories.try_emplace(name, name).first->second.differences(exchange);
        if (reasons.contains(file)) { // sent all the same: what follows builds on it
            used.insert(file);
            ++out.left_out;
            if (from.complete && found.empty())
                out.faults.push_back(file + " is alike now, and needs no exclusion");
            return;
        }
        if (!found.empty()) out.faults.push_back(file + ": " + found);
        ++out.replayed;
    });
    if (from.complete) check_reasons(reasons, used, out);
    return out;
}
