#include "twenty/query.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "tests/twenty/support.hpp"
#include "twenty/graphql.hpp"

using support::handed_out;
using support::sample_access;
using support::sample_object;
using twenty_test::contains;
using twenty_test::person_id;

namespace {

struct sent {
    std::string query;
    json::value variables;
};
// Every document that we build must parse and pass the policy for hand-written ones.
sent sent_by(const twenty::request& r, const twenty::access& may = sample_access()) {
    CHECK(r.method == "POST");
    CHECK(r.target == "/graphql");
    const auto body = json::parse(r.body);
    REQUIRE(body);
    sent out{std::string(body->text("query")), {}};
    if (const auto* v = body->find("variables")) out.variables = *v;
    const auto tool = r.is_write ? twenty::graphql_tool::mutation : twenty::graphql_tool::query;
    const auto judged =
        twenty::graphql_request(may, tool, twenty::endpoint::records, out.query, out.variables);
    INFO(out.query);
    INFO((judged ? "" : judged.failure().message));
    // Creates carry the id that we chose; the policy for hand-written data knows it too.
    CHECK(judged);
    return out;
}
std::string selection(std::string_view object, const twenty::wanted_fields& want = {},
                      const twenty::access& may = sample_access()) {
    const auto made = twenty::select_fields(sample_object(object), may, want);
    return made ? *made : "error: " + made.failure().message;
}
twenty::wanted_fields only(std::vector<std::string> fields) {
    twenty::wanted_fields w;
    w.fields = std::move(fields);
    return w;
}

std::vector<std::string> names_of(const twenty::aggregate_request& made) {
    std::vector<std::string> names;
    for (const auto& d : made.dimensions)
        names.push_back(d.name);
    return names;
}

} // namespace

TEST_CASE("two hundred fields are selected by name in one call", "[query]") {
    twenty::wanted_fields want;
    want.fields.assign(200, "jobTitle");
    CHECK(twenty::select_fields(sample_object("person"), sample_access(), want));
    want.fields.emplace_back("jobTitle");
    CHECK(twenty::select_fields(sample_object("person"), sample_access(), want).failure().message ==
          "At most 200 fields are taken in one call.");
}

TEST_CASE("the default selection has every value, links with labels, and no noise", "[query]") {
    const auto s = selection("person");
    for (const auto* part :
         {"name{firstName lastName}", "emails{primaryEmail additionalEmails}", "jobTitle",
          "companyId company{id name}", "createdBy{source workspaceMemberId name}",
          "avatarFile{fileId label extension}", "deletedAt"})
        CHECK(contains(s, part));
    for (const auto* noise : {"searchVector", "position", "context", "url", "noteTargets",
                              "pointOfContactForOpportunities"})
        CHECK_FALSE(contains(s, noise));
    CHECK(contains(selection("note"), "bodyV2{markdown}"));
    CHECK(contains(selection("company"), "accountOwner{id name{firstName lastName}}"));
    CHECK(contains(selection("noteTarget"),
                   "targetPersonId targetPerson{id name{firstName lastName}}"));
    CHECK_FALSE(contains(selection("project"), "helperPeople"));
}

TEST_CASE("a limited grant's selection does not mention other objects", "[query]") {
    const auto s = selection("person", {}, sample_access(twenty::mode::read, {"person"}));
    CHECK_FALSE(contains(s, "company"));
    const auto targets =
        selection("noteTarget", {}, sample_access(twenty::mode::read, {"noteTarget", "person"}));
    CHECK(contains(targets, "targetPerson{"));
    CHECK_FALSE(contains(targets, "targetCompany"));
    CHECK_FALSE(contains(targets, "note{"));
}

TEST_CASE("named fields are selected once, in any common spelling", "[query]") {
    CHECK(selection("person", only({"jobTitle"})) == "id jobTitle");
    CHECK(selection("person", only({"JOBTITLE", "jobTitle", "id"})) == "id jobTitle");
    CHECK(selection("person", only({"name.firstName"})) == "id name{firstName}");
    CHECK(selection("person", only({"company"})) == "id companyId company{id name}");
    CHECK(selection("person", only({"companyId"})) == "id companyId");
    CHECK(selection("person", only({"company.employees", "company"})) ==
          "id companyId company{id name employees}");
    CHECK(selection("person", only({"company.address.addressCity"})) ==
          "id companyId company{id name address{addressCity}}");
    CHECK(contains(selection("company", only({"people"})),
                   "people(first:10){totalCount edges{node{id name{firstName lastName}"));
    for (const auto* wrong : {"nope", "name.middle", "company.nope", "noteTargets.note.title",
                              "searchVector", "target", "company.accountOwner.name"}) {
        INFO(wrong);
        CHECK(selection("person", only({wrong})).starts_with("error: "));
    }
}

