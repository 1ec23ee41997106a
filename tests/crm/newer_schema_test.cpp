// The tools in a workspace of a Twenty that is newer than this program: kinds of fields, relations
// and choices that nobody here knows, and things that are gone.
#include "tests/mcp/support/script.hpp"
#include "tests/support/sample_schema.hpp"
#include "twenty/record_rules.hpp"

#include <algorithm>

using mcp_test::ada;
using mcp_test::script;

namespace {

json::value parsed(const char* text) { return json::parse(text).value(); }

// Each is added to every object of the sample workspace.
constexpr const char* odd_fields[] = {
    // Types that are not known, with settings of their own.
    R"({"id":"x1","name":"hologram","type":"HOLOGRAM","label":"Hologram","settings":{"depth":[1]},"options":{"a":1}})",
    R"({"id":"x2","name":"formula","type":"FORMULA","label":"","isNullable":false,"defaultValue":[[]]})",
    // Choices of another form.
    R"({"id":"x3","name":"mood","type":"SELECT","label":"Mood","options":[{"value":"CALM","label":"Calm","color":{"hex":"#fff"},"group":7},{"value":null},"LOUD",{}]})",
    R"({"id":"x4","name":"moods","type":"MULTI_SELECT","label":"Moods","options":"none"})",
    // Relations of unknown kinds, and without their ends.
    R"({"id":"x5","name":"twin","type":"RELATION","label":"Twin","relation":{"type":"ONE_TO_ONE","targetObjectMetadata":{"nameSingular":"person","namePlural":"people"}}})",
    R"({"id":"x6","name":"ghosts","type":"RELATION","label":"Ghosts","relation":{"type":"MANY_TO_MANY","targetObjectMetadata":{"nameSingular":"ghost","namePlural":"ghosts"}}})",
    R"({"id":"x7","name":"nowhere","type":"RELATION","label":"Nowhere","relation":null})",
    R"({"id":"x8","name":"any","type":"MORPH_RELATION","label":"Any","morphRelations":[{"type":"SOMETIMES"},null,7]})",
    // Members of the wrong form, and none.
    R"({"id":7,"name":"odd","type":"TEXT","label":null,"isUnique":"yes","settings":"x","defaultValue":{}})",
    R"({"name":"bare"})",
};

json::value doctored(const json::value& node) {
    auto object = *node.if_object();
    auto fields = *object.find("fieldsList")->if_array();
    for (const auto* field : odd_fields)
        fields.push_back(parsed(field));
    fields.push_back(json::value(7));
    object.set("fieldsList", std::move(fields));
    object.set("readability", "TELEPATHIC");
    object.set("futureFlag", json::list({1, 2}));
    object.erase("duplicateCriteria");
    object.erase("description");
    return object;
}

twenty::schema_ptr newer_schema(bool has_rules = false) {
    twenty::workspace_facts facts;
    std::vector<twenty::object> objects;
    for (const auto& node : *support::sample_metadata().find("objects")->if_array())
        if (auto o = twenty::read_object(doctored(node), facts)) objects.push_back(*std::move(o));
    auto bare = parsed(R"({"nameSingular":"orb","namePlural":"orbs","fieldsList":[]})");
    if (auto o = twenty::read_object(bare, facts)) objects.push_back(*std::move(o));
    return std::make_shared<const twenty::schema>(ada, "Newer", std::move(objects), std::nullopt,
                                                  has_rules);
}

struct newer : script {
    explicit newer(bool has_rules = false) { schema = newer_schema(has_rules); }
    explicit newer(std::set<std::string> objects)
        : script(twenty::mode::write, std::move(objects)) {
        schema = newer_schema();
    }
};

} // namespace

TEST_CASE("what a newer Twenty has is listed and described as far as it is known",
          "[newer_schema]") {
    newer s;
    const auto listed = s.call("list_objects", "{}");
    INFO(listed.text);
    REQUIRE_FALSE(listed.is_error);
    CHECK(listed.text.find("\"orb\"") != std::string::npos);
    const auto model = newer_schema();
    for (const auto& o : model->objects()) {
        const auto r = s.call("describe_object", R"({"objectName":")" + o.name_singular + "\"}");
        INFO(r.text);
        CHECK_FALSE(r.is_error);
        if (o.name_singular == "orb") continue;
        CHECK(r.text.find(R"("name":"hologram","type":"HOLOGRAM")") != std::string::npos);
        CHECK(r.text.find(R"("options":["CALM"])") != std::string::npos);
    }
    CHECK(s.sent().empty());
    // Nothing of an unknown kind may tell of others.
    newer few(std::set<std::string>{"person"});
    const auto person = few.call("describe_object", R"({"objectName":"person"})");
    REQUIRE_FALSE(person.is_error);
    for (const auto* hidden : {"HOLOGRAM", "FORMULA", "ghost", "SOMETIMES"})
        CHECK(person.text.find(hidden) == std::string::npos);
}

