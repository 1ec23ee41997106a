#include "twenty/merge.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"

#include <algorithm>

using support::sample_object;

namespace {

std::vector<std::string> said;

std::string merged(const char* object, const char* field, const char* stored, const char* patch,
                   bool replace = false) {
    said.clear();
    return json::dump(twenty::merge_composite(*sample_object(object).find_field(field),
                                              json::parse(stored).value(),
                                              json::parse(patch).value(), replace, said));
}
std::string emails(const char* stored, const char* patch, bool replace = false) {
    return merged("person", "emails", stored, patch, replace);
}
constexpr const char* two_emails = R"({"primaryEmail":"a@b.c","additionalEmails":["d@e.f"]})";

} // namespace

TEST_CASE("a new primary address keeps the old one first among the others, and says so",
          "[merge]") {
    CHECK(emails(two_emails, R"({"primaryEmail":"x@y.z"})") ==
          R"({"primaryEmail":"x@y.z","additionalEmails":["a@b.c","d@e.f"]})");
    REQUIRE(said.size() == 1);
    CHECK(said[0].find("replace:true") != std::string::npos);
    CHECK(emails("null", R"({"primaryEmail":"x@y.z"})") == R"({"primaryEmail":"x@y.z"})");
    CHECK(said.empty());
}

TEST_CASE("one of the others becomes the primary without being kept twice", "[merge]") {
    CHECK(emails(two_emails, R"({"primaryEmail":"D@e.f"})") ==
          R"({"primaryEmail":"D@e.f","additionalEmails":["a@b.c"]})");
    CHECK(emails(two_emails, R"({"primaryEmail":"A@B.C"})") ==
          R"({"primaryEmail":"A@B.C","additionalEmails":["d@e.f"]})");
    CHECK(said.empty());
}

TEST_CASE("other addresses join the stored ones, each once", "[merge]") {
    CHECK(emails(two_emails, R"({"additionalEmails":["D@E.F","new@e.f","new@e.f","a@b.c"]})") ==
          R"({"primaryEmail":"a@b.c","additionalEmails":["d@e.f","new@e.f"]})");
    CHECK(emails(two_emails, R"({"primaryEmail":"x@y.z","additionalEmails":["n@e.f"]})") ==
          R"({"primaryEmail":"x@y.z","additionalEmails":["a@b.c","d@e.f","n@e.f"]})");
}

TEST_CASE("null clears others and primary; an empty list does not and says how", "[merge]") {
    CHECK(emails(two_emails, R"({"additionalEmails":null})") ==
          R"({"primaryEmail":"a@b.c","additionalEmails":[]})");
    CHECK(emails(two_emails, R"({"primaryEmail":null})") ==
          R"({"primaryEmail":null,"additionalEmails":["d@e.f"]})");
    CHECK(emails(two_emails, R"({"additionalEmails":[]})") == two_emails);
    REQUIRE(said.size() == 1);
    CHECK(said[0].find("null clears") != std::string::npos);
}

TEST_CASE("with replace the given values take the place of the stored ones", "[merge]") {
    CHECK(emails(two_emails, R"({"primaryEmail":"x@y.z"})", true) ==
          R"({"primaryEmail":"x@y.z","additionalEmails":[]})");
    CHECK(emails(two_emails, R"({"additionalEmails":[]})", true) ==
          R"({"primaryEmail":"a@b.c","additionalEmails":[]})");
    CHECK(emails(two_emails, R"({"primaryEmail":"x@y.z","additionalEmails":["x@y.z","n@e.f"]})",
                 true) == R"({"primaryEmail":"x@y.z","additionalEmails":["n@e.f"]})");
}

TEST_CASE("a phone number moves with its country, and a new one is not told the old country",
          "[merge]") {
    const auto phones = [](const char* stored, const char* patch) {
        return merged("person", "phones", stored, patch);
    };
    constexpr auto french =
        R"({"primaryPhoneNumber":"612345678","primaryPhoneCountryCode":"FR","primaryPhoneCallingCode":"+33","additionalPhones":[{"number":"2"}]})";
    CHECK(
        phones(french, R"({"primaryPhoneNumber":"+49301234"})") ==
        R"({"primaryPhoneNumber":"+49301234","additionalPhones":[{"number":"612345678","countryCode":"FR","callingCode":"+33"},{"number":"2"}]})");
    CHECK(
        phones(french, R"({"primaryPhoneNumber":"699999999"})") ==
        R"({"primaryPhoneNumber":"699999999","primaryPhoneCountryCode":"FR","primaryPhoneCallingCode":"+33","additionalPhones":[{"number":"612345678","countryCode":"FR","callingCode":"+33"},{"number":"2"}]})");
    // The same number in another form. Twenty refuses 0033 without a country (phones/003).
    for (const char* same : {"+33 6 12 34 56 78", "0033 612345678", "06 12 34 56 78"})
        CHECK(merged("person", "phones", french,
                     json::dump(json::make({{"primaryPhoneNumber", same}})).c_str()) == french);
    CHECK(
        phones(french, R"({"additionalPhones":[{"number":"+33 6 12 34 56 78"},{"number":"3"}]})") ==
        R"({"primaryPhoneNumber":"612345678","primaryPhoneCountryCode":"FR","primaryPhoneCallingCode":"+33","additionalPhones":[{"number":"2"},{"number":"3"}]})");
}