TEST_CASE("a path over two relations or below a list is told why it ends, and what to do",
          "[query]") {
    const auto answer = [](const char* path) { return selection("person", only({path})); };
    for (const auto* wrong : {"company.people", "company.accountOwner", "Company.People.name",
                              "company.accountOwner.name.firstName"}) {
        INFO(wrong);
        CHECK(contains(answer(wrong), "crosses two relations"));
        CHECK_FALSE(contains(answer(wrong), "There is no field"));
    }
    CHECK(contains(answer("noteTargets.note.title"), "is a list"));
    CHECK(contains(answer("noteTargets.note.title"), "find noteTargets"));
    CHECK(contains(answer("companyId.name"), "is an id"));
    CHECK(contains(answer("company.nope"), "There is no field \"nope\" on company"));
    // The id behind a relation is a value of the record that holds it.
    CHECK(answer("company.accountOwnerId") == "id companyId company{id name accountOwnerId}");
    const auto may = sample_access(twenty::mode::read, {"person", "company"});
    const auto closed = selection("person", only({"company.accountOwner.name"}), may);
    CHECK(contains(closed, "There is no field \"accountOwner\""));
}

TEST_CASE("expanding notes shows the notes, not only the rows that link them", "[query]") {
    twenty::wanted_fields want = only({"id"});
    want.expand = {"noteTargets"};
    want.expand_first = 3;
    CHECK(selection("person", want) ==
          "id noteTargets(first:3){totalCount edges{node{id createdAt noteId note{id title}}}}");
    want.expand = {"opportunities"};
    CHECK(contains(selection("company", want), "amount{amountMicros currencyCode}"));
    CHECK(selection("person", want).starts_with("error: "));
    want.expand = {"helperPeople"};
    CHECK(contains(selection("project", want), "helperPeople(first:3)"));
}

TEST_CASE("fields that the key may not read are left out everywhere", "[query]") {
    twenty::wanted_fields want;
    want.without = {"person.jobTitle", "company.name"};
    const auto s = selection("person", want);
    CHECK_FALSE(contains(s, "jobTitle"));
    CHECK(contains(s, "company{id}"));
}

TEST_CASE("a page asks for exactly what was prepared", "[query]") {
    twenty::page p;
    CHECK(sent_by(twenty::find_request(handed_out(sample_object("person")), "id", p)).query ==
          "query{people(first:20){totalCount pageInfo{hasNextPage endCursor} edges{cursor "
          "node{id}}}}");
    p.filter = json::make({{"jobTitle", json::make({{"eq", "\"}){x"}})}});
    p.order = json::list({json::make({{"createdAt", "DescNullsLast"}})});
    p.first = 1000;
    p.after = "abc==";
    const auto s = sent_by(twenty::find_request(handed_out(sample_object("person")), "id", p));
    CHECK(s.query.starts_with("query($filter:PersonFilterInput,$orderBy:[PersonOrderByInput],"
                              "$after:String){people(filter:$filter,orderBy:$orderBy,first:200,"
                              "after:$after)"));
    CHECK(s.variables.text("after") == "abc==");
    CHECK(s.variables.at("filter", "jobTitle")->text("eq") == "\"}){x");
    p.offset = 40;
    const auto paged = sent_by(twenty::find_request(handed_out(sample_object("person")), "id", p));
    CHECK(contains(paged.query, "offset:40"));
    CHECK_FALSE(contains(paged.query, "after"));
    CHECK(sent_by(twenty::count_request(handed_out(sample_object("person")), p.filter)).query ==
          "query($filter:PersonFilterInput){people(filter:$filter,first:1){totalCount}}");
}

