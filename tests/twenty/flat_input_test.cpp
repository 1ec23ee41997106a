#include "twenty/flat_input.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "twenty/data.hpp"

using support::sample_access;
using support::sample_object;

TEST_CASE("flat and dotted names are written into their composite fields and reported",
          "[flat_input]") {
    struct row {
        const char* object;
        const char* input;
        const char* result;
    };
    for (
        const auto& r : {
            row{"person", R"({"firstName":"Ann","last_name":"Lee"})",
                R"({"name":{"firstName":"Ann","lastName":"Lee"}})"},
            row{"person", R"({"full_name":"Ann Lee"})",
                R"({"name":{"firstName":"Ann","lastName":"Lee"}})"},
            row{"person", R"({"Email":" a@b.example ","phone":"+33612345678"})",
                R"({"emails":{"primaryEmail":"a@b.example"},"phones":{"primaryPhoneNumber":"+33612345678"}})"},
            row{"person", R"({"additional_emails":["b@b.example"],"email":"a@b.example"})",
                R"({"emails":{"primaryEmail":"a@b.example","additionalEmails":["b@b.example"]}})"},
            row{"person", R"({"emails":{"email":"a@b.example","additional":[]}})",
                R"({"emails":{"primaryEmail":"a@b.example","additionalEmails":[]}})"},
            row{"opportunity", R"({"amount":1200.5,"currency":"eur"})",
                R"({"amount":{"amountMicros":1200500000,"currencyCode":"EUR"}})"},
            row{"opportunity", R"({"amountMicros":5000000,"currencyCode":"EUR"})",
                R"({"amount":{"amountMicros":5000000,"currencyCode":"EUR"}})"},
            row{"opportunity", R"({"amount":{"amount":5,"currency":"EUR"}})",
                R"({"amount":{"amountMicros":5000000,"currencyCode":"EUR"}})"},
            row{"company", R"({"city":"Oslo","country":"Norway","zip":"0150","street":"Gate 1"})",
                R"({"address":{"addressCity":"Oslo","addressCountry":"Norway","addressPostcode":"0150","addressStreet1":"Gate 1"}})"},
            row{"company", R"({"address":{"city":"Oslo"}})",
                R"({"address":{"addressCity":"Oslo"}})"},
            row{"company", R"({"website":"acme.example"})",
                R"({"domainName":{"primaryLinkUrl":"acme.example"}})"},
            row{"note", R"({"body":"Hello"})", R"({"bodyV2":{"markdown":"Hello"}})"},
        }) {
        INFO(r.input);
        const auto made = twenty::prepare_create(json::parse(r.input).value(),
                                                 sample_object(r.object), sample_access());
        INFO((made ? "" : made.failure().message));
        REQUIRE(made);
        const auto wanted = json::parse(r.result).value();
        INFO(json::dump(json::value(made->values)));
        for (const auto& [name, v] : *wanted.if_object()) {
            REQUIRE(made->values.find(name));
            for (const auto& [part, inner] : *v.if_object()) {
                INFO(part);
                const auto* written = made->values.find(name)->find(part);
                REQUIRE(written);
                CHECK(*written == inner);
            }
        }
        CHECK(made->values.size() == wanted.if_object()->size());
        CHECK_FALSE(made->notes.empty());
    }
}

TEST_CASE("a dotted name is what it says and needs no report", "[flat_input]") {
    const auto made = twenty::prepare_create(json::parse(R"({"name.firstName":"Ann"})").value(),
                                             sample_object("person"), sample_access());
    REQUIRE(made);
    CHECK(json::dump(json::value(made->values)) == R"({"name":{"firstName":"Ann"}})");
    CHECK(made->notes.empty());
}

TEST_CASE("a name that the object has itself is never taken for a part of another field",
          "[flat_input]") {
    for (const auto* object : {"person", "company", "opportunity", "note", "project"}) {
        const auto& of = sample_object(object);
        const auto may = sample_access();
        for (const auto& name : may.names(of)) {
            INFO(object << " " << name);
            std::vector<std::string> notes;
            json::object input;
            input.append(name, "x");
            const auto made = twenty::gather_flat(input, of, may, notes);
            REQUIRE(made);
            CHECK(*made == input);
            CHECK(notes.empty());
        }
    }
}
