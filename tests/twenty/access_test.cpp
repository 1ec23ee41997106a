#include "twenty/access.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "tests/twenty/support.hpp"
#include "twenty/data.hpp"
#include "twenty/filter.hpp"
#include "twenty/order.hpp"
#include "twenty/query.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <tuple>

using support::sample_access;
using support::sample_object;
using support::sample_schema;
using twenty::endpoint;
using twenty::graphql_tool;
using twenty::mode;
using twenty_test::attempt;

namespace {

struct verdict {
    bool ok = false;
    errc code = errc::internal;
    std::string message;
    twenty::request request;
};
verdict run(const twenty::access& may, graphql_tool tool, endpoint where, std::string_view document,
            const json::value& variables = {}, std::string_view name = {}) {
    auto judged = twenty::graphql_request(may, tool, where, document, variables, name);
    verdict v;
    v.ok = judged.ok();
    if (judged)
        v.request = *std::move(judged);
    else {
        v.code = judged.failure().code;
        v.message = judged.failure().message;
    }
    return v;
}
bool mentions(const verdict& v, std::string_view part) {
    return v.message.find(part) != std::string::npos;
}
json::value variables(std::string_view text) {
    auto v = json::parse(text);
    REQUIRE(v);
    return *std::move(v);
}

} // namespace

TEST_CASE("a limited grant reads its objects and no others, by any of their names", "[access]") {
    const auto may = sample_access(mode::write, {"person"});
    for (const auto* name : {"person", "people", "PEOPLE", "Person", " people "}) {
        INFO(name);
        REQUIRE(may.readable(name));
        CHECK((*may.readable(name))->name_singular == "person");
    }
    for (const auto* name : {"company", "companies", "COMPANY", "Companies"}) {
        INFO(name);
        REQUIRE_FALSE(may.readable(name));
        CHECK(may.readable(name).failure().code == errc::not_allowed);
    }
    CHECK(may.readable("unicorn").failure().code == errc::not_found);
    CHECK(may.readable("").failure().code == errc::not_found);
    CHECK(may.readable("persn").failure().message.find("person") != std::string::npos);
    CHECK(may.objects().size() == 1);
}

TEST_CASE("a grant limited to nothing, or to objects that are gone, may read nothing", "[access]") {
    CHECK(sample_access(mode::write, {}).objects().empty());
    const auto may = sample_access(mode::write, {"unicorn", "People", "oldThing"});
    CHECK(may.objects().empty());
    CHECK_FALSE(may.readable("person"));
}

TEST_CASE("read mode writes nothing, write mode what it may read", "[access]") {
    CHECK_FALSE(sample_access(mode::read).can_write(sample_object("person")));
    CHECK(sample_access(mode::read).writable("person").failure().code == errc::not_allowed);
    CHECK(sample_access(mode::write).writable("person"));
    CHECK(sample_access(mode::write, {"company"}).writable("person").failure().code ==
          errc::not_allowed);
}

TEST_CASE("relations to objects outside the grant vanish with their columns", "[access]") {
    const auto may = sample_access(mode::read, {"person", "noteTarget"});
    const auto& person = sample_object("person");
    CHECK_FALSE(may.visible(*person.find_field("company")));
    CHECK(may.visible(*person.find_field("noteTargets")));
    CHECK(may.visible(*person.find_field("name")));
    const auto names = may.names(person);
    for (const auto* gone :
         {"company", "companyId", "taskTargets", "pointOfContactForOpportunities"})
        CHECK(std::find(names.begin(), names.end(), gone) == names.end());
    // Of a morph relation only the allowed targets remain.
    const auto& target = *sample_object("noteTarget").find_field("target");
    REQUIRE(may.relations(target).size() == 1);
    CHECK(may.relations(target)[0]->join_column == "targetPersonId");
    CHECK_FALSE(may.visible(*sample_object("noteTarget").find_field("note")));
}

