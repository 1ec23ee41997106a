// Filters and sort orders of a model: the order in the first line, the filter in the rest; each
// may be text or JSON. Promises: what comes out names only what the connection may see, and
// giving it back in changes nothing.
#include "twenty/filter.hpp"
#include "twenty/crossing.hpp"

#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/sample_schema.hpp"
#include "twenty/order.hpp"

#include <algorithm>
#include <string>

namespace {

// A text that is JSON is taken as what it stands for, as a client would send it.
json::value argument(std::string_view text) {
    if (const auto parsed = json::parse(text)) return *parsed;
    return json::value(text);
}

void check_filter(const json::value& input, const twenty::object& of, const twenty::access& may) {
    const auto made = twenty::prepare_filter(input, of, may);
    if (!made) {
        fuzz::must(!made.failure().message.empty(), "a refusal says what to change");
        return;
    }
    fuzz::must(made->value.is_object(), "a filter is an object");
    fuzz::must(twenty::check_filter(may, of, made->value).ok(),
               "a finished filter passes the policy of written documents");
    fuzz::must(twenty::empty_texts_alone(made->value).ok(),
               "an empty text stands alone, so that it breaks out of no condition");
}

void check_order(const json::value& input, const twenty::object& of, const twenty::access& may) {
    const auto made = twenty::prepare_order(input, of, may);
    if (!made) return;
    fuzz::must(made->value.is_array(), "an order is a list");
    const auto again = twenty::prepare_order(made->value, of, may);
    fuzz::must(again.ok() && again->value == made->value, "a finished order stays as it is");
    fuzz::must(again->how == made->how, "a finished order is paged as before");
}

bool names_a_company(const json::value& v) {
    if (const auto* all = v.if_array())
        return std::any_of(all->begin(), all->end(), names_a_company);
    const auto* members = v.if_object();
    return members && std::any_of(members->begin(), members->end(), [](const auto& m) {
               return m.first.starts_with("company") || names_a_company(m.second);
           });
}

// A connection that may not see companies has no way to mention them.
void check_reach(const json::value& input, const twenty::object& of, const twenty::access& may) {
    if (const auto made = twenty::prepare_filter(input, of, may); made)
        fuzz::must(!names_a_company(made->value), "no filter crosses to what may not be seen");
    if (const auto made = twenty::prepare_order(input, of, may); made)
        fuzz::must(!names_a_company(made->value), "no order crosses to what may not be seen");
}

} // namespace

void fuzz::filter(std::string_view bytes) {
    static const auto all = support::sample_access();
    static const auto people = support::sample_access(twenty::mode::read, {"person"});
    const auto order = argument(take_line(bytes));
    const auto filter = argument(bytes);
    for (const auto* name : {"person", "opportunity"}) {
        const auto& of = support::sample_object(name);
        check_filter(filter, of, all);
        check_order(order, of, all);
    }
    const auto& person = support::sample_object("person");
    check_reach(filter, person, people);
    check_reach(order, person, people);
}
