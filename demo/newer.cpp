#include "demo/newer.hpp"

#include "demo/errors.hpp"

namespace demo {

namespace {

constexpr std::string_view amount_rule = "A won opportunity needs an amount";
constexpr int unshared = 3; // every so many opportunities of the sample

} // namespace

result<void> check_rules(const schema& model, const object& on, const record& row) {
    if (!model.newer() || on.singular != "opportunity") return {};
    const auto* micros = stored(row, "amount").find("amountMicros");
    if (stored(row, "stage") != json::value("CUSTOMER") || (micros && !micros->is_null()))
        return {};
    const field* amount = on.find_field("amount");
    const auto violation = json::make({{"ruleId", uuid_of("rule:won-needs-amount")},
                                       {"fieldMetadataId", amount->id},
                                       {"message", amount_rule}});
    json::object more;
    more.append("validationRuleViolations", json::list({violation}));
    return refuse(refusal::broken_rule, std::string(amount_rule), std::string(amount_rule),
                  std::move(more));
}

bool is_shared(const schema& model, role who, const object& on, const record& row) {
    if (!model.newer() || who == role::full || on.singular != "opportunity") return true;
    const auto id = id_of(row);
    for (int i = 0; i < unshared * 100; i += unshared)
        if (id == uuid_of("opportunity:" + std::to_string(i))) return false;
    return true;
}

void hide_discoverable(const schema& model, store& data) {
    bool hidden = false;
    for (auto& [id, row] : data.of(*model.find_singular("message"))) {
        hidden = !hidden;
        if (!hidden) continue;
        row.set("subject", restricted_text);
        row.set("text", restricted_text);
    }
}

} // namespace demo