TEST_CASE("a relation goes by its ends and columns alone, and no name stands twice", "[access]") {
    auto names = sample_access().names(sample_object("noteTarget"));
    for (const auto* name : {"targetPerson", "targetPersonId", "note", "noteId"})
        CHECK(std::find(names.begin(), names.end(), name) != names.end());
    CHECK(std::find(names.begin(), names.end(), "target") == names.end());
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

TEST_CASE("a field type newer than this program is hidden from a limited grant", "[access]") {
    const auto& gadget = *sample_object("project").find_field("gadget");
    CHECK(sample_access(mode::read).visible(gadget));
    const auto may = sample_access(mode::read, {"project"});
    CHECK_FALSE(may.visible(gadget));
    CHECK_FALSE(run(may, graphql_tool::query, endpoint::records,
                    "{projects(filter:{gadget:{name:{eq:1}}}){edges{node{id}}}}")
                    .ok);
}

TEST_CASE("a limited grant sees no copies of other records, by any path", "[access]") {
    const auto& timeline = sample_object("timelineActivity");
    const auto may = sample_access(mode::write, {"person", "timelineActivity"});
    const auto open = sample_access(mode::write);
    for (const auto* hidden : {"properties", "linkedRecordCachedName", "linkedRecordId",
                               "linkedObjectMetadataId", "name"}) {
        INFO(hidden);
        const std::string name = hidden;
        REQUIRE(timeline.find_field(name));
        CHECK(open.visible(*timeline.find_field(name)));
        CHECK_FALSE(may.visible(*timeline.find_field(name)));
        const auto names = may.names(timeline);
        CHECK(std::find(names.begin(), names.end(), name) == names.end());
        twenty::wanted_fields want;
        want.fields = {name};
        CHECK_FALSE(twenty::select_fields(timeline, may, want));
        CHECK_FALSE(twenty::prepare_filter(json::make({{name, json::make({{"is", "NOT_NULL"}})}}),
                                           timeline, may));
        CHECK_FALSE(twenty::prepare_order(name, timeline, may));
        twenty::aggregation counted;
        counted.measures = {{"countUniqueValues", name}};
        CHECK_FALSE(twenty::prepare_aggregate(may.as_readable(timeline).value(), may, counted));
        CHECK_FALSE(twenty::prepare_create(json::make({{name, nullptr}}), timeline, may));
        for (const auto& document :
             {"{timelineActivities{edges{node{" + name + "}}}}",
              "{timelineActivities{countUniqueValues" + twenty::capitalised(name) + "}}",
              "{timelineActivities(filter:{" + name + ":{is:NULL}}){totalCount}}",
              "{timelineActivities(orderBy:[{" + name + ":AscNullsLast}]){totalCount}}",
              "{people{edges{node{timelineActivities{edges{node{" + name + "}}}}}}}"})
            CHECK_FALSE(run(may, graphql_tool::query, endpoint::records, document).ok);
        CHECK(run(open, graphql_tool::query, endpoint::records,
                  "{timelineActivities{edges{node{" + name + "}}}}")
                  .ok);
    }
    // What stays is the entry itself and the way to records that the grant has.
    const auto shown = twenty::select_fields(timeline, may, {});
    REQUIRE(shown);
    CHECK(shown->find("happensAt") != std::string::npos);
    CHECK(shown->find("targetPerson{") != std::string::npos);
    for (const auto* gone : {"targetCompany", "properties", "linked"})
        CHECK(shown->find(gone) == std::string::npos);
    const auto row = twenty::compact_record(json::make({{"name", "company.updated"},
                                                        {"happensAt", "2026-11-22T12:00:00.000Z"},
                                                        {"properties", json::make({{"diff", 1}})}}),
                                            timeline, may);
    CHECK(row == json::make({{"happensAt", "2026-11-22T12:00:00.000Z"}}));
    // JSON and ids of the workspace's own objects are theirs.
    const auto project = sample_access(mode::read, {"project"});
    CHECK(project.visible(*sample_object("project").find_field("extraData")));
    CHECK(project.visible(*sample_object("project").find_field("externalId")));
}

TEST_CASE("attachments and timeline entries of hidden records do not exist for a limited grant",
          "[access]") {
    for (const auto* object : {"attachment", "timelineActivity"}) {
        INFO(object);
        const auto& of = sample_object(object);
        CHECK(sample_access(mode::write).scope(of).is_null());
        CHECK(sample_access(mode::write).can_write(of));
        const auto may = sample_access(mode::write, {"person", object});
        const auto scope = may.scope(of);
        CHECK(json::dump(scope) == R"({"or":[{"targetPersonId":{"is":"NOT_NULL"}}]})");
        const auto filtered = twenty::prepare_filter("createdAt[gt]:2026-01-01", of, may);
        REQUIRE(filtered);
        CHECK(json::dump(filtered->value).find(json::dump(scope)) != std::string::npos);
        CHECK(twenty::prepare_filter({}, of, may)->value == scope);
        const auto one = twenty::get_request(may.as_readable(of).value(),
                                             "20202020-b000-4485-94de-70c2a98daef2", "id", true);
        REQUIRE(one);
        CHECK(one->body.find("targetPersonId") != std::string::npos);
        CHECK(one->body.find("deletedAt") != std::string::npos);
        // Nobody writes them there, and no document reaches them but through their owner.
        CHECK_FALSE(may.can_write(of));
        CHECK(may.writable(object).failure().code == errc::not_allowed);
        const auto runs = [&](const std::string& document) {
            return run(may, graphql_tool::query, endpoint::records, document).ok;
        };
        CHECK_FALSE(runs("{" + of.name_plural + "{totalCount}}"));
        CHECK_FALSE(runs("{" + of.name_plural +
                         "GroupBy(groupBy:[{createdAt:{granularity:DAY}}])"
                         "{totalCount}}"));
        // A search carries no filter.
        const auto search = [&](const std::string& what) {
            return runs(R"({search(searchInput:"a",includedObjectNameSingulars:[")" + what +
                        R"("]){edges{node{label}}}})");
        };
        CHECK(search("person"));
        CHECK_FALSE(search(object));
        if (const auto plural = of.name_plural; sample_object("person").find_relation(plural))
            CHECK(runs("{people{edges{node{" + plural + "{edges{node{id}}}}}}}"));
        // Without any owner nothing is left; with all of them nothing is held back.
        CHECK(json::dump(sample_access(mode::read, {object}).scope(of)) ==
              R"({"id":{"is":"NULL"}})");
    }
    // Rows that only link show no more than their readable ends.
    const auto links = sample_access(mode::read, {"person", "note", "noteTarget"});
    CHECK(links.scope(sample_object("noteTarget")).is_null());
    CHECK(sample_access(mode::read, {"person"}).scope(sample_object("person")).is_null());
}

