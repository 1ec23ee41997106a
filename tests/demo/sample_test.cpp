#include "demo/schema.hpp"

#include "demo/shape.hpp"
#include "demo/unique_values.hpp"
#include "demo/values.hpp"
#include "tests/demo/support.hpp"
#include "tests/support/catch.hpp"

#include <set>

using demo_test::desk;

TEST_CASE("all twenty-five field types occur in the schema", "[sample]") {
    const demo::schema model;
    std::set<std::string_view> seen;
    for (const auto& o : model.objects())
        for (const auto& f : o.fields) {
            REQUIRE(f.type);
            seen.insert(f.type->name);
        }
    CHECK(seen.size() == 25);
    CHECK(demo::field_types().size() == 25);
}

TEST_CASE("every relation is known from both its sides", "[sample]") {
    const demo::schema model;
    for (const auto& o : model.objects())
        for (const auto& f : o.fields)
            for (const auto& target : f.targets) {
                INFO(o.singular << "." << f.name);
                const auto* other = model.find_singular(target.object);
                REQUIRE(other);
                CHECK(other->find_field(target.inverse));
                CHECK(demo::find_member(f.relation == demo::relation_kind::many_to_one ? o : *other,
                                        target.column));
            }
}

TEST_CASE("the sample has the size that was asked for, and every record is sound", "[sample]") {
    desk d;
    const auto& model = d.workspace.model();
    const auto& data = d.workspace.data();
    CHECK(data.of(*model.find_singular("company")).size() == 40);
    CHECK(data.of(*model.find_singular("person")).size() == 230);
    const demo::permissions rights(demo::role::full);
    for (const auto& o : model.objects()) {
        for (const auto& [id, row] : data.of(o)) {
            INFO(o.singular << " " << id);
            CHECK(demo::is_record_id(id));
            CHECK_FALSE(demo::find_clash(data, o, row, id));
            for (const auto& [column, value] : row) {
                INFO(column);
                const auto m = demo::find_member(o, column);
                REQUIRE(m);
                if (m->what != demo::member::kind::column || value.is_null()) continue;
                CHECK(data.find(*model.find_singular(m->target->object), *value.if_string()));
            }
        }
    }
}

TEST_CASE("the same seed makes the same records, wherever the clock stands", "[sample]") {
    demo::workspace a(demo_test::small_workspace());
    auto later = demo_test::small_workspace();
    later.now += std::chrono::days(30);
    demo::workspace b(later);
    const auto& rockets = *a.model().find_singular("rocket");
    const auto& one = a.data().of(rockets).begin()->second;
    const auto& other = b.data().of(rockets).begin()->second;
    CHECK(demo::id_of(one) == demo::id_of(other));
    CHECK(demo::stored(one, "name") == demo::stored(other, "name"));
    CHECK_FALSE(demo::stored(one, "createdAt") == demo::stored(other, "createdAt"));
}

TEST_CASE("the pipeline and the tasks give a newcomer something to ask about", "[sample]") {
    desk d;
    const auto count = [&](const std::string& query) {
        const auto answer = d.graphql(query);
        return answer.at("data") && answer.at("data")->if_object()
                   ? *answer.at("data")->if_object()->begin()->second.find("totalCount")->as_int()
                   : -1;
    };
    CHECK(
        count("{opportunities(filter:{and:[{stage:{neq:CUSTOMER}},{closeDate:{gt:\"2026-11-22\"}},"
              "{closeDate:{lt:\"2027-01-01\"}}]}){totalCount}}") > 0);
    CHECK(
        count(
            "{tasks(filter:{and:[{status:{neq:DONE}},{dueAt:{lt:\"2026-11-22\"}}]}){totalCount}}") >
        0);
    CHECK(count("{people(filter:{companyId:{is:NULL}}){totalCount}}") > 0);
    CHECK(count("{people(filter:{name:{firstName:{eq:\"Zoë\"}}}){totalCount}}") > 0);
}

TEST_CASE("contacts that were entered twice are found as duplicates", "[sample]") {
    desk d;
    const auto id = demo::uuid_of("person:99");
    const auto answer =
        d.graphql("query($i:[UUID]){personDuplicates(ids:$i){totalCount edges{node{id}}}}",
                  json::make({{"i", json::list({id})}}));
    const auto first = demo_test::item(answer.at("data", "personDuplicates"), 0);
    REQUIRE(first.find("totalCount"));
    CHECK(*first.find("totalCount")->as_int() >= 1);
}
