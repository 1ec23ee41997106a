// How a record is found that is named instead of its id, and how many of them in one call.
#include "crm/named_records.hpp"

#include "tests/mcp/support/script.hpp"
#include "tests/support/stock_schema.hpp"

using mcp_test::acme;
using mcp_test::ada;
using mcp_test::id_of;
using mcp_test::script;

namespace {

std::string companies(const std::vector<std::pair<std::string, std::string>>& all,
                      bool more = false) {
    std::string nodes;
    for (const auto& [id, name] : all)
        nodes += (nodes.empty() ? "" : ",") + (R"({"node":{"id":")" + id + R"(","name":")" + name) +
                 R"("}})";
    return R"({"data":{"companies":{"pageInfo":{"hasNextPage":)" +
           std::string(more ? "true" : "false") + R"(},"edges":[)" + nodes + "]}}}";
}
constexpr const char* update =
    R"({"objectName":"person","id":"20202020-b000-4485-94de-70c2a98daef2","data":{"company":"Acme"}})";

} // namespace

TEST_CASE("sixty names of one object are looked up with one request", "[named_records]") {
    const auto call = [](script& s, int names) {
        std::vector<std::pair<std::string, std::string>> known;
        std::string records;
        for (int i = 0; i < names; ++i) {
            const auto name = "Company " + std::to_string(i);
            known.emplace_back(id_of(i), name);
            records += (i ? "," : "") + (R"({"jobTitle":"x","company":")" + name + "\"}");
        }
        s.answers(companies(known));
        return s.call("create_record", R"({"objectName":"person","records":[)" + records + "]}");
    };
    script s;
    call(s, 60);
    REQUIRE_FALSE(s.sent().empty());
    CHECK(s.query(0).find("companies(") != std::string::npos);
    CHECK(s.variables(0).at("filter", "or")->if_array()->size() == 60);
}

TEST_CASE("of many of a name five are shown, and that there are more", "[named_records]") {
    const auto said = [](int namesakes) {
        std::vector<std::pair<std::string, std::string>> all;
        for (int i = 0; i < namesakes; ++i)
            all.emplace_back(id_of(i), "Acme");
        script s;
        s.answers(companies(all));
        return std::string(s.call("update_record", update).message());
    };
    CHECK(said(5).find(id_of(4)) != std::string::npos);
    CHECK(said(5).find("…") == std::string::npos);
    CHECK(said(6).find(id_of(5)) == std::string::npos);
    CHECK(said(6).find("…") != std::string::npos);
}

TEST_CASE("where Twenty has more records, a name found once or not at all is not settled",
          "[named_records]") {
    const auto call = [](script& s, bool more, const char* name) {
        std::vector<std::pair<std::string, std::string>> all{{acme, name}};
        for (int i = 0; i < 199; ++i)
            all.emplace_back(id_of(i), "Acme Holding");
        s.answers(companies(all, more));
        return s.call("update_record", update);
    };
    script whole; // two hundred, and no more
    call(whole, false, "Acme");
    CHECK(whole.sent().size() > 1);
    script none;
    CHECK(call(none, false, "Other").message().find("There is no company") == 0);
    for (const auto* name : {"Acme", "Other"}) {
        script full;
        const auto r = call(full, true, name);
        INFO(r.text);
        CHECK(r.code() == "bad_request");
        CHECK(r.message().find("Too many companies") == 0);
        CHECK(r.message().find("give the id") != std::string_view::npos);
        CHECK((r.message().find(acme) != std::string_view::npos) == (name == std::string("Acme")));
        CHECK(full.sent().size() == 1);
    }
}

TEST_CASE("of several names each fails for what is known of it alone", "[named_records]") {
    std::vector<std::pair<std::string, std::string>> all{{acme, "Acme"}};
    for (int i = 0; i < 199; ++i)
        all.emplace_back(id_of(i), "Globex");
    script s;
    s.answers(companies(all, true));
    const auto r = s.call("create_record",
                          R"({"objectName":"person","records":[{"jobTitle":"x","company":"Acme"},)"
                          R"({"jobTitle":"y","company":"Globex"}]})");
    INFO(r.text);
    CHECK(r.is_error);
    CHECK(s.sent().size() == 1);
    CHECK(r.text.find(R"(whether only one is called \"Acme\")") != std::string::npos);
    CHECK(r.text.find(R"(Several companies are called \"Globex\")") != std::string::npos);
}

TEST_CASE("a name that the role may not read is not said to be nobody's", "[named_records]") {
    const auto* const denied =
        R"({"data":{"companies":null},"errors":[{"message":"Entity performing the request does not have permission: no permission to read field \"name\" on \"company\"","extensions":{"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"}}]})";
    for (const bool none : {false, true}) {
        script s;
        s.answers(denied);
        s.answers(R"({"data":{"companies":{"edges":[)" +
                  (none ? std::string() : R"({"node":{"id":")" + std::string(acme) + R"("}})") +
                  "]}}}");
        const auto r = s.call("update_record", update);
        INFO(r.text);
        CHECK(r.code() == "not_allowed");
        CHECK(r.message().find("Left out company.name") == 0);
        CHECK(s.sent().size() == 2);
    }
}

TEST_CASE("a full name is parted in five ways at the most, and tried whole", "[named_records]") {
    const auto ways = [](const char* name) {
        script s;
        s.call("create_record", std::string(R"({"objectName":"note","data":{"title":"x"},)") +
                                    R"("about":[{"object":"person","name":")" + name + "\"}]}");
        REQUIRE_FALSE(s.sent().empty());
        return s.variables(0).at("filter", "or")->if_array()->size();
    };
    CHECK(ways("A B") == 3);
    CHECK(ways("A B C D E") == 6);
    CHECK(ways("A B C D E F") == 7);
    CHECK(ways("Ada") == 2); // the first or the last
}

// Its name would be looked for among all of them.
TEST_CASE("a record that belongs to others is not found by its name for a limited grant",
          "[named_records]") {
    const auto schema = mcp_test::schema_with_cover();
    const auto call = [&](script& s) {
        s.schema = schema;
        return s.call("update_record", R"({"objectName":"company","id":")" + std::string(acme) +
                                           R"(","data":{"coverId":"Secret plan"}})");
    };
    script limited(twenty::mode::write, std::set<std::string>{"company", "attachment"});
    const auto r = call(limited);
    INFO(r.text);
    CHECK(r.code() == "bad_request");
    CHECK(r.message().find("Give the id of the attachment") != std::string_view::npos);
    CHECK(limited.sent().empty());
    script open;
    call(open);
    REQUIRE_FALSE(open.sent().empty());
    CHECK(open.query(0).find("attachments(") != std::string::npos);
}