TEST_CASE("a name that two fields fit but for its case is not guessed", "[access]") {
    auto of = sample_object("asset");
    for (const auto* name : {"owner", "Owner"}) {
        auto f = *of.find_field("name");
        f.name = name;
        of.fields.push_back(f);
    }
    const auto may = sample_access();
    CHECK(twenty::exact_name(may, of, "OWNER") == "OWNER");
    CHECK(twenty::exact_name(may, of, "owner") == "owner");
    CHECK(twenty::exact_name(may, of, "Owner") == "Owner");
    CHECK(twenty::exact_name(may, of, "MILEAGE") == "mileage");
    for (const auto& prepared :
         {twenty::prepare_filter("OWNER[eq]:x", of, may).ok(),
          twenty::prepare_order("OWNER", of, may).ok(),
          twenty::prepare_create(json::make({{"OWNER", "x"}}), of, may).ok()})
        CHECK_FALSE(prepared);
}

TEST_CASE("who made a record stays a name where members are not of the grant, by any path",
          "[access]") {
    const auto& person = sample_object("person");
    const auto may = sample_access(mode::read, {"person"});
    const auto with_members = sample_access(mode::read, {"person", "workspaceMember"});
    const auto row = json::make(
        {{"createdBy",
          json::make({{"source", "API"}, {"workspaceMemberId", "m"}, {"name", "Ada"}})}});
    CHECK(json::dump(twenty::compact_record(row, person, may)) ==
          R"({"createdBy":{"source":"API","name":"Ada"}})");
    CHECK(json::dump(twenty::compact_record(row, person, with_members)).find("MemberId") !=
          std::string::npos);
    const auto everything = twenty::select_fields(person, may, {});
    REQUIRE(everything);
    CHECK(everything->find("workspaceMemberId") == std::string::npos);
    const auto is = json::make({{"is", "NOT_NULL"}});
    const auto filter = json::make({{"createdBy", json::make({{"workspaceMemberId", is}})}});
    for (const auto* part : {"createdBy.workspaceMemberId", "updatedBy.context"}) {
        INFO(part);
        twenty::wanted_fields want;
        want.fields = {part};
        CHECK_FALSE(twenty::select_fields(person, may, want));
        CHECK_FALSE(twenty::prepare_order(part, person, may));
        twenty::aggregation grouped;
        grouped.group_by = {{part, ""}};
        CHECK_FALSE(twenty::prepare_aggregate(may.as_readable(person).value(), may, grouped));
    }
    CHECK_FALSE(twenty::prepare_filter(filter, person, may));
    CHECK(twenty::prepare_filter(filter, person, with_members));
    for (const auto* document :
         {"{people{edges{node{createdBy{workspaceMemberId}}}}}",
          "{people(filter:{createdBy:{workspaceMemberId:{is:NULL}}}){totalCount}}",
          "{people(filter:{or:[{createdBy:{workspaceMemberId:{is:NULL}}}]}){totalCount}}",
          "{people(orderBy:[{createdBy:{workspaceMemberId:AscNullsLast}}]){totalCount}}",
          "{peopleGroupBy(groupBy:[{createdBy:{workspaceMemberId:true}}]){totalCount}}"}) {
        INFO(document);
        CHECK_FALSE(run(may, graphql_tool::query, endpoint::records, document).ok);
        CHECK(run(with_members, graphql_tool::query, endpoint::records, document).ok);
    }
}

TEST_CASE("words that people use lead to objects, where no object has that name", "[access]") {
    const std::pair<const char*, const char*> words[] = {
        {"contacts", "person"},  {"Contact", "person"},        {"deals", "opportunity"},
        {"sale", "opportunity"}, {"users", "workspaceMember"}, {"accounts", "company"},
        {"to-dos", "task"},
    };
    const auto may = sample_access();
    for (const auto& [word, name] : words) {
        INFO(word);
        REQUIRE(may.readable(word));
        CHECK((*may.readable(word))->name_singular == name);
    }
    // Nothing of objects outside the grant.
    const auto limited = sample_access(mode::read, {"person"}).readable("deals");
    REQUIRE_FALSE(limited);
    CHECK(limited.failure().code == errc::not_found);
    CHECK(limited.failure().message.find("opportunity") == std::string::npos);
    // An object of the workspace's own goes before.
    twenty::object deal;
    deal.name_singular = "deal";
    deal.name_plural = "deals";
    auto objects = support::sample_schema()->objects();
    objects.push_back(deal);
    const twenty::access own(mode::read, std::nullopt,
                             std::make_shared<const twenty::schema>("", "", std::move(objects)));
    CHECK((*own.readable("Deals"))->name_singular == "deal");
    for (const auto* none : {"", ",", "s", "es", "contact,individual", "unicorns"})
        CHECK_FALSE(may.readable(none));
}

TEST_CASE("near names reach into parts and cover a typing error", "[access]") {
    const auto near = [](const char* name) {
        return twenty::unknown_field(sample_access(), sample_object("person"), name).message;
    };
    CHECK(near("firstName").find("name.firstName") != std::string::npos);
    CHECK(near("email").find("emails.primaryEmail") != std::string::npos);
    CHECK(near("titel").find("jobTitle") != std::string::npos);
    CHECK(near("jobtitel").find("jobTitle") != std::string::npos);
    CHECK(near("zzzzzz").find("describe_object") != std::string::npos);
}

TEST_CASE("an unknown field gets the nearest names, never those outside the grant", "[access]") {
    const auto may = sample_access(mode::read, {"person"});
    const auto e = twenty::unknown_field(may, sample_object("person"), "compny");
    CHECK(e.code == errc::bad_request);
    CHECK(e.message.find("company") == std::string::npos);
    const auto open = twenty::unknown_field(sample_access(), sample_object("person"), "jobtitel");
    CHECK(open.message.find("jobTitle") != std::string::npos);
}

