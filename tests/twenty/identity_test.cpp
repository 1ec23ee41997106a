#include "twenty/identity.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"

#include <algorithm>

namespace {

constexpr auto emails_type = twenty::field_type::emails;
constexpr auto phones = twenty::field_type::phones;
constexpr auto links = twenty::field_type::links;

std::string phone_of(std::string_view written, std::string_view code = {}) {
    const auto p = twenty::read_phone(written, code);
    return p ? p->code + "|" + p->national : "none";
}
const twenty::field& field_of(std::string_view object, std::string_view name) {
    return *support::sample_object(object).find_field(name);
}
std::string held(const twenty::field& f, const std::vector<std::string>& values,
                 bool additional = true) {
    return json::dump(json::value(twenty::holding(f, values, additional)));
}

} // namespace

TEST_CASE("a unique value is looked for in every spelling that Twenty may hold", "[identity]") {
    CHECK(twenty::spellings(emails_type, "Ann@B.example") ==
          std::vector<std::string>{"Ann@B.example", "ann@b.example"});
    for (const auto* url : {"acme.example", "https://www.Acme.example/", "http://acme.example"}) {
        const auto all = twenty::spellings(links, url);
        CHECK(all.front() == url);
        CHECK(std::ranges::count(all, "https://acme.example") == 1);
        for (const auto& other : all)
            CHECK(twenty::same_primary(links, url, other));
    }
    CHECK(twenty::spellings(twenty::field_type::text, "A") == std::vector<std::string>{"A"});
    CHECK_FALSE(twenty::same_primary(twenty::field_type::text, "A", "a"));
    CHECK_FALSE(twenty::same_primary(links, "acme.example/a", "acme.example/A"));
}

// What Twenty stores of each: twenty-golden-2 phones/001-032.
TEST_CASE("a phone number is read in international and national forms", "[identity]") {
    for (const auto* written :
         {"+49 30 91827364", "+493091827364", "0049 30 91827364", "tel:+49-30-91827364",
          "+49 (0)30 9182 7364", "+49 30 91827364 ext. 5", " +49/30.91827364 "})
        CHECK(phone_of(written) == "49|3091827364");
    CHECK(phone_of("030 91827364") == "|03091827364");
    CHECK(phone_of("30 91827364", "+49") == "49|3091827364");
    CHECK(phone_of("(415) 555-2671") == "|4155552671");
    CHECK(phone_of("+1 415 555 2671") == "1|4155552671");
    CHECK(phone_of("+7 495 1234567") == "7|4951234567");
    CHECK(phone_of("+353 1 234 5678") == "353|12345678");
    CHECK(phone_of("+39 06 698") == "39|06698"); // Italy keeps the zero
    for (const auto* other : {"12", "", "Ada", "a@b.example", "2026-12-01T10:00", "Zürich 8001",
                              "123456789012345678901", "%91827364%"})
        CHECK(phone_of(other) == "none");
}

TEST_CASE("phone numbers are the same with and without code, trunk zero and blanks", "[identity]") {
    const auto same = [](const char* a, const char* b) {
        return twenty::same_primary(phones, a, b);
    };
    CHECK(same("+49 30 91827364", "+493091827364"));
    CHECK(same("+49 30 91827364", "030 91827364"));
    CHECK(same("3091827364", "0049 30 91827364"));
    CHECK_FALSE(same("+49 30 91827364", "+43 30 91827364"));
    CHECK_FALSE(same("+49 30 91827364", "+49 30 91827365"));
    const auto item = json::make({{"number", "1715550199"}, {"callingCode", "+49"}});
    CHECK(twenty::same_item(phones, item, json::value("+49 171 5550199")));
    CHECK_FALSE(twenty::same_item(phones, item, json::value("+44 171 5550199")));
    CHECK(twenty::compact_phone(*twenty::read_phone("0049 30 91827364")) == "+493091827364");
    CHECK(twenty::compact_phone(*twenty::read_phone("030 91827364")) == "3091827364");
}

TEST_CASE("addresses and links are one whatever surrounds them", "[identity]") {
    CHECK(twenty::same_primary(emails_type, " mailto:Ada@B.example", "ada@b.example "));
    CHECK(twenty::plain_email("MAILTO:Ada@B.example") == "ada@b.example");
    CHECK(twenty::same_primary(links, "https://www.Acme.example/", "acme.example"));
    CHECK(twenty::host_of("https://www.Acme.example:8080/about?x=1") == "acme.example");
    CHECK(twenty::host_of("acme.example?x") == "acme.example");
}

// Operators on the lists: twenty-golden-2 phones/038, 039, uniqueness/021-023.
TEST_CASE("a value is found as the primary and among the additional ones", "[identity]") {
    CHECK(
        held(field_of("person", "emails"), {"Ada_L@B.example"}) ==
        R"([{"emails":{"primaryEmail":{"in":["Ada_L@B.example","ada_l@b.example"]}}},{"emails":{"additionalEmails":{"like":"%\"ada\\_l@b.example\"%"}}}])");
    CHECK(
        held(field_of("person", "phones"), {"+49 30 91827364"}) ==
        R"([{"and":[{"phones":{"primaryPhoneNumber":{"in":["3091827364"]}}},{"phones":{"primaryPhoneCallingCode":{"in":["+49","49"]}}}]},{"phones":{"additionalPhones":{"like":"%\"3091827364\"%"}}}])");
    CHECK(held(field_of("person", "phones"), {"030 91827364"}, false) ==
          R"([{"phones":{"primaryPhoneNumber":{"in":["03091827364","3091827364"]}}}])");
    const auto domains = held(field_of("company", "domainName"), {"WWW.Acme.example"});
    for (const auto* spelled :
         {R"("https://acme.example")", R"("www.acme.example")",
          R"({"domainName":{"secondaryLinks":{"like":"%\"acme.example\"%"}}})"})
        CHECK(domains.find(spelled) != std::string::npos);
}

TEST_CASE("a stored number is the same with its code beside it, before it or not at all",
          "[identity]") {
    const auto stored = json::make({{"number", "30 91827364"}, {"callingCode", "+49"}});
    for (const auto* same : {"+49 30 91827364", "0049 30 91827364", "030 91827364", "3091827364"}) {
        INFO(same);
        CHECK(twenty::same_item(phones, stored, json::value(same)));
        CHECK(twenty::same_item(phones, json::value(same), stored));
    }
    const auto without_code = json::make({{"number", "030 91827364"}});
    CHECK(twenty::same_item(phones, stored, without_code));
    CHECK(twenty::same_item(phones, without_code, stored));
    for (const auto* other : {"+43 30 91827364", "030 91827365"})
        CHECK_FALSE(twenty::same_item(phones, stored, json::value(other)));
}

TEST_CASE("three to twenty digits are a number, and 00 in front of few of them is none of a code",
          "[identity]") {
    CHECK(phone_of("123") == "|123");
    CHECK(phone_of("12") == "none");
    CHECK(phone_of("12345678901234567890") == "|12345678901234567890");
    CHECK(phone_of("123456789012345678901") == "none");
    CHECK(phone_of("004930918") == "49|30918");
    CHECK(phone_of("00493091") == "|00493091");
    // Of eleven digits a number may be an international one that lost its plus.
    const auto& phones_of_person = field_of("person", "phones");
    CHECK(held(phones_of_person, {"49309182736"}, false).find("CallingCode") != std::string::npos);
    CHECK(held(phones_of_person, {"4930918273"}, false).find("CallingCode") == std::string::npos);
    CHECK(held(phones_of_person, {"04930918273"}, false).find("CallingCode") == std::string::npos);
}
