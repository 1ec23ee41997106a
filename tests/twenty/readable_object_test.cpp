#include "twenty/readable_object.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "twenty/filter.hpp"
#include "twenty/query.hpp"
#include "twenty/search.hpp"

#include <type_traits>

using support::sample_access;
using support::sample_object;
using twenty::mode;
using twenty::readable_object;
using twenty::writable_object;

namespace {

// Attachments belong to records of many objects.
const twenty::access& limited() {
    static const auto may = sample_access(mode::write, {"person", "attachment"});
    return may;
}
readable_object attachments() { return limited().as_readable(sample_object("attachment")).value(); }
std::string filter_of(const twenty::request& r) {
    const auto body = json::parse(r.body).value();
    const auto* sent = body.at("variables", "filter");
    return sent ? json::dump(*sent) : "";
}
const auto by_name = json::make({{"name", json::make({{"eq", "x"}})}});

} // namespace

TEST_CASE("only access makes an object readable or writable", "[readable_object]") {
    using twenty::object;
    STATIC_REQUIRE_FALSE(std::is_constructible_v<readable_object, const object&>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<readable_object, const object&, json::value>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<writable_object, const object&>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<writable_object, const readable_object&>);
    STATIC_REQUIRE_FALSE(std::is_default_constructible_v<readable_object>);
    STATIC_REQUIRE(std::is_convertible_v<const writable_object&, const readable_object&>);
}

TEST_CASE("access hands out what the grant has, with its scope, and nothing else",
          "[readable_object]") {
    const auto& may = limited();
    CHECK(may.by_singular("person")->scope().is_null());
    CHECK(attachments().scope() == may.scope(sample_object("attachment")));
    CHECK_FALSE(attachments().scope().is_null());
    CHECK_FALSE(may.by_singular("company").has_value());
    CHECK_FALSE(may.by_singular("unicorn").has_value());
    CHECK_FALSE(may.as_readable(sample_object("company")).has_value());
    CHECK(may.as_writable(sample_object("person")).has_value());
    CHECK_FALSE(may.as_writable(sample_object("attachment")).has_value());
    CHECK_FALSE(sample_access(mode::read).as_writable(sample_object("person")).has_value());
    const auto to = sample_object("person").find_relation("company");
    REQUIRE(to);
    CHECK_FALSE(may.target(*to->to).has_value());
    CHECK(sample_access(mode::read).target(*to->to) ==
          sample_access(mode::read).by_singular("company"));
}

TEST_CASE("every request for records carries the scope, whatever its filter", "[readable_object]") {
    const auto of = attachments();
    const auto scope = json::dump(of.scope());
    const std::string id = "20202020-b000-4485-94de-70c2a98daef2";
    twenty::page page;
    CHECK(filter_of(twenty::find_request(of, "id", page)) == scope);
    page.filter = by_name;
    const auto both = R"({"and":[{"name":{"eq":"x"}},)" + scope + "]}";
    CHECK(filter_of(twenty::find_request(of, "id", page)) == both);
    CHECK(filter_of(twenty::count_request(of, by_name)) == both);
    CHECK(filter_of(twenty::joined_ids_request(of, "targetPersonId", by_name, 5)) == both);
    CHECK(filter_of(*twenty::get_request(of, id, "id")) ==
          R"({"and":[{"id":{"eq":")" + id + R"("}},)" + scope + "]}");
    CHECK(filter_of(twenty::records_request(of, {id}, "id")) ==
          R"({"and":[{"id":{"in":[")" + id + R"("]}},)" + scope + "]}");
    twenty::aggregation counted;
    CHECK(filter_of(twenty::prepare_aggregate(of, limited(), counted)->request) == scope);
    counted.filter = by_name;
    CHECK(filter_of(twenty::prepare_aggregate(of, limited(), counted)->request) == both);
}

TEST_CASE("a filter that has the scope already gets it no second time", "[readable_object]") {
    const auto of = attachments();
    const auto prepared = twenty::prepare_filter("name[eq]:x", of, limited());
    REQUIRE(prepared);
    CHECK(of.within_scope(prepared->value) == prepared->value);
    const auto narrowed = twenty::both(prepared->value, by_name);
    CHECK(of.within_scope(narrowed) == narrowed);
    CHECK(of.within_scope(of.scope()) == of.scope());
}

// Twenty 2.19 writes what stands beside each other without brackets.
TEST_CASE("the scope counts only where it must hold", "[readable_object]") {
    const auto of = attachments();
    const auto scope = of.scope();
    const json::value loose[] = {
        json::make({{"or", json::list({by_name, scope})}}),
        json::make({{"not", scope}}),
        json::make({{"and", json::list({by_name, scope})}, {"or", json::list({by_name})}}),
        json::make({{"and", json::list({json::make({{"or", json::list({scope, by_name})}})})}}),
    };
    for (const auto& filter : loose) {
        INFO(json::dump(filter));
        CHECK(of.within_scope(filter) == json::make({{"and", json::list({filter, scope})}}));
    }
    const auto all = support::handed_out(sample_object("attachment"));
    for (const auto& filter : loose)
        CHECK(all.within_scope(filter) == filter);
}

// Inside a selection Twenty takes no filter.
TEST_CASE("a limited grant follows lists of what records own, and none of what a member attached",
          "[readable_object]") {
    auto objects = support::sample_schema()->objects();
    for (auto& o : objects) {
        if (o.name_singular != "attachment") continue;
        twenty::relation to;
        to.target_object = "workspaceMember";
        to.query_name = "author";
        to.join_column = "authorId";
        twenty::field author;
        author.name = "author";
        author.type = twenty::field_type::relation;
        author.relations.push_back(to);
        o.fields.push_back(author);
    }
    const auto model = std::make_shared<const twenty::schema>("w", "Works", std::move(objects));
    twenty::relation list;
    list.kind = twenty::relation_kind::one_to_many;
    list.target_object = "attachment";
    const twenty::access all(mode::read, std::nullopt, model);
    const twenty::access some(
        mode::read, std::set<std::string>{"person", "workspaceMember", "attachment"}, model);
    for (const auto& [back, own] :
         {std::pair{"target", true}, {"author", false}, {"gone", false}}) {
        INFO(back);
        list.target_field = back;
        CHECK(all.can_follow(list));
        CHECK(some.can_follow(list) == own);
    }
    // Rows that only link have no words of their own.
    const auto links = sample_access(mode::read, {"note", "noteTarget"});
    list.target_object = "noteTarget";
    list.target_field = "note";
    CHECK(links.can_follow(list));
}

TEST_CASE("documents of several roots leave out objects with a scope", "[readable_object]") {
    const auto of = attachments();
    const auto person = limited().by_singular("person").value();
    const auto probe = twenty::probe_request({of, person}).body;
    CHECK(probe.find("attachments") == std::string::npos);
    CHECK(probe.find("people(") != std::string::npos);
    const auto records = twenty::several_records_request({{of, {}, "id"}, {person, {}, "id"}}).body;
    CHECK(records.find("attachments") == std::string::npos);
    CHECK(records.find("people(") != std::string::npos);
    CHECK_FALSE(twenty::search_request(limited(), "x", {of}, 5));
}