TEST_CASE("near names of a root field are of the grant's objects alone", "[access]") {
    const auto limited = sample_access(mode::write, {"person"});
    const auto open = sample_access(mode::write);
    const std::tuple<graphql_tool, const char*, const char*> wrong[] = {
        {graphql_tool::query, "{companiess{totalCount}}", "companies"},
        {graphql_tool::query, "{companie{id}}", "company"},
        {graphql_tool::query, "{companiesGroupsBy{totalCount}}", "companiesGroupBy"},
        {graphql_tool::mutation, "mutation{createCompanyy(data:{}){id}}", "createCompany"},
    };
    for (const auto& [tool, document, name] : wrong) {
        INFO(document);
        CHECK(mentions(run(open, tool, endpoint::records, document), name));
        const auto hidden = run(limited, tool, endpoint::records, document);
        CHECK_FALSE(hidden.ok);
        const auto near = hidden.message.find("Near names");
        CHECK(
            (near == std::string::npos || hidden.message.find("ompan", near) == std::string::npos));
    }
    const auto own = run(limited, graphql_tool::query, endpoint::records, "{peoplee{totalCount}}");
    CHECK(mentions(own, "people"));
}

// -- Documents --------------------------------------------------------------------------------

TEST_CASE("ordinary queries pass, unchanged, with the variables they declare", "[access]") {
    const attempt good[] = {
        {"{people(first:5){totalCount edges{node{id name{firstName lastName} emails{primaryEmail} "
         "company{id name} companyId noteTargets(first:3){edges{node{id note{title}}}}}}}}"},
        {"query A($f:PersonFilterInput,$n:Int){p: people(filter:$f,first:$n){edges{cursor "
         "node{id}}}}",
         R"({"f":{"company":{"name":{"ilike":"%a%"}}},"n":10})"},
        {"{person(filter:{id:{eq:\"20202020-b000-4485-94de-70c2a98daef2\"}}){...P}} fragment P on "
         "Person{id ...on Person{jobTitle}}"},
        {"{opportunitiesGroupBy(groupBy:[{stage:true}]){groupByDimensionValues totalCount "
         "sumAmountAmountMicros}}"},
        {"{personDuplicates(ids:[\"20202020-b000-4485-94de-70c2a98daef2\"]){totalCount "
         "edges{node{id}}}}"},
        {"{search(searchInput:\"ann\",limit:5){edges{node{recordId label objectNameSingular}}}}"},
        {"{noteTargets{edges{node{id targetPersonId targetPerson{id name{firstName}} "
         "targetCompany{name}}}}}"},
        {"{projects{edges{node{helperPeople{edges{node{id}}} sponsorCompany{name} gadget "
         "extraData keywords}}}}"},
        {"query{__typename people{__typename edges{__typename node{__typename id}}}}"},
        {"{__type(name:\"Person\"){fields{name type{name ofType{name}}}}}"},
        {"query Q{__typename} # mutation"},
        {"query($s:Int!){people(first:$s){edges{node{id @include(if:true)}}}}", R"({"s":1})"},
        {"{people(orderBy:[{company:{name:AscNullsLast}},{createdAt:DescNullsLast}],offset:40)"
         "{pageInfo{hasNextPage endCursor} countNotEmptyId countUniqueValuesJobTitle "
         "edges{node{id}}}}"},
        {"{objects(paging:{first:5}){edges{node{id nameSingular fieldsList{name relation{type "
         "targetObjectMetadata{nameSingular}}}}}}}",
         "{}", endpoint::metadata},
        {"{currentWorkspace{id displayName}}", "{}", endpoint::metadata},
    };
    for (const auto& a : good) {
        INFO(a.document);
        const auto v = run(sample_access(mode::read), graphql_tool::query, a.where, a.document,
                           variables(a.variables));
        INFO(v.message);
        REQUIRE(v.ok);
        CHECK(v.request.target == (a.where == endpoint::records ? "/graphql" : "/metadata"));
        CHECK_FALSE(v.request.is_write);
        CHECK(json::parse(v.request.body)->text("query") == a.document);
    }
}

TEST_CASE("ordinary mutations pass in write mode only and count as writes", "[access]") {
    const char* good[] = {
        "mutation{createPerson(data:{jobTitle:\"CEO\"}){id}}",
        "mutation{createPeople(data:[{jobTitle:\"A\"},{jobTitle:\"B\"}]){id}}",
        "mutation{updatePerson(id:\"20202020-b000-4485-94de-70c2a98daef2\",data:{jobTitle:\"x\"})"
        "{id company{name}}}",
        "mutation{deletePerson(id:\"20202020-b000-4485-94de-70c2a98daef2\"){id deletedAt}}",
        "mutation{restorePerson(id:\"20202020-b000-4485-94de-70c2a98daef2\"){id}}",
        "mutation{createNoteTarget(data:{note:{connect:{where:{id:\"x\"}}},targetPersonId:null}){"
        "id}}",
    };
    for (const auto* document : good) {
        INFO(document);
        const auto v =
            run(sample_access(mode::write), graphql_tool::mutation, endpoint::records, document);
        INFO(v.message);
        CHECK(v.ok);
        CHECK(v.request.is_write);
        CHECK_FALSE(v.request.safe_to_repeat);
        CHECK(run(sample_access(mode::read), graphql_tool::mutation, endpoint::records, document)
                  .code == errc::not_allowed);
        CHECK(run(sample_access(mode::write), graphql_tool::query, endpoint::records, document)
                  .code == errc::not_allowed);
    }
    CHECK(run(sample_access(), graphql_tool::mutation, endpoint::metadata,
              "mutation($i:CreateOneObjectInput!){createOneObject(input:$i){id nameSingular}}",
              variables(R"({"i":{}})"))
              .ok);
}

