#include "twenty/removed_options.hpp"

#include "tests/support/catch.hpp"

namespace {

twenty::schema thing_with_phases() {
    twenty::field phase;
    phase.id = "e9cc0ae0-17af-421c-9719-93e1348b2b35";
    phase.name = "phase";
    phase.type = twenty::field_type::select;
    phase.options = {{"OPTION_1", "Won"}, {"OPTION_2", "Lost"}};
    twenty::object thing;
    thing.id = "1";
    thing.name_singular = "thing";
    thing.name_plural = "things";
    thing.fields.push_back(std::move(phase));
    std::vector<twenty::object> all;
    all.push_back(std::move(thing));
    return {"w", "Apple", std::move(all)};
}
std::string removal_refusal(std::string_view document, std::string_view variables = "{}") {
    const auto known = thing_with_phases();
    const auto r = twenty::check_options_stay(known, document, *json::parse(variables));
    return r ? std::string() : r.failure().message;
}
constexpr const char* with_input =
    "mutation($i:UpdateOneFieldMetadataInput!){updateOneField(input:$i){id}}";
std::string input(std::string_view options, std::string_view id) {
    return R"({"i":{"id":")" + std::string(id) + R"(","update":{"options":)" +
           std::string(options) + "}}}";
}
constexpr const char* phase_id = "E9CC0AE0-17af-421c-9719-93e1348b2b35";

} // namespace

// twenty-golden-2 metadata-change/034 to 037: a label may change and a choice be added; of the one
// that is left out every record loses its value.
TEST_CASE("a choice is never taken out of a field, because that clears its records",
          "[removed_options]") {
    CHECK(removal_refusal(
              with_input,
              input(R"([{"value":"OPTION_1","label":"Won!"},{"value":"OPTION_2"}])", phase_id))
              .empty());
    CHECK(
        removal_refusal(
            with_input,
            input(R"([{"value":"OPTION_2"},{"value":"OPTION_1"},{"value":"OPTION_3"}])", phase_id))
            .empty());
    for (const auto* options : {R"([{"value":"OPTION_2"}])", "[]", "null",
                                R"([{"value":"OPTION_2"},{"value":"OPTION_ONE"}])"}) {
        INFO(options);
        const auto why = removal_refusal(with_input, input(options, phase_id));
        CHECK(why.find("OPTION_1") != std::string::npos);
        CHECK(why.find("phase") != std::string::npos);
    }
    for (
        const auto* document :
        {R"(mutation{updateOneField(input:{id:"$",update:{options:[{value:"OPTION_2"}]}}){id}})",
         R"(mutation{x:updateOneField(input:{id:"$",update:{options:[]}}){id}})",
         R"(mutation{...on Mutation{updateOneField(input:{id:"$",update:{options:[]}}){id}}})",
         R"(mutation{...F} fragment F on Mutation{updateOneField(input:{id:"$",update:{options:[]}}){id}})"}) {
        std::string filled = document;
        filled.replace(filled.find('$'), 1, phase_id);
        INFO(filled);
        CHECK_FALSE(removal_refusal(filled).empty());
    }
}

TEST_CASE("changes of fields that leave the choices alone pass", "[removed_options]") {
    CHECK(removal_refusal(R"(mutation{updateOneField(input:{id:"x",update:{label:"Phase"}}){id}})")
              .empty());
    CHECK(removal_refusal(R"(mutation{createOneField(input:{field:{options:[{value:"A"}]}}){id}})")
              .empty());
    CHECK(removal_refusal("mutation{").empty());
    // Of a field that is not known nobody can say what would be lost.
    CHECK_FALSE(
        removal_refusal(with_input, input("[]", "20202020-b000-4485-94de-70c2a98daef2")).empty());
}
