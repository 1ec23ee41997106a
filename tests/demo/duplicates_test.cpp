// find_duplicates against the demo workspace: what makes two records one, in any spelling.
#include "tests/demo/undo_support.hpp"

using namespace tool_test;

namespace {

std::string made(tool_desk& d, const std::string& object, const std::string& data) {
    const auto r =
        d.good("create_record", R"({"objectName":")" + object + R"(","data":)" + data + "}");
    return std::string(r.body.text("id"));
}

// The groups that have a record of this id: "why", then the ids.
std::vector<std::string> group_of(const tool_desk::called& r, const std::string& id) {
    std::vector<std::string> out;
    for (const auto& group : *r.body.find("groups")->if_array()) {
        const auto& records = *group.find("records")->if_array();
        if (std::ranges::none_of(records, [&](const auto& one) { return one.text("id") == id; }))
            continue;
        out.emplace_back(group.text("why"));
        for (const auto& one : records)
            out.emplace_back(one.text("id"));
    }
    return out;
}

} // namespace

TEST_CASE("people who share an address, a number or a name are found in any spelling",
          "[duplicates]") {
    tool_desk d;
    struct row {
        const char* one;
        const char* other;
        const char* why;
    };
    const row rows[] = {
        {R"({"emails":"zora@one.example"})",
         R"({"emails":{"primaryEmail":"z@two.example","additionalEmails":["ZORA@One.example"]}})",
         "same e-mail address"},
        {R"({"name":{"firstName":"Zora","lastName":"Quill"}})",
         R"({"name":{"firstName":"ZORA","lastName":"quill"}})", "same name"},
        {R"({"name":{"firstName":"Z1"},"phones":"+49 30 91827364"})",
         R"({"name":{"firstName":"Z2"},"phones":"+49 (0)30 918-27364"})", "same phone number"},
        {R"({"name":{"firstName":"Z3"},"linkedinLink":"https://www.linkedin.com/in/zq/"})",
         R"({"name":{"firstName":"Z4"},"linkedinLink":"linkedin.com/in/zq"})", "same link"},
    };
    for (const auto& each : rows) {
        const auto one_id = made(d, "person", each.one);
        const auto other_id = made(d, "person", each.other);
        INFO(each.one);
        const auto all = group_of(d.good("find_duplicates", R"({"objectName":"person"})"), one_id);
        REQUIRE(all.size() == 3);
        CHECK(all[0] == each.why);
        CHECK(std::set<std::string>(all.begin() + 1, all.end()) ==
              std::set<std::string>{one_id, other_id});
        const auto r = d.good("find_duplicates", one("person", one_id));
        INFO(r.text);
        const auto& found = *r.body.find("duplicates")->if_array();
        REQUIRE(found.size() == 1);
        CHECK(found[0].text("id") == other_id);
        CHECK(found[0].text("why") == each.why);
        CHECK_FALSE(found[0].text("createdAt").empty());
    }
}

TEST_CASE("companies with one domain are one, whatever page is linked", "[duplicates]") {
    tool_desk d;
    const auto one_id =
        made(d, "company", R"({"name":"Quill","domainName":"https://quill.example"})");
    const auto other_id =
        made(d, "company", R"({"name":"Q GmbH","domainName":"http://www.quill.example/about"})");
    const auto group = group_of(d.good("find_duplicates", R"({"objectName":"company"})"), one_id);
    CHECK(group == std::vector<std::string>{"same domain", other_id, one_id});
}

TEST_CASE("two numbers that differ in their country alone are two", "[duplicates]") {
    tool_desk d;
    const auto one_id = made(d, "person", R"({"phones":"+49 30 91827364"})");
    made(d, "person", R"({"phones":"+43 30 91827364"})");
    CHECK(group_of(d.good("find_duplicates", R"({"objectName":"person"})"), one_id).empty());
}

TEST_CASE("who shares something with a third one is in one group with both", "[duplicates]") {
    tool_desk d;
    const auto a = made(d, "person", R"({"emails":"a@chain.example"})");
    const auto b = made(
        d, "person",
        R"({"emails":{"primaryEmail":"b@chain.example","additionalEmails":["a@chain.example"]},"phones":"+49 171 555001"})");
    const auto c = made(d, "person", R"({"phones":"+49 171 555001"})");
    const auto group = group_of(d.good("find_duplicates", R"({"objectName":"person"})"), a);
    CHECK(std::set<std::string>(group.begin(), group.end()) ==
          std::set<std::string>{"same e-mail address, same phone number", a, b, c});
}

TEST_CASE("among more records than one call reads, what Twenty counts twice is found",
          "[duplicates]") {
    tool_desk d;
    const auto old_one =
        made(d, "person", R"({"emails":"old@many.example","phones":"+49 171 77"})");
    const auto old_two = made(d, "person", R"({"phones":"+49 171 77"})");
    for (int i = 0; i < 20; ++i) {
        std::string records;
        for (int n = 0; n < 60; ++n)
            records += (n ? "," : "") + (R"({"emails":"p)" + std::to_string(60 * i + n)) +
                       R"(@many.example"})";
        d.good("create_record", R"({"objectName":"person","records":[)" + records + "]}");
    }
    const auto before = d.sent.size();
    const auto r = d.good("find_duplicates", R"({"objectName":"person"})");
    INFO(r.text.substr(0, 2000));
    const auto group = group_of(r, old_one);
    CHECK(std::set<std::string>(group.begin(), group.end()) ==
          std::set<std::string>{"same phone number", old_one, old_two});
    CHECK(r.text.find("In any spelling the newest 1000 were compared") != std::string::npos);
    CHECK(d.sent.size() - before <= 12);
}

TEST_CASE("duplicates are looked for among what the connection sees, and where something tells",
          "[duplicates]") {
    tool_desk d;
    CHECK(d.error_code("find_duplicates", R"({"objectName":"note"})") == "bad_request");
    CHECK(d.error_code("find_duplicates", one("person", "no-id")) == "bad_request");
    CHECK(d.error_code("find_duplicates", one("person", "20202020-1111-4111-8111-111111111111")) ==
          "not_found");
    tool_desk limited(demo::role::full, twenty::mode::read, std::set<std::string>{"company"});
    CHECK(limited.error_code("find_duplicates", R"({"objectName":"person"})") == "not_allowed");
    limited.good("find_duplicates", R"({"objectName":"company"})");
}