TEST_CASE("a mutation can't move a record to another id or store a link that runs", "[access]") {
    const std::string id = "20202020-b000-4485-94de-70c2a98daef2";
    const auto refused = [](const std::string& document, std::string_view vars = "{}") {
        const auto v = run(sample_access(), graphql_tool::mutation, endpoint::records, document,
                           variables(vars));
        INFO(document);
        CHECK_FALSE(v.ok);
        CHECK(v.code == errc::bad_request);
        return v;
    };
    CHECK(mentions(refused("mutation{updatePerson(id:\"" + id + "\",data:{id:\"" + id +
                           "\",jobTitle:\"x\"}){id}}"),
                   "keeps its id"));
    CHECK(mentions(
        refused("mutation($d:PersonUpdateInput!){updatePerson(id:\"" + id + "\",data:$d){id}}",
                R"({"d":{"id":"20202020-b000-4485-94de-70c2a98daef3"}})"),
        "keeps its id"));
    refused("mutation{createCompany(data:{domainName:{primaryLinkUrl:\"javascript:x\"}}){id}}");
    refused("mutation{updateCompany(id:\"" + id +
            "\",data:{domainName:{secondaryLinks:[{url:\"data:x\"}]}}){id}}");
    refused("mutation($d:CompanyCreateInput!){createCompany(data:$d){id}}",
            R"~({"d":{"domainName":{"secondaryLinks":"[{\"url\":\"javascript:x\"}]"}}})~");
    // A new record may be given its id.
    CHECK(run(sample_access(), graphql_tool::mutation, endpoint::records,
              "mutation{createPerson(data:{id:\"" + id + "\"}){id}}")
              .ok);
}