TEST_CASE("no request is ever built from an id that is no UUID", "[query]") {
    const auto person = handed_out(sample_object("person"));
    for (const auto* bad : {"", "?x=1", "../companies", "20202020-b000-4485-94de-70c2a98daef",
                            "20202020-b000-4485-94de-70c2a98daef2\"){id}}", "{}", "*"}) {
        INFO(bad);
        CHECK_FALSE(twenty::get_request(person, bad, "id"));
        CHECK_FALSE(twenty::create_request(person, bad, {}, "id"));
        CHECK_FALSE(twenty::update_request(person, bad, {}, "id"));
        CHECK_FALSE(twenty::delete_request(person, bad));
        CHECK_FALSE(twenty::restore_request(person, bad, "id"));
    }
}

TEST_CASE("requests for one record inline the id and mark what may be repeated", "[query]") {
    const auto person = handed_out(sample_object("person"));
    json::object values;
    values.append("jobTitle", "CEO");

    const auto got = twenty::get_request(person, person_id, "id");
    REQUIRE(got);
    CHECK(sent_by(*got).query == "query{person(filter:{id:{eq:\"" + person_id + "\"}}){id}}");
    CHECK_FALSE(got->is_write);
    const auto deleted_too = twenty::get_request(person, person_id, "id", true);
    REQUIRE(deleted_too);
    CHECK(contains(sent_by(*deleted_too).query, "deletedAt:{is:NOT_NULL}"));

    const auto created = twenty::create_request(person, person_id, values, "id");
    REQUIRE(created);
    const auto create = sent_by(*created);
    CHECK(create.query == "mutation($data:PersonCreateInput!){createPerson(data:$data){id}}");
    CHECK(create.variables.find("data")->text("id") == person_id);
    CHECK(created->is_write);
    CHECK(created->safe_to_repeat);

    const auto updated = twenty::update_request(person, person_id, values, "id");
    REQUIRE(updated);
    CHECK(sent_by(*updated).query == "mutation($data:PersonUpdateInput!){updatePerson(id:\"" +
                                         person_id + "\",data:$data){id}}");
    CHECK(updated->is_write);
    CHECK_FALSE(updated->safe_to_repeat);

    const auto removed = twenty::delete_request(person, person_id);
    REQUIRE(removed);
    CHECK(sent_by(*removed).query ==
          "mutation{deletePerson(id:\"" + person_id + "\"){id deletedAt}}");
    CHECK(removed->is_write);
    const auto restored =
        twenty::restore_request(handed_out(sample_object("company")), person_id, "id name");
    REQUIRE(restored);
    CHECK(sent_by(*restored).query ==
          "mutation{restoreCompany(id:\"" + person_id + "\"){id name}}");
}

TEST_CASE("aggregates name Twenty's own members", "[query]") {
    const auto built = [](std::string_view object, const twenty::aggregation& what) {
        const auto made =
            twenty::prepare_aggregate(handed_out(sample_object(object)), sample_access(), what);
        INFO((made ? "" : made.failure().message));
        REQUIRE(made);
        auto s = sent_by(made->request);
        return std::pair(*made, s);
    };
    twenty::aggregation plain;
    CHECK(built("person", plain).second.query == "query{people(first:1){totalCount}}");

    twenty::aggregation sums;
    sums.measures = {{"sum", "amount"},
                     {"average", "amount.amountMicros"},
                     {"count", ""},
                     {"max", "closeDate"},
                     {"countEmpty", "company"}};
    sums.measures.pop_back();
    const auto [total, total_sent] = built("opportunity", sums);
    CHECK(total.keys == std::vector<std::string>{"sumAmountAmountMicros", "avgAmountAmountMicros",
                                                 "totalCount", "maxCloseDate"});
    CHECK(total.root == "opportunities");
    CHECK_FALSE(total.grouped);

    twenty::aggregation by_stage;
    by_stage.group_by = {{"stage", ""}, {"closeDate", "quarter"}};
    by_stage.filter = json::make({{"stage", json::make({{"neq", "NEW"}})}});
    const auto [grouped, grouped_sent] = built("opportunity", by_stage);
    CHECK(grouped.root == "opportunitiesGroupBy");
    CHECK(names_of(grouped) == std::vector<std::string>{"stage", "closeDate"});
    CHECK(grouped.columns == std::vector<std::string>{"count"});
    CHECK(grouped_sent.query ==
          "query($filter:OpportunityFilterInput,$groupBy:[OpportunityGroupByInput!]!)"
          "{opportunitiesGroupBy(filter:$filter,groupBy:$groupBy,orderBy:[{closeDate:{orderBy:"
          "AscNullsLast,granularity:QUARTER}},{aggregate:{totalCount:DescNullsLast}}],limit:51)"
          "{groupByDimensionValues totalCount} opportunities(first:1){edges{node{id stage}}}}");
    CHECK(json::dump(*grouped_sent.variables.find("groupBy")) ==
          R"([{"stage":true},{"closeDate":{"granularity":"QUARTER","timeZone":"UTC"}}])");

    twenty::aggregation by_city;
    by_city.group_by = {{"address", ""}, {"accountOwner.name.lastName", ""}};
    CHECK(names_of(built("company", by_city).first) ==
          std::vector<std::string>{"address.addressCity", "accountOwner.name.lastName"});
}

