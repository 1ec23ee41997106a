// search, countOnly, includeDeleted, maxTokens, detail and include against the demo workspace.
#include "base/text.hpp"
#include "tests/demo/tool_desk.hpp"

using namespace tool_test;

namespace {

std::int64_t total_of(const tool_desk::called& r) {
    const auto* total = r.body.find("total");
    return total ? total->as_int().value_or(-1) : -1;
}

bool has(const tool_desk::called& r, std::string_view part) {
    return r.text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("search finds by words and combines with filter, order and cursor", "[find_more]") {
    tool_desk d;
    const auto some = d.good("find_records", R"({"objectName":"company","limit":1})");
    const auto name = cell(some, 0, "name");
    const auto word = name.substr(0, name.find(' '));
    const auto ask = [&](const std::string& more) {
        return R"({"objectName":"company","search":")" + word + "\"" + more + "}";
    };
    const auto found = d.good("find_records", ask(""));
    REQUIRE(total_of(found) > 0);
    CHECK(total_of(found) < 60);
    CHECK(text::lower(found.text).find(text::lower(word)) != std::string::npos);
    const auto none = d.good("find_records", ask(R"(,"filter":"name[eq]:nobody")"));
    CHECK(total_of(none) == 0);
    CHECK(total_of(d.good("find_records", ask(R"(,"countOnly":true)"))) == total_of(found));
    // Prefixes count. Twenty gives records that have some of the words as well, which is said.
    CHECK(total_of(d.good("find_records", R"({"objectName":"company","search":")" +
                                              word.substr(0, 3) + "\"}")) >= total_of(found));
    CHECK(has(d.good("find_records", R"({"objectName":"company","search":")" + word + " zzzz\"}"),
              "No record has all of the words"));
    // A cursor belongs to its words.
    const auto first = d.good(
        "find_records", R"({"objectName":"person","search":"e","limit":2,"fields":["name"]})");
    if (const auto cursor = first.body.text("cursor"); !cursor.empty()) {
        const auto bound = [&](const std::string& words) {
            return d.call("find_records", R"({"objectName":"person","search":")" + words +
                                              R"(","limit":2,"cursor":")" + std::string(cursor) +
                                              "\"}");
        };
        CHECK_FALSE(bound("e").is_error);
        CHECK(bound("f").is_error);
    }
    for (const auto* bad :
         {R"({"objectName":"company","search":" "})", R"({"objectName":"company","search":5})",
          R"({"objectName":"noteTarget","search":"x"})"})
        CHECK(d.error_code("find_records", bad) == "bad_request");
}

TEST_CASE("a role that may not read every object searches in those that it may", "[find_more]") {
    tool_desk d(demo::role::limited, twenty::mode::read);
    const auto first = d.good("search_records", R"({"query":"a"})");
    REQUIRE(rows_of(first) > 0);
    for (std::size_t i = 0; i < rows_of(first); ++i) {
        const auto object = cell(first, i, "object");
        CHECK((object == "person" || object == "company"));
    }
    CHECK(has(first, "may not read them: "));
    CHECK(has(first, "opportunity"));
    const auto requests = d.sent.size();
    CHECK(rows_of(d.good("search_records", R"({"query":"a"})")) == rows_of(first));
    CHECK(d.sent.size() <= requests + 2); // the search, and what tells its hits apart
    CHECK(total_of(d.good("find_records", R"({"objectName":"person","search":"a"})")) > 0);
    CHECK(d.error_code("find_records", R"({"objectName":"opportunity","search":"a"})") ==
          "not_allowed");
}

TEST_CASE("deals without activity and companies without notes are found in one call",
          "[find_more]") {
    tool_desk d;
    const auto count = [&](const std::string& object, const std::string& filter) {
        return total_of(
            d.good("find_records", R"({"objectName":")" + object + R"(","countOnly":true)" +
                                       (filter.empty() ? "" : ",\"filter\":" + filter) + "}"));
    };
    for (const auto* list : {"notes", "tasks", "people", "timelineActivities"}) {
        INFO(list);
        const auto name = "\"" + std::string(list) + "\"";
        const auto some = count("company", "{" + name + R"(:{"some":{}}})");
        const auto none = count("company", "{" + name + R"(:{"none":{}}})");
        CHECK(some > 0);
        CHECK(some + none == count("company", ""));
    }
    const auto with_open_task = count("company", R"({"tasks":{"some":{"status":{"eq":"TODO"}}}})");
    CHECK(with_open_task > 0);
    CHECK(with_open_task ==
          count("company", R"({"taskTargets":{"some":{"task":{"status":{"eq":"TODO"}}}}})"));
    // The same filter counts in aggregates.
    const auto summed =
        d.good("aggregate_records", R"({"objectName":"company","filter":{"tasks":{"some":)"
                                    R"({"status":{"eq":"TODO"}}}}})");
    CHECK(has(summed, "[" + std::to_string(with_open_task) + "]"));
    const auto requests = d.sent.size();
    const auto quiet = d.good(
        "find_records", R"({"objectName":"opportunity","filter":{"closeDate":{"gte":"2026-10-01"},)"
                        R"("timelineActivities":{"none":{"happensAt":{"gte":"2026-10-23"}}}},)"
                        R"("orderBy":"closeDate","fields":["name","closeDate"]})");
    CHECK(total_of(quiet) > 0);
    CHECK(d.sent.size() == requests + 2);
}

