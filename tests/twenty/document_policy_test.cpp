#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "tests/support/small_stack.hpp"
#include "tests/twenty/support.hpp"
#include "twenty/access.hpp"

using support::sample_access;
using support::sample_object;
using twenty::endpoint;
using twenty::graphql_tool;
using twenty::mode;
using twenty_test::contains;
using twenty_test::person_id;
using twenty_test::repeated;

namespace {

// What is said against a document; empty: it runs.
std::string refusal(const twenty::access& may, const std::string& document,
                    std::string_view variables = "{}", endpoint where = endpoint::records,
                    graphql_tool tool = graphql_tool::query) {
    const auto judged =
        twenty::graphql_request(may, tool, where, document, json::parse(variables).value(), {});
    return judged ? std::string() : judged.failure().message;
}
std::string refusal(const std::string& document, std::string_view variables = "{}",
                    endpoint where = endpoint::records) {
    return refusal(sample_access(mode::read), document, variables, where);
}
std::string of_mutation(const std::string& document) {
    return refusal(sample_access(), document, "{}", endpoint::records, graphql_tool::mutation);
}

// A workspace in which somebody made an object whose plural is what duplicates of people are
// called, and one of the plural "person".
twenty::schema_ptr with_two_readings() {
    auto objects = support::sample_schema()->objects();
    auto copy = sample_object("asset");
    copy.name_singular = "personDuplicate";
    copy.name_plural = "personDuplicates";
    objects.push_back(copy);
    copy.name_singular = "soul";
    copy.name_plural = "person";
    objects.push_back(copy);
    return std::make_shared<const twenty::schema>("w", "Works", std::move(objects));
}

} // namespace

TEST_CASE("a root field that could mean two things is refused, for queries and mutations",
          "[document_policy]") {
    const twenty::access may(mode::write, std::nullopt, with_two_readings());
    const auto find = "{personDuplicates(ids:[\"" + person_id + "\"]){totalCount}}";
    CHECK(contains(refusal(may, find), "ambiguous"));
    CHECK(contains(refusal(may, "{personDuplicates{totalCount}}"), "ambiguous"));
    CHECK(contains(refusal(may, "{person(filter:{id:{is:NULL}}){id}}"), "ambiguous"));
    CHECK(contains(refusal(may, "mutation{deletePerson(id:\"" + person_id + "\"){id}}", "{}",
                           endpoint::records, graphql_tool::mutation),
                   "ambiguous"));
    CHECK(refusal(may, "{people{totalCount}}").empty());
    CHECK(refusal(sample_access(mode::read), find).empty());
    // A grant that has one of the two is not told that there is another.
    const twenty::access people(mode::write, std::set<std::string>{"person"}, with_two_readings());
    CHECK(contains(refusal(people, find), "limited to certain objects"));
}

TEST_CASE("last is limited as first and limit are, to the record, in every place",
          "[document_policy]") {
    for (const auto* name : {"first", "last"}) {
        const auto page = [&](const char* count) {
            return std::string("(") + name + ":" + count + ",before:\"x\")";
        };
        INFO(name);
        CHECK(refusal("{people" + page("200") + "{totalCount}}").empty());
        CHECK(refusal("{people" + page("0") + "{totalCount}}").empty());
        CHECK(contains(refusal("{people" + page("201") + "{totalCount}}"), "from 0 to 200"));
        CHECK(contains(refusal("{people" + page("-1") + "{totalCount}}"), "from 0 to 200"));
        const auto inside = [&](const char* count) {
            return "{people{edges{node{noteTargets" + page(count) + "{edges{node{id}}}}}}}";
        };
        CHECK(refusal(inside("200")).empty());
        CHECK(contains(refusal(inside("201")), "from 0 to 200"));
        const auto given =
            "query($n:Int){people(" + std::string(name) + ":$n,before:\"x\"){totalCount}}";
        CHECK(refusal(given, R"({"n":200})").empty());
        CHECK(contains(refusal(given, R"({"n":201})"), "from 0 to 200"));
    }
    CHECK(refusal("{search(searchInput:\"a\",limit:200){edges{node{label}}}}").empty());
    CHECK(contains(refusal("{search(searchInput:\"a\",limit:201){edges{node{label}}}}"), "200"));
}

