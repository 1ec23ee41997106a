#include "twenty/shape.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"

using support::sample_access;
using support::sample_object;

namespace {

json::value from_twenty(std::string_view text) {
    auto v = json::parse(text, json::upstream);
    INFO(text);
    REQUIRE(v);
    return *std::move(v);
}
std::string compact(std::string_view object, std::string_view record,
                    const twenty::access& may = sample_access()) {
    return json::dump(twenty::compact_record(from_twenty(record), sample_object(object), may));
}

} // namespace

TEST_CASE("a record keeps what says something and loses the rest", "[shape]") {
    CHECK(
        compact(
            "person",
            R"({"id":"1","createdAt":"2026-11-22T12:05:17.009Z","deletedAt":null,"name":{"firstName":"Jeff","lastName":""},
      "emails":{"primaryEmail":"j@example.com","additionalEmails":[]},"linkedinLink":{"primaryLinkLabel":"","primaryLinkUrl":"","secondaryLinks":[]},
      "phones":{"primaryPhoneNumber":"","primaryPhoneCountryCode":"DE","primaryPhoneCallingCode":"+49","additionalPhones":[]},
      "position":442,"createdBy":{"source":"API","workspaceMemberId":null,"name":"key","context":{}},"searchVector":"'x':1",
      "jobTitle":"","workPreference":[],"performanceRating":null,"companyId":null,"company":null,"__typename":"Person"})") ==
        R"({"id":"1","createdAt":"2026-11-22T12:05:17.009Z","name":{"firstName":"Jeff"},"emails":{"primaryEmail":"j@example.com"},"createdBy":{"source":"API","name":"key"}})");
    CHECK(compact("company", R"({"visaSponsorship":false,"employees":0})") ==
          R"({"visaSponsorship":false,"employees":0})");
}

TEST_CASE("relations become id and label, lists become lists of them", "[shape]") {
    CHECK(compact("person", R"({"companyId":"c1","company":{"id":"c1","name":"Acme"}})") ==
          R"({"company":{"id":"c1","label":"Acme"}})");
    CHECK(compact("person", R"({"companyId":"c1"})") == R"({"companyId":"c1"})");
    CHECK(compact("person", R"({"companyId":"c1","company":null})") == R"({"companyId":"c1"})");
    CHECK(compact("company",
                  R"({"accountOwner":{"id":"m1","name":{"firstName":"Ann","lastName":"Lee"}}})") ==
          R"({"accountOwner":{"id":"m1","label":"Ann Lee"}})");
    CHECK(
        compact(
            "person",
            R"({"noteTargets":{"edges":[{"node":{"id":"t1","noteId":"n1","note":{"id":"n1","title":"Call"}}}]}})") ==
        R"({"noteTargets":[{"id":"t1","note":{"id":"n1","label":"Call"}}]})");
    CHECK(compact("person", R"({"noteTargets":{"edges":[]}})") == "{}");
    CHECK(
        compact(
            "noteTarget",
            R"({"targetPersonId":"p","targetCompanyId":null,"targetPerson":{"id":"p","name":{"firstName":"A","lastName":"B"}},"targetCompany":null})") ==
        R"({"targetPerson":{"id":"p","label":"A B"}})");
}

TEST_CASE("relations outside the grant are dropped even when they arrive", "[shape]") {
    const auto may = sample_access(twenty::mode::read, {"person"});
    CHECK(
        compact(
            "person",
            R"({"id":"1","companyId":"c1","company":{"id":"c1","name":"Acme"},"noteTargets":{"edges":[{"node":{"id":"x"}}]}})",
            may) == R"({"id":"1"})");
}

TEST_CASE("money shows its exact amount, and micros where they alone are selected", "[shape]") {
    CHECK(compact("opportunity", R"({"amount":{"amountMicros":53890000,"currencyCode":"USD"}})") ==
          R"({"amount":{"amount":53.89,"currencyCode":"USD"}})");
    CHECK(compact("opportunity", R"({"amount":{"amountMicros":53890000}})") ==
          R"({"amount":{"amount":53.89,"amountMicros":53890000}})");
    CHECK(compact("opportunity", R"({"amount":{"amountMicros":null,"currencyCode":null}})") ==
          "{}");
    CHECK(twenty::amount_text("53890000") == "53.89");
    CHECK(twenty::amount_text("1") == "0.000001");
    CHECK(twenty::amount_text("-1500000") == "-1.5");
    CHECK(twenty::amount_text("0") == "0");
    CHECK(twenty::amount_text("3450000.5") == "3.4500005");
    CHECK(twenty::amount_text("2250000.000") == "2.25");
    CHECK(twenty::amount_text("12345678901234567890000000") == "12345678901234567890");
    CHECK(twenty::amount_text("7.8e+73") == "7.8e+73");
    CHECK(twenty::amount_text("") == "");
}