TEST_CASE("a deleted record is listed with includeDeleted alone, and marked", "[find_more]") {
    tool_desk d;
    const auto id = cell(d.good("find_records", R"({"objectName":"company","limit":1})"), 0, "id");
    const auto before = total_of(d.good("find_records", R"({"objectName":"company"})"));
    d.good("delete_record", one("company", id));
    const auto filter = R"(,"filter":"id[eq]:)" + id + "\"}";
    CHECK(total_of(d.good("find_records", R"({"objectName":"company","countOnly":true})")) ==
          before - 1);
    CHECK(total_of(d.good("find_records", R"({"objectName":"company")" + filter)) == 0);
    const auto all =
        d.good("find_records", R"({"objectName":"company","includeDeleted":true)" + filter);
    REQUIRE(rows_of(all) == 1);
    CHECK(cell(all, 0, "deletedAt").starts_with("20"));
    CHECK(has(all, "restore_record"));
    CHECK(total_of(d.good("find_records",
                          R"({"objectName":"company","includeDeleted":true,"countOnly":true})")) >=
          before);
}

TEST_CASE("a page of any object keeps to its budget and its cursor reaches the rest",
          "[find_more]") {
    tool_desk d;
    std::set<std::string> seen;
    std::string cursor;
    std::size_t pages = 0;
    do {
        const auto page = d.good(
            "find_records", R"({"objectName":"person","limit":60,"maxTokens":800)" +
                                (cursor.empty() ? "" : R"(,"cursor":")" + cursor + "\"") + "}");
        CHECK(page.text.size() < 2'200);
        for (std::size_t i = 0; i < rows_of(page); ++i)
            CHECK(seen.insert(cell(page, i, "id")).second);
        cursor = page.body.text("cursor");
        ++pages;
    } while (!cursor.empty() && pages < 100);
    CHECK(seen.size() == 150);
    CHECK(pages > 5);
}

TEST_CASE("detail full leaves nothing out but what is noise or secret", "[find_more]") {
    tool_desk d;
    const auto page =
        d.good("find_records", R"({"objectName":"person","limit":2,"detail":"full"})");
    const auto id = cell(page, 0, "id");
    const auto full = d.good("get_record", one("person", id, R"(,"detail":"full")"));
    const auto usual = d.good("get_record", one("person", id));
    const auto* record = full.body.find("record")->if_object();
    for (const auto& f : d.model().by_singular("person")->fields) {
        INFO(f.name);
        const bool list =
            !f.relations.empty() && f.relations.front().kind == twenty::relation_kind::one_to_many;
        if (f.type == twenty::field_type::ts_vector || list ||
            f.type == twenty::field_type::morph_relation)
            CHECK_FALSE(record->contains(f.name));
        else
            CHECK(record->contains(f.name));
    }
    CHECK(full.text.size() > usual.text.size());
    CHECK(has(page, "createdBy.context"));
    for (const auto* hidden : {"searchVector", "token=", "blocknote"}) {
        CHECK_FALSE(has(full, hidden));
        CHECK_FALSE(has(page, hidden));
    }
    // Limits hold there too.
    tool_desk limited(demo::role::full, twenty::mode::read, std::set<std::string>{"person"});
    const std::pair<const char*, std::string> calls[] = {
        {"find_records", R"({"objectName":"person","detail":"full"})"},
        {"get_record", one("person", id, R"(,"detail":"full")")}};
    for (const auto& [tool, arguments] : calls) {
        const auto shown = limited.good(tool, arguments);
        for (const auto* hidden : {"company", "workspaceMemberId", "context", "Targets"})
            CHECK_FALSE(has(shown, hidden));
    }
}