TEST_CASE("how many rows a document skips is limited, in lists and in groups",
          "[document_policy]") {
    const auto people = [](const char* n) {
        return "{people(offset:" + std::string(n) + "){totalCount}}";
    };
    const auto groups = [](const char* n) {
        return "{peopleGroupBy(groupBy:[{jobTitle:true}],offsetForRecords:" + std::string(n) +
               "){totalCount}}";
    };
    CHECK(refusal(people("10000000")).empty());
    CHECK(refusal(groups("10000000")).empty());
    for (const auto& document :
         {people("10000001"), groups("10000001"), people("-1"), groups("-1")})
        CHECK(contains(refusal(document), "from 0 to 10000000"));
}

TEST_CASE("a document has at most twenty root fields and four thousand selections",
          "[document_policy]") {
    // Each object of the sample has four roots.
    std::string roots;
    std::size_t count = 0;
    for (const auto& o : support::sample_schema()->objects())
        for (const auto* suffix : {"Duplicates(ids:[]){totalCount}", ""}) {
            if (count == 20) break;
            roots += *suffix ? o.name_singular + suffix : o.name_plural + "{totalCount}";
            roots += " ";
            ++count;
        }
    REQUIRE(count == 20);
    CHECK(refusal("{" + roots + "}").empty());
    CHECK(contains(refusal("{" + roots + "__typename}"), "at most 20 root fields"));

    // people, edges, node, forty spreads and what the fragment holds, each time that it stands.
    const auto grown = [](std::size_t more) {
        return "{people{edges{node{" + repeated(40, "...F ") + repeated(more, "id ") + "}}}}" +
               "fragment F on Person{" + repeated(98, "id ") + "}";
    };
    CHECK(refusal(grown(4'000 - 3 - 40 * 99)).empty());
    CHECK(contains(refusal(grown(4'001 - 3 - 40 * 99)), "too large"));
}

// Twenty runs what it is told by any directive; ours know skip and include alone.
TEST_CASE("a directive is judged wherever one can stand, on a fragment's definition too",
          "[document_policy]") {
    const char* places[] = {
        "query@live{people{totalCount}}",
        "query($n:Int@live){people(first:$n){totalCount}}",
        "{...on Query@live{people{totalCount}}}",
        "{people{totalCount@live}}",
        "{people{edges{node{...on Person@live{id}}}}}",
        "{people{edges{node{...F@live}}}}fragment F on Person{id}",
        "{people{edges{node{...F}}}}fragment F on Person@live{id}",
        "{people{edges{node{...F}}}}fragment F on Person{...G}fragment G on Person@live{id}",
    };
    for (const auto* document : places) {
        INFO(document);
        CHECK(contains(refusal(document, R"({"n":1})"), "directive @live"));
        std::string allowed = document;
        const auto at = allowed.find("@live");
        allowed.replace(at, 5, "@include(if:$x)");
        CHECK_FALSE(refusal(allowed, R"({"n":1,"x":true})").empty());
        allowed.replace(at, 15, "@include(if:true)");
        CHECK(refusal(allowed, R"({"n":1})").empty());
    }
}

TEST_CASE("a variable that the operation does not declare is refused however deep it stands",
          "[document_policy]") {
    struct attempt {
        const char* document;
        endpoint where = endpoint::records;
    };
    const attempt all[] = {
        {"{people(first:$n){totalCount}}"},
        {"{people(filter:{id:{in:[$n]}}){totalCount}}"},
        {"{people(filter:{company:{name:{eq:$n}}}){totalCount}}"},
        {"{people{edges{node{noteTargets(first:$n){edges{node{id}}}}}}}"},
        {"{people{edges{node{...F}}}}fragment F on Person{noteTargets(first:$n){edges{node{id}}}}"},
        {"{__type(name:\"Person\"){fields(includeDeprecated:$n){name}}}"},
        {"{objects(paging:{first:$n}){edges{node{id}}}}", endpoint::metadata},
        {"{objects(paging:$n){edges{node{id}}}}", endpoint::metadata},
        {"{objects{edges{node{fields(paging:{first:$n}){edges{node{id}}}}}}}", endpoint::metadata},
        {"{objects{edges{node{fields(filter:{or:[{isActive:$n}]}){edges{node{id}}}}}}}",
         endpoint::metadata},
    };
    for (const auto& a : all) {
        INFO(a.document);
        CHECK(contains(refusal(a.document, R"({"n":1})", a.where), "$n is not declared"));
    }
    CHECK(refusal("query($n:Int){objects{edges{node{fields(paging:{first:$n}){edges{node{id}}}}}}}",
                  R"({"n":1})", endpoint::metadata)
              .empty());
}

TEST_CASE("fragments stand only on the type of their place, at the top and inside of each other",
          "[document_policy]") {
    for (const auto* document : {
             "{people{edges{node{...on Company{id}}}}}",
             "{people{edges{node{...on Person{...on Company{id}}}}}}",
             "{people{edges{node{...F}}}}fragment F on Company{id}",
             "{people{edges{node{...F}}}}fragment F on Person{...G}fragment G on Company{id}",
             "{people{edges{node{name{...on Links{firstName}}}}}}",
             "{people{edges{...on Person{node{id}}}}}",
         }) {
        INFO(document);
        CHECK(contains(refusal(document), "can't stand here"));
    }
    CHECK(contains(refusal("{...on Mutation{people{totalCount}}}"), "must be on Query"));
    CHECK(refusal("{people{edges{node{...F}}}}fragment F on Person{...on Person{id}}").empty());
    for (const auto* document :
         {"{people{edges{node{...F}}}}fragment F on Person{...F}",
          "{people{edges{node{...F}}}}fragment F on Person{...G}fragment G on Person{...F}"})
        CHECK(contains(refusal(document), "contains itself"));
}

TEST_CASE("a limited grant's search is told its objects in one way only", "[document_policy]") {
    const auto may = sample_access(mode::read, {"person"});
    const auto search = [&](const std::string& arguments) {
        return refusal(may,
                       "{search(searchInput:\"a\"" + arguments + "){edges{node{recordId label}}}}");
    };
    const std::string mine = ",includedObjectNameSingulars:[\"person\"]";
    CHECK(search(mine).empty());
    CHECK(contains(search(""), "name them"));
    CHECK(contains(search(",includedObjectNameSingulars:[]"), "name them"));
    CHECK(contains(search(",includedObjectNameSingulars:null"), "name them"));
    CHECK(contains(search(",includedObjectNameSingulars:\"person\""), "name them"));
    CHECK(contains(search(",includedObjectNameSingulars:[\"person\",\"company\"]"),
                   "may not search"));
    CHECK(contains(search(",includedObjectNameSingulars:[null]"), "may not search"));
    CHECK(contains(search(mine + ",filter:{}"), "includedObjectNameSingulars only"));
    CHECK(contains(search(mine + ",excludedObjectNameSingulars:[]"),
                   "includedObjectNameSingulars only"));
}

TEST_CASE("sixty records are the most that a document writes", "[document_policy]") {
    const auto creates = [](std::size_t count) {
        return "mutation{createPeople(data:[" + repeated(count, "{jobTitle:\"x\"}") + "]){id}}";
    };
    CHECK(of_mutation(creates(60)).empty());
    CHECK(contains(of_mutation(creates(61)), "At most 60 records"));
}

TEST_CASE("a dry merge names at most nine records by their places", "[document_policy]") {
    const auto merge = [](const char* place) {
        return refusal(sample_access(), "mutation{mergePeople(ids:[\"" + person_id +
                                            "\"],conflictPriorityIndex:" + place +
                                            ",dryRun:true){id}}");
    };
    CHECK(merge("8").empty());
    CHECK(contains(merge("9"), "from 0 to 8"));
}

TEST_CASE("filters and orders of a document nest eight deep", "[document_policy]") {
    const auto filter = [](std::size_t depth) {
        return "{people(filter:" + repeated(depth, "{not:") + "{id:{is:NULL}}" +
               repeated(depth, "}") + "){totalCount}}";
    };
    CHECK(refusal(filter(8)).empty());
    CHECK(contains(refusal(filter(9)), "nested too deeply"));
    const auto order = [](std::size_t depth) {
        return "{people(orderBy:" + repeated(depth, "[") + "{createdAt:AscNullsLast}" +
               repeated(depth, "]") + "){totalCount}}";
    };
    CHECK(refusal(order(8)).empty());
    CHECK(contains(refusal(order(9)), "nested too deeply"));
}

// Twenty writes an empty text as `= '' OR IS NULL` without brackets [filters/empty texts].
TEST_CASE("an empty text stands alone, inside of and, or, not and relations too",
          "[document_policy]") {
    for (const auto* filter : {
             "{jobTitle:{eq:\"\"},createdAt:{is:NULL}}",
             "{or:[{jobTitle:{eq:\"\"},createdAt:{is:NULL}}]}",
             "{not:{jobTitle:{eq:\"\"},createdAt:{is:NULL}}}",
             "{company:{name:{eq:\"\"}},createdAt:{is:NULL}}",
             "{createdAt:{is:NULL},name:{firstName:{eq:\"\"}}}",
         }) {
        INFO(filter);
        CHECK(
            contains(refusal("{people(filter:" + std::string(filter) + "){totalCount}}"), "and:["));
    }
    CHECK(refusal("{people(filter:{and:[{company:{name:{eq:\"\"}}},{createdAt:{is:NULL}}]})"
                  "{totalCount}}")
              .empty());
}

TEST_CASE("a document that grows through its fragments is stopped", "[document_policy][plan-110]") {
    std::string document = "{people{edges{node{...f0}}}}";
    for (int i = 0; i < 20; ++i) {
        const auto next = "...f" + std::to_string(i + 1);
        document += " fragment f" + std::to_string(i) + " on Person{" + next + " " + next + "}";
    }
    document += " fragment f20 on Person{id}";
    CHECK(contains(refusal(document), "too large"));
}

TEST_CASE("fragments that spread each other nest 64 levels deep, on a stack of 256 KiB too",
          "[document_policy]") {
    const auto chain = [](int fragments) {
        std::string document = "{people{edges{node{...f0}}}}";
        for (int i = 0; i < fragments; ++i)
            document += "fragment f" + std::to_string(i) + " on Person{" +
                        (i + 1 < fragments ? "...f" + std::to_string(i + 1) : "id") + "}";
        return document;
    };
    support::on_small_stack([&] {
        CHECK(refusal(chain(61)).empty()); // behind people, edges and node
        for (const int fragments : {62, 550})
            CHECK(contains(refusal(chain(fragments)), "64 levels deep"));
        // Each fragment may nest as deep as a document may.
        std::string deep = "{__schema{...f0}}";
        for (int i = 0; i < 60; ++i)
            deep += "fragment f" + std::to_string(i) + " on T{" + repeated(20, "a{") + "...f" +
                    std::to_string(i + 1) + repeated(20, "}") + "}";
        CHECK(contains(refusal(deep + "fragment f60 on T{a}"), "64 levels deep"));
    });
}

TEST_CASE("a long variable is counted as often as it is named, before it is expanded",
          "[document_policy]") {
    const std::string variable = R"({"f":{"and":[)" + repeated(1'000, R"({"name":{"eq":"x"}},)") +
                                 R"({"name":{"eq":"x"}}]}})";
    const auto uses = [&](std::size_t times) {
        return refusal("query($f:JSON){companies(filter:{and:[" + repeated(times, "$f ") +
                           "]}){totalCount}}",
                       variable);
    };
    CHECK_FALSE(contains(uses(5), "too long with their variables"));
    CHECK(contains(uses(100), "too long with their variables"));
    // Of an input of the metadata endpoint JSON is made as well (removed_options).
    const auto of_metadata = [&](std::size_t times) {
        return refusal(sample_access(),
                       "mutation($f:JSON){updateOneField(input:{update:{x:[" +
                           repeated(times, "$f ") + "]}}){id}}",
                       variable, endpoint::metadata, graphql_tool::mutation);
    };
    CHECK(of_metadata(5).empty());
    CHECK(contains(of_metadata(100), "too long with their variables"));
}

TEST_CASE("only declared variables are sent on", "[document_policy]") {
    const auto sent =
        twenty::graphql_request(sample_access(), graphql_tool::query, endpoint::records,
                                "query Q($n:Int){people(first:$n){totalCount}}",
                                json::parse(R"({"n":2,"extra":{"company":1}})").value(), "Q");
    REQUIRE(sent);
    const auto body = json::parse(sent->body);
    REQUIRE(body);
    CHECK(json::dump(*body->find("variables")) == R"({"n":2})");
    CHECK(body->text("operationName") == "Q");
}

TEST_CASE("of the operators that Twenty takes one by one three are named", "[document_policy]") {
    const auto said = refusal("{people(filter:{jobTitle:{eq:\"a\",neq:\"b\",like:\"c\","
                              "ilike:\"d\"}}){totalCount}}");
    CHECK(contains(said, "has eq, neq, like; write and:["));
    CHECK_FALSE(contains(said, "ilike"));
}
