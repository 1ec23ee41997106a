#include "tests/mcp/support/script.hpp"
#include "tests/support/sample_schema.hpp"

using mcp_test::acme;
using mcp_test::ada;
using mcp_test::count_ids;
using mcp_test::fresh_id;
using mcp_test::script;

namespace {

// The recorded model, with Twenty's own rules for duplicates.
void use_recorded_model(script& s) { s.schema = support::sample_schema(); }

std::string one_listed(const char* root, const std::string& node) {
    return std::string(R"({"data":{")") + root + R"(":{"edges":[{"node":)" + node + "}]}}}";
}
std::string made(const char* root) {
    return std::string(R"({"data":{")") + root + R"(":{"id":")" + fresh_id + R"("}}})";
}
std::string stored(const char* id, const std::string& more) {
    return std::string(R"({"id":")") + id + "\"," + more + "}";
}

} // namespace

// Twenty's own search for duplicates never looks at additional addresses [twenty-golden-2 README].
TEST_CASE("a new person with an address that another one has beside its own is created, and told",
          "[similar]") {
    script s;
    use_recorded_model(s);
    s.answers(one_listed(
        "people",
        stored(
            ada,
            R"("name":{"firstName":"Omar","lastName":"Ali"},"emails":{"primaryEmail":"omar@x.example","additionalEmails":["o@acme.example"]})")));
    s.answers(made("createPerson"));
    s.answers(made("person"));
    const auto r =
        s.call("create_record",
               R"({"objectName":"person","data":{"name":"O Ali","email":"O@Acme.example"}})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.flag("created"));
    REQUIRE(r.body.find("similar"));
    const auto& one = r.body.find("similar")->if_array()->front();
    CHECK(one.text("id") == ada);
    CHECK(one.text("label") == "Omar Ali");
    CHECK(one.text("why") == "same e-mail address");
    CHECK(s.sent().size() == 3);
}

TEST_CASE("the same full name and the same domain are told, however they are spelled",
          "[similar]") {
    script person;
    use_recorded_model(person);
    person.answers(
        one_listed("people", stored(ada, R"("name":{"firstName":"ada","lastName":"BYRON"})")));
    person.answers(made("createPerson"));
    person.answers(made("person"));
    const auto same =
        person.call("create_record", R"({"objectName":"person","data":{"name":"Ada Byron"}})");
    INFO(same.text);
    REQUIRE(same.body.find("similar"));
    CHECK(same.body.find("similar")->if_array()->front().text("why") == "same name");

    script company;
    use_recorded_model(company);
    company.answers(one_listed(
        "companies",
        stored(
            acme,
            R"("name":"Acme Inc","domainName":{"primaryLinkUrl":"acme.example","secondaryLinks":[]})")));
    company.answers(made("createCompany"));
    company.answers(made("company"));
    const auto domain = company.call(
        "create_record",
        R"({"objectName":"company","data":{"name":"Acme","domain":"https://www.Acme.example/about?x=1"}})");
    INFO(domain.text);
    REQUIRE(domain.body.find("similar"));
    CHECK(domain.body.find("similar")->if_array()->front().text("why") == "same domain");
    CHECK(json::dump(company.variables(0)).find("https://acme.example") != std::string::npos);
}

TEST_CASE("a batch looks for similar records once, and a look that fails hinders nothing",
          "[similar]") {
    script s;
    use_recorded_model(s);
    count_ids(s);
    s.answers(
        one_listed("people", stored(ada, R"("name":{"firstName":"Ada","lastName":"Byron"})")));
    s.answers(R"({"data":{"createPeople":[{"id":"x"}]}})");
    s.answers(R"({"data":{"people":{"edges":[]}}})");
    const auto r =
        s.call("create_record",
               R"({"objectName":"person","records":[{"name":"Ada Byron"},{"name":"Al Gore"}]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    const auto& lines = *r.body.find("results")->if_array();
    CHECK(lines[0].find("similar"));
    CHECK_FALSE(lines[1].find("similar"));
    CHECK(s.sent().size() == 3);

    script denied;
    use_recorded_model(denied);
    denied.answers(
        R"({"data":null,"errors":[{"message":"Entity performing the request does not have permission","extensions":{"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"}}]})");
    denied.answers(made("createPerson"));
    denied.answers(made("person"));
    const auto created =
        denied.call("create_record", R"({"objectName":"person","data":{"name":"Ada Byron"}})");
    INFO(created.text);
    REQUIRE_FALSE(created.is_error);
    CHECK(created.body.flag("created"));
    CHECK_FALSE(created.body.find("similar"));
    CHECK(denied.all_used());
}

TEST_CASE("new records of one call that are probably the same are created, and told", "[similar]") {
    script s;
    use_recorded_model(s);
    count_ids(s);
    s.answers(R"({"data":{"people":{"edges":[]}}})");
    s.answers(R"({"data":{"createPeople":[{"id":"x"}]}})");
    s.answers(R"({"data":{"people":{"edges":[]}}})");
    const auto r = s.call(
        "create_record",
        R"({"objectName":"person","records":[{"name":"Ada Byron"},{"name":"Al Gore","email":"al@x.example"},)"
        R"({"name":"ada BYRON"},{"name":"A Gore","email":"AL@x.example"},{"name":"Ann Other"}]})");
    INFO(r.text);
    CHECK(r.body.find("done")->as_int() == 5);
    CHECK(json::dump(*r.body.find("notes")).find("by index: 2 of 0, 3 of 1)") != std::string::npos);
    CHECK(s.sent().size() == 3);
}

TEST_CASE("who has the same address comes before those who have the same name", "[similar]") {
    script s;
    use_recorded_model(s);
    std::string namesakes;
    for (int i = 0; i < 12; ++i)
        namesakes += stored("0190c1f2-5f5c-4e0a-9a35-00000000001",
                            R"("name":{"firstName":"Ada","lastName":"Byron"})") +
                     "},{\"node\":";
    s.answers(one_listed(
        "people",
        namesakes +
            stored(ada,
                   R"("emails":{"primaryEmail":"x@y.z","additionalEmails":["ada@b.example"]})")));
    s.answers(made("createPerson"));
    s.answers(made("person"));
    const auto r = s.call(
        "create_record",
        R"({"objectName":"person","data":{"name":"Ada Byron","emails":{"primaryEmail":"n@b.example","additionalEmails":["Ada@b.example"]}}})");
    INFO(r.text);
    REQUIRE(r.body.find("similar"));
    CHECK(r.body.find("similar")->if_array()->size() == 3);
    CHECK(r.body.find("similar")->if_array()->front().text("why") == "same e-mail address");
}

TEST_CASE("three similar records are shown of each new one, each label in a hundred bytes",
          "[similar]") {
    const auto call = [](script& s, int namesakes) {
        use_recorded_model(s);
        std::string nodes;
        for (int i = 0; i < namesakes; ++i)
            nodes += (i ? "," : "") + (R"({"node":{"id":")" + std::string(ada) +
                                       R"(","name":{"firstName":"Ada","lastName":")" +
                                       std::string(120, 'x') + R"("}}})");
        s.answers(R"({"data":{"people":{"edges":[)" + nodes + "]}}}");
        s.answers(made("createPerson"));
        s.answers(made("person"));
        return s.call("create_record",
                      R"({"objectName":"person","data":{"name":{"firstName":"Ada","lastName":")" +
                          std::string(120, 'x') + R"("}}})");
    };
    for (const int namesakes : {3, 4}) {
        script s;
        const auto r = call(s, namesakes);
        INFO(r.text);
        REQUIRE(r.body.find("similar"));
        const auto& shown = *r.body.find("similar")->if_array();
        CHECK(shown.size() == 3);
        CHECK(shown.front().text("label") == "Ada " + std::string(96, 'x'));
    }
}

