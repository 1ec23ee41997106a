#include "twenty/write_values.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "tests/twenty/support.hpp"

using support::sample_object;
using twenty_test::contains;

namespace {

struct written {
    bool ok = false;
    std::string value; // JSON, or the message of the refusal
    std::string notes;
};
written write(const char* object, const char* field, const json::value& v) {
    std::vector<std::string> notes;
    const auto made = twenty::write_value(*sample_object(object).find_field(field), v, notes);
    written out;
    out.ok = made.ok();
    out.value = made ? json::dump(*made) : made.failure().message;
    for (const auto& n : notes)
        out.notes += n + "; ";
    return out;
}
written write(const char* object, const char* field, const char* v) {
    return write(object, field, json::parse(v).value());
}

} // namespace

TEST_CASE("a text of a million bytes is sent, a longer one is refused before", "[write_values]") {
    const std::string longest(1'000'000, 'x');
    CHECK(write("person", "jobTitle", json::value(longest)).ok);
    const auto refused = write("person", "jobTitle", json::value(longest + "x"));
    CHECK_FALSE(refused.ok);
    CHECK(contains(refused.value, "longer than 1,000,000 bytes"));
    // A note's text is a part of its field.
    const auto markdown = [](const std::string& text) {
        return write("note", "bodyV2", json::make({{"markdown", text}}));
    };
    CHECK(markdown(longest).ok);
    CHECK(contains(markdown(longest + "x").value, "longer than 1,000,000 bytes"));
    CHECK_FALSE(write("note", "bodyV2", json::value(longest + "x")).ok);
}

TEST_CASE("a list holds at most five hundred texts and nothing but texts", "[write_values]") {
    const auto texts = [](std::size_t count) {
        return write("project", "keywords", json::value(json::array(count, json::value("x"))));
    };
    CHECK(texts(500).ok);
    CHECK(texts(0).ok);
    const auto refused = texts(501);
    CHECK_FALSE(refused.ok);
    CHECK(contains(refused.value, "its list has 501 items, 500 at most"));
    CHECK_FALSE(write("project", "keywords", R"(["a",1])").ok);
    CHECK_FALSE(write("project", "keywords", R"([["a"]])").ok);
}

TEST_CASE("a part that is given twice, in whatever spelling, is refused", "[write_values]") {
    for (const auto* given : {R"({"firstName":"Ann","FIRSTNAME":"Lee"})",
                              R"({"lastName":"Ann","firstName":"A","lastname":"Ann"})"}) {
        INFO(given);
        const auto refused = write("person", "name", given);
        CHECK_FALSE(refused.ok);
        CHECK(contains(refused.value, "is given twice"));
    }
}

TEST_CASE("an e-mail address has a name and a domain, and is one", "[write_values]") {
    for (const auto* good : {"a@b", "ada.lovelace+crm@acme.example"})
        CHECK(write("person", "emails", json::make({{"primaryEmail", good}})).ok);
    for (const auto* bad : {"ada", "@acme.example", "ada@", "a da@b.example", "a@b, c@d",
                            "Ada <ada@acme.example>", "a@b;c@d"}) {
        INFO(bad);
        const auto refused = write("person", "emails", json::make({{"primaryEmail", bad}}));
        CHECK_FALSE(refused.ok);
        CHECK(contains(refused.value, "isn't an e-mail address"));
    }
}

TEST_CASE("a choice that is given twice, in whatever spelling, is stored once", "[write_values]") {
    CHECK(write("person", "workPreference", R"(["HYBRID","hybrid","HYBRID"])").value ==
          R"(["HYBRID"])");
    CHECK(write("person", "workPreference", R"("HYBRID, HYBRID")").value == R"(["HYBRID"])");
}

// twenty-golden-2 money/: Twenty calculates with doubles, which are exact up to 2^53.
TEST_CASE("an amount beyond 2^53 is noted on both sides of zero, one of exactly that is not",
          "[write_values]") {
    const auto noted = [](const char* micros) {
        const auto made =
            write("opportunity", "amount",
                  (std::string(R"({"currencyCode":"USD","amountMicros":)") + micros + "}").c_str());
        CHECK(made.ok);
        return contains(made.notes, "Twenty rounds amounts");
    };
    CHECK_FALSE(noted("9007199254740992"));
    CHECK_FALSE(noted("-9007199254740992"));
    CHECK(noted("9007199254740993"));
    CHECK(noted("-9007199254740993"));
    CHECK(noted("9223372036854775807"));
    for (const auto* beyond : {"9223372036854775808", "-9223372036854775809"})
        CHECK_FALSE(
            write("opportunity", "amount",
                  (std::string(R"({"currencyCode":"USD","amountMicros":)") + beyond + "}").c_str())
                .ok);
}

TEST_CASE("a link that a click would run is refused in every part that holds links",
          "[write_values]") {
    for (const auto* value : {R"("javascript:x")", R"({"primaryLinkUrl":"javascript:x"})",
                              R"({"secondaryLinks":[{"url":"a.example"},{"url":"javascript:x"}]})",
                              R"({"secondaryLinks":["javascript:x"]})"}) {
        INFO(value);
        const auto refused = write("company", "domainName", value);
        CHECK_FALSE(refused.ok);
        CHECK(contains(refused.value, "can't be a link"));
    }
}