// twenty-golden-2 phones/019: empty parts clear; phones/023: a part that is not given stays.
TEST_CASE("a number that is cleared takes its country and calling code along", "[merge]") {
    CHECK(
        merged(
            "person", "phones",
            R"({"primaryPhoneNumber":"4155552671","primaryPhoneCountryCode":"US","primaryPhoneCallingCode":"+1","additionalPhones":[]})",
            R"({"primaryPhoneNumber":""})") ==
        R"({"primaryPhoneNumber":"","primaryPhoneCountryCode":"","primaryPhoneCallingCode":"","additionalPhones":[]})");
}

// twenty-golden-2 null/002-005, 026, 029: null for the whole changes nothing; null/016-020, 036,
// 043 and money/004, 005: what clears the parts.
TEST_CASE("a composite is cleared by its parts", "[merge]") {
    const auto cleared = [](const char* object, const char* field) {
        return json::dump(twenty::cleared_value(*sample_object(object).find_field(field)));
    };
    CHECK(cleared("person", "name") == R"({"firstName":"","lastName":""})");
    CHECK(cleared("person", "emails") == R"({"primaryEmail":null,"additionalEmails":null})");
    CHECK(
        cleared("person", "phones") ==
        R"({"primaryPhoneNumber":"","primaryPhoneCountryCode":"","primaryPhoneCallingCode":"","additionalPhones":null})");
    CHECK(cleared("company", "domainName") ==
          R"({"primaryLinkUrl":null,"primaryLinkLabel":null,"secondaryLinks":null})");
    CHECK(cleared("opportunity", "amount") == R"({"amountMicros":null,"currencyCode":null})");
    CHECK(cleared("note", "bodyV2") == R"({"markdown":""})");
    CHECK(cleared("person", "jobTitle") == "null");
}

TEST_CASE("a link keeps its label, and one address in two spellings is one link", "[merge]") {
    const auto links = [](const char* stored, const char* patch) {
        return merged("company", "domainName", stored, patch);
    };
    constexpr auto acme =
        R"({"primaryLinkUrl":"https://acme.example","primaryLinkLabel":"Acme","secondaryLinks":[]})";
    CHECK(
        links(acme, R"({"primaryLinkUrl":"https://new.example"})") ==
        R"({"primaryLinkUrl":"https://new.example","primaryLinkLabel":null,"secondaryLinks":[{"url":"https://acme.example","label":"Acme"}]})");
    CHECK(links(acme, R"({"primaryLinkUrl":"www.ACME.example/"})") == acme);
    CHECK(
        links(
            acme,
            R"({"secondaryLinks":[{"url":"acme.example","label":"x"},{"url":"b.example","label":"B"}]})") ==
        R"({"primaryLinkUrl":"https://acme.example","primaryLinkLabel":"Acme","secondaryLinks":[{"url":"b.example","label":"B"}]})");
}

// Each item has a key, and is compared with those of the same key alone.
TEST_CASE("long lists are merged in one go, and phones of one key are still told apart",
          "[merge]") {
    json::array stored;
    for (int i = 0; i < 20'000; ++i)
        stored.emplace_back("n" + std::to_string(i) + "@e.f");
    json::object whole;
    whole.append("primaryEmail", "a@b.c");
    whole.append("additionalEmails", std::move(stored));
    said.clear();
    const auto out = twenty::merge_composite(
        *sample_object("person").find_field("emails"), json::value(std::move(whole)),
        json::parse(R"({"primaryEmail":"N7@e.f"})").value(), false, said);
    CHECK(out.find("additionalEmails")->if_array()->size() == 20'000);
    CHECK(merged("person", "phones", "null",
                 R"({"additionalPhones":[{"number":"+49 30 1234567"},{"number":"+33 30 1234567"},)"
                 R"({"number":"030 1234567","callingCode":"+49"}]})") ==
          R"({"additionalPhones":[{"number":"+49 30 1234567"},{"number":"+33 30 1234567"}]})");
}

// Until 1.16 the others are JSON text.
TEST_CASE("on old servers the stored others are kept as well", "[merge]") {
    constexpr auto old = R"({"primaryEmail":"a@b.c","additionalEmails":"[\"d@e.f\"]"})";
    CHECK(emails(old, R"({"primaryEmail":"x@y.z"})") ==
          R"({"primaryEmail":"x@y.z","additionalEmails":["a@b.c","d@e.f"]})");
    CHECK(emails(old, R"({"additionalEmails":["n@e.f"]})") ==
          R"({"primaryEmail":"a@b.c","additionalEmails":["d@e.f","n@e.f"]})");
    CHECK(
        merged(
            "company", "domainName",
            R"({"primaryLinkUrl":"a.example","secondaryLinks":"[{\"url\":\"b.example\",\"label\":\"B\"}]"})",
            R"({"secondaryLinks":[{"url":"c.example","label":"C"}]})") ==
        R"({"primaryLinkUrl":"a.example","secondaryLinks":[{"url":"b.example","label":"B"},{"url":"c.example","label":"C"}]})");
}