TEST_CASE("records are grouped by the record that a relation leads to, whatever its name",
          "[query]") {
    for (const auto* field : {"company", "companyId", "company.id", "COMPANY"}) {
        INFO(field);
        twenty::aggregation by;
        by.group_by = {{field, ""}};
        const auto made =
            twenty::prepare_aggregate(handed_out(sample_object("person")), sample_access(), by);
        REQUIRE(made);
        CHECK(json::dump(*sent_by(made->request).variables.find("groupBy")) ==
              R"([{"company":{"id":true}}])");
        REQUIRE(made->dimensions.size() == 1);
        CHECK(made->dimensions[0].name == "company");
        CHECK(made->dimensions[0].records == handed_out(sample_object("company")));
    }
    twenty::aggregation by_name;
    by_name.group_by = {{"company.name", ""}};
    const auto named =
        twenty::prepare_aggregate(handed_out(sample_object("person")), sample_access(), by_name);
    REQUIRE(named);
    CHECK(named->dimensions[0].name == "company.name");
    CHECK_FALSE(named->dimensions[0].records.has_value());
    twenty::aggregation by_target;
    by_target.group_by = {{"targetPerson", ""}, {"note", ""}};
    const auto morph = twenty::prepare_aggregate(handed_out(sample_object("noteTarget")),
                                                 sample_access(), by_target);
    REQUIRE(morph);
    CHECK(json::dump(*sent_by(morph->request).variables.find("groupBy")) ==
          R"([{"targetPerson":{"id":true}},{"note":{"id":true}}])");

    const auto labels = sent_by(
        twenty::records_request(handed_out(sample_object("company")), {person_id}, "id name"));
    CHECK(contains(labels.query, "companies(filter:$filter,first:200)"));
    CHECK(json::dump(*labels.variables.find("filter")) ==
          R"({"id":{"in":[")" + person_id + "\"]}}");
}

TEST_CASE("many records are created under ids of ours, never without", "[query]") {
    json::object first;
    first.append("id", person_id);
    first.append("jobTitle", "x");
    auto made = twenty::create_many_request(handed_out(sample_object("person")), {first}, "id");
    REQUIRE(made);
    CHECK(made->is_write);
    CHECK(made->safe_to_repeat);
    const auto sent = sent_by(*made);
    CHECK(sent.query == "mutation($data:[PersonCreateInput!]!){createPeople(data:$data){id}}");
    CHECK(*sent.variables.find("data") == json::list({first}));
    CHECK_FALSE(
        twenty::create_many_request(handed_out(sample_object("person")), {json::object()}, "id"));
}

TEST_CASE("deleted records are read when they are asked for", "[query]") {
    const auto sent = sent_by(twenty::records_request(handed_out(sample_object("person")),
                                                      {person_id}, "id deletedAt", true));
    CHECK(json::dump(*sent.variables.find("filter")) ==
          R"({"id":{"in":[")" + person_id +
              R"("]},"or":[{"deletedAt":{"is":"NULL"}},{"deletedAt":{"is":"NOT_NULL"}}]})");
}

