#include "demo/filter_operator.hpp"

#include "tests/support/catch.hpp"

namespace {

const demo::schema model;

demo::leaf_of leaf(std::string_view object, std::string_view name) {
    const auto* f = model.find_singular(object)->find_field(name);
    return {f, f->type->kind, f->name};
}

// "yes", "no" or the refusal's message.
std::string meets(const demo::leaf_of& of, std::string_view op, const json::value& operand,
                  const json::value& v, bool lenient = false) {
    const auto test = demo::compile_operator(of, op, operand, lenient);
    if (!test) return test.failure().message;
    return (*test)(v) ? "yes" : "no";
}

} // namespace

TEST_CASE("an operator compares as the kind of its leaf does", "[filter_operator]") {
    const auto title = leaf("person", "jobTitle");
    CHECK(meets(title, "eq", "Pilot", "Pilot") == "yes");
    CHECK(meets(title, "neq", "Pilot", "Pilot") == "no");
    CHECK(meets(title, "ilike", "%IL%", "Pilot") == "yes");
    CHECK(meets(title, "like", "%IL%", "Pilot") == "no");
    const auto staff = leaf("company", "employees");
    CHECK(meets(staff, "gt", 9, 10) == "yes"); // as numbers, not as texts
    CHECK(meets(staff, "in", json::list({json::number{"10.0"}}), 10) == "yes");
    const auto stage = leaf("opportunity", "stage");
    CHECK(meets(stage, "lt", "CUSTOMER", "NEW") == "yes"); // in the order of the options
}

TEST_CASE("null meets is, and the empty text that stands for it", "[filter_operator]") {
    const auto title = leaf("person", "jobTitle");
    CHECK(meets(title, "is", "NULL", nullptr) == "yes");
    CHECK(meets(title, "is", "NOT_NULL", nullptr) == "no");
    CHECK(meets(title, "eq", "", nullptr) == "yes");
    CHECK(meets(title, "eq", "Pilot", nullptr) == "no");
    CHECK(meets(title, "eq", nullptr, nullptr) == "no");
    CHECK(demo::is_empty_text(title, "ilike", ""));
    CHECK_FALSE(demo::is_empty_text(title, "neq", ""));
    CHECK_FALSE(demo::is_empty_text(leaf("company", "employees"), "eq", ""));
}

TEST_CASE("an operator that the leaf does not have is refused with those that it has",
          "[filter_operator]") {
    const auto staff = leaf("company", "employees");
    const auto said = meets(staff, "ilike", "%1%", 10);
    CHECK(said.find("Operator \"ilike\" is not valid") != std::string::npos);
    CHECK(said.find("gte") != std::string::npos);
    CHECK(meets(staff, "is", "MAYBE", 10).find("Expected \"NULL\"") != std::string::npos);
    // REST sends all values as text.
    CHECK(meets(staff, "eq", "10", 10, true) == "yes");
}
