// Whose an attachment or a timeline entry is, on servers that have a relation for each kind of
// owner.
#include "twenty/access.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"

using support::sample_access;
using support::sample_object;
using twenty::mode;

namespace {

// Attachments and timeline entries of Twenty until 1.16: a plain relation for each kind of owner,
// and one for who made them.
twenty::object before_1_16(const char* name) {
    auto of = sample_object(name);
    std::erase_if(of.fields, [](const twenty::field& f) { return !f.relations.empty(); });
    for (const auto& [field, target] :
         {std::pair{"person", "person"}, {"company", "company"}, {"author", "workspaceMember"}}) {
        twenty::field owner;
        owner.name = field;
        owner.type = twenty::field_type::relation;
        twenty::relation to;
        to.kind = twenty::relation_kind::many_to_one;
        to.target_object = target;
        to.query_name = field;
        to.join_column = std::string(field) + "Id";
        owner.relations.push_back(to);
        of.fields.push_back(owner);
    }
    return of;
}

} // namespace

TEST_CASE("what an attachment or an entry has a list of does not own it", "[owners]") {
    for (const auto* name : {"attachment", "timelineActivity"}) {
        INFO(name);
        auto of = before_1_16(name);
        auto readers = of.fields.back();
        readers.name = "readers";
        readers.relations[0].kind = twenty::relation_kind::one_to_many;
        readers.relations[0].target_object = "person";
        readers.relations[0].query_name = "readers";
        readers.relations[0].join_column.clear();
        of.fields.push_back(readers);
        const auto with_people = sample_access(mode::write, {name, "person"});
        CHECK(json::dump(with_people.scope(of)) == R"({"or":[{"personId":{"is":"NOT_NULL"}}]})");
        of.fields.erase(of.fields.end() - 3, of.fields.end() - 1); // company and author
        CHECK(with_people.scope(of).is_null());
        of.fields.back().relations[0].target_object = "task";
        CHECK(with_people.scope(of).is_null());
    }
}

TEST_CASE("on servers until 1.16 who made an attachment or an entry does not own it", "[owners]") {
    for (const auto* name : {"attachment", "timelineActivity"}) {
        INFO(name);
        const auto of = before_1_16(name);
        const auto scope = [&](std::initializer_list<const char*> objects) {
            return json::dump(sample_access(mode::write, objects).scope(of));
        };
        CHECK(scope({name, "person"}) == R"({"or":[{"personId":{"is":"NOT_NULL"}}]})");
        CHECK(scope({name, "person", "workspaceMember"}) ==
              R"({"or":[{"personId":{"is":"NOT_NULL"}}]})");
        CHECK(scope({name, "workspaceMember"}) == R"({"id":{"is":"NULL"}})");
        CHECK(scope({name, "person", "company"}) == "null");
        CHECK_FALSE(sample_access(mode::write, {name, "person"}).can_write(of));
        CHECK(sample_access(mode::write).scope(of).is_null());
    }
}