TEST_CASE("a grant for people alone reaches nothing else by any document", "[access][plan-106]") {
    const auto may = sample_access(mode::write, {"person"});
    const std::string id = "20202020-b000-4485-94de-70c2a98daef2";
    const attempt attempts[] = {
        // other roots
        {"{companies{edges{node{id}}}}"},
        {"{company(filter:{}){id}}"},
        {"{people: companies{edges{node{id}}}}"},
        {"{companyDuplicates(data:[]){totalCount}}"},
        {"{companiesGroupBy(groupBy:[{name:true}]){groupByDimensionValues}}"},
        {"{people{edges{node{id}}} companies{edges{node{id}}}}"},
        {"{...on Query{companies{edges{node{id}}}}}"},
        {"{...F} fragment F on Query{companies{edges{node{id}}}}"},
        {"query Q{people{totalCount}} query R{companies{totalCount}}"},
        {"{Companies{edges{node{id}}}}"},
        {"{oldThings{edges{node{id}}}}"},
        {"{workspaceMembers{edges{node{userEmail}}}}"},
        // relations
        {"{people{edges{node{company{name}}}}}"},
        {"{people{edges{node{companyId}}}}"},
        {"{people{edges{node{id: companyId}}}}"},
        {"{people{edges{node{x: company{name}}}}}"},
        {"{people{edges{node{noteTargets{edges{node{note{title}}}}}}}}"},
        {"{people{edges{node{pointOfContactForOpportunities{edges{node{name}}}}}}}"},
        {"{people{edges{node{...F}}}} fragment F on Person{company{name}}"},
        {"{people{edges{node{...on Person{company{name}}}}}}"},
        {"{people{edges{node{...on Company{name}}}}}"},
        {"{people{edges{node{...{company{name}}}}}}"},
        {"{people{edges{node{...F}}}} fragment F on Company{name}"},
        {"{people{edges{node{...F}}}} fragment F on Person{...G} fragment G on "
         "Person{taskTargets{edges{node{id}}}}"},
        {"{people{edges{node{id @include(if:true) company @skip(if:false){name}}}}}"},
        {"{person(filter:{id:{eq:\"x\"}}){company{people{edges{node{id}}}}}}"},
        // filters, orders and groups across relations
        {"{people(filter:{company:{name:{like:\"A%\"}}}){totalCount}}"},
        {"{people(filter:{companyId:{is:NOT_NULL}}){totalCount}}"},
        {"{people(filter:{and:[{or:[{not:{company:{id:{is:NOT_NULL}}}}]}]}){totalCount}}"},
        {"query($f:PersonFilterInput){people(filter:$f){totalCount}}",
         R"({"f":{"company":{"annualRevenue":{"amountMicros":{"gt":1}}}}})"},
        {"query($v:StringFilter){people(filter:{company:{name:$v}}){totalCount}}",
         R"({"v":{"eq":"A"}})"},
        {"{people(orderBy:[{company:{name:AscNullsLast}}]){edges{node{id}}}}"},
        {"query($o:[PersonOrderByInput]){people(orderBy:$o){edges{node{id}}}}",
         R"({"o":[{"company":{"name":"AscNullsLast"}}]})"},
        {"{peopleGroupBy(groupBy:[{company:{name:true}}]){groupByDimensionValues totalCount}}"},
        {"{peopleGroupBy(groupBy:[{jobTitle:true}],filter:{company:{name:{eq:\"A\"}}}){totalCount}"
         "}"},
        {"{peopleGroupBy(groupBy:[{jobTitle:true}],orderByForRecords:[{company:{name:AscNullsLast}}"
         "]){totalCount}}"},
        {"{peopleGroupBy(groupBy:[{jobTitle:true}],viewId:\"20202020-b000-4485-94de-70c2a98daef2\")"
         "{totalCount}}"},
        // search
        {"{search(searchInput:\"a\",limit:5){edges{node{label}}}}"},
        {"{search(searchInput:\"a\",limit:5,includedObjectNameSingulars:[]){edges{node{label}}}}"},
        {"{search(searchInput:\"a\",limit:5,includedObjectNameSingulars:null){edges{node{label}}}"
         "}"},
        {"{search(searchInput:\"a\",limit:5,includedObjectNameSingulars:[\"person\",\"company\"]){"
         "edges{node{label}}}}"},
        {"{search(searchInput:\"a\",limit:5,excludedObjectNameSingulars:[\"company\"]){edges{node{"
         "label}}}}"},
        {"query($o:[String!]){search(searchInput:\"a\",limit:5,includedObjectNameSingulars:$o){"
         "edges{node{label}}}}",
         R"({"o":["company"]})"},
        {"query($o:[String!]=[\"person\"]){search(searchInput:\"a\",limit:5,"
         "includedObjectNameSingulars:$o){edges{node{label}}}}",
         R"({"o":["company"]})"},
        // the schema itself
        {"{__schema{types{name}}}"},
        {"{__type(name:\"Company\"){fields{name}}}"},
        {"{x: __type(name:\"Company\"){fields{name}}}"},
        {"{objects(paging:{first:1}){edges{node{nameSingular}}}}", "{}", endpoint::metadata},
        {"{object(id:\"20202020-b000-4485-94de-70c2a98daef2\"){nameSingular}}", "{}",
         endpoint::metadata},
        {"{__schema{types{name}}}", "{}", endpoint::metadata},
        {"{currentWorkspace{inviteHash}}", "{}", endpoint::metadata},
    };
    CHECK(std::size(attempts) >= 40);
    for (const auto& a : attempts) {
        INFO(a.document);
        const auto v = run(may, graphql_tool::query, a.where, a.document, variables(a.variables));
        CHECK_FALSE(v.ok);
        CHECK((v.code == errc::not_allowed || v.code == errc::bad_request));
        CHECK_FALSE(v.message.empty());
    }
    const char* mutations[] = {
        "mutation{createCompany(data:{name:\"x\"}){id}}",
        "mutation{createPerson: createCompany(data:{name:\"x\"}){id}}",
        "mutation{createPerson(data:{companyId:\"20202020-b000-4485-94de-70c2a98daef2\"}){id}}",
        "mutation{createPerson(data:{company:{connect:{where:{name:\"x\"}}}}){id}}",
        "mutation{createPerson(data:{jobTitle:\"x\"}){company{name}}}",
        ("mutation{updateCompany(id:\"20202020-b000-4485-94de-70c2a98daef2\",data:{name:\"x\"})"
         "{id}}"),
        "mutation{createNoteTarget(data:{}){id}}",
        "mutation{createOneObject(input:{}){id}}",
    };
    for (const auto* document : mutations) {
        INFO(document);
        CHECK_FALSE(run(may, graphql_tool::mutation, endpoint::records, document).ok);
        CHECK_FALSE(run(may, graphql_tool::mutation, endpoint::metadata, document).ok);
    }
    // What it may do still works.
    CHECK(run(may, graphql_tool::query, endpoint::records,
              "{people(filter:{jobTitle:{eq:\"x\"}}){edges{node{id emails{primaryEmail}}}}}")
              .ok);
    CHECK(run(may, graphql_tool::query, endpoint::records,
              "{search(searchInput:\"a\",limit:5,includedObjectNameSingulars:[\"person\"])"
              "{edges{node{label}}}}")
              .ok);
    CHECK(run(may, graphql_tool::mutation, endpoint::records,
              "mutation{updatePerson(id:\"" + id + "\",data:{jobTitle:\"x\"}){id}}")
              .ok);
}

TEST_CASE("a read-only grant cannot smuggle a change into any document", "[access][plan-107]") {
    const auto may = sample_access(mode::read);
    const attempt attempts[] = {
        {"mutation{deletePerson(id:\"20202020-b000-4485-94de-70c2a98daef2\"){id}}"},
        {"# query\nmutation{createPerson(data:{}){id}}"},
        {"query A{people{totalCount}} mutation B{createPerson(data:{}){id}}"},
        {"mutation B{createPerson(data:{}){id}} query A{people{totalCount}}"},
        {"{createPerson(data:{}){id}}"},
        {"query{updatePerson(id:\"20202020-b000-4485-94de-70c2a98daef2\",data:{}){id}}"},
        {"subscription{people{totalCount}}"},
        {"mutation{createOneObject(input:{}){id}}", "{}", endpoint::metadata},
        {"{createOneObject(input:{}){id}}", "{}", endpoint::metadata},
        {"\xEF\xBB\xBFmutation{createPerson(data:{}){id}}"},
        {",,,mutation{createPerson(data:{}){id}}"},
        {"\"\"\"d\"\"\" mutation{createPerson(data:{}){id}}"},
    };
    for (const auto& a : attempts) {
        INFO(a.document);
        CHECK_FALSE(run(may, graphql_tool::query, a.where, a.document).ok);
        CHECK_FALSE(run(may, graphql_tool::mutation, a.where, a.document).ok);
    }
    CHECK_FALSE(run(may, graphql_tool::query, endpoint::records,
                    "query A{people{totalCount}} mutation B{createPerson(data:{}){id}}", {}, "A")
                    .ok);
}