TEST_CASE("money is measured in units unless micros are named, and told apart by currency",
          "[query]") {
    const auto made = [](twenty::aggregation what) {
        auto out = twenty::prepare_aggregate(handed_out(sample_object("opportunity")),
                                             sample_access(), what);
        REQUIRE(out);
        return *std::move(out);
    };
    twenty::aggregation total;
    total.measures = {{"sum", "amount"}, {"countEmpty", "amount"}, {"count", ""}};
    const auto all = made(total);
    CHECK(all.columns == std::vector<std::string>{"sum(amount)", "countEmpty(amount)", "count"});
    CHECK(all.in_units == std::vector<bool>{true, false, false});
    REQUIRE(all.notes.size() == 1);
    CHECK(contains(all.notes[0], "group by amount.currencyCode"));
    total.group_by = {{"amount", ""}};
    CHECK(names_of(made(total)) == std::vector<std::string>{"amount.currencyCode"});
    total.measures = {{"sum", "amount.amountMicros"}};
    CHECK(made(total).columns == std::vector<std::string>{"sum(amount.amountMicros)"});
    CHECK(made(total).in_units == std::vector<bool>{false});
    total.group_by = {{"amount.currencyCode", ""}};
    CHECK(made(total).notes.empty());
    total.group_by.clear();
    total.filter =
        json::make({{"amount", json::make({{"currencyCode", json::make({{"eq", "EUR"}})}})}});
    CHECK(made(total).notes.empty());
}

TEST_CASE("groups are ordered by Twenty: dates as they come, all else by the first measure",
          "[query]") {
    const auto order = [](std::vector<twenty::grouping> by,
                          std::vector<std::string> order_by = {}) {
        twenty::aggregation what;
        what.measures = {{"sum", "amount"}, {"count", ""}};
        what.group_by = std::move(by);
        what.order_by = std::move(order_by);
        const auto made = twenty::prepare_aggregate(handed_out(sample_object("opportunity")),
                                                    sample_access(), what);
        if (!made) return "error: " + made.failure().message;
        const auto query = sent_by(made->request).query;
        const auto from = query.find("orderBy:[");
        return query.substr(from + 8, query.find("],limit") + 1 - from - 8);
    };
    // The forms of twenty-golden-2 group/004, 005, 008 and dates/119.
    CHECK(order({{"stage", ""}}) == "[{aggregate:{sumAmountAmountMicros:DescNullsLast}}]");
    CHECK(order({{"stage", ""}, {"closeDate", ""}}) ==
          "[{closeDate:{orderBy:AscNullsLast,granularity:MONTH}},"
          "{aggregate:{sumAmountAmountMicros:DescNullsLast}}]");
    CHECK(order({{"closeDate", "DAY_OF_THE_WEEK"}}) ==
          "[{aggregate:{sumAmountAmountMicros:DescNullsLast}}]");
    CHECK(order({{"company", ""}}, {"count"}) == "[{aggregate:{totalCount:DescNullsLast}}]");
    for (const auto* written : {"count asc", "+count", "count[AscNullsLast]", " COUNT:asc "})
        CHECK(order({{"stage", ""}}, {written}) == "[{aggregate:{totalCount:AscNullsLast}}]");
    for (const auto* written :
         {"sum(amount) asc", "sum amount asc", "+sum:amount", "SUM_amount ASC"})
        CHECK(order({{"stage", ""}}, {written}) ==
              "[{aggregate:{sumAmountAmountMicros:AscNullsLast}}]");
    CHECK(order({{"stage", ""}, {"company.name", ""}}, {"stage", "-company.name"}) ==
          "[{stage:AscNullsLast},{company:{name:DescNullsLast}}]");
    // Nothing that is written gets into the document.
    for (const auto* wrong : {"name", "sum(employees)", "count}}],limit:9999", "company"})
        CHECK(contains(order({{"stage", ""}, {"company", ""}}, {wrong}),
                       "sum(amount), count, stage."));
}

