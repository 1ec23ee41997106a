#include "demo/newer.hpp"

#include "demo/errors.hpp"

namespace demo {

namespace {

constexpr std::string_view amount_rule = "A won opportunity needs an amount";
constexpr std::string_view rule_types =
    "type Query validationRules(objectMetadataId:UUID!):[ValidationRule!]!\n"
    "type ValidationRule id:UUID! objectMetadataId:UUID! errorFieldMetadataId:UUID name:String! "
    "description:String icon:String expression:String! bindings:JSON! message:String! "
    "isActive:Boolean!";
constexpr int unshared = 3; // every so many opportunities of the sample

std::string rule_id() { return uuid_of("rule:won-needs-amount"); }

} // namespace

void add_rule_types(type_system& types) {
    auto added = parse_types(rule_types, false);
    for (auto& type : types.types)
        if (type.name == "Query") type.members.push_back(added.types.front().members.front());
    types.types.push_back(std::move(added.types.back()));
}

json::array rules_of(const schema& model, std::string_view object_id) {
    const object* on = model.find_id(object_id);
    json::array out;
    if (!on || on->singular != "opportunity") return out;
    out.push_back(json::make({{"id", rule_id()},
                              {"objectMetadataId", on->id},
                              {"errorFieldMetadataId", on->find_field("amount")->id},
                              {"name", "Won needs an amount"},
                              {"message", amount_rule},
                              {"isActive", true}}));
    return out;
}

result<done> check_rules(const schema& model, const object& on, const record& row) {
    if (!model.newer() || on.singular != "opportunity") return done{};
    const auto* micros = stored(row, "amount").find("amountMicros");
    if (stored(row, "stage") != json::value("CUSTOMER") || (micros && !micros->is_null()))
        return done{};
    const field* amount = on.find_field("amount");
    const auto violation = json::make({{"ruleId", rule_id()},
                                       {"message", amount_rule},
                                       {"fieldMetadataId", amount->id},
                                       {"recordId", id_of(row)},
                                       {"inputIndex", nullptr}});
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