TEST_CASE("secrets of the workspace are not on the metadata endpoint's list",
          "[access][plan-109]") {
    const char* attempts[] = {
        "{apiKeys{id name}}",
        "{webhooks{id secret}}",
        "{getRoles{id}}",
        "{currentUser{id email}}",
        "{findWorkspaceInvitations{email}}",
        "{currentWorkspace{inviteHash}}",
        "{currentWorkspace{id x: inviteHash}}",
        "{currentWorkspace{defaultRole{id}}}",
        "{currentWorkspace{billingSubscriptions{id}}}",
        "{currentWorkspace{featureFlags{key}}}",
        "{currentWorkspace{installedApplications{applicationVariables{value}}}}",
        "{currentWorkspace{...W}} fragment W on Workspace{inviteHash}",
        "{objects(paging:{first:1}){edges{node{fieldsList{object{application{id}}}}}}}",
        "{eventLogs{id}}",
        "{getSSOIdentityProviders{id}}",
        "{chatThreads{id}}",
        "{findManyApplications{id}}",
    };
    for (const auto* document : attempts) {
        INFO(document);
        CHECK_FALSE(run(sample_access(), graphql_tool::query, endpoint::metadata, document).ok);
    }
    const char* mutations[] = {
        "mutation{createApiKey(input:{}){id}}",
        "mutation{generateApiKeyToken(apiKeyId:\"x\",expiresAt:\"y\"){token}}",
        "mutation{createWebhook(input:{}){id}}",
        "mutation{updateWorkspace(data:{}){id}}",
        "mutation{deleteCurrentWorkspace{id}}",
        "mutation{assignRoleToApiKey(apiKeyId:\"x\",roleId:\"y\")}",
        "mutation{upsertObjectPermissions(input:{}){id}}",
        "mutation{sendInvitations(emails:[\"a@b.c\"]){success}}",
        "mutation{impersonate(userId:\"x\"){id}}",
        "mutation{installApplication(id:\"x\")}",
    };
    for (const auto* document : mutations) {
        INFO(document);
        const auto v = run(sample_access(), graphql_tool::mutation, endpoint::metadata, document);
        CHECK(v.code == errc::not_allowed);
        CHECK(mentions(v, "createOneObject"));
    }
}

TEST_CASE("changes of whole collections and permanent deletions are not offered", "[access]") {
    const char* attempts[] = {
        "mutation{updatePeople(filter:{},data:{jobTitle:\"x\"}){id}}",
        "mutation{deletePeople(filter:{}){id}}",
        "mutation{destroyPeople(filter:{}){id}}",
        "mutation{destroyPerson(id:\"20202020-b000-4485-94de-70c2a98daef2\"){id}}",
        "mutation{restorePeople(filter:{}){id}}",
        "mutation{mergePeople(ids:[],conflictPriorityIndex:0){id}}",
    };
    for (const auto* document : attempts) {
        INFO(document);
        const auto v = run(sample_access(), graphql_tool::mutation, endpoint::records, document);
        CHECK(v.code == errc::not_allowed);
    }
}

// twenty-golden-2 errors/, paging/054, null/062-065, merge/003, dates/019, choices/070.
TEST_CASE("what Twenty ignores or runs at once is refused with the way to write it", "[access]") {
    struct wrong {
        graphql_tool tool;
        const char* document;
        const char* part;
    };
    using enum graphql_tool;
    const wrong all[] = {
        {query, "{people{edges{node{x:id}}}}", "without the alias"},
        {query, "{people{edges{node{name{x:firstName}}}}}", "without the alias"},
        {query, "{people @skip(if:true){totalCount}}", "root field"},
        {query, "{people(last:2){totalCount}}", "give before"},
        {query, "{people(filter:{jobTitle:{eq:\"\"},createdAt:{is:NULL}}){totalCount}}", "and:["},
        {query, "{people(filter:{and:[{createdAt:{is:NULL},jobTitle:{ilike:\"\"}}]}){totalCount}}",
         "and:["},
        {mutation,
         "mutation{createPerson(data:{jobTitle:\"x\"}){id} createCompany(data:{name:\"x\"}){id}}",
         "one mutation a call"},
        {mutation, "mutation{deletePeople(filter:{}){id}}", "delete_record takes ids (200)"},
        {mutation, "mutation{updatePeople(filter:{},data:{}){id}}", "ids with data (200"},
        {query, "{people(filter:{createdAt:{gte:\"2026-12-01\",lt:\"2026-12-02\"}}){totalCount}}",
         "and:[{createdAt:{gte:…}},{createdAt:{lt:…}}]"},
        {query, "{people(filter:{or:[{companyId:{is:NULL,eq:\"x\"}}]}){totalCount}}",
         "one operator"},
        {query, "{people(filter:{company:{name:{like:\"a\",ilike:\"b\"}}}){totalCount}}",
         "\"name\" has like, ilike"},
        {query, "{people(filter:{name:{firstName:{like:\"a\",ilike:\"b\"}}}){totalCount}}",
         "and:[{name:{firstName:{like:…}}},{name:{firstName:{ilike:…}}}]"},
        {mutation, "mutation{mergePeople(ids:[],conflictPriorityIndex:0){id}}", "merge_records"},
    };
    for (const auto& w : all) {
        INFO(w.document);
        const auto v = run(sample_access(), w.tool, endpoint::records, w.document);
        CHECK_FALSE(v.ok);
        CHECK(mentions(v, w.part));
    }
    CHECK(run(sample_access(), query, endpoint::records,
              "{people(filter:{and:[{createdAt:{is:NULL}},{jobTitle:{eq:\"\"}}]}){totalCount}}")
              .ok);
    CHECK(
        run(sample_access(), query, endpoint::records, "{people(last:2,before:\"x\"){totalCount}}")
            .ok);
}

