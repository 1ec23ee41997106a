// The mistakes that models make with Twenty's query parameters, each as it was measured on a
// live server (2.19): what Twenty does with it, and what find_records does instead.
#include "tests/demo/tool_desk.hpp"

using namespace tool_test;

namespace {

struct mistake {
    const char* measured;  // what Twenty does
    const char* arguments; // of find_records, on people unless they say otherwise
    const char* meant;     // arguments that say the same correctly; or
    const char* message;   // a part of the refusal
    const char* note;      // a part of the note on the repair; nullptr: none is needed
};

// The arguments of find_records are written without their braces.
const mistake filters[] = {
    {"a space after a comma: 400, no \" name\" field",
     R"~("filter":"jobTitle[ilike]:%a%, name.firstName[ilike]:%a%")~",
     R"~("filter":"jobTitle[ilike]:%a%,name.firstName[ilike]:%a%")~", nullptr, "blanks"},
    {"a space after the colon: no rows, silently", R"~("filter":"jobTitle[ilike]: %a%")~",
     R"~("filter":"jobTitle[ilike]:%a%")~", nullptr, "blanks"},
    {"a space inside a list: fewer rows, silently",
     R"~("objectName":"opportunity","filter":"stage[in]:[NEW, MEETING]")~",
     R"~("objectName":"opportunity","filter":"stage[in]:[NEW,MEETING]")~", nullptr, "blanks"},
    {"AND( in upper case: 400",
     R"~("filter":"AND(jobTitle[ilike]:%a%,name.firstName[ilike]:%a%)")~",
     R"~("filter":"and(jobTitle[ilike]:%a%,name.firstName[ilike]:%a%)")~", nullptr, "lower case"},
    {"OR( in upper case: 400", R"~("filter":"OR(jobTitle[is]:NULL,name.firstName[ilike]:%a%)")~",
     R"~("filter":"or(jobTitle[is]:NULL,name.firstName[ilike]:%a%)")~", nullptr, "lower case"},
    {"Not( in mixed case: 400", R"~("filter":"Not(jobTitle[is]:NULL)")~",
     R"~("filter":"not(jobTitle[is]:NULL)")~", nullptr, "lower case"},
    {"spaces inside and( ): 400",
     R"~("filter":"and( jobTitle[ilike]:%a% , name.firstName[ilike]:%a% )")~",
     R"~("filter":"and(jobTitle[ilike]:%a%,name.firstName[ilike]:%a%)")~", nullptr, "blanks"},
    {"contains: 400", R"~("filter":"jobTitle[contains]:VP")~",
     R"~("filter":"jobTitle[ilike]:%VP%")~", nullptr, "ilike"},
    {"is with null in lower case: 400", R"~("filter":"jobTitle[is]:null")~",
     R"~("filter":"jobTitle[is]:NULL")~", nullptr, "NULL"},
    {"is with not_null in lower case: 400", R"~("filter":"jobTitle[is]:not_null")~",
     R"~("filter":"jobTitle[is]:NOT_NULL")~", nullptr, "NOT_NULL"},
    {"a composite without its part: 400", R"~("filter":"name[eq]:Elif")~", nullptr,
     "name.firstName", nullptr},
    {"the same in JSON", R"~("filter":{"name":{"eq":"Elif"}})~", nullptr, "name.firstName",
     nullptr},
    {"an amount without its part: 400", R"~("objectName":"opportunity","filter":"amount[gt]:5")~",
     R"~("objectName":"opportunity","filter":"amount.amountMicros[gt]:5000000")~", nullptr,
     "units"},
    {"an unquoted comma in a value: 400", R"~("filter":"jobTitle[eq]:VP, Partnerships")~",
     R"~("filter":"jobTitle[eq]:\"VP, Partnerships\"")~", nullptr, "comma"},
    {"an unbalanced bracket: 400", R"~("filter":"and(jobTitle[eq]:VP")~", nullptr,
     "closing bracket", nullptr},
    {"a bracket too many: 400", R"~("filter":"jobTitle[eq]:VP)")~", nullptr, "never opened",
     nullptr},
    {"an unbalanced bracket inside quotes: 400", R"~("filter":"jobTitle[eq]:\"VP (Ops\"")~",
     R"~("filter":{"jobTitle":{"eq":"VP (Ops"}})~", nullptr, nullptr},
    {"an empty value: 400", R"~("filter":"jobTitle[eq]:")~", nullptr, R"~(\"\")~", nullptr},
    {"a trailing comma: 400", R"~("filter":"jobTitle[ilike]:%a%,")~",
     R"~("filter":"jobTitle[ilike]:%a%")~", nullptr, "comma"},
    {"ilike without %: an exact match", R"~("filter":"jobTitle[ilike]:vp")~",
     R"~("filter":"jobTitle[ilike]:vp")~", nullptr, "%"},
    {"eq on a MULTI_SELECT: 400", R"~("filter":"workPreference[eq]:HYBRID")~",
     R"~("filter":"workPreference[containsAny]:[HYBRID]")~", nullptr, "containsAny"},
    {"an unknown option: a raw SQL error",
     R"~("objectName":"opportunity","filter":"stage[eq]:WON")~", nullptr, "CUSTOMER", nullptr},
    {"an option by its label: a raw SQL error",
     R"~("objectName":"opportunity","filter":"stage[eq]:Meeting")~",
     R"~("objectName":"opportunity","filter":"stage[eq]:MEETING")~", nullptr, "MEETING"},
    {"a blank filter: 400", R"~("filter":"  ")~", R"~("limit":20)~", nullptr, nullptr},
    {"the JSON form: 400", R"~("filter":{"jobTitle":{"ilike":"%a%"}})~",
     R"~("filter":"jobTitle[ilike]:%a%")~", nullptr, nullptr},
    {"the JSON form as a text: 400", R"~("filter":"{\"jobTitle\":{\"ilike\":\"%a%\"}}")~",
     R"~("filter":"jobTitle[ilike]:%a%")~", nullptr, nullptr},
    {"a filter given twice: no filter, silently",
     R"~("filter":["jobTitle[ilike]:%a%","name.firstName[ilike]:%a%"])~", nullptr, "filter",
     nullptr},
    {"filter[x]=: no filter, silently", R"~("filter":{"x":"1"})~", nullptr, "no field", nullptr},
    {"an unknown parameter: ignored", R"~("filters":"jobTitle[eq]:VP")~", nullptr, "filter",
     nullptr},
    {"an unknown field: 400", R"~("filter":"jobTitel[eq]:VP")~", nullptr, "jobTitle", nullptr},
    {"an unknown operator: 400", R"~("filter":"jobTitle[regex]:VP")~", nullptr, "ilike", nullptr},
    {"an id that is none: 400", R"~("filter":"id[eq]:abc")~", nullptr, "UUID", nullptr},
    {"the morph relation's own name: 400",
     R"~("objectName":"noteTarget","filter":"personId[is]:NULL")~", nullptr, "targetPersonId",
     nullptr},
    {"a text where a number belongs: 400",
     R"~("objectName":"company","filter":"employees[gt]:many")~", nullptr, "number", nullptr},
    {"a day in a word: 400", R"~("filter":"createdAt[lt]:yesterday")~",
     R"~("filter":"createdAt[lt]:2026-11-21")~", nullptr, "yesterday"},
    {"a date that is none: 400", R"~("filter":"createdAt[gt]:someday")~", nullptr, "2026-",
     nullptr},
};

const mistake orders[] = {
    {"a space after a comma: 400",
     R"~("orderBy":"createdAt[DescNullsLast], jobTitle[AscNullsLast]")~",
     R"~("orderBy":"createdAt[DescNullsLast],jobTitle[AscNullsLast]")~", nullptr, nullptr},
    {"[DESC]: 400", R"~("orderBy":"createdAt[DESC]")~", R"~("orderBy":"createdAt[DescNullsLast]")~",
     nullptr, "DescNullsLast"},
    {"the SQL form: 400", R"~("orderBy":"createdAt DESC")~",
     R"~("orderBy":"createdAt[DescNullsLast]")~", nullptr, "DescNullsLast"},
    {"the JSON form: 400", R"~("orderBy":{"createdAt":"DescNullsLast"})~",
     R"~("orderBy":"createdAt[DescNullsLast]")~", nullptr, nullptr},
    {"a list of objects: 400", R"~("orderBy":[{"createdAt":"DescNullsLast"}])~",
     R"~("orderBy":"createdAt[DescNullsLast]")~", nullptr, nullptr},
    {"no direction: ascending", R"~("orderBy":"createdAt")~",
     R"~("orderBy":"createdAt[AscNullsFirst]")~", nullptr, nullptr},
    {"an unknown field: 400", R"~("orderBy":"jobTitel")~", nullptr, "jobTitle", nullptr},
    {"a field that cannot be sorted by: 400", R"~("orderBy":"searchVector")~", nullptr,
     "can't be sorted", nullptr},
    {"a composite without its part: 400", R"~("orderBy":"name[AscNullsLast]")~",
     R"~("orderBy":"name.firstName[AscNullsLast]")~", nullptr, "name.firstName"},
    {"by id descending: pages the wrong way round", R"~("orderBy":"id[DescNullsLast]")~",
     R"~("limit":20)~", nullptr, "id descending"},
};

const mistake others[] = {
    {"the singular: 400, did you mean people", R"~("objectName":"person")~",
     R"~("objectName":"people")~", nullptr, nullptr},
    {"a capital: 400, eg: companies", R"~("objectName":"People")~", R"~("objectName":"people")~",
     nullptr, nullptr},
    {"an unknown object: 400", R"~("objectName":"peple")~", nullptr, "people", nullptr},
    {"limit=1000: silently capped", R"~("limit":1000)~", nullptr, "200", nullptr},
    {"limit=-1: 400", R"~("limit":-1)~", nullptr, "limit", nullptr},
    {"limit=NaN: 400", R"~("limit":"many")~", nullptr, "limit", nullptr},
    {"a limit as a text", R"~("limit":"5")~", R"~("limit":5)~", nullptr, nullptr},
    {"depth=2: 400", R"~("depth":2)~", nullptr, "depth", nullptr},
    {"a record id as a cursor: 400", R"~("cursor":"20202020-b000-4485-94de-70c2a98daef2")~",
     nullptr, "not a cursor", nullptr},
    {"another query's cursor: other records, silently",
     R"~("cursor":"eyJxIjoiYWFhYWFhYWFhYWFhIiwibiI6MjB9")~", nullptr, "another query", nullptr},
};

std::string on_people(const char* arguments) {
    const std::string given = arguments;
    return given.find("objectName") == std::string::npos
               ? R"({"objectName":"person",)" + given + "}"
               : "{" + given + "}";
}

void check(tool_desk& d, const mistake& m) {
    INFO(m.measured << ": " << m.arguments);
    const auto got = d.call("find_records", on_people(m.arguments));
    INFO(got.text.substr(0, 200));
    if (m.message) {
        REQUIRE(got.is_error);
        CHECK(got.text.find(m.message) != std::string::npos);
        // Nothing of Twenty's database shows.
        for (const auto* inside : {"enum", "workspace_", "constraint", "invalid input syntax"})
            CHECK(got.text.find(inside) == std::string::npos);
        return;
    }
    REQUIRE_FALSE(got.is_error);
    const auto meant = d.call("find_records", on_people(m.meant));
    REQUIRE_FALSE(meant.is_error);
    CHECK(*got.body.find("total") == *meant.body.find("total"));
    CHECK(*got.body.find("rows") == *meant.body.find("rows"));
    const auto* notes = got.body.find("notes");
    if (m.note) {
        CHECK(json::dump(notes ? *notes : json::value{}).find(m.note) != std::string::npos);
    } else {
        CHECK(notes == nullptr);
    }
}

} // namespace

TEST_CASE("every measured mistake in a filter is repaired and reported, or explained",
          "[measured_mistakes]") {
    tool_desk d;
    for (const auto& m : filters)
        check(d, m);
}

TEST_CASE("every measured mistake in an order is repaired, or explained", "[measured_mistakes]") {
    tool_desk d;
    for (const auto& m : orders)
        check(d, m);
}

TEST_CASE("every measured mistake in the other parameters of a list is repaired, or explained",
          "[measured_mistakes]") {
    tool_desk d;
    for (const auto& m : others)
        check(d, m);
}

TEST_CASE("the filters that prove a repair find some records and not all", "[measured_mistakes]") {
    tool_desk d;
    const auto everybody = d.good("find_records", R"({"objectName":"person","limit":1})");
    for (const auto* filter :
         {"jobTitle[ilike]:%a%", "jobTitle[is]:NULL", "workPreference[containsAny]:[HYBRID]"}) {
        INFO(filter);
        const auto some = d.good("find_records", R"({"objectName":"person","filter":")" +
                                                     std::string(filter) + "\"}");
        CHECK(some.body.find("total")->as_int().value() > 0);
        CHECK(some.body.find("total")->as_int() < everybody.body.find("total")->as_int());
    }
}