TEST_CASE("a company comes with its notes, tasks, people and timeline in one call", "[find_more]") {
    tool_desk d;
    const auto linked = d.good("find_records", R"({"objectName":"noteTarget","limit":1,)"
                                               R"("filter":"targetCompanyId[is]:NOT_NULL",)"
                                               R"("fields":["targetCompanyId","note"]})");
    REQUIRE(rows_of(linked) == 1);
    const auto id = cell(linked, 0, "targetCompanyId");
    const auto r = d.good(
        "get_record",
        one("company", id, R"(,"include":["notes","tasks","timeline","people","accountOwner"])"));
    for (const auto* name : {"notes", "tasks", "timelineActivities", "people"}) {
        INFO(name);
        const auto* list = r.body.at("record", name);
        REQUIRE(list);
        CHECK(list->if_array());
        CHECK(list->if_array()->size() <= 10);
    }
    const auto& notes = *r.body.at("record", "notes")->if_array();
    REQUIRE_FALSE(notes.empty());
    CHECK(notes.front().find("bodyV2"));
    CHECK(notes.front().find("label"));
    CHECK_FALSE(has(r, "blocknote"));
    CHECK(r.text.size() < 40'000);
    // The latest come first.
    std::string last = "9";
    for (const auto& note : notes) {
        CHECK(note.text("createdAt") <= last);
        last = note.text("createdAt");
    }
}

TEST_CASE("include adds to the fields that are named, and cuts no list that it may show",
          "[find_more]") {
    tool_desk d;
    const auto page = d.good("find_records", R"({"objectName":"person","limit":1,)"
                                             R"("filter":"companyId[is]:NOT_NULL",)"
                                             R"("fields":["companyId"]})");
    const auto person =
        one("person", cell(page, 0, "id"), R"(,"fields":["name"],"include":["company"])");
    const auto r = d.good("get_record", person);
    REQUIRE(r.body.at("record", "company"));
    CHECK(r.body.at("record", "company")->text("id") == cell(page, 0, "companyId"));
    CHECK(r.body.at("record", "company")->find("updatedAt"));

    const auto company = cell(page, 0, "companyId");
    std::string words;
    for (int i = 0; i < 300; ++i)
        words += "some words ";
    for (int i = 0; i < 10; ++i) {
        const auto note = d.good("create_record", R"({"objectName":"note","data":{"title":"Long",)"
                                                  R"("bodyV2":{"markdown":")" +
                                                      words + "\"}}}");
        d.good("create_record", R"({"objectName":"noteTarget","data":{"noteId":")" +
                                    std::string(note.body.text("id")) + R"(","targetCompanyId":")" +
                                    company + "\"}}");
    }
    const auto all = d.good("get_record", one("company", company, R"(,"include":["notes"])"));
    REQUIRE(all.body.at("record", "notes"));
    CHECK(all.body.at("record", "notes")->if_array()->size() == 10);
    CHECK_FALSE(has(all, "was cut"));
}

TEST_CASE("a page of nothing but ids keeps to its tokens too", "[find_more]") {
    tool_desk d;
    const auto page = d.good("find_records", R"({"objectName":"person","limit":200,)"
                                             R"("maxTokens":3000,"fields":["companyId"]})");
    // gpt-tokenizer (o200k): 1.62 bytes a token.
    CHECK(page.text.size() < 4'860);
    CHECK(page.text.size() > 3'600);
    CHECK(page.body.flag("hasNextPage"));
}

TEST_CASE("include knows the grant's objects only, and says what there is", "[find_more]") {
    tool_desk d(demo::role::full, twenty::mode::read, std::set<std::string>{"company", "person"});
    const auto page = d.good("find_records", R"({"objectName":"company","limit":1})");
    const auto id = cell(page, 0, "id");
    CHECK_FALSE(d.call("get_record", one("company", id, R"(,"include":["people"])")).is_error);
    for (const auto* hidden : {"notes", "noteTargets", "tasks", "timeline", "opportunities",
                               "attachments", "accountOwner", "people.company", "", "a\\u200b"}) {
        INFO(hidden);
        const auto r = d.call("get_record",
                              one("company", id, R"(,"include":[")" + std::string(hidden) + "\"]"));
        if (std::string_view(hidden).empty()) continue; // no name
        CHECK(r.is_error);
        CHECK(has(r, "people"));
        CHECK_FALSE(has(r, "workspaceMember"));
    }
    const auto many =
        d.call("get_record", one("company", id, R"(,"include":["a","b","c","d","e","f"])"));
    CHECK(many.is_error);
}

TEST_CASE("objects that a key's role refuses are marked once that is known", "[find_more]") {
    tool_desk d(demo::role::limited, twenty::mode::read);
    CHECK_FALSE(d.good("list_objects", "{}").body.find("unreadable"));
    CHECK(d.error_code("find_records", R"({"objectName":"opportunity"})") == "not_allowed");
    CHECK(d.error_code("aggregate_records", R"({"objectName":"note"})") == "not_allowed");
    d.good("find_records", R"({"objectName":"company","limit":1})");
    const auto listed = d.good("list_objects", "{}");
    CHECK(*listed.body.find("unreadable") == json::list({"note", "opportunity"}));
}
