#include "twenty/filter.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "tests/twenty/support.hpp"
#include "twenty/crossing.hpp"
#include "twenty/graphql.hpp"

using support::sample_access;
using support::sample_object;
using twenty_test::parsed;
using twenty_test::sample;

namespace {

struct outcome {
    bool ok = false;
    std::string filter; // JSON, or the message of the refusal
    std::string notes;
    bool deleted = false;
};
outcome as_filter(const json::value& input, std::string_view object = "person",
                  const twenty::access& may = sample_access()) {
    const auto made = twenty::prepare_filter(input, sample_object(object), may);
    if (!made) {
        CHECK(made.failure().code == errc::bad_request);
        return {false, made.failure().message, "", false};
    }
    // Whatever comes out passes the policy of hand-written documents too.
    CHECK(twenty::check_filter(may, sample_object(object), made->value));
    std::string notes;
    for (const auto& n : made->notes)
        notes += n + "; ";
    return {true, json::dump(made->value), notes, made->mentions_deleted};
}

} // namespace

TEST_CASE("filter texts that Twenty accepts mean the same here, without notes", "[filter]") {
    const sample all[] = {
        {"person", "name.firstName[eq]:Jane", R"({"name":{"firstName":{"eq":"Jane"}}})"},
        {"person", "name.firstName[ilike]:%ja%", R"({"name":{"firstName":{"ilike":"%ja%"}}})"},
        {"person", "companyId[is]:NOT_NULL", R"({"companyId":{"is":"NOT_NULL"}})"},
        {"person", "companyId[is]:NULL", R"({"companyId":{"is":"NULL"}})"},
        {"person", "company.name[ilike]:%a%", R"({"company":{"name":{"ilike":"%a%"}}})"},
        {"person", "createdAt[gte]:\"2026-01-01T00:00:00.000Z\"",
         R"({"createdAt":{"gte":"2026-01-01T00:00:00.000Z"}})"},
        {"person", "createdAt[gt]:2026-01-01T00:00:00Z",
         R"({"createdAt":{"gt":"2026-01-01T00:00:00Z"}})"},
        {"person", "jobTitle[eq]:\"Embryologist, clinical\"",
         R"({"jobTitle":{"eq":"Embryologist, clinical"}})"},
        {"person", "jobTitle[eq]:Public relations officer",
         R"({"jobTitle":{"eq":"Public relations officer"}})"},
        {"person", "jobTitle[eq]:\"\"", R"({"jobTitle":{"eq":""}})"},
        {"person", "jobTitle[eq]:\"a(b)\"", R"~({"jobTitle":{"eq":"a(b)"}})~"},
        {"person", "jobTitle[eq]:\"a(b\"", R"({"jobTitle":{"eq":"a(b"}})"},
        {"person", "name.lastName[eq]:O'Brien", R"({"name":{"lastName":{"eq":"O'Brien"}}})"},
        {"person", "name.lastName[eq]:O'Brien,jobTitle[eq]:x",
         R"({"and":[{"name":{"lastName":{"eq":"O'Brien"}}},{"jobTitle":{"eq":"x"}}]})"},
        {"person",
         "and(or(name.firstName[startsWith]:A,name.firstName[startsWith]:B),"
         "not(companyId[is]:NULL))",
         R"({"and":[{"or":[{"name":{"firstName":{"startsWith":"A"}}},{"name":{"firstName":{"startsWith":"B"}}}]},{"not":{"companyId":{"is":"NULL"}}}]})"},
        {"person", "or(jobTitle[eq]:a,jobTitle[eq]:b),and(intro[eq]:c,intro[eq]:d)",
         R"({"and":[{"or":[{"jobTitle":{"eq":"a"}},{"jobTitle":{"eq":"b"}}]},{"intro":{"eq":"c"}},{"intro":{"eq":"d"}}]})"},
        {"company", "employees[gte]:100", R"({"employees":{"gte":100}})"},
        {"company", "annualRevenue.amountMicros[gt]:5000000000",
         R"({"annualRevenue":{"amountMicros":{"gt":5000000000}}})"},
        {"company", "visaSponsorship[eq]:true", R"({"visaSponsorship":{"eq":true}})"},
        {"opportunity", "stage[in]:[NEW,MEETING]", R"({"stage":{"in":["NEW","MEETING"]}})"},
        {"opportunity", "stage[in]:[\"NEW\",\"MEETING\"]", R"({"stage":{"in":["NEW","MEETING"]}})"},
        {"person", "workPreference[containsAny]:[HYBRID]",
         R"({"workPreference":{"containsAny":["HYBRID"]}})"},
        {"noteTarget", "targetPersonId[eq]:20202020-b000-4485-94de-70c2a98daef2",
         R"({"targetPersonId":{"eq":"20202020-b000-4485-94de-70c2a98daef2"}})"},
        {"noteTarget", "targetCompany.name[eq]:x", R"({"targetCompany":{"name":{"eq":"x"}}})"},
        {"person", "", "{}"},
        {"person", "   ", "{}"},
        {"person", "jobTitle[eq]:a:b", R"({"jobTitle":{"eq":"a:b"}})"},
        {"person", "jobTitle[eq]:[x", nullptr},
    };
    for (const auto& s : all) {
        INFO(s.input);
        const auto o = as_filter(s.input, s.object);
        INFO(o.notes);
        if (!s.result) {
            CHECK_FALSE(o.ok);
            continue;
        }
        CHECK(o.ok);
        CHECK(o.filter == s.result);
        CHECK(o.notes.empty());
    }
}

TEST_CASE("measured mistakes in filter texts are repaired and reported", "[filter]") {
    const sample all[] = {
        {"person", "jobTitle[eq]:a, name.firstName[eq]:b",
         R"({"and":[{"jobTitle":{"eq":"a"}},{"name":{"firstName":{"eq":"b"}}}]})"},
        {"person", "jobTitle[eq]: a", R"({"jobTitle":{"eq":"a"}})"},
        {"opportunity", "stage[in]:[NEW, MEETING]", R"({"stage":{"in":["NEW","MEETING"]}})"},
        {"person", "AND(jobTitle[eq]:a,jobTitle[eq]:b)",
         R"({"and":[{"jobTitle":{"eq":"a"}},{"jobTitle":{"eq":"b"}}]})"},
        {"person", "and( jobTitle[eq]:a , jobTitle[eq]:b )",
         R"({"and":[{"jobTitle":{"eq":"a"}},{"jobTitle":{"eq":"b"}}]})"},
        {"person", "jobTitle[contains]:eng", R"({"jobTitle":{"ilike":"%eng%"}})"},
        {"person", "jobTitle[contains]:a_b", R"({"jobTitle":{"ilike":"%a\\_b%"}})"},
        {"person", "companyId[is]:null", R"({"companyId":{"is":"NULL"}})"},
        {"person", "companyId[eq]:null", R"({"companyId":{"is":"NULL"}})"},
        {"person", "jobTitle[eq]:Embryologist, clinical",
         R"({"jobTitle":{"eq":"Embryologist, clinical"}})"},
        {"person", "jobTitle[eq]:a,", R"({"jobTitle":{"eq":"a"}})"},
        {"person", "jobTitle[ilike]:eng", R"({"jobTitle":{"ilike":"eng"}})"},
        {"person", "workPreference[eq]:HYBRID", R"({"workPreference":{"containsAny":["HYBRID"]}})"},
        {"opportunity", "stage[eq]:Meeting", R"({"stage":{"eq":"MEETING"}})"},
        {"opportunity", "stage[eq]:meeting", R"({"stage":{"eq":"MEETING"}})"},
        {"person", "JobTitle[eq]:a", R"({"jobTitle":{"eq":"a"}})"},
        {"person", "emails[ilike]:%x%", R"({"emails":{"primaryEmail":{"ilike":"%x%"}}})"},
        {"person", "company[eq]:20202020-b000-4485-94de-70c2a98daef2",
         R"({"companyId":{"eq":"20202020-b000-4485-94de-70c2a98daef2"}})"},
        {"person", "jobTitle[eq]=a", R"({"jobTitle":{"eq":"a"}})"},
    };
    for (const auto& s : all) {
        INFO(s.input);
        const auto o = as_filter(s.input, s.object);
        CHECK(o.filter == s.result);
        CHECK_FALSE(o.notes.empty());
    }
}

TEST_CASE("filter objects come out with one operator each and typed values", "[filter]") {
    const sample all[] = {
        {"company", R"({"employees":{"gte":1,"lte":9}})",
         R"({"and":[{"employees":{"gte":1}},{"employees":{"lte":9}}]})"},
        {"company", R"({"employees":{"between":[1,9]}})",
         R"({"and":[{"employees":{"gte":1}},{"employees":{"lte":9}}]})"},
        {"company", R"({"employees":{"gte":"100"}})", R"({"employees":{"gte":100}})"},
        {"company", R"({"name":{"eq":"a"},"employees":{"gt":1}})",
         R"({"and":[{"name":{"eq":"a"}},{"employees":{"gt":1}}]})"},
        {"opportunity", R"({"stage":"NEW"})", R"({"stage":{"eq":"NEW"}})"},
        {"opportunity", R"({"stage":["NEW","MEETING"]})", R"({"stage":{"in":["NEW","MEETING"]}})"},
        {"opportunity", R"({"stage":{"notIn":["NEW"]}})",
         R"({"or":[{"not":{"stage":{"in":["NEW"]}}},{"stage":{"is":"NULL"}}]})"},
        {"opportunity", R"({"stage":{"ne":"NEW"}})",
         R"({"or":[{"stage":{"neq":"NEW"}},{"stage":{"is":"NULL"}}]})"},
        // What is other than empty has a value.
        {"person", R"({"jobTitle":{"neq":""}})",
         R"({"and":[{"jobTitle":{"neq":""}},{"jobTitle":{"is":"NOT_NULL"}}]})"},
        {"person", R"({"jobTitle":{"notIn":["","CTO"]}})",
         R"({"not":{"or":[{"jobTitle":{"eq":""}},{"jobTitle":{"in":["CTO"]}}]}})"},
        {"opportunity", R"({"closeDate":{"is":null}})", R"({"closeDate":{"is":"NULL"}})"},
        {"opportunity", R"({"closeDate":null})", R"({"closeDate":{"is":"NULL"}})"},
        {"opportunity", R"({"closeDate":{"neq":null}})", R"({"closeDate":{"is":"NOT_NULL"}})"},
        {"person", R"({"name.firstName":{"eq":"Ann"}})", R"({"name":{"firstName":{"eq":"Ann"}}})"},
        {"person", R"({"name":{"firstName":{"eq":"Ann"},"lastName":{"eq":"Lee"}}})",
         R"({"and":[{"name":{"firstName":{"eq":"Ann"}}},{"name":{"lastName":{"eq":"Lee"}}}]})"},
        {"person", R"({"OR":[{"jobTitle":{"eq":"a"}},{"jobTitle":{"eq":"b"}}]})",
         R"({"or":[{"jobTitle":{"eq":"a"}},{"jobTitle":{"eq":"b"}}]})"},
        {"person", R"({"not":{"jobTitle":{"eq":"a"}}})", R"({"not":{"jobTitle":{"eq":"a"}}})"},
        {"person", R"({"company":{"name":{"ilike":"%a%"},"employees":{"gt":5}}})",
         R"({"and":[{"company":{"name":{"ilike":"%a%"}}},{"company":{"employees":{"gt":5}}}]})"},
        {"person", R"({"company":{"or":[{"name":{"eq":"a"}},{"name":{"eq":"b"}}]}})",
         R"({"or":[{"company":{"name":{"eq":"a"}}},{"company":{"name":{"eq":"b"}}}]})"},
        {"person", R"({"company":{"id":{"eq":"20202020-b000-4485-94de-70c2a98daef2"}}})",
         R"({"companyId":{"eq":"20202020-b000-4485-94de-70c2a98daef2"}})"},
        {"person", R"({"company":{"is":"NULL"}})", R"({"companyId":{"is":"NULL"}})"},
        {"person", R"([{"jobTitle":{"eq":"a"}}])", R"({"jobTitle":{"eq":"a"}})"},
        {"person", R"({})", "{}"},
        {"person", R"([])", "{}"},
        {"project", R"({"keywords":{"contains":"x"}})", R"({"keywords":{"containsIlike":"x"}})"},
        {"project", R"({"kickoff":{"gte":"2026-11-22T10:00:00Z"}})",
         R"({"kickoff":{"gte":"2026-11-22"}})"},
        {"project", R"({"isBillable":{"eq":"True"}})", R"({"isBillable":{"eq":true}})"},
        {"project", R"({"isBillable":{"is":true}})", R"({"isBillable":{"eq":true}})"},
        {"project", R"({"isBillable":{"is":"NULL"}})", R"({"isBillable":{"is":"NULL"}})"},
        {"person", R"({"performanceRating":{"eq":"4"}})",
         R"({"performanceRating":{"eq":"RATING_4"}})"},
        {"opportunity", R"({"amount":{"amountMicros":{"gt":9007199254740993}}})",
         R"({"amount":{"amountMicros":{"gt":9007199254740993}}})"},
        {"person", R"({"jobTitle":{"eq":"NULL"}})", R"({"jobTitle":{"eq":"NULL"}})"},
        {"person", R"({"createdBy":{"source":{"eq":"API"}}})",
         R"({"createdBy":{"source":{"eq":"API"}}})"},
    };
    for (const auto& s : all) {
        INFO(s.input);
        const auto o = as_filter(parsed(s.input), s.object);
        CHECK(o.filter == s.result);
    }
}

TEST_CASE("a null without an operator asks for empty values and says so", "[filter]") {
    for (const auto* input : {R"({"closeDate":null})", R"({"companyId":null})"}) {
        INFO(input);
        const auto o = as_filter(parsed(input), "opportunity");
        CHECK(o.ok);
        CHECK(o.notes.find("is NULL") != std::string::npos);
    }
    CHECK(as_filter(parsed(R"({"id":{"is":"NOT_NULL"}})")).ok);
    CHECK(as_filter("name.lastName[eq]:\"O\\\"Brien\"").filter ==
          R"({"name":{"lastName":{"eq":"O\"Brien"}}})");
}

