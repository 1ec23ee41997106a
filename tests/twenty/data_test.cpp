#include "twenty/data.hpp"

#include "base/text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "tests/twenty/support.hpp"

using support::sample_access;
using support::sample_object;
using twenty_test::parsed;
using twenty_test::sample;

TEST_CASE("good data passes as it is, without notes", "[data]") {
    const sample all[] = {
        {"person", R"({"name":{"firstName":"Ann","lastName":"Lee"},"jobTitle":"CEO"})", nullptr},
        {"person",
         R"({"emails":{"primaryEmail":"a@b.example","additionalEmails":["c@d.example"]}})",
         nullptr},
        {"person", R"({"companyId":"20202020-b000-4485-94de-70c2a98daef2"})", nullptr},
        {"person", R"({"companyId":null,"name":{"firstName":"Ann"}})", nullptr},
        {"person", R"({"workPreference":["HYBRID","ON_SITE"],"performanceRating":"RATING_3"})",
         nullptr},
        {"person",
         R"({"phones":{"primaryPhoneNumber":"612345678","primaryPhoneCountryCode":"FR","primaryPhoneCallingCode":"+33"}})",
         nullptr},
        {"company",
         R"({"annualRevenue":{"amountMicros":53890000,"currencyCode":"USD"},"employees":12.5})",
         nullptr},
        {"company",
         R"({"address":{"addressCity":"Oslo","addressLat":59.9},"visaSponsorship":true})", nullptr},
        {"company", R"({"annualRevenue":{"amountMicros":0,"currencyCode":"USD"}})", nullptr},
        {"company", R"({"name":"A","annualRevenue":{"amountMicros":null,"currencyCode":null}})",
         nullptr},
        {"opportunity",
         R"({"closeDate":"2026-11-22T14:30:00+01:00","stage":"NEW","probability":"0.25"})",
         R"({"closeDate":"2026-11-22T14:30:00+01:00","stage":"NEW","probability":0.25})"},
        {"note", R"({"title":"x","bodyV2":{"markdown":"Hello **world**"}})", nullptr},
        {"noteTarget",
         R"({"noteId":"20202020-b000-4485-94de-70c2a98daef2","targetPersonId":"20202020-b000-4485-94de-70c2a98daef3"})",
         nullptr},
        {"project",
         R"({"kickoff":"2026-02-28","keywords":["a","b"],"extraData":{"x":[1,{"y":null}]},"isBillable":false})",
         nullptr},
        {"project", R"({"gadget":{"anything":1}})", nullptr},
        // Twenty makes {} of a plain text and drops a link [twenty-golden-2 phones/028].
        {"person", R"({"phones":{"additionalPhones":["+49 171 5550199",{"number":"+1 415"}]}})",
         R"({"phones":{"additionalPhones":[{"number":"+49 171 5550199"},{"number":"+1 415"}]}})"},
        {"company",
         R"({"domainName":{"primaryLinkUrl":"https://a.example","secondaryLinks":["b.example"]}})",
         R"({"domainName":{"primaryLinkUrl":"https://a.example","secondaryLinks":[{"url":"b.example"}]}})"},
    };
    for (const auto& s : all) {
        INFO(s.input);
        const auto made =
            twenty::prepare_create(parsed(s.input), sample_object(s.object), sample_access());
        INFO((made ? "" : made.failure().message));
        REQUIRE(made);
        CHECK(json::dump(json::value(made->values)) == (s.result ? s.result : s.input));
        CHECK(made->notes.size() == (s.result ? 1 : 0));
    }
}

TEST_CASE("small mistakes in data are repaired and reported", "[data]") {
    const sample all[] = {
        {"person", R"({"JobTitle":"x"})", R"({"jobTitle":"x"})"},
        {"person", R"({"name":"Ann van Lee"})",
         R"({"name":{"firstName":"Ann","lastName":"van Lee"}})"},
        {"person", R"({"name":"Ann"})", R"({"name":{"firstName":"Ann","lastName":""}})"},
        {"person", R"({"emails":" a@b.example "})", R"({"emails":{"primaryEmail":"a@b.example"}})"},
        {"person", R"({"emails":{"primaryEmail":"a@b.example\n"}})",
         R"({"emails":{"primaryEmail":"a@b.example"}})"},
        {"person", R"({"workPreference":"Hybrid, On-Site"})",
         R"({"workPreference":["HYBRID","ON_SITE"]})"},
        {"person", R"({"performanceRating":4})", R"({"performanceRating":"RATING_4"})"},
        {"person", R"({"company":"20202020-b000-4485-94de-70c2a98daef2"})",
         R"({"companyId":"20202020-b000-4485-94de-70c2a98daef2"})"},
        {"person", R"({"company":{"id":"20202020-b000-4485-94de-70c2a98daef2"}})",
         R"({"companyId":"20202020-b000-4485-94de-70c2a98daef2"})"},
        {"person",
         R"({"company":{"connect":{"where":{"id":"20202020-b000-4485-94de-70c2a98daef2"}}}})",
         R"({"companyId":"20202020-b000-4485-94de-70c2a98daef2"})"},
        {"opportunity", R"({"stage":"proposal"})", R"({"stage":"PROPOSAL"})"},
        {"task", R"({"status":"In progress"})", R"({"status":"IN_PROGRESS"})"},
        {"opportunity", R"({"amount":{"amount":53.89,"currencyCode":"usd"}})",
         R"({"amount":{"amountMicros":53890000,"currencyCode":"USD"}})"},
        {"opportunity", R"({"amount":{"amount":"1000000000000","currencyCode":"EUR"}})",
         R"({"amount":{"amountMicros":1000000000000000000,"currencyCode":"EUR"}})"},
        {"opportunity", R"({"amount":{"amount":-0.000001,"currencyCode":"EUR"}})",
         R"({"amount":{"amountMicros":-1,"currencyCode":"EUR"}})"},
        {"opportunity", R"({"amount":{"amount":9007199255,"currencyCode":"EUR"}})",
         R"({"amount":{"amountMicros":9007199255000000,"currencyCode":"EUR"}})"},
        {"company", R"({"domainName":"https://acme.example"})",
         R"({"domainName":{"primaryLinkUrl":"https://acme.example"}})"},
        {"company", R"({"employees":"250"})", R"({"employees":250})"},
        {"company", R"({"visaSponsorship":"True"})", R"({"visaSponsorship":true})"},
        {"company", R"({"name":2000})", R"({"name":"2000"})"},
        {"note", R"({"bodyV2":"Hello **world**"})", R"({"bodyV2":{"markdown":"Hello **world**"}})"},
        {"note", R"({"bodyV2":{"markdown":"a","blocknote":"[]"}})",
         R"({"bodyV2":{"markdown":"a"}})"},
        {"project", R"({"kickoff":"2026-11-22T10:00:00Z"})", R"({"kickoff":"2026-11-22"})"},
        {"project", R"({"keywords":"one"})", R"({"keywords":["one"]})"},
    };
    for (const auto& s : all) {
        INFO(s.input);
        const auto made =
            twenty::prepare_create(parsed(s.input), sample_object(s.object), sample_access());
        INFO((made ? "" : made.failure().message));
        REQUIRE(made);
        CHECK(json::dump(json::value(made->values)) == s.result);
        if (std::string_view(s.input).find("\"company\":\"") == std::string_view::npos)
            CHECK_FALSE(made->notes.empty());
    }
}

TEST_CASE("data that can't be stored is refused with the field and what would be right", "[data]") {
    const sample all[] = {
        {"person", R"({"nope":1})", "nope"},
        {"person", R"({"jobTitel":"x"})", "jobTitle"},
        {"person", R"({"id":"20202020-b000-4485-94de-70c2a98daef2"})", "set by Twenty"},
        {"person", R"({"updatedAt":"2026-01-01"})", "set by Twenty"},
        {"person", R"({"createdBy":{"source":"MANUAL"}})", "set by Twenty"},
        {"person", R"({"updatedBy":{"source":"MANUAL"}})", "set by Twenty"},
        {"person", R"({"deletedAt":null})", "delete_record"},
        {"person", R"({"position":"middle"})", "first"},
        {"person", R"({"searchVector":"x"})", "set by Twenty"},
        {"person", R"({})", "would be empty"},
        {"person", R"({"name":"","jobTitle":" ","emails":null,"companyId":null})",
         "would be empty"},
        {"company", R"({"people":[]})", "companyId"},
        {"project", R"({"helperPeople":[]})", "list"},
        {"person", R"({"company":["Acme"]})", "companyId"},
        {"person", R"({"companyId":""})", "UUID"},
        {"person", R"({"companyId":"acme","company":"Acme"})", "twice"},
        {"person", R"({"companyId":"20202020-b000-4485-94de-70c2a98daef2","company":null})",
         "twice"},
        {"noteTarget", R"({"target":"20202020-b000-4485-94de-70c2a98daef2"})", "targetPersonId"},
        {"noteTarget", R"({"personId":"20202020-b000-4485-94de-70c2a98daef2"})", "targetPersonId"},
        {"person", R"({"emails":"not an address"})", "e-mail"},
        {"person", R"({"emails":{"primaryEmail":"a@b.example","cc":"x"}})", "additionalEmails"},
        {"person", R"({"emails":"a@b.example","email":"c@d.example"})", "twice"},
        {"person", R"({"email":"a@b.example","emails.primaryEmail":"c@d.example"})", "twice"},
        {"person", R"({"name":"Ann Lee","firstName":"Ann"})", "twice"},
        {"person", R"({"emails.cc":"a@b.example"})", "additionalEmails"},
        {"person", R"({"url":"acme.example"})", "url"},
        {"person", R"({"emails":{"additionalEmails":"x@y.example"}})", "list"},
        {"person", R"({"phones":{"additionalPhones":[{"phone":"+49 171 5550199"}]}})", "number"},
        {"person", R"({"phones":{"additionalPhones":[5]}})", "number"},
        {"company", R"({"domainName":{"secondaryLinks":[{"href":"https://a.example"}]}})", "url"},
        {"company", R"({"domainName":{"secondaryLinks":["javascript:x"]}})", "http"},
        {"person", R"({"emails":{}})", "primaryEmail"},
        {"person", R"({"name":5})", "firstName"},
        {"person", R"({"workPreference":["SOMETIMES"]})", "HYBRID"},
        {"opportunity", R"({"stage":"NOPE"})", "SCREENING"},
        {"opportunity", R"({"amount":5000})", "amountMicros"},
        {"opportunity", R"({"amount":{"amountMicros":1.5,"currencyCode":"USD"}})", "whole number"},
        {"opportunity", R"({"amount":{"amount":1.1234567,"currencyCode":"USD"}})", "six decimals"},
        {"opportunity", R"({"amount":{"amountMicros":9223372036854775808}})", "too large"},
        {"opportunity", R"({"amount":{"amountMicros":"-9223372036854775809"}})", "too large"},
        {"opportunity", R"({"amount":{"amountMicros":123456789012345678901234567890}})",
         "too large"},
        {"opportunity", R"({"amount":{"amount":9223372036855,"currencyCode":"USD"}})", "too large"},
        {"opportunity", R"({"amount":{"amountMicros":1,"currencyCode":"dollars"}})",
         "three letters"},
        {"opportunity", R"({"closeDate":"soon"})", "2026-11-22"},
        {"opportunity", R"({"closeDate":20261122})", "2026-11-22"},
        // Read by Twenty as 12 January, 1 December and a day of the year 12 [dates/122, 129].
        {"opportunity", R"({"closeDate":"01.12.2026"})", "2026-11-22"},
        {"opportunity", R"({"closeDate":"12/01/2026"})", "2026-11-22"},
        {"opportunity", R"({"closeDate":"12/01/26"})", "2026-11-22"},
        {"opportunity", R"({"closeDate":"2026-12-24T18:00:00+01:00[Europe/Berlin]"})",
         "2026-11-22"},
        {"opportunity", R"({"amount":{"amountMicros":true,"currencyCode":"EUR"}})", "number"},
        {"company", R"({"employees":"many"})", "number"},
        {"company", R"({"employees":true})", "number"},
        {"company", R"({"visaSponsorship":1})", "true or false"},
        {"company", R"({"name":{"a":1}})", "text"},
        {"company", R"({"address":"Main Street"})", "addressCity"},
        {"project", R"({"kickoff":"2026-02-30"})", "date"},
        {"project", R"({"externalId":"x"})", "UUID"},
        {"project", R"({"keywords":[1]})", "text"},
        {"person", R"([])", "object"},
        {"person", R"("x")", "object"},
    };
    for (const auto& s : all) {
        INFO(s.input);
        const auto made =
            twenty::prepare_create(parsed(s.input), sample_object(s.object), sample_access());
        REQUIRE_FALSE(made);
        INFO(made.failure().message);
        CHECK(made.failure().code == errc::bad_request);
        CHECK(made.failure().message.find(s.result) != std::string::npos);
    }
}

TEST_CASE("a link that a click would run is refused, in every spelling that browsers know",
          "[data]") {
    const auto made = [](const json::value& link) {
        return twenty::prepare_create(json::make({{"domainName", link}}), sample_object("company"),
                                      sample_access());
    };
    const auto updated = [](const json::value& link) {
        return twenty::prepare_update(json::make({{"domainName", link}}), sample_object("company"),
                                      sample_access());
    };
    for (const auto* url :
         {"javascript:x", "JavaScript:alert(1)", " javascript:alert(1)", "java\tscript:x",
          "\x01javascript:x", "javascript:8080/x", "data:text/html,<script>", "vbscript:x",
          "blob:https://x.example", "file:///etc/passwd", "ws://x.example", "java\nscript:x"}) {
        INFO(url);
        CHECK_FALSE(made(url));
        CHECK_FALSE(made(json::make({{"primaryLinkUrl", url}})));
        const auto second = json::list({json::make({{"url", url}, {"label", "x"}})});
        const auto hidden = made(json::make({{"secondaryLinks", second}}));
        REQUIRE_FALSE(hidden);
        CHECK(hidden.failure().message.find("can't be a link") != std::string::npos);
    }
    for (const auto* url :
         {"https://acme.example", "HTTP://acme.example/a:b", "acme.example", "acme.example:8080/x",
          "localhost:3000", "//acme.example", "/path:x", "mailto:a@b.example", "tel:+4912",
          "ftp://acme.example", "acme.example/javascript:x", "acme.example?u=javascript:x", ""}) {
        INFO(url);
        CHECK(updated(url));
    }
}

TEST_CASE("a NUL character is refused wherever it hides", "[data]") {
    const std::string nul("a\0b", 3);
    for (const auto& v : {json::make({{"jobTitle", nul}}),
                          json::make({{"name", json::make({{"firstName", nul}})}})})
        CHECK_FALSE(twenty::prepare_create(v, sample_object("person"), sample_access()));
    CHECK_FALSE(twenty::prepare_create(
        json::make({{"extraData", json::list({json::make({{"k", json::list({nul})}})})}}),
        sample_object("project"), sample_access()));
}

TEST_CASE("an empty update is refused", "[data]") {
    CHECK_FALSE(twenty::prepare_update(json::object(), sample_object("person"), sample_access()));
}

// twenty-golden-2 ui-only/002-035, 051: isUIEditable false is for Twenty's own pages.
TEST_CASE("what people cannot edit in Twenty is written, but for who did what and when", "[data]") {
    CHECK(twenty::prepare_create(parsed(R"({"userEmail":"a@b.example"})"),
                                 sample_object("workspaceMember"), sample_access()));
    CHECK(twenty::prepare_create(
        parsed(R"({"name":"Acme","createdAt":"2020-01-01T00:00:00Z","position":7.5})"),
        sample_object("company"), sample_access()));
}

TEST_CASE("null clears a composite in an update and is left out of a create", "[data]") {
    const auto data = parsed(R"({"phones":null,"jobTitle":"x"})");
    const auto update = twenty::prepare_update(data, sample_object("person"), sample_access());
    REQUIRE(update);
    CHECK(
        json::dump(*update->values.find("phones")) ==
        R"({"primaryPhoneNumber":"","primaryPhoneCountryCode":"","primaryPhoneCallingCode":"","additionalPhones":null})");
    CHECK(update->merge.empty());
    const auto create = twenty::prepare_create(data, sample_object("person"), sample_access());
    REQUIRE(create);
    CHECK_FALSE(create->values.contains("phones"));
}

TEST_CASE("a link that is no id is a name to look up, and no value until then", "[data]") {
    const auto made = twenty::prepare_update(parsed(R"({"company":"Acme"})"),
                                             sample_object("person"), sample_access());
    REQUIRE(made);
    CHECK(made->values.empty());
    REQUIRE(made->named.size() == 1);
    CHECK(made->named[0].column == "companyId");
    CHECK(made->named[0].target->name_singular == "company");
    CHECK(made->named[0].name == "Acme");
    const auto people = sample_access(twenty::mode::write, {"person"});
    CHECK_FALSE(
        twenty::prepare_update(parsed(R"({"company":"Acme"})"), sample_object("person"), people));
}

TEST_CASE("a text is appended to what is stored", "[data]") {
    const auto& note = sample_object("note");
    auto made = twenty::prepare_update(
        parsed(R"({"bodyV2":{"append":"b"},"title":{"append":"t"}})"), note, sample_access());
    REQUIRE(made);
    CHECK(made->merge == std::vector<std::string>{"bodyV2", "title"});
    REQUIRE(twenty::merge_stored(*made, note, parsed(R"({"bodyV2":{"markdown":"a"},"title":""})")));
    CHECK(json::dump(json::value(made->values)) ==
          R"({"bodyV2":{"markdown":"a\n\nb"},"title":"t"})");
}

TEST_CASE("a text is appended to markdown by any of its names", "[data]") {
    const auto& note = sample_object("note");
    for (const auto* written : {R"({"bodyV2":{"markdown":{"append":"b"}}})",
                                R"({"body":{"append":"b"}})", R"({"bodyV2":{"append":"b"}})"}) {
        INFO(written);
        auto made = twenty::prepare_update(parsed(written), note, sample_access());
        REQUIRE(made);
        REQUIRE(twenty::merge_stored(*made, note, parsed(R"({"bodyV2":{"markdown":"a"}})")));
        CHECK(json::dump(json::value(made->values)) == R"({"bodyV2":{"markdown":"a\n\nb"}})");
    }
}

TEST_CASE("an amount written without a currency is said aloud unless one is stored", "[data]") {
    const auto& deal = sample_object("opportunity");
    const auto notes = [&](const char* written, const char* stored) {
        auto made = twenty::prepare_update(parsed(written), deal, sample_access());
        REQUIRE(made);
        REQUIRE(twenty::merge_stored(*made, deal, parsed(stored)));
        return text::join(made->notes, " ").find("without a currency") != std::string::npos;
    };
    const auto* none = R"({"amount":{"amountMicros":null,"currencyCode":null}})";
    const auto* euro = R"({"amount":{"amountMicros":1,"currencyCode":"EUR"}})";
    CHECK(notes(R"({"amount":{"amount":7}})", none));
    CHECK_FALSE(notes(R"({"amount":{"amount":7}})", euro));
    CHECK(notes(R"({"amount":{"amount":7,"currencyCode":null}})", euro));
    CHECK_FALSE(notes(R"({"amount":{"amount":7,"currencyCode":"USD"}})", none));
    CHECK_FALSE(notes(R"({"amount":null})", euro));
}

TEST_CASE("writing back a text as it was shown cut is refused, with the way to add to it",
          "[data]") {
    const auto& note = sample_object("note");
    const std::string shown(150, 'x');
    const auto stored = json::make({{"bodyV2", json::make({{"markdown", shown + " and more"}})}});
    const auto writes = [&](const std::string& text) {
        auto made = twenty::prepare_update(json::make({{"bodyV2", text}}), note, sample_access());
        REQUIRE(made);
        return twenty::merge_stored(*made, note, stored);
    };
    for (const auto* end : {"…", "…\nA line more"}) {
        const auto refused = writes(shown + end);
        REQUIRE_FALSE(refused);
        CHECK(refused.failure().message.find("append") != std::string::npos);
    }
    CHECK(writes(shown + " and less"));
    CHECK(writes("Short…"));
}

// A real case: of a note of 100 kB the first 10 kB were shown, changed at the beginning and
// written.
TEST_CASE("a cut text is known by its end, whatever was changed before and with no mark too",
          "[data]") {
    const auto& note = sample_object("note");
    std::string whole;
    for (int i = 0; i < 100; ++i)
        whole += "Line " + std::to_string(i) + " of a long note.\n";
    const auto stored = json::make({{"bodyV2", json::make({{"markdown", whole}})}});
    const auto writes = [&](const std::string& text) {
        auto made = twenty::prepare_update(json::make({{"bodyV2", text}}), note, sample_access());
        REQUIRE(made);
        return twenty::merge_stored(*made, note, stored).ok();
    };
    const auto in_a_word = whole.find("Line 50") + 2;
    const auto shown = whole.substr(0, in_a_word);
    CHECK_FALSE(writes(shown + "…"));
    CHECK_FALSE(writes(shown));
    CHECK_FALSE(writes("# Changed\n" + shown + "…"));
    CHECK_FALSE(writes("# Changed\n" + shown + "\n"));
    CHECK_FALSE(writes("# Changed\n" + shown + "..."));
    CHECK_FALSE(writes(shown.substr(0, 40) + "x" + shown.substr(41) + "…"));
    CHECK_FALSE(writes(whole.substr(200, in_a_word - 200) + "…"));
    CHECK_FALSE(writes("# Changed\n" + shown + "…\nA line more"));
    // Tools leave out what cannot be seen, so what was shown is not even a part of what is stored.
    const auto unseen = json::make({{"bodyV2", json::make({{"markdown", "\u200b" + whole}})}});
    auto copy =
        twenty::prepare_update(json::make({{"bodyV2", shown + "…"}}), note, sample_access());
    REQUIRE(copy);
    CHECK_FALSE(twenty::merge_stored(*copy, note, unseen));
    CHECK(writes(whole + "A line more"));
    CHECK(writes("# Changed\n" + whole));
    CHECK(writes(whole.substr(0, whole.find("Line 50")))); // meant to be shorter
    CHECK(writes("And so on…"));
    CHECK(writes("# Changed\n" + whole + "And so on…"));
}

TEST_CASE("an edit is not taken for a cut copy, and replace writes what is", "[data]") {
    const auto& note = sample_object("note");
    const auto writes = [&](const std::string& stored, const std::string& text,
                            bool replace = false) {
        auto made =
            twenty::prepare_update(json::make({{"bodyV2", text}}), note, sample_access(), replace);
        REQUIRE(made);
        return twenty::merge_stored(*made, note,
                                    json::make({{"bodyV2", json::make({{"markdown", stored}})}}))
            .ok();
    };
    std::string japanese; // no place is inside a word
    for (int i = 0; i < 60; ++i)
        japanese += "第四半期の売上は良好でした。";
    const std::string sentence = "第四半期の売上は良好でした。";
    CHECK(writes(japanese, japanese.substr(0, japanese.size() - 5 * sentence.size())));
    CHECK(writes(japanese, japanese.substr(0, japanese.size() - 5 * sentence.size() - 9)));
    std::string letter;
    for (int i = 0; i < 60; ++i)
        letter += "Paragraph " + std::to_string(i) + " of the letter. ";
    CHECK(writes(letter + "Best regardss", letter + "Best regards"));
    CHECK(writes(letter.substr(0, 900), letter.substr(0, 500))); // never shown cut
    const auto cut = letter.substr(0, letter.find("Paragraph 40") + 4);
    CHECK_FALSE(writes(letter, cut));
    CHECK(writes(letter, cut, true));
    CHECK(writes(letter, cut + "…", true));
    std::string russian;
    for (int i = 0; i < 60; ++i)
        russian += "Продажи в этом квартале хорошие. ";
    CHECK_FALSE(writes(russian, russian.substr(0, russian.size() / 2 + 4)));
}

TEST_CASE("what is stored and what is appended are bounded together", "[data]") {
    auto made = twenty::prepare_update(parsed(R"({"title":{"append":"and more"}})"),
                                       sample_object("note"), sample_access());
    REQUIRE(made);
    const auto stored = json::make({{"title", std::string(999'995, 'x')}});
    const auto refused = twenty::merge_stored(*made, sample_object("note"), stored);
    REQUIRE_FALSE(refused);
    CHECK(refused.failure().message.find("1,000,000") != std::string::npos);
}

TEST_CASE("additional addresses, links and numbers are at most a hundred a write", "[data]") {
    const auto writes = [](const char* field, const char* list, int count) {
        json::array items;
        for (int i = 0; i < count; ++i)
            items.emplace_back("n" + std::to_string(i) + "@e.example");
        json::object parts;
        parts.append(list, std::move(items));
        json::object data;
        data.append(field, std::move(parts));
        return twenty::prepare_update(json::value(std::move(data)), sample_object("person"),
                                      sample_access());
    };
    CHECK(writes("emails", "additionalEmails", 100));
    for (const auto& [field, list] : {std::pair{"emails", "additionalEmails"},
                                      {"phones", "additionalPhones"},
                                      {"linkedinLink", "secondaryLinks"}}) {
        const auto refused = writes(field, list, 101);
        REQUIRE_FALSE(refused);
        CHECK(refused.failure().message.find("at most 100 items; 101 are given") !=
              std::string::npos);
    }
}

TEST_CASE("an amount in two forms is given twice, whichever comes first", "[data]") {
    for (const auto* written : {R"({"amount":{"amount":1,"amountMicros":2000000}})",
                                R"({"amount":{"amountMicros":2000000,"amount":1}})"}) {
        const auto refused =
            twenty::prepare_create(parsed(written), sample_object("opportunity"), sample_access());
        REQUIRE_FALSE(refused);
        CHECK(refused.failure().message.find("given twice") != std::string::npos);
    }
}

TEST_CASE("nothing can't be appended", "[data]") {
    for (const auto* written : {R"({"bodyV2":{"append":null}})", R"({"title":{"append":""}})",
                                R"({"title":{"append":" "}})"})
        CHECK_FALSE(
            twenty::prepare_update(parsed(written), sample_object("note"), sample_access()));
}

// A list of 400 was shown as its first 91 and written back.
TEST_CASE("a list that was shown cut is not written back without its end", "[data]") {
    const auto* field = GENERATE("keywords", "extraData"); // ARRAY, RAW_JSON
    json::array all;
    for (int i = 0; i < 100; ++i)
        all.emplace_back("Keyword number " + std::to_string(i));
    json::object stored;
    stored.append(field, all);
    const auto writes = [&](json::array items, bool replace) {
        json::object data;
        data.append(field, std::move(items));
        auto made = twenty::prepare_update(json::value(std::move(data)), sample_object("project"),
                                           sample_access(), replace);
        REQUIRE(made);
        return twenty::merge_stored(*made, sample_object("project"), json::value(stored)).ok();
    };
    const json::array shown(all.begin(), all.begin() + 18);
    auto more = shown;
    more.emplace_back("New");
    CHECK_FALSE(writes(shown, false));
    CHECK_FALSE(writes(more, false));
    CHECK(writes(shown, true));
    CHECK(writes({json::value("All new")}, false));
    auto one_less = all;
    one_less.pop_back();
    CHECK(writes(one_less, false));
}

TEST_CASE("nothing is prepared for a grant that may not write", "[data]") {
    const auto data = parsed(R"({"jobTitle":"x"})");
    const auto read_only = sample_access(twenty::mode::read);
    CHECK(twenty::prepare_update(data, sample_object("person"), read_only).failure().code ==
          errc::not_allowed);
    const auto companies = sample_access(twenty::mode::write, {"company"});
    CHECK(twenty::prepare_create(data, sample_object("person"), companies).failure().code ==
          errc::not_allowed);
    const auto people = sample_access(twenty::mode::write, {"person"});
    CHECK_FALSE(
        twenty::prepare_create(parsed(R"({"companyId":"20202020-b000-4485-94de-70c2a98daef2"})"),
                               sample_object("person"), people));
}

TEST_CASE("an update says which composites Twenty would otherwise clear", "[data]") {
    const auto merge = [](const char* object, const char* input) {
        const auto made =
            twenty::prepare_update(parsed(input), sample_object(object), sample_access());
        INFO((made ? "" : made.failure().message));
        REQUIRE(made);
        return made->merge;
    };
    using names = std::vector<std::string>;
    CHECK(merge("person", R"({"emails":{"additionalEmails":["x@y.example"]}})") == names{"emails"});
    CHECK(merge("person", R"({"emails":"a@b.example"})") == names{"emails"});
    CHECK(merge("person", R"({"emails":{"primaryEmail":"a@b.example","additionalEmails":[]}})") ==
          names{"emails"});
    const auto replaced = twenty::prepare_update(
        parsed(R"({"emails":{"primaryEmail":"a@b.example","additionalEmails":[]},"phones":"1"})"),
        sample_object("person"), sample_access(), true);
    REQUIRE(replaced);
    CHECK(replaced->merge == names{"phones"}); // parts are lacking
    CHECK(merge("person", R"({"emails":null})").empty());
    CHECK(merge("person", R"({"phones":{"primaryPhoneNumber":"1"}})") == names{"phones"});
    CHECK(merge("company", R"({"domainName":"acme.example"})") == names{"domainName"});
    // These are merged by Twenty itself.
    CHECK(merge("person", R"({"name":{"lastName":"Lee"}})").empty());
    CHECK(merge("company", R"({"address":{"addressCity":"Oslo"}})").empty());
    CHECK(merge("opportunity", R"({"amount":{"amountMicros":1}})").empty());
    CHECK(twenty::prepare_create(parsed(R"({"emails":"a@b.example"})"), sample_object("person"),
                                 sample_access())
              ->merge.empty());
}

TEST_CASE("data has at most two hundred fields, and a name in place of an id two hundred bytes",
          "[data]") {
    const auto said = [](const json::value& data) {
        const auto made = twenty::prepare_create(data, sample_object("person"), sample_access());
        return made ? std::string("good") : made.failure().message;
    };
    const auto fields = [](int count) {
        json::object out;
        for (int i = 0; i < count; ++i)
            out.append("f" + std::to_string(i), json::value("x"));
        return json::value(std::move(out));
    };
    CHECK(said(fields(200)).find("more than 200 fields") == std::string::npos);
    CHECK(said(fields(201)).find("more than 200 fields") != std::string::npos);
    const auto named = [](std::size_t bytes) {
        return json::make({{"jobTitle", "x"}, {"companyId", std::string(bytes, 'n')}});
    };
    CHECK(said(named(200)) == "good");
    CHECK(said(named(201)).find("its unique name") != std::string::npos);
}

TEST_CASE("a cut text is known by a hundred bytes of what is stored and not by fewer", "[data]") {
    const auto& note = sample_object("note");
    const auto writes = [&](const std::string& stored, const std::string& given) {
        auto made = twenty::prepare_update(json::make({{"title", given}}), note, sample_access());
        REQUIRE(made);
        return twenty::merge_stored(*made, note, json::make({{"title", stored}})).ok();
    };
    // A text without a repetition.
    std::string text;
    for (int i = 0; text.size() < 1'000; ++i)
        text += std::to_string(i * 7919) + "x";
    text.resize(1'000);
    for (const auto* mark : {"…", "..."}) {
        INFO(mark);
        CHECK_FALSE(writes(text, text.substr(0, 100) + mark));
        CHECK(writes(text, text.substr(0, 99) + mark));
        // Its end alone, after another beginning.
        CHECK_FALSE(writes(text, "Changed. " + text.substr(50, 100) + mark));
        CHECK(writes(text, "Changed. " + text.substr(50, 99) + mark));
    }
    // In the middle of a word, of a text that the tools cut, and with forty bytes gone.
    CHECK_FALSE(writes(text, text.substr(0, 100)));
    CHECK(writes(text, text.substr(0, 99)));
    CHECK(writes(text.substr(0, 999), text.substr(0, 100)));
    CHECK_FALSE(writes(text, text.substr(0, 960)));
    CHECK(writes(text, text.substr(0, 961)));
    CHECK(writes(text, text));
    // What is written behind the mark may have one of its own.
    CHECK_FALSE(writes(text, text.substr(0, 150) + "… A line more, and so on…"));
    // The stored text has the marks itself.
    for (const auto* mark : {"…", "..."}) {
        const auto with = text.substr(0, 150) + mark + " and so on";
        CHECK(writes(with, text.substr(0, 150) + mark + " and so on"));
        CHECK(writes(with, "New: " + text.substr(0, 150) + mark + " and so on"));
    }
}

TEST_CASE("a list counts as cut when it is long and its last five are gone, at the least",
          "[data]") {
    const auto writes = [](std::size_t stored, std::size_t given, std::size_t bytes,
                           std::size_t last = 0) {
        json::array all;
        for (std::size_t i = 0; i < stored; ++i) {
            auto item = std::to_string(i) + " ";
            item.resize(bytes - 2 + (i + 1 == stored ? last : 0), 'x'); // with its quotes
            all.emplace_back(std::move(item));
        }
        const json::array shown(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(given));
        auto made = twenty::prepare_update(json::make({{"keywords", shown}}),
                                           sample_object("project"), sample_access());
        REQUIRE(made);
        return twenty::merge_stored(*made, sample_object("project"),
                                    json::make({{"keywords", all}}))
            .ok();
    };
    CHECK_FALSE(writes(20, 15, 60));
    CHECK(writes(20, 16, 60));
    // No tool cuts a list of up to a thousand bytes.
    CHECK(writes(20, 10, 50));
    CHECK_FALSE(writes(20, 10, 50, 1));
}

TEST_CASE("a long item that was shown cut is known, among the last three that carry the mark",
          "[data]") {
    json::array stored;
    for (int i = 0; i < 5; ++i)
        stored.emplace_back(std::to_string(i) + std::string(200, 'x'));
    const auto writes = [&](json::array given) {
        auto made = twenty::prepare_update(json::make({{"keywords", std::move(given)}}),
                                           sample_object("project"), sample_access());
        REQUIRE(made);
        return twenty::merge_stored(*made, sample_object("project"),
                                    json::make({{"keywords", stored}}))
            .ok();
    };
    const auto cut = [](int i, std::size_t bytes) {
        auto item = std::to_string(i) + std::string(200, 'x');
        item.resize(bytes);
        return json::value(item + "…");
    };
    CHECK_FALSE(writes({cut(0, 97)})); // a hundred bytes with the mark
    CHECK(writes({cut(0, 96)}));
    const json::value other(std::string(100, 'y') + "…");
    CHECK_FALSE(writes({cut(0, 150), other, other}));
    CHECK(writes({cut(0, 150), other, other, other}));
}
