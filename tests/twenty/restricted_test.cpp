// What may be private in mails and meetings. Twenty 2.19 checks it after findMany and findOne of
// message and calendarEvent, and nowhere else [source: its query hooks; twenty-golden-2
// timeline/005, 028: the event is listed and its title is a constant].
#include "twenty/restricted.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/stock_schema.hpp"
#include "twenty/filter.hpp"
#include "twenty/order.hpp"
#include "twenty/query.hpp"

#include <string>
#include <utility>

using twenty::asked_at;
using twenty::field_use;

namespace {

constexpr std::pair<const char*, const char*> fields[] = {{"calendarEvent", "title"},
                                                          {"calendarEvent", "description"},
                                                          {"message", "subject"},
                                                          {"message", "text"},
                                                          {"messageThread", "subject"}};

const twenty::object& object(std::string_view name) {
    return *support::stock_schema()->by_singular(name);
}
twenty::access all(twenty::mode mode = twenty::mode::write) {
    return {mode, std::nullopt, support::stock_schema()};
}

template <class T> void refused(const result<T>& r, const char* what) {
    INFO(what);
    REQUIRE_FALSE(r);
    INFO(r.failure().message);
    CHECK(r.failure().code == errc::bad_request);
    CHECK(r.failure().message.find("private") != std::string::npos);
    CHECK(r.failure().message.find("find_records of ") != std::string::npos);
}

result<twenty::request> request_for(const char* document) {
    const std::string_view d = document;
    const auto tool =
        d.starts_with("mutation") ? twenty::graphql_tool::mutation : twenty::graphql_tool::query;
    return twenty::graphql_request(all(), tool, twenty::endpoint::records, d, json::object());
}

} // namespace

TEST_CASE("what may be private is read at its own root, and grouped or counted nowhere",
          "[restricted]") {
    for (const auto& [name, field] : fields) {
        INFO(name << "." << field);
        REQUIRE(object(name).find_field(field));
        CHECK(twenty::is_checked_at_root(name, field));
        for (const auto use : {field_use::shown, field_use::compared, field_use::sorted,
                               field_use::grouped, field_use::counted}) {
            refused(twenty::check_private(object(name), field, use, asked_at::elsewhere, field),
                    field);
            const bool in_sum = use == field_use::grouped || use == field_use::counted;
            CHECK(twenty::check_private(object(name), field, use, asked_at::own_root, field).ok() !=
                  in_sum);
        }
    }
    CHECK(twenty::check_private(object("note"), "title", field_use::grouped, asked_at::elsewhere,
                                "title"));
}

TEST_CASE("no filter or order tries words on private mails and meetings through a relation",
          "[restricted]") {
    const std::pair<const char*, const char*> filters[] = {
        {"calendarEventParticipant", R"({"calendarEvent":{"title":{"ilike":"%a%"}}})"},
        {"calendarEventParticipant", R"({"CalendarEvent":{"TITLE":{"ilike":"%a%"}}})"},
        {"calendarEventParticipant", R"({"calendarEvent.description":{"is":"NOT_NULL"}})"},
        {"messageParticipant", R"({"or":[{"not":{"message":{"text":{"like":"a%"}}}}]})"},
        {"messageParticipant", R"("message.subject[ilike]:%a%")"},
        {"message", R"({"messageThread":{"subject":{"eq":"a"}}})"},
    };
    for (const auto& [of, filter] : filters)
        refused(twenty::prepare_filter(json::parse(filter).value(), object(of), all()), filter);
    const std::pair<const char*, const char*> orders[] = {
        {"calendarEventParticipant", "calendarEvent.title"},
        {"calendarEventParticipant", "calendarEvent"}, // its label
        {"messageParticipant", "-message.subject"},
        {"message", "messageThread.subject desc"},
    };
    for (const auto& [of, order] : orders)
        refused(twenty::prepare_order(order, object(of), all()), order);

    const auto title = json::parse(R"({"title":{"ilike":"%standup%"}})").value();
    CHECK(twenty::prepare_filter(title, object("calendarEvent"), all()));
    CHECK(twenty::prepare_order("title", object("calendarEvent"), all()));
    const auto start = json::parse(R"({"calendarEvent":{"startsAt":{"is":"NOT_NULL"}}})").value();
    CHECK(twenty::prepare_filter(start, object("calendarEventParticipant"), all()));

    // A name where an id belongs: no way is offered that would be refused.
    const auto named = twenty::prepare_filter(json::parse(R"({"calendarEvent":"Standup"})").value(),
                                              object("calendarEventParticipant"), all());
    REQUIRE_FALSE(named);
    CHECK(named.failure().message.find("use its id") != std::string::npos);
}

