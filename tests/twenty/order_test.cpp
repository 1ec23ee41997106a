#include "twenty/order.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "tests/twenty/support.hpp"
#include "twenty/crossing.hpp"

using support::sample_access;
using support::sample_object;
using twenty::paging;
using twenty_test::parsed;

namespace {

result<twenty::prepared_order> as_order(const json::value& input,
                                        std::string_view object = "person",
                                        const twenty::access& may = sample_access()) {
    auto made = twenty::prepare_order(input, sample_object(object), may);
    if (made) CHECK(twenty::check_order(may, sample_object(object), made->value));
    return made;
}

} // namespace

TEST_CASE("a member of an order that nobody knows is refused and never ignored", "[order]") {
    const auto refused = [](const char* input) {
        INFO(input);
        const auto r = as_order(parsed(input));
        REQUIRE_FALSE(r);
        CHECK(r.failure().code == errc::bad_request);
        return r.failure().message;
    };
    const auto has = [](const std::string& text, const char* part) {
        return text.find(part) != std::string::npos;
    };
    CHECK(has(refused(R"({"field":"createdAt","directon":"DESC"})"), "\"direction\""));
    CHECK(has(refused(R"({"field":"createdAt","null":"LAST"})"), "nearest is \"nulls\""));
    CHECK(has(refused(R"([{"field":"createdAt","direction":"DESC","jobTitle":"ASC"}])"),
              "\"jobTitle\""));
    CHECK(has(refused(R"({"field":"createdAt","direction":-1})"), "text"));
    CHECK(has(refused(R"({"field":"createdAt","direction":"DESC","nulls":"middle"})"),
              "isn't known"));
    CHECK(has(refused(R"({"feild":"createdAt","direction":"DESC"})"), "\"feild\""));
    CHECK(has(refused(R"({"createdAt":"DESC","creatdAt":"DESC"})"), "createdAt"));
    CHECK(has(refused(R"({"createdAt":{"direction":"DESC"}})"), "too deep"));
}

