// Merges that are shown and not made.
#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "tests/twenty/support.hpp"
#include "twenty/access.hpp"

#include <string>

using support::sample_access;
using twenty::endpoint;
using twenty::graphql_tool;
using twenty::mode;
using twenty_test::attempt;

namespace {

result<twenty::request> judged(const twenty::access& may, graphql_tool tool, endpoint where,
                               std::string_view document, const char* variables = "{}") {
    return twenty::graphql_request(may, tool, where, document, json::parse(variables).value());
}

} // namespace

// twenty-golden-2 merge/022-033, 053-055, 078: a dry run answers every key and changes nothing.
TEST_CASE("a merge is run dry where the word stands in the document, and never else",
          "[document_dry_run]") {
    const std::string ids = R"(ids:["20202020-b000-4485-94de-70c2a98daef2",)"
                            R"("20202020-b000-4485-94de-70c2a98daef3"],conflictPriorityIndex:0)";
    const auto merge = [&](std::string more, std::string head = "mutation") {
        return head + "{mergePeople(" + ids + more + "){id jobTitle}}";
    };
    using enum graphql_tool;
    for (const auto how : {mode::read, mode::write}) {
        const auto v = judged(sample_access(how), query, endpoint::records, merge(",dryRun:true"));
        REQUIRE(v);
        CHECK_FALSE(v->is_write);
        CHECK(v->safe_to_repeat);
    }
    CHECK(judged(sample_access(mode::write), mutation, endpoint::records, merge(",dryRun:true")));
    CHECK_FALSE(
        judged(sample_access(mode::read), mutation, endpoint::records, merge(",dryRun:true")));
    const attempt attempts[] = {
        {"mutation{mergePeople($){id}}"},
        {"mutation{mergePeople($,dryRun:false){id}}"},
        {"mutation{mergePeople($,dryRun:null){id}}"},
        {"mutation{mergePeople($,dryRun:\"true\"){id}}"},
        {"mutation{mergePeople($,dryRun:1){id}}"},
        {"mutation{mergePeople($,dryRun:[true]){id}}"},
        {"mutation($d:Boolean){mergePeople($,dryRun:$d){id}}", R"({"d":true})"},
        {"mutation($d:Boolean=true){mergePeople($,dryRun:$d){id}}"},
        {"mutation{mergePeople($,dryRun:true,dryRun:false){id}}"},
        {"mutation{mergePeople($,dryRun:true) mergeCompanies($){id}}"},
        {"mutation{mergePeople($,dryRun:true){id} deletePerson(id:"
         "\"20202020-b000-4485-94de-70c2a98daef2\"){id}}"},
        {"mutation{a:mergePeople($,dryRun:true){id} b:mergePeople($){id}}"},
        {"mutation{mergePeople($,dryRun:true)@include(if:false){id}}"},
        {"mutation{deletePerson(id:\"20202020-b000-4485-94de-70c2a98daef2\",dryRun:true){id}}"},
        {"mutation{destroyPeople(filter:{},dryRun:true){id}}"},
        {"mutation{mergePeople($,dryRun:true,force:true){id}}"},
        {"query{mergePeople($,dryRun:true){id}}"},
        {"mutation{mergePeople($,dryRun:true){id}}", "{}", endpoint::metadata},
        {"mutation{mergePeople(ids:[\"x\"],conflictPriorityIndex:0,dryRun:true){id}}"},
    };
    for (const auto& a : attempts) {
        std::string document = a.document;
        const auto place =
            document.find("($,") != std::string::npos ? document.find("($,") : document.find("($)");
        if (place != std::string::npos) document.replace(place + 1, 1, ids);
        INFO(document);
        for (const auto how : {mode::read, mode::write})
            for (const auto tool : {query, mutation})
                CHECK_FALSE(judged(sample_access(how), tool, a.where, document, a.variables));
    }
    // What is merged stays within the connection's objects.
    const auto people = sample_access(mode::read, {"person"});
    CHECK(judged(people, query, endpoint::records, merge(",dryRun:true")));
    CHECK_FALSE(judged(people, query, endpoint::records,
                       "mutation{mergePeople(" + ids + ",dryRun:true){company{id}}}"));
    CHECK_FALSE(judged(people, query, endpoint::records,
                       "mutation{mergeCompanies(" + ids + ",dryRun:true){id}}"));
}