TEST_CASE("what can't be meant is refused with what would be right", "[filter]") {
    const sample all[] = {
        {"person", R"("nope[eq]:1")", "nope"},
        {"person", R"("jobTitel[eq]:x")", "jobTitle"},
        {"person", R"("name[eq]:Jane")", "name.firstName"},
        {"person", R"("name.first[eq]:Jane")", "name.firstName"},
        {"person", R"("jobTitle[regex]:x")", "ilike"},
        {"person", R"("jobTitle[eq]:")", "\"\""},
        {"person", R"("jobTitle")", "[operator]"},
        {"person", R"("jobTitle=x")", "[operator]"},
        {"person", R"~("and(jobTitle[eq]:a")~", "closing bracket"},
        {"person", R"~("jobTitle[eq]:a)")~", "never opened"},
        {"person", R"~("xor(jobTitle[eq]:a)")~", "and(…), or(…) and not(…)"},
        {"person", R"("id[eq]:123")", "UUID"},
        {"person", R"("companyId[eq]:Acme")", "UUID"},
        {"person", R"("createdAt[gt]:yesterday")", "2026-11-22"},
        {"person", R"("createdAt[gt]:2026-02-30")", "2026-11-22"},
        {"person", R"("createdAt[ilike]:%2026%")", "gte"},
        {"person", R"({"createdAt":{"gt":"2026-12-24T18:00:00+01:00[Europe/Berlin]"}})",
         "2026-11-22"},
        {"person", R"("company.accountOwner.name.firstName[eq]:x")", "one relation only"},
        {"person", R"("noteTargets.noteId[eq]:20202020-b000-4485-94de-70c2a98daef2")", "list"},
        {"noteTarget", R"("target[eq]:20202020-b000-4485-94de-70c2a98daef2")", "targetPersonId"},
        {"noteTarget", R"("personId[eq]:20202020-b000-4485-94de-70c2a98daef2")", "targetPersonId"},
        {"opportunity", R"("stage[eq]:NOPE")", "SCREENING"},
        {"opportunity", R"("stage[ilike]:%NEW%")", "eq"},
        {"opportunity", R"("stage[containsAny]:[NEW]")", "eq"},
        {"person", R"("workPreference[containsAny]:[SOMETIMES]")", "HYBRID"},
        {"opportunity", R"("amount[gt]:many")", "number"},
        {"opportunity", R"("amount[gt]:0.0000001")", "six decimals"},
        {"opportunity", R"({"stage":{"is":"NEW"}})", "eq compares"},
        {"company", R"("employees[eq]:many")", "number"},
        {"company", R"("visaSponsorship[eq]:perhaps")", "true or false"},
        {"person", R"("searchVector[eq]:x")", "search"},
        {"person", R"({"or":[]})", "at least one"},
        {"person", R"({"or":[{}]})", "empty condition"},
        {"person", R"({"jobTitle":{}})", "operator"},
        {"person", R"({"company":{}})", "\"company\" needs a condition"},
        {"person", R"({"not":{"company":{}}})", "\"company\" needs a condition"},
        {"person", R"({"id":null})", "\"id\" is never empty"},
        {"person", R"({"id":{"eq":null}})", "\"id\" is never empty"},
        {"person", R"({"id":{"is":"NULL"}})", "{\"is\":\"NULL\"}"},
        {"person", R"("id[eq]:null")", "\"id\" is never empty"},
        {"person", R"("jobTitle[eq]:\"CEO")", "never closed"},
        {"person", R"("jobTitle[eq]:'CEO")", "never closed"},
        {"person", R"~("or(jobTitle[eq]:\"CEO,jobTitle[eq]:CTO)")~", "never closed"},
        {"person", R"("jobTitle[in]:[CEO,\"CTO]")", "never closed"},
        {"person", R"("jobTitle[eq]:\"CEO\" of sales")", "behind its closing"},
        {"person", R"({"jobTitle":{"eq":{"a":1}}})", "text"},
        {"person", R"(5)", "object"},
        {"person", R"("{\"jobTitle\":")", "JSON"},
    };
    for (const auto& s : all) {
        INFO(s.input);
        const auto o = as_filter(parsed(s.input), s.object);
        INFO(o.filter);
        CHECK_FALSE(o.ok);
        CHECK(o.filter.find(s.result) != std::string::npos);
    }
}

TEST_CASE("deeply nested filters and NUL characters are refused", "[filter]") {
    std::string deep;
    for (int i = 0; i < 30; ++i)
        deep += "not(";
    CHECK_FALSE(as_filter(deep + "jobTitle[eq]:a" + std::string(30, ')')).ok);
    CHECK_FALSE(
        as_filter(json::make({{"jobTitle", json::make({{"eq", std::string("a\0b", 3)}})}})).ok);
}

TEST_CASE("a filter that mentions deletedAt is marked, others are not", "[filter]") {
    CHECK(as_filter("deletedAt[is]:NOT_NULL").deleted);
    CHECK(as_filter("or(deletedAt[is]:NULL,deletedAt[is]:NOT_NULL)").deleted);
    CHECK_FALSE(as_filter("createdAt[gt]:2026-01-01").deleted);
}

TEST_CASE("a limited grant can't ask about other objects through a filter", "[filter]") {
    const auto may = sample_access(twenty::mode::read, {"person"});
    for (const auto* input :
         {"company.name[eq]:x", "companyId[is]:NULL", "company[is]:NULL", "COMPANY.name[eq]:x",
          "not(company.name[eq]:x)", "noteTargets.id[is]:NULL"}) {
        INFO(input);
        const auto o = as_filter(input, "person", may);
        CHECK_FALSE(o.ok);
        CHECK(o.filter.find("There is no field") != std::string::npos);
    }
    CHECK(as_filter("jobTitle[eq]:x", "person", may).ok);
}

TEST_CASE("a path of many parts is refused before a tree is made of it", "[filter]") {
    const auto path = [](std::size_t dots) {
        std::string out = "a";
        for (std::size_t i = 0; i < dots; ++i)
            out += ".a";
        return out + "[eq]:1";
    };
    std::vector<std::string> notes;
    CHECK(twenty::parse_filter_text(path(5), notes).ok());
    for (const auto dots : {std::size_t{6}, std::size_t{50'000}, std::size_t{500'000}}) {
        const auto read = twenty::parse_filter_text(path(dots), notes);
        REQUIRE_FALSE(read.ok());
        CHECK(read.failure().message.find("too many parts") != std::string::npos);
        CHECK(read.failure().message.size() < 300);
    }
}

TEST_CASE("what a filter lists and how deep its paths go is bounded before anything is made of it",
          "[filter]") {
    const auto read = [](const json::value& filter) {
        return twenty::prepare_filter(filter, sample_object("opportunity"), sample_access());
    };
    const auto days = [](std::size_t lists, std::size_t each) {
        json::array all;
        for (std::size_t i = 0; i < lists; ++i) {
            json::array in(each, json::value("2026-12-01"));
            json::object test;
            test.append("in", std::move(in));
            json::object one;
            one.append("createdAt", std::move(test));
            all.emplace_back(std::move(one));
        }
        json::object out;
        out.append("or", std::move(all));
        return json::value(std::move(out));
    };
    CHECK(read(days(3, 500)));
    const auto many = read(days(100, 500));
    REQUIRE_FALSE(many);
    CHECK(many.failure().message.find("more than 2000 values") != std::string::npos);
    const auto deep = [&](std::size_t steps) {
        json::object out;
        std::string path = "company";
        for (std::size_t i = 1; i < steps; ++i)
            path += ".company";
        out.append(path, "x");
        const auto refused = read(json::value(std::move(out)));
        REQUIRE_FALSE(refused);
        return refused.failure().message;
    };
    CHECK(deep(10'000).find("too many parts") != std::string::npos);
    CHECK(deep(100'000) == "The filter is longer than 131072 bytes.");
}

TEST_CASE("a filter has 128 KiB, whether as a text or as an object", "[filter]") {
    const auto& person = sample_object("person");
    const auto taken = [&](const json::value& filter) {
        return twenty::prepare_filter(filter, person, sample_access()).ok();
    };
    const auto object = [](std::size_t bytes) { // of names and values
        return json::make({{"jobTitle", json::make({{"eq", std::string(bytes - 10, 'x')}})}});
    };
    CHECK(taken(object(128 * 1024)));
    CHECK_FALSE(taken(object(128 * 1024 + 1)));
    const auto text = [](std::size_t bytes) {
        const std::string head = "jobTitle[eq]:";
        return json::value(head + std::string(bytes - head.size(), 'x'));
    };
    CHECK(taken(text(128 * 1024)));
    CHECK_FALSE(taken(text(128 * 1024 + 1)));
}

TEST_CASE("a filter text has 200 conditions, brackets aside, and 2000 values in lists",
          "[filter]") {
    const auto& person = sample_object("person");
    const auto said = [&](const std::string& filter) {
        const auto made = twenty::prepare_filter(json::value(filter), person, sample_access());
        return made ? std::string() : made.failure().message;
    };
    const auto repeated = [](std::size_t n, const std::string& what) {
        std::string out = what;
        for (std::size_t i = 1; i < n; ++i)
            out += "," + what;
        return out;
    };
    CHECK(said("or(" + repeated(200, "jobTitle[eq]:x") + ")").empty());
    CHECK(said(repeated(201, "jobTitle[eq]:x")) == "The filter has more than 200 conditions.");
    CHECK(said(repeated(100, "not(jobTitle[eq]:x)")).empty());
    const auto lists = [&](std::size_t values) {
        return repeated(values / 400, "jobTitle[in]:[" + repeated(400, "x") + "]");
    };
    CHECK(said(lists(1'600)).empty());
    CHECK(said(lists(2'400)) == "The filter lists more than 2000 values in all.");
}

TEST_CASE("each limit of a filter lets the last one pass and refuses the next", "[filter]") {
    const auto& person = sample_object("person");
    const auto said = [&](const json::value& filter) {
        const auto made = twenty::prepare_filter(filter, person, sample_access());
        return made ? std::string("good") : made.failure().message;
    };
    const auto has = [](const std::string& message, std::string_view part) {
        return message.find(part) != std::string::npos;
    };
    const auto test = json::make({{"jobTitle", json::make({{"eq", "x"}})}});
    const auto nested = [&](int depth) {
        json::value out = test;
        for (int i = 0; i < depth; ++i)
            out = json::make({{i % 2 ? "not" : "and", json::list({out})}});
        return out;
    };
    CHECK(said(nested(10)) == "good");
    CHECK(has(said(nested(11)), "nested too deeply"));
    const auto conditions = [&](std::size_t count) {
        json::object out;
        out.append("or", json::array(count, test));
        return json::value(std::move(out));
    };
    CHECK(said(conditions(200)) == "good");
    CHECK(has(said(conditions(201)), "more than 200 conditions"));
    const auto listed = [&](const char* field, const char* op, std::size_t count,
                            const char* value) {
        json::object in;
        in.append(op, json::array(count, json::value(value)));
        return json::make({{field, std::move(in)}});
    };
    CHECK(said(listed("jobTitle", "in", 500, "x")) == "good");
    CHECK(has(said(listed("jobTitle", "in", 501, "x")), "1 to 500 values"));
    CHECK(has(said(listed("jobTitle", "in", 0, "x")), "1 to 500 values"));
    CHECK(said(listed("workPreference", "containsAny", 500, "HYBRID")) == "good");
    CHECK(has(said(listed("workPreference", "containsAny", 501, "HYBRID")), "1 to 500 values"));
    CHECK(said(listed("createdAt", "in", 500, "2026-12-01")) == "good");
    CHECK_FALSE(said(listed("createdAt", "in", 501, "2026-12-01")) == "good");
    // In all lists together, those that make the filter included.
    const auto in_all = [&](std::size_t last) {
        json::array all(3, listed("jobTitle", "in", 500, "x"));
        all.push_back(listed("jobTitle", "in", last, "x"));
        json::object out;
        out.append("or", std::move(all));
        return json::value(std::move(out));
    };
    CHECK(said(in_all(496)) == "good"); // with the four items of "or"
    CHECK(has(said(in_all(497)), "more than 2000 values"));
    // Names of fields, parts and operators, wherever they stand.
    const auto named = [](int count) {
        json::object all;
        for (int i = 0; i < count; ++i)
            all.append("ilike" + std::to_string(i), "x");
        return json::make({{"jobTitle", std::move(all)}});
    };
    CHECK_FALSE(has(said(named(1'999)), "2000 names"));
    CHECK(has(said(named(2'000)), "more than 2000 names"));
    CHECK(has(said(json::value(json::dump(named(2'000)))), "more than 2000 names"));
    const auto path = [](int dots) {
        std::string out = "name";
        for (int i = 0; i < dots; ++i)
            out += ".x";
        return json::make({{out, json::make({{"eq", "x"}})}});
    };
    CHECK_FALSE(has(said(path(5)), "too many parts"));
    CHECK(has(said(path(6)), "too many parts"));
    const auto brackets = [&](std::size_t depth) {
        std::string out;
        for (std::size_t i = 0; i < depth; ++i)
            out += "and(";
        std::vector<std::string> notes;
        const auto read =
            twenty::parse_filter_text(out + "jobTitle[eq]:a" + std::string(depth, ')'), notes);
        return read ? std::string("good") : read.failure().message;
    };
    CHECK(brackets(16) == "good");
    CHECK(has(brackets(17), "nested too deeply"));
}

TEST_CASE("sixty addresses are compared in every spelling, more of them as they are written",
          "[filter]") {
    const auto spelled = [](std::size_t count) {
        json::object in;
        in.append("in", json::array(count, json::value("Ada@b.example")));
        return as_filter(json::make({{"emails", std::move(in)}})).filter;
    };
    CHECK(spelled(60).find("additionalEmails") != std::string::npos);
    CHECK(spelled(61).find("additionalEmails") == std::string::npos);
}