TEST_CASE("a text of more than a thousand bytes is no name, and looks for nothing", "[similar]") {
    const auto asks = [](std::size_t length) {
        script s;
        use_recorded_model(s);
        s.answers(
            one_listed("companies", stored(acme, R"("name":")" + std::string(length, 'x') + "\"")));
        s.answers(made("createCompany"));
        s.answers(made("company"));
        const auto r = s.call("create_record", R"({"objectName":"company","data":{"name":")" +
                                                   std::string(length, 'X') + "\"}}");
        return std::pair(json::dump(s.variables(0)).find("ilike") != std::string::npos,
                         r.body.find("similar") != nullptr);
    };
    CHECK(asks(1000) == std::pair(true, true));
    CHECK(asks(1001) == std::pair(false, false));
}

TEST_CASE("of many addresses the first twenty are looked for, and of many records 400 values",
          "[similar]") {
    const auto person = [](int n, int addresses) {
        std::string more;
        for (int i = 1; i < addresses; ++i)
            more += (i == 1 ? "\"" : ",\"") + std::to_string(n) + "-" + std::to_string(i) +
                    "@b.example\"";
        return R"({"name":{"firstName":"A","lastName":"B)" + std::to_string(n) +
               R"("},"emails":{"primaryEmail":")" + std::to_string(n) +
               R"(-0@b.example","additionalEmails":[)" + more + "]}}";
    };
    // The conditions of the look for similar ones.
    const auto looked_for = [](const std::string& arguments) {
        script s;
        use_recorded_model(s);
        s.answers(R"({"data":{"people":{"edges":[]}}})");
        s.call("create_record", arguments);
        const auto variables = s.variables(0);
        const auto* any = variables.at("filter", "or");
        REQUIRE(any);
        return *any->if_array();
    };
    const auto one = json::dump(
        json::value(looked_for(R"({"objectName":"person","data":)" + person(0, 40) + "}")));
    CHECK(one.find("0-19@b.example") != std::string::npos);
    CHECK(one.find("0-20@b.example") == std::string::npos);
    std::string records;
    for (int n = 0; n < 60; ++n)
        records += (n == 0 ? "" : ",") + person(n, 30);
    CHECK(looked_for(R"({"objectName":"person","records":[)" + records + "]}").size() == 400);
}