TEST_CASE("big numbers keep their digits", "[shape]") {
    CHECK(compact("company", R"({"employees":9007199254740993})") ==
          R"({"employees":9007199254740993})");
    CHECK(compact("company", R"({"employees":7.866767199974241e+73})") ==
          R"({"employees":7.866767199974241e+73})");
}

TEST_CASE("rich text is its markdown, files lose their addresses", "[shape]") {
    CHECK(compact("note", R"({"bodyV2":{"blocknote":"[{}]","markdown":"Hello **you**\nbye"}})") ==
          R"({"bodyV2":"Hello **you**\nbye"})");
    CHECK(compact("note", R"({"bodyV2":{"blocknote":null,"markdown":null}})") == "{}");
    CHECK(
        compact(
            "person",
            R"({"avatarFile":[{"label":"a.pdf","fileId":"f","extension":"pdf","url":"http://x/f?token=eyJhbGci.a.b"}]})") ==
        R"({"avatarFile":[{"label":"a.pdf","fileId":"f","extension":"pdf"}]})");
}

TEST_CASE("no bearer token of a file survives in any text", "[shape]") {
    CHECK(compact("person", R"({"avatarUrl":"http://x/f?token=eyJhbGci.a.b"})") ==
          R"({"avatarUrl":"http://x/f"})");
    CHECK(compact("person", R"({"avatarUrl":"http://x/f?token=eyJhbGci.a.b&w=1"})") ==
          R"({"avatarUrl":"http://x/f?w=1"})");
    CHECK(compact("person", R"({"avatarUrl":"http://x/f?w=1&token=eyJhbGci.a.b"})") ==
          R"({"avatarUrl":"http://x/f?w=1"})");
    const auto odd = json::dump(twenty::cleaned(from_twenty(
        R"({"a":["see http://x?token=eyJa.b.c and token=eyJd.e.f"],"b":{"c":"token=eyJ"}})")));
    CHECK(odd.find("eyJ") == std::string::npos);
}

TEST_CASE("characters that hide text are removed, line breaks stay", "[shape]") {
    CHECK(compact("person", "{\"jobTitle\":\"a\u202E\u200Bb\"}") == R"({"jobTitle":"ab"})");
    CHECK(compact("person", R"({"intro":"one\ntwo"})") == R"({"intro":"one\ntwo"})");
}

TEST_CASE("members that the schema does not know stay, so that aliases are not lost", "[shape]") {
    CHECK(compact("person", R"({"alias":"x","other":{"a":1}})") ==
          R"({"alias":"x","other":{"a":1}})");
}

TEST_CASE("a record's label is what people would call it", "[shape]") {
    CHECK(twenty::record_label(from_twenty(R"({"name":{"firstName":" Ann","lastName":"Lee "}})"),
                               sample_object("person")) == "Ann Lee");
    CHECK(twenty::record_label(from_twenty(R"({"name":"Acme"})"), sample_object("company")) ==
          "Acme");
    CHECK(twenty::record_label(from_twenty(R"({"id":"1"})"), sample_object("noteTarget")).empty());
    CHECK(twenty::record_label(from_twenty(R"({"name":null})"), sample_object("company")).empty());
}

TEST_CASE("a connection becomes its nodes", "[shape]") {
    CHECK(json::dump(twenty::connection_nodes(from_twenty(
              R"({"edges":[{"node":{"id":"1"},"cursor":"x"},{"node":{"id":"2"}}]})"))) ==
          R"([{"id":"1"},{"id":"2"}])");
    CHECK(json::dump(twenty::connection_nodes(from_twenty("[1]"))) == "[1]");
    CHECK(twenty::connection_nodes(json::value()).is_null());
}

TEST_CASE("what Twenty restricts counts as empty", "[shape]") {
    // twenty-golden-2 timeline/005
    CHECK(compact("company", R"({"name":"FIELD_RESTRICTED_ADDITIONAL_PERMISSIONS_REQUIRED"})") ==
          "{}");
    CHECK(twenty::record_label(
              from_twenty(R"({"name":"FIELD_RESTRICTED_ADDITIONAL_PERMISSIONS_REQUIRED"})"),
              sample_object("company"))
              .empty());
}