TEST_CASE("records of a newer Twenty are found, read and created, unknown values included",
          "[newer_schema]") {
    const std::string node =
        R"({"id":")" + std::string(ada) +
        R"(","jobTitle":"Engineer","mood":"FURIOUS","hologram":{"layers":[{"deep":true}]},"formula":[1],"unheardOf":{"x":1},"createdAt":"2026-11-01T00:00:00.000Z","createdBy":{"source":"TELEPATHY","name":"Ada"}})";
    newer s;
    s.answers(R"({"data":{"people":{"totalCount":1,"pageInfo":{"hasNextPage":false,"future":1},)"
              R"("edges":[{"node":)" +
              node + R"(}],"futureCount":{"a":1}},"futureRoot":7},"extensions":{"cost":3}})");
    const auto found = s.call(
        "find_records",
        R"({"objectName":"person","fields":["jobTitle","mood","hologram"],"filter":"mood[eq]:CALM"})");
    INFO(found.text);
    CHECK_FALSE(found.is_error);
    CHECK(found.text.find("FURIOUS") != std::string::npos);
    CHECK(found.text.find("layers") != std::string::npos);

    s.answers(R"({"data":{"person":)" + node + "}}");
    const auto got =
        s.call("get_record", R"({"objectName":"person","id":")" + std::string(ada) + "\"}");
    INFO(got.text);
    CHECK_FALSE(got.is_error);
    CHECK(got.text.find("FURIOUS") != std::string::npos);

    s.answers(R"({"data":{"createPerson":)" + node + "}}");
    s.answers(R"({"data":{"person":)" + node + "}}");
    const auto made = s.call(
        "create_record",
        R"({"objectName":"person","data":{"jobTitle":"x","mood":"CALM","hologram":{"layers":[]}}})");
    INFO(made.text);
    CHECK_FALSE(made.is_error);
}

TEST_CASE("a root field that is gone or not known yet is refused with what there is",
          "[newer_schema]") {
    newer s;
    const auto r =
        s.call("run_graphql", R"({"endpoint":"graphql","query":"{telepathies{totalCount}}"})");
    CHECK(r.code() == "bad_request");
    CHECK(s.sent().empty());
    // Known to the schema and refused by a Twenty that has dropped it since.
    s.answers(R"({"errors":[{"message":"Cannot query field \"people\" on type \"Query\"."}]})");
    const auto gone =
        s.call("run_graphql", R"({"endpoint":"graphql","query":"{people{totalCount}}"})");
    CHECK(gone.is_error);
    CHECK(gone.code() == "bad_request");
}

// The query is that of Twenty's resolver of validation rules.
TEST_CASE("describe_object shows the rules of a Twenty that has them, and asks no other",
          "[newer_schema]") {
    newer s(true);
    const auto model = newer_schema();
    const auto& person = *model->by_singular("person");
    const auto& title = *person.find_field("jobTitle");
    s.answers(R"({"data":{"validationRules":[{"message":"Title is required","isActive":true,)"
              R"("errorFieldMetadataId":")" +
              title.id +
              R"("},{"message":"Not now","isActive":false},{"message":"Ends before it starts",)"
              R"("errorFieldMetadataId":null,"isActive":true},{"message":7},null]}})");
    const auto r = s.call("describe_object", R"({"objectName":"person"})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    REQUIRE(r.body.find("rules"));
    CHECK(json::dump(*r.body.find("rules")) ==
          R"([{"message":"Title is required","field":"jobTitle"},)"
          R"({"message":"Ends before it starts"}])");
    REQUIRE(s.sent().size() == 1);
    CHECK(s.sent()[0].target == "/metadata");
    CHECK_FALSE(s.sent()[0].is_write);
    CHECK(s.query(0) == "query ValidationRules{validationRules(objectMetadataId:\"" + person.id +
                            "\"){message isActive errorFieldMetadataId}}");
    // Rules that are switched off are none.
    for (
        const auto* body :
        {R"({"errors":[{"message":"Feature flag is not enabled","extensions":{"code":"FORBIDDEN"}}]})",
         R"({"data":{"validationRules":null}})", R"({"data":{"validationRules":[]}})", "gone"}) {
        s.answers(body);
        const auto without = s.call("describe_object", R"({"objectName":"person"})");
        CHECK_FALSE(without.is_error);
        CHECK_FALSE(without.body.find("rules"));
    }
}

TEST_CASE("rules that Twenty tells are few, short and of this object's visible fields",
          "[newer_schema]") {
    const auto model = newer_schema(true);
    const auto& person = *model->by_singular("person");
    const twenty::access may(twenty::mode::read, std::set<std::string>{"person"}, model);
    json::array many;
    for (int i = 0; i < 200; ++i)
        many.push_back(json::make({{"message", std::string(900, 'x')},
                                   {"errorFieldMetadataId", person.find_field("company")->id}}));
    json::object data;
    data.append("validationRules", std::move(many));
    const auto rules = twenty::read_rules(data, may, person);
    CHECK(rules.size() == 20);
    CHECK(json::dump(rules).size() < 6'000);
    CHECK(json::dump(rules).find("company") == std::string::npos);
    CHECK_FALSE(may.by_singular("company").has_value());
}
