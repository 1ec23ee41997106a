// What happened around the sample's customers: notes, tasks, files, mails, meetings.
#include "demo/newer.hpp"
#include "demo/sample_author.hpp"
#include "demo/sample_words.hpp"

#include <array>

namespace demo {

void sample_author::notes_and_tasks() {
    for (int i = 0; i < size_.notes; ++i) {
        record r = m_.start("note", i, m_.below(300));
        r.set("title", m_.any(words::note_titles));
        r.set("bodyV2", m_.rich_text(m_.any(words::note_texts)));
        m_.add("note", std::move(r));
        link_target("note", i);
    }
    for (int i = 0; i < size_.tasks; ++i) {
        record r = m_.start("task", i, m_.below(60));
        r.set("title", m_.any(words::task_titles));
        if (m_.chance(60)) r.set("bodyV2", m_.rich_text(m_.any(words::note_texts)));
        const bool done = m_.chance(40);
        r.set("status", done ? "DONE" : m_.chance(35) ? "IN_PROGRESS" : "TODO");
        if (m_.chance(88))
            r.set("dueAt", m_.days_from_now(done ? -m_.below(40) : m_.below(45) - 12, 16));
        if (m_.chance(90)) r.set("assigneeId", member());
        m_.add("task", std::move(r));
        link_target("task", i);
    }
}

void sample_author::link_target(const std::string& object_name, int number) {
    const std::string junction = object_name + "Target";
    const int links = m_.chance(20) ? 2 : 1;
    for (int i = 0; i < links; ++i) {
        record r = m_.start(junction, number * 2 + i, m_.below(60));
        r.set(object_name + "Id", m_.id_of(object_name, number));
        const int kind = m_.below(3);
        if (kind == 0)
            r.set("targetPersonId", person());
        else if (kind == 1)
            r.set("targetCompanyId", company());
        else
            r.set("targetOpportunityId", m_.id_of("opportunity", m_.below(size_.opportunities)));
        m_.add(junction, std::move(r));
    }
}

void sample_author::attachments() {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kinds{
        {{"Interface document", "pdf"},
         {"Payload budget", "xlsx"},
         {"Clean room", "jpg"},
         {"Non-disclosure agreement", "pdf"}}};
    for (int i = 0; i < size_.people / 20; ++i) {
        record r = m_.start("attachment", i, m_.below(200));
        const auto& [label, extension] = m_.any(kinds);
        const std::string name =
            std::string(label) + " " + std::to_string(i + 1) + "." + std::string(extension);
        r.set("name", name);
        r.set("file", m_.file(name, extension));
        r.set("fileCategory", extension == "jpg"   ? "IMAGE"
                              : extension == "pdf" ? "TEXT_DOCUMENT"
                                                   : "SPREADSHEET");
        if (i % 2 == 0)
            r.set("targetCompanyId", company());
        else
            r.set("targetPersonId", person());
        m_.add("attachment", std::move(r));
    }
}

void sample_author::timeline() {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kinds{
        {{"person", "targetPersonId"},
         {"company", "targetCompanyId"},
         {"opportunity", "targetOpportunityId"}}};
    int number = 0;
    for (const auto& [kind, column] : kinds) {
        for (int i = 0; i < size_.people / 8; ++i) {
            record r = m_.start("timelineActivity", number++, m_.below(200));
            const std::string id = kind == "person" ? person()
                                   : kind == "company"
                                       ? company()
                                       : m_.id_of("opportunity", m_.below(size_.opportunities));
            r.set("name", std::string(kind) + (i % 3 == 0 ? ".updated" : ".created"));
            r.set("happensAt", stored(r, "createdAt"));
            r.set("properties", json::make({{"after", json::make({{"id", id}})}}));
            r.set("linkedRecordId", id);
            r.set("workspaceMemberId", member());
            r.set(std::string(column), id);
            m_.add("timelineActivity", std::move(r));
        }
    }
}

void sample_author::messages_and_events() {
    for (int i = 0; i < size_.people / 20; ++i) {
        record thread = m_.start("messageThread", i, 90);
        const std::string subject = "Re: " + std::string(m_.any(words::task_titles));
        thread.set("subject", subject);
        m_.add("messageThread", std::move(thread));
        record r = m_.start("message", i, m_.below(90));
        r.set("subject", subject);
        r.set("text", m_.any(words::note_texts));
        r.set("receivedAt", stored(r, "createdAt"));
        r.set("messageThreadId", m_.id_of("messageThread", i));
        m_.add("message", std::move(r));
        record from = m_.start("messageParticipant", i, 90);
        from.set("messageId", m_.id_of("message", i));
        from.set("personId", person());
        m_.add("messageParticipant", std::move(from));
    }
    for (int i = 0; i < size_.people / 30; ++i) {
        record r = m_.start("calendarEvent", i, 20);
        r.set("title", m_.any(words::note_titles));
        if (i % 7 == 6) r.set("title", restricted_text); // a colleague's private event
        const int day = m_.below(40) - 15;
        r.set("startsAt", m_.days_from_now(day, 9));
        r.set("endsAt", m_.days_from_now(day, 10));
        m_.add("calendarEvent", std::move(r));
        record who = m_.start("calendarEventParticipant", i, 20);
        who.set("calendarEventId", m_.id_of("calendarEvent", i));
        who.set("personId", person());
        m_.add("calendarEventParticipant", std::move(who));
    }
}

} // namespace demo