TEST_CASE("a time zone is an IANA name or refused", "[query]") {
    const auto zoned = [](const char* zone, const char* granularity = "DAY") {
        twenty::aggregation what;
        what.group_by = {{"closeDate", granularity}};
        what.time_zone = zone;
        return twenty::prepare_aggregate(handed_out(sample_object("opportunity")), sample_access(),
                                         what);
    };
    for (const auto* good : {"UTC", "utc", "GMT", "Europe/Oslo", "America/Argentina/Buenos_Aires",
                             "America/Port-au-Prince", "Etc/GMT+5", " Asia/Tokyo "}) {
        INFO(good);
        CHECK(zoned(good));
    }
    CHECK(contains(sent_by(zoned(" Asia/Tokyo ")->request).query, "$groupBy"));
    CHECK(json::dump(*sent_by(zoned("utc")->request).variables.find("groupBy")) ==
          R"([{"closeDate":{"granularity":"DAY","timeZone":"UTC"}}])");
    for (const auto* bad :
         {"", "CET", "+02:00", "Oslo", "Europe/", "/Oslo", "Europe/Os lo",
          "UTC') UNION SELECT 1 --", "Europe/Oslo'", "a/b/c/d", "Europe//Oslo", "Europe/1"}) {
        INFO(bad);
        const auto made = zoned(bad);
        REQUIRE_FALSE(made);
        CHECK(contains(made.failure().message, "Europe/Oslo, or UTC"));
    }
    // Twenty cuts these without a zone.
    CHECK_FALSE(zoned("Europe/Oslo", "DAY_OF_THE_WEEK")->notes.empty());
    CHECK(zoned("UTC", "DAY_OF_THE_WEEK")->notes.empty());
    CHECK(zoned("Europe/Oslo", "MONTH")->notes.empty());
}

TEST_CASE("aggregates that mean nothing or leave the grant are refused", "[query]") {
    struct sample {
        const char* object;
        twenty::aggregation what;
        const char* part;
    };
    const auto measuring = [](const char* function, const char* field) {
        twenty::aggregation a;
        a.measures = {{function, field}};
        return a;
    };
    const auto grouping = [](std::vector<twenty::grouping> by) {
        twenty::aggregation a;
        a.group_by = std::move(by);
        return a;
    };
    const sample all[] = {
        {"person", measuring("sum", "jobTitle"), "doesn't apply"},
        {"person", measuring("median", "jobTitle"), "known"},
        {"person", measuring("sum", ""), "needs a field"},
        {"person", measuring("countEmpty", "nope"), "nope"},
        {"person", grouping({{"nope", ""}}), "nope"},
        {"person", grouping({{"noteTargets", ""}}), "grouped"},
        {"person", grouping({{"createdBy", ""}}), "createdBy.source"},
        {"person", grouping({{"createdBy.source", ""}}), "createdBy.source"},
        {"person", grouping({{"company.accountOwner.name", ""}}), "grouped"},
        {"opportunity", grouping({{"closeDate", "FORTNIGHT"}}), "MONTH"},
        {"opportunity", grouping({{"stage", ""}, {"name", ""}, {"company", ""}}), "two"},
    };
    for (const auto& s : all) {
        const auto made =
            twenty::prepare_aggregate(handed_out(sample_object(s.object)), sample_access(), s.what);
        REQUIRE_FALSE(made);
        INFO(made.failure().message);
        CHECK(made.failure().message.find(s.part) != std::string::npos);
    }
    const auto may = sample_access(twenty::mode::read, {"person"});
    CHECK_FALSE(twenty::prepare_aggregate(handed_out(sample_object("person")), may,
                                          grouping({{"company.name", ""}})));
    CHECK_FALSE(twenty::prepare_aggregate(handed_out(sample_object("person")), may,
                                          grouping({{"companyId", ""}})));
}

TEST_CASE("a page has one to two hundred records, and an aggregate as many groups and one more",
          "[query]") {
    const auto first = [](int wanted) {
        twenty::page p;
        p.first = wanted;
        const auto body =
            json::parse(twenty::find_request(handed_out(sample_object("person")), "id", p).body)
                .value();
        const auto query = std::string(body.text("query"));
        const auto at = query.find("first:") + 6;
        return query.substr(at, query.find_first_of(",)", at) - at);
    };
    CHECK(first(1) == "1");
    CHECK(first(0) == "1");
    CHECK(first(200) == "200");
    CHECK(first(201) == "200");
    const auto groups = [](int wanted) {
        twenty::aggregation what;
        what.group_by = {{"jobTitle", ""}};
        what.limit = wanted;
        const auto made =
            twenty::prepare_aggregate(handed_out(sample_object("person")), sample_access(), what);
        REQUIRE(made);
        const auto body = json::parse(made->request.body).value();
        const auto query = std::string(body.text("query"));
        const auto at = query.find("limit:") + 6;
        return query.substr(at, query.find_first_of(",)", at) - at);
    };
    CHECK(groups(0) == "2");
    CHECK(groups(50) == "51");
    CHECK(groups(200) == "201");
    CHECK(groups(201) == "201");
}
