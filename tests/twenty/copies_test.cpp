#include "twenty/copies.hpp"

#include "tests/support/catch.hpp"
#include "twenty/access.hpp"
#include "twenty/data.hpp"
#include "twenty/filter.hpp"
#include "twenty/order.hpp"
#include "twenty/query.hpp"
#include "twenty/schema_parse.hpp"
#include "twenty/search.hpp"

#include <memory>
#include <string>
#include <vector>

namespace {

// A name that a pattern stands for.
std::string example_of(std::string_view pattern) {
    std::string name(pattern == "*" ? "anything" : pattern);
    if (name.back() == '*') name.replace(name.size() - 1, 1, "One");
    if (name.front() == '*') name.replace(0, 1, "some");
    return name;
}

struct wanted {
    std::string object, field;
    const char* type = "TEXT";
};

json::value field_node(const std::string& name, const char* type) {
    return json::make({{"id", name}, {"name", name}, {"label", name}, {"type", type}});
}

twenty::schema_ptr with_object(const wanted& w, bool custom = false) {
    json::array fields;
    fields.push_back(field_node("id", "UUID"));
    fields.push_back(field_node("createdAt", "DATE_TIME"));
    fields.push_back(field_node(w.field, w.type));
    json::object node;
    node.append("id", w.object);
    node.append("nameSingular", w.object);
    node.append("namePlural", w.object + "s");
    node.append("isSystem", !custom);
    node.append("isCustom", custom);
    node.append("isSearchable", true);
    node.append("labelIdentifierFieldMetadataId", w.field);
    node.append("fieldsList", std::move(fields));
    auto made = twenty::read_object(std::move(node), {});
    REQUIRE(made);
    std::vector<twenty::object> objects{*std::move(made)};
    return std::make_shared<const twenty::schema>("w", "W", std::move(objects));
}

void check_hidden(const wanted& w) {
    INFO(w.object << "." << w.field);
    const auto model = with_object(w);
    const auto& of = *model->by_singular(w.object);
    const twenty::access open(twenty::mode::write, std::nullopt, model);
    const twenty::access may(twenty::mode::write, std::set<std::string>{w.object}, model);
    CHECK(open.visible(*of.find_field(w.field)));
    CHECK(open.can_search(of));
    CHECK_FALSE(may.visible(*of.find_field(w.field)));
    CHECK_FALSE(may.label(of));
    const auto any = json::make({{w.field, json::make({{"is", "NOT_NULL"}})}});
    twenty::wanted_fields want;
    want.fields = {w.field};
    CHECK_FALSE(twenty::select_fields(of, may, want));
    CHECK_FALSE(twenty::prepare_filter(any, of, may));
    CHECK_FALSE(twenty::prepare_order(w.field, of, may));
    CHECK_FALSE(twenty::prepare_create(json::make({{w.field, nullptr}}), of, may));
    for (const auto& document :
         {"{" + of.name_plural + "{edges{node{" + w.field + "}}}}",
          "{" + of.name_plural + "(filter:{" + w.field + ":{is:NULL}}){totalCount}}"})
        CHECK_FALSE(twenty::graphql_request(may, twenty::graphql_tool::query,
                                            twenty::endpoint::records, document, {}));
    const auto search = "{search(searchInput:\"a\",includedObjectNameSingulars:[\"" + w.object +
                        "\"]){edges{node{label}}}}";
    const bool words = std::string_view(w.type) != "RAW_JSON" && std::string_view(w.type) != "UUID";
    CHECK(may.can_search(of) != words);
    CHECK(twenty::searchable_objects(may).empty() == words);
    CHECK(twenty::search_request(may, "a", {may.as_readable(of).value()}, 5).ok() != words);
    CHECK(twenty::graphql_request(may, twenty::graphql_tool::query, twenty::endpoint::records,
                                  search, {})
              .ok() != words);
}

} // namespace

TEST_CASE("a limited grant sees and searches none of the copies that Twenty keeps, by any path",
          "[copies]") {
    REQUIRE_FALSE(twenty::copies().empty());
    for (const auto& c : twenty::copies())
        check_hidden({example_of(c.object), example_of(c.field)});
}

// Names and types are those of Twenty's standard objects (2.44 to 2.47).
TEST_CASE("chats with agents, short links and deliveries are copies, whatever they are called",
          "[copies]") {
    const std::vector<wanted> known{
        {"agentChatThread", "title"},
        {"agentChatThread", "lastMessageText"},
        {"agentChatThread", "lastMessageSenderWorkspaceMemberId", "UUID"},
        {"agentChatThread", "writerWorkspaceMemberIds", "ARRAY"},
        {"agentChatThread", "lastStreamError", "RAW_JSON"},
        {"agentMessagePart", "textContent"},
        {"agentMessagePart", "reasoningContent"},
        {"agentMessagePart", "toolInput", "RAW_JSON"},
        {"agentMessagePart", "toolOutput", "RAW_JSON"},
        {"agentMessagePart", "sourceUrlUrl"},
        {"agentMessagePart", "fileFilename"},
        {"agentTurnEvaluation", "comment"},
        {"agentChatMessage", "text", "RICH_TEXT"},
        {"shortLink", "templateUrl"},
        {"shortLink", "resolvedUrl", "LINKS"},
        {"shortLink", "destinationUrl"},
        {"campaignDelivery", "campaignId", "UUID"},
        {"campaignDelivery", "emailAddress", "EMAILS"},
        {"messageSuppression", "emailAddress"},
        {"recordShare", "recordId", "UUID"}};
    for (const auto& w : known)
        check_hidden(w);
}

TEST_CASE("what names nobody is shown of them, and what people named alike is theirs", "[copies]") {
    for (const auto* type : {"DATE_TIME", "NUMBER", "NUMERIC", "BOOLEAN", "SELECT"}) {
        const auto model = with_object({"agentChatThread", "size", type});
        const auto& of = *model->by_singular("agentChatThread");
        const twenty::access may(twenty::mode::read, std::set<std::string>{"agentChatThread"},
                                 model);
        CHECK(may.visible(*of.find_field("size")));
    }
    for (const auto* object : {"agentContract", "shortLinkCampaign", "campaignDelivery"}) {
        const auto model = with_object({object, "title"}, true);
        const auto& of = *model->by_singular(object);
        const twenty::access may(twenty::mode::read, std::set<std::string>{object}, model);
        CHECK(may.visible(*of.find_field("title")));
        CHECK(may.can_search(of));
    }
}