TEST_CASE("what Twenty would answer with null or nonsense is refused with what to change",
          "[access]") {
    struct wrong {
        const char* document;
        const char* part;
        const char* variables = "{}";
    };
    const wrong all[] = {
        {"", "empty"},
        {"   # only a comment", "expected"},
        {"{people{edges{node{nmae}}}}", "name"},
        {"{peple{edges{node{id}}}}", "people"},
        {"{people{id}}", "edges{node"},
        {"{people{edges{id}}}", "node"},
        {"{people{edges{node{name}}}}", "firstName lastName"},
        {"{people{edges{node{name{first}}}}}", "firstName"},
        {"{people{edges{node{jobTitle{x}}}}}", "value"},
        {"{people}", "needs a selection"},
        {"{people(first:1000){totalCount}}", "0 to 200"},
        {"{people(first:-1){totalCount}}", "0 to 200"},
        {"{people(limit:5){totalCount}}", "no argument"},
        {"{people(filter:{nope:{eq:1}}){totalCount}}", "nope"},
        {"{people(orderBy:[{nope:AscNullsLast}]){totalCount}}", "nope"},
        {"{a: people{totalCount} b: people{totalCount}}", "separate calls"},
        {"query A{people{totalCount}} query B{people{totalCount}}", "one operation"},
        {"query($i:UUID!){person(filter:{id:{eq:$i}}){id}}", "variables lacks"},
        {"{person(filter:{id:{eq:$i}}){id}}", "not declared", R"({"i":"x"})"},
        {"query($n:Int=5){people(first:$n){totalCount}}", "default", R"({"n":3})"},
        {"{people{...F}} fragment F on Person{id}", "can't stand here"},
        {"{people{...F}}", "not defined"},
        {"{people{totalCount}} fragment F on Person{id}", "never used"},
        {"{people{...F}} fragment F on PersonConnection{...F}", "contains itself"},
        {"{people{totalCount @live}}", "directive"},
        {"query($x:Boolean!){people{totalCount @include(if:$x)}}", "write true or false",
         R"({"x":true})"},
        {"query($x:Boolean!){people{...@skip(if:$x){totalCount}}}", "write true or false",
         R"({"x":false})"},
        {"{people{sumJobTitles}}", "aggregates"},
        {"subscription{people{totalCount}}", "Subscriptions"},
        {"{noteTargets{edges{node{personId}}}}", "targetPersonId"},
        {"{dpaAgreements{id}}", "no root field"},
        {"{people(first:\"5\"){totalCount}}", "whole number"},
    };
    for (const auto& w : all) {
        INFO(w.document);
        const auto v = run(sample_access(), graphql_tool::query, endpoint::records, w.document,
                           variables(w.variables));
        INFO(v.message);
        CHECK_FALSE(v.ok);
        CHECK(v.code == errc::bad_request);
        CHECK(mentions(v, w.part));
    }
    CHECK(mentions(run(sample_access(), graphql_tool::query, endpoint::records,
                       "query A{people{totalCount}}", {}, "B"),
                   "operationName"));
    CHECK(mentions(run(sample_access(), graphql_tool::query, endpoint::records,
                       "{people{totalCount}}", json::list({1})),
                   "variables"));
}

TEST_CASE("mutations name records by UUID and write only what can be written", "[access]") {
    struct wrong {
        const char* document;
        const char* part;
    };
    const wrong all[] = {
        {"mutation{updatePerson(id:\"\",data:{}){id}}", "UUID"},
        {"mutation{updatePerson(id:\"?x=1\",data:{}){id}}", "UUID"},
        {"mutation{deletePerson(id:\"../companies\"){id}}", "UUID"},
        {"mutation{createPerson(data:{nope:1}){id}}", "nope"},
        {"mutation{createPerson(data:{createdBy:{source:MANUAL,name:\"Boss\"}}){id}}",
         "can't be written"},
        {"mutation{updatePerson(id:\"20202020-b000-4485-94de-70c2a98daef2\",data:{deletedAt:null}){"
         "id}}",
         "can't be written"},
        {"mutation{createPerson(data:[{}]){id}}", "one record"},
        {"mutation{createPeople(data:{}){id}}", "list"},
        {"mutation{createCompany(data:{people:{connect:{where:{id:\"x\"}}}}){id}}", "list"},
        {"mutation{createPerson(data:{company:{create:{name:\"x\"}}}){id}}", "connect"},
        {"query{people{totalCount}}", "mutations only"},
    };
    for (const auto& w : all) {
        INFO(w.document);
        const auto v = run(sample_access(), graphql_tool::mutation, endpoint::records, w.document);
        INFO(v.message);
        CHECK_FALSE(v.ok);
        CHECK(mentions(v, w.part));
    }
}