TEST_CASE("an order in any common spelling becomes Twenty's", "[order]") {
    struct sample {
        const char* input; // JSON
        const char* result;
        bool repaired;
    };
    const sample all[] = {
        {R"("createdAt[DescNullsLast]")", R"([{"createdAt":"DescNullsLast"}])", false},
        {R"("createdAt[DescNullsLast],name.firstName")",
         R"([{"createdAt":"DescNullsLast"},{"name":{"firstName":"AscNullsFirst"}}])", false},
        {R"("createdAt")", R"([{"createdAt":"AscNullsFirst"}])", false},
        {R"("createdAt[DESC]")", R"([{"createdAt":"DescNullsLast"}])", true},
        {R"("createdAt DESC")", R"([{"createdAt":"DescNullsLast"}])", true},
        {R"("createdAt:desc")", R"([{"createdAt":"DescNullsLast"}])", true},
        {R"("-createdAt")", R"([{"createdAt":"DescNullsLast"}])", true},
        {R"("createdAt[descnullslast]")", R"([{"createdAt":"DescNullsLast"}])", false},
        {R"("createdAt[DescNullsLast], jobTitle")",
         R"([{"createdAt":"DescNullsLast"},{"jobTitle":"AscNullsFirst"}])", false},
        {R"({"createdAt":"DescNullsLast"})", R"([{"createdAt":"DescNullsLast"}])", false},
        {R"([{"name":{"lastName":"AscNullsLast"}}])", R"([{"name":{"lastName":"AscNullsLast"}}])",
         false},
        {R"([{"field":"createdAt","direction":"DESC"}])", R"([{"createdAt":"DescNullsLast"}])",
         true},
        {R"({"field":"createdAt","direction":"desc","nulls":"first"})",
         R"([{"createdAt":"DescNullsFirst"}])", true},
        {R"([{"field":"createdAt","nulls":"LAST"}])", R"([{"createdAt":"AscNullsLast"}])", true},
        {R"({"field":"createdAt"})", R"([{"createdAt":"AscNullsFirst"}])", false},
        {R"("createdAt DESC NULLS FIRST,jobTitle asc nulls last")",
         R"([{"createdAt":"DescNullsFirst"},{"jobTitle":"AscNullsLast"}])", true},
        {R"(["createdAt DESC"])", R"([{"createdAt":"DescNullsLast"}])", true},
        {R"("[{\"createdAt\":\"DescNullsLast\"}]")", R"([{"createdAt":"DescNullsLast"}])", false},
        {R"("name")", R"([{"name":{"firstName":"AscNullsFirst"}}])", true},
        {R"("company.name[AscNullsLast]")", R"([{"company":{"name":"AscNullsLast"}}])", false},
        {R"("company")", R"([{"company":{"name":"AscNullsFirst"}}])", true},
        {R"("companyId")", R"([{"companyId":"AscNullsFirst"}])", false},
        {R"("CREATEDAT")", R"([{"createdAt":"AscNullsFirst"}])", true},
        {R"("createdAt,createdAt[DescNullsLast]")", R"([{"createdAt":"AscNullsFirst"}])", false},
        {R"("")", "[]", false},
        {"null", "[]", false},
        {R"("id")", "[]", false},
        {R"("id[DescNullsLast]")", "[]", true},
        {R"("createdAt,id[DescNullsLast]")", R"([{"createdAt":"AscNullsFirst"}])", true},
    };
    for (const auto& s : all) {
        INFO(s.input);
        const auto made = as_order(parsed(s.input));
        INFO((made ? "" : made.failure().message));
        REQUIRE(made);
        CHECK(json::dump(made->value) == s.result);
        CHECK(made->notes.empty() == !s.repaired);
    }
}

TEST_CASE("Twenty's cursor is used only for orders in which it loses nothing", "[order]") {
    struct sample {
        const char* input;
        paging how;
        std::vector<std::string> selected;
    };
    const sample all[] = {
        {"", paging::cursor, {}},
        {"id", paging::cursor, {}},
        {"createdAt[DescNullsLast]", paging::cursor, {"createdAt"}},
        {"updatedAt", paging::cursor, {"updatedAt"}},
        {"position", paging::cursor, {"position"}},
        {"name.firstName", paging::offset, {}},
        {"jobTitle", paging::offset, {}},
        {"performanceRating", paging::offset, {}},
        {"company.name", paging::offset, {}},
        {"companyId", paging::offset, {}},
        {"deletedAt", paging::offset, {}},
        {"createdAt,updatedAt", paging::offset, {}},
    };
    for (const auto& s : all) {
        INFO(s.input);
        const auto made = as_order(s.input);
        REQUIRE(made);
        CHECK((made->how == s.how));
        CHECK(made->selected == s.selected);
    }
}

TEST_CASE("orders that mean nothing are refused with what would be right", "[order]") {
    struct sample {
        const char* input;
        const char* part;
    };
    const sample all[] = {
        {"nope", "nope"},
        {"jobTitel", "jobTitle"},
        {"createdAt[Sideways]", "DescNullsLast"},
        {"createdAt[DescNullsLast", "closing"},
        {"noteTargets", "list"},
        {"company.accountOwner.name", "one relation"},
        {"name.middleName", "no part"},
        {"jobTitle.x", "too deep"},
        {"searchVector", "sorted"},
        {"avatarFile", "sorted"},
        {"createdAt,updatedAt,jobTitle,intro,position,name.lastName", "5"},
        {"{\"a\":", "read"},
    };
    for (const auto& s : all) {
        INFO(s.input);
        const auto made = as_order(s.input);
        REQUIRE_FALSE(made);
        INFO(made.failure().message);
        CHECK(made.failure().code == errc::bad_request);
        CHECK(made.failure().message.find(s.part) != std::string::npos);
    }
    CHECK_FALSE(as_order(json::value(5)));
    CHECK_FALSE(as_order(parsed(R"({"name":5})")));
}

TEST_CASE("fifty sort keys are read, repeated ones included, of a text of 4 KiB", "[order]") {
    const auto keys = [](std::size_t n) {
        json::array out;
        for (std::size_t i = 0; i < n; ++i)
            out.push_back(json::make({{"createdAt", "AscNullsFirst"}}));
        return json::value(std::move(out));
    };
    CHECK(as_order(keys(50)));
    CHECK(as_order(keys(51)).failure().message == "At most 5 sort keys are taken.");
    json::object one;
    for (int i = 0; i < 51; ++i)
        one.append("createdAt", "AscNullsFirst");
    CHECK_FALSE(as_order(json::value(std::move(one))));
    // Keys that come several at a time do not pass the bound by.
    const auto in_threes = [](int times) {
        const auto parts = json::parse(R"({"firstName":"ASC","lastName":"ASC"})").value();
        auto three = *parts.if_object();
        three.append("lastName", "ASC");
        json::object out;
        for (int i = 0; i < times; ++i)
            out.append("name", three);
        return json::value(std::move(out));
    };
    CHECK(as_order(in_threes(17)));
    CHECK_FALSE(as_order(in_threes(18)));
    CHECK(as_order("createdAt" + std::string(4096 - 9, ',')));
    CHECK(as_order("createdAt" + std::string(4096 - 8, ',')).failure().message ==
          "An order is longer than 4096 bytes.");
}

TEST_CASE("five sort keys are taken, counted once each, and none deeper than a part", "[order]") {
    const auto five = as_order("createdAt,updatedAt,jobTitle,intro,position");
    REQUIRE(five);
    CHECK(five->value.if_array()->size() == 5);
    CHECK(five->how == paging::offset);
    const auto doubles = as_order("createdAt,createdAt,updatedAt,jobTitle,intro,position,id");
    REQUIRE(doubles);
    CHECK(*doubles->value.if_array() == *five->value.if_array());
    const auto six = as_order("createdAt,updatedAt,jobTitle,intro,position,companyId");
    REQUIRE_FALSE(six);
    CHECK(six.failure().message == "At most 5 sort keys are taken.");
    for (const auto* deep :
         {"name.firstName.x", "createdAt.x", "companyId.x", "company.name.x",
          "company.domainName.primaryLinkUrl.x", "company.annualRevenue.amountMicros.x"}) {
        INFO(deep);
        CHECK_FALSE(as_order(deep));
    }
    CHECK(as_order("company.domainName.primaryLinkUrl"));
}

TEST_CASE("an order written as an object nests no deeper than a path does", "[order]") {
    CHECK(as_order(parsed(R"({"company":{"domainName":{"primaryLinkUrl":"AscNullsLast"}}})")));
    const auto deep = [](int levels) {
        std::string out;
        for (int i = 0; i < levels; ++i)
            out += R"({"a":)";
        const auto r = as_order(
            parsed(out + "\"AscNullsLast\"" + std::string(static_cast<std::size_t>(levels), '}')));
        REQUIRE_FALSE(r);
        return r.failure().message;
    };
    CHECK(deep(4).find("needs a direction") == std::string::npos);
    CHECK(deep(5).find("needs a direction") != std::string::npos);
}

TEST_CASE("a limited grant can't sort by other objects", "[order]") {
    const auto may = sample_access(twenty::mode::read, {"person"});
    for (const auto* input : {"company.name", "companyId", "company", "-company.annualRevenue"}) {
        INFO(input);
        CHECK_FALSE(as_order(input, "person", may));
    }
}