TEST_CASE("no document reads or tries what may be private where Twenty checks nothing",
          "[restricted]") {
    for (const auto* document : {
             "{calendarEventParticipants{edges{node{calendarEvent{title}}}}}",
             "{calendarEventParticipants{edges{node{...P}}}} fragment P on "
             "CalendarEventParticipant{calendarEvent{... on CalendarEvent{description}}}",
             "{calendarEvents{edges{node{calendarEventParticipants{edges{node{calendarEvent{title}}"
             "}}}}}}",
             "{people{edges{node{messageParticipants{edges{node{message{text}}}}}}}}",
             "{messageThreads{edges{node{messages{edges{node{subject}}}}}}}",
             "{messageThreads{edges{node{messages{countUniqueValuesSubject}}}}}",
             "{messageThreads{edges{node{messages(filter:{text:{ilike:\"%a%\"}}){totalCount}}}}}",
             "{messageThreads{edges{node{messages(orderBy:[{subject:AscNullsLast}]){edges{node{id}}"
             "}}}}}",
             "{calendarEventsGroupBy(groupBy:[{title:true}]){groupByDimensionValues}}",
             "{calendarEventParticipantsGroupBy(groupBy:[{calendarEvent:{title:true}}]){totalCount}"
             "}",
             "{calendarEventsGroupBy(groupBy:[{isFullDay:true}]){edges{node{title}}}}",
             "{calendarEventsGroupBy(groupBy:[{isFullDay:true}],orderByForRecords:[{title:"
             "AscNullsLast}]){edges{node{id}}}}",
             "{messagesGroupBy(groupBy:[{isDraft:true}],orderBy:[{aggregate:{"
             "countUniqueValuesSubject:AscNullsLast}}]){totalCount}}",
             "{messages{countUniqueValuesSubject}}",
             "{messages{countNotEmptyText}}",
             "{messages{minSubject}}",
             "{messageDuplicates(ids:[\"20202020-b000-4485-94de-70c2a98daef2\"]){edges{node{"
             "subject}}}}",
             "{calendarEventParticipants(filter:{calendarEvent:{title:{ilike:\"%a%\"}}}){"
             "totalCount}}",
             "{calendarEventParticipants(orderBy:[{calendarEvent:{title:AscNullsLast}}]){"
             "totalCount}}",
             "mutation{deleteMessage(id:\"20202020-b000-4485-94de-70c2a98daef2\"){id subject}}",
             "mutation{restoreCalendarEvent(id:\"20202020-b000-4485-94de-70c2a98daef2\"){title}}",
         })
        refused(request_for(document), document);
    for (const auto* document : {
             "{calendarEvents(filter:{title:{ilike:\"%a%\"}},orderBy:[{title:AscNullsLast}]){"
             "totalCount edges{node{title description}}}}",
             "{message(filter:{subject:{eq:\"a\"}}){subject text messageThread{id}}}",
             "{calendarEventParticipants{edges{node{calendarEvent{id startsAt location}}}}}",
             "{calendarEventsGroupBy(groupBy:[{isFullDay:true}],filter:{title:{ilike:\"%a%\"}}){"
             "totalCount edges{node{startsAt}}}}",
             "{messages{countUniqueValuesReceivedAt totalCount}}",
             "mutation{deleteMessage(id:\"20202020-b000-4485-94de-70c2a98daef2\"){id receivedAt}}",
         }) {
        INFO(document);
        const auto r = request_for(document);
        INFO((r ? std::string() : r.failure().message));
        CHECK(r);
    }
}

// calendarEvent.title, message.subject and messageThread.subject are in searchVector [Twenty 2.19
// source: search fields of standard objects].
TEST_CASE("words of private texts are not read from what full-text search keeps", "[restricted]") {
    for (const auto* document :
         {"{calendarEvents{edges{node{searchVector}}}}", "{messages{edges{node{searchVector}}}}",
          "{messageThreads{edges{node{searchVector}}}}",
          "{calendarEventParticipants{edges{node{calendarEvent{searchVector}}}}}"}) {
        INFO(document);
        const auto refused =
            twenty::graphql_request(all(), twenty::graphql_tool::query, twenty::endpoint::records,
                                    document, json::value(json::object()), {});
        REQUIRE_FALSE(refused);
        CHECK(refused.failure().message.find("holds words of texts") != std::string::npos);
    }
    CHECK(twenty::graphql_request(all(), twenty::graphql_tool::query, twenty::endpoint::records,
                                  "{people{edges{node{searchVector}}}}",
                                  json::value(json::object()), {}));
}

TEST_CASE("a link in data is not found by the words of a private mail or meeting", "[restricted]") {
    const auto link = [](const char* object, const char* to, const char* where) {
        const auto document = "mutation{create" + std::string(object) + "(data:{" + to +
                              ":{connect:{where:" + where + "}}}){id}}";
        return request_for(document.c_str());
    };
    refused(link("MessageParticipant", "message", "{subject:\"x\"}"), "subject");
    refused(link("CalendarEventParticipant", "calendarEvent", "{title:\"x\"}"), "title");
    CHECK(link("MessageParticipant", "message", "{id:\"x\"}"));
}
