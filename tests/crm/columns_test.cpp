#include "crm/columns.hpp"

#include "tests/crm/support.hpp"
#include "tests/mcp/support/script.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/stock_schema.hpp"

using crm_test::reads_all;

namespace {

using names = std::vector<std::string>;

} // namespace

TEST_CASE("a page shows the name, what identifies and what is recent when nothing is asked",
          "[columns]") {
    const auto may = reads_all();
    CHECK(crm::list_fields(*may.schema().by_singular("person"), may) ==
          names{"id", "name", "emails.primaryEmail", "company", "jobTitle", "city", "updatedAt"});
}

TEST_CASE("every object's default columns say what matters for it", "[columns]") {
    const twenty::access may(twenty::mode::read, std::nullopt, support::stock_schema());
    const std::map<std::string, std::string> expected{
        {"attachment", "id name target updatedAt"},
        {"blocklist", "id handle workspaceMember updatedAt"},
        {"calendarChannelEventAssociation", "id calendarEvent updatedAt"},
        {"calendarEvent", "id title startsAt endsAt location conferenceSolution "
                          "conferenceLink.primaryLinkUrl isCanceled"},
        {"calendarEventParticipant", "id handle responseStatus calendarEvent person "
                                     "workspaceMember displayName isOrganizer updatedAt"},
        {"callRecording", "id title startedAt status recordingRequestStatus calendarEvent endedAt"},
        {"company", "id name annualRevenue accountOwner domainName.primaryLinkUrl "
                    "linkedinLink.primaryLinkUrl address.addressCity updatedAt"},
        {"dashboard", "id title updatedAt"},
        {"message", "id subject receivedAt deliveryStatus messageCampaign messageThread isDraft"},
        {"messageCampaign", "id subject sentAt fromAddress.primaryEmail status list"},
        {"messageChannelMessageAssociation", "id direction message messageThread updatedAt"},
        {"messageChannelMessageAssociationMessageFolder",
         "id messageChannelMessageAssociation updatedAt"},
        {"messageList", "id name updatedAt"},
        {"messageListMember", "id list person updatedAt"},
        {"messageParticipant",
         "id handle role messageCampaign message person workspaceMember displayName updatedAt"},
        {"messageThread", "id subject updatedAt"},
        {"note", "id title updatedAt"},
        {"noteTarget", "id target note updatedAt"},
        {"opportunity", "id name stage amount company pointOfContact closeDate updatedAt"},
        {"person", "id name emails.primaryEmail company phones.primaryPhoneCallingCode "
                   "phones.primaryPhoneNumber jobTitle linkedinLink.primaryLinkUrl updatedAt"},
        {"task", "id title status assignee dueAt updatedAt"},
        {"taskTarget", "id target task updatedAt"},
        {"timelineActivity", "id name happensAt target properties workspaceMember"},
        {"workflow", "id name statuses updatedAt"},
        {"workflowAutomatedTrigger", "id type workflow updatedAt"},
        {"workflowRun", "id name startedAt status workflow workflowVersion enqueuedAt endedAt"},
        {"workflowVersion", "id name status workflow updatedAt"},
        {"workspaceMember", "id name userEmail updatedAt"}};
    for (const auto* of : may.objects()) {
        INFO(of->name_singular);
        std::string columns;
        for (const auto& name : crm::list_fields(*of, may))
            columns += (columns.empty() ? "" : " ") + name;
        REQUIRE(expected.contains(of->name_singular));
        CHECK(columns == expected.at(of->name_singular));
    }
}

TEST_CASE("composites and to-one relations are split into columns, nothing else is", "[columns]") {
    const auto may = reads_all();
    CHECK(crm::split_paths(*may.schema().by_singular("person"), may) ==
          std::set<std::string>{"name", "emails", "company", "company.domainName"});
    const twenty::access only(twenty::mode::read, std::set<std::string>{"person"},
                              mcp_test::sample_schema());
    CHECK(crm::split_paths(*only.schema().by_singular("person"), only) ==
          std::set<std::string>{"name", "emails"});
}

TEST_CASE("names come as a list or as one line", "[columns]") {
    const auto list = json::list({"a", " b ", "", 5});
    const json::value line = "a, b,,";
    CHECK(crm::name_list(&list) == names{"a", "b"});
    CHECK(crm::name_list(&line) == names{"a", "b"});
    CHECK(crm::name_list(nullptr).empty());
}
