#include "demo/sample.hpp"

#include "demo/newer.hpp"
#include "demo/sample_maker.hpp"
#include "demo/sample_words.hpp"

#include "base/text.hpp"

#include <set>

namespace demo {

namespace {

class author {
  public:
    author(const schema& model, store& data, std::uint64_t seed, time_point now,
           const sample_size& size)
        : m_(model, data, seed, now), size_(size) {}

    void write() {
        members();
        companies();
        people();
        opportunities();
        notes_and_tasks();
        attachments();
        timeline();
        messages_and_events();
        rockets();
        partnerships();
        settings();
    }

  private:
    std::string member() { return m_.id_of("workspaceMember", m_.below(member_count)); }
    std::string company() { return m_.id_of("company", m_.below(size_.companies)); }
    std::string person() { return m_.id_of("person", m_.below(size_.people)); }

    static std::string domain_of(int number) {
        const auto [head, tail] = name_parts(number);
        return text::lower(head) + "-" + text::lower(tail) + ".example";
    }
    // Steps through all 1,200 pairs before one repeats.
    static std::pair<std::string_view, std::string_view> name_parts(int number) {
        const auto heads = words::company_heads.size();
        const auto i = static_cast<std::size_t>(number) * 7 % (heads * words::company_tails.size());
        return {words::company_heads[i % heads], words::company_tails[i / heads]};
    }

    void members() {
        static constexpr std::array<std::pair<std::string_view, std::string_view>, member_count>
            team{{{"Marisol", "Vance"},
                  {"Tobias", "Arden"},
                  {"Nadia", "Sorel"},
                  {"Callum", "Reyes"},
                  {"Ingrid", "Moss"},
                  {"Desmond", "Achebe"}}};
        for (int i = 0; i < member_count; ++i) {
            const auto& [first, last] = team[static_cast<std::size_t>(i)];
            record r = m_.start("workspaceMember", i, 700);
            r.set("name", json::make({{"firstName", first}, {"lastName", last}}));
            r.set("userEmail", text::lower(first) + "@halcyon.example");
            r.set("colorScheme", i % 2 == 0 ? "Light" : "Dark");
            r.set("userId", m_.id_of("user", i));
            m_.add("workspaceMember", std::move(r));
        }
    }

    void companies() {
        static constexpr std::array<std::string_view, 3> policies{"ON_SITE", "HYBRID",
                                                                  "REMOTE_WORK"};
        for (int i = 0; i < size_.companies; ++i) {
            record r = m_.start("company", i, 30 + m_.below(600));
            const auto [head, tail] = name_parts(i);
            const auto& place = m_.any(words::places);
            r.set("name", std::string(head) + " " + std::string(tail));
            r.set("domainName", m_.link(domain_of(i)));
            r.set("address",
                  json::make({{"addressCity", place.city}, {"addressCountry", place.country}}));
            if (m_.chance(70))
                r.set("linkedinLink",
                      m_.link("https://linkedin.example/company/" + text::lower(head)));
            if (m_.chance(60)) r.set("annualRevenue", m_.money((1 + m_.below(900)) * 100'000));
            if (m_.chance(85)) r.set("employees", 3 + m_.below(40) * m_.below(60));
            if (m_.chance(50))
                r.set("tagline", std::string(tail) + " made in " + std::string(place.city));
            if (m_.chance(40)) r.set("workPolicy", json::list({m_.any(policies)}));
            if (m_.chance(20)) r.set("visaSponsorship", true);
            if (m_.chance(90)) r.set("accountOwnerId", member());
            m_.add("company", std::move(r));
        }
    }

    void people() {
        std::set<std::string> taken;
        for (int i = 0; i < size_.people; ++i) {
            record r = m_.start("person", i, m_.below(540));
            const auto& first = m_.any(words::first_names);
            const auto& last = m_.any(words::last_names);
            const int employer = m_.below(size_.companies);
            // Every hundredth contact is the one before once more, met by another colleague.
            const bool again = i % 100 == 99;
            r.set("name", again ? last_name_
                                : json::make({{"firstName", first.name}, {"lastName", last.name}}));
            last_name_ = stored(r, "name");
            if (i % 60 == 59)
                r.set("name", json::make({{"firstName", nullptr}, {"lastName", last.name}}));
            if (m_.chance(94)) {
                std::string address = std::string(first.ascii) + "." + std::string(last.ascii);
                if (!taken.insert(address + domain_of(employer)).second)
                    address += std::to_string(i);
                r.set("emails", json::make({{"primaryEmail", address + "@" + domain_of(employer)},
                                            {"additionalEmails", nullptr}}));
            }
            if (m_.chance(90)) r.set("companyId", m_.id_of("company", employer));
            if (m_.chance(93)) r.set("jobTitle", m_.any(words::job_titles));
            contact_details(r, i);
            m_.add("person", std::move(r));
        }
    }

    void contact_details(record& r, int number) {
        static constexpr std::array<std::string_view, 5> ratings{"RATING_1", "RATING_2", "RATING_3",
                                                                 "RATING_4", "RATING_5"};
        static constexpr std::array<std::string_view, 3> preferences{"ON_SITE", "HYBRID",
                                                                     "REMOTE_WORK"};
        if (m_.chance(75)) {
            const auto& place = m_.any(words::places);
            r.set("phones", json::make({{"primaryPhoneNumber", std::to_string(5'550'000 + number)},
                                        {"primaryPhoneCountryCode", place.phone_country},
                                        {"primaryPhoneCallingCode", place.calling_code},
                                        {"additionalPhones", nullptr}}));
        }
        if (m_.chance(65))
            r.set("linkedinLink",
                  m_.link("https://linkedin.example/in/contact-" + std::to_string(number)));
        if (m_.chance(15)) r.set("intro", "Met at the small-satellite fair.");
        if (m_.chance(25)) r.set("performanceRating", m_.any(ratings));
        if (m_.chance(20)) r.set("workPreference", json::list({m_.any(preferences)}));
    }

    void opportunities() {
        struct stage {
            std::string_view name;
            int share; // percent
            int from;  // close date, days from now
            int to;
        };
        static constexpr std::array<stage, 5> stages{{{"NEW", 26, 20, 150},
                                                      {"SCREENING", 20, 10, 120},
                                                      {"MEETING", 20, 0, 90},
                                                      {"PROPOSAL", 16, -20, 60},
                                                      {"CUSTOMER", 18, -240, -1}}};
        for (int i = 0; i < size_.opportunities; ++i) {
            record r = m_.start("opportunity", i, m_.below(200));
            int draw = m_.below(100);
            const stage* at = stages.data();
            while (draw >= at->share)
                draw -= (at++)->share;
            const int buyer = m_.below(size_.companies);
            const auto [head, tail] = name_parts(buyer);
            r.set("name", std::string(head) + " " + std::string(tail) + ": " +
                              std::string(m_.any(words::deals)));
            r.set("stage", at->name);
            if (m_.chance(94))
                r.set("amount",
                      m_.money((20 + m_.below(1980)) * 1'000, m_.chance(80) ? "USD" : "EUR"));
            if (m_.chance(95))
                r.set("closeDate", m_.days_from_now(at->from + m_.below(at->to - at->from + 1)));
            r.set("companyId", m_.id_of("company", buyer));
            if (m_.chance(85)) r.set("pointOfContactId", person());
            if (m_.chance(92)) r.set("ownerId", member());
            m_.add("opportunity", std::move(r));
        }
    }

    void notes_and_tasks() {
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

    // Joins a note or task to a person, company or opportunity; some hang on two of them.
    void link_target(const std::string& object_name, int number) {
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
                r.set("targetOpportunityId",
                      m_.id_of("opportunity", m_.below(size_.opportunities)));
            m_.add(junction, std::move(r));
        }
    }

    void attachments() {
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

    void timeline() {
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

    void messages_and_events() {
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

    void rockets() {
        static constexpr std::array<std::string_view, 5> states{"PLANNED", "INTEGRATION", "ON_PAD",
                                                                "FLYING", "RETIRED"};
        static constexpr std::array<std::string_view, 5> payloads{
            "COMMUNICATIONS", "EARTH_OBSERVATION", "NAVIGATION", "SCIENCE", "CARGO"};
        for (std::size_t n = 0; n < words::rockets.size(); ++n) {
            const int i = static_cast<int>(n);
            record r = m_.start("rocket", i, 400);
            r.set("name", words::rockets[n]);
            r.set("status", states[n % states.size()]);
            if (i % 5 != 4) r.set("launchDate", m_.date_from_now(i * 17 - 60));
            r.set("budget", m_.money((4 + m_.below(60)) * 1'000'000));
            r.set("reliability", "RATING_" + std::to_string(1 + i % 5));
            r.set("payloads", json::list({payloads[n % 5], payloads[(n + 2) % 5]}));
            r.set("nicknames", json::list({"Bird " + std::to_string(i + 1)}));
            r.set("telemetry", json::make({{"apogeeKm", 350 + 20 * i},
                                           {"stages", 2 + i % 2},
                                           {"engines", json::list({"main", "vernier"})}}));
            r.set("documents", m_.file("Flight manual " + std::to_string(i + 1) + ".pdf", "pdf"));
            r.set("thrust", json::number{std::to_string(600 + 35 * i) + ".25"});
            r.set("crewCapacity", i % 7 == 0 ? json::value(3) : json::value());
            r.set("isReusable", i % 3 == 0);
            r.set("launchSite", json::make({{"addressCity", "Kiruna"},
                                            {"addressCountry", "Sweden"},
                                            {"addressLat", json::number{"67.89"}},
                                            {"addressLng", json::number{"21.1"}}}));
            r.set("missionControl",
                  json::make({{"primaryPhoneNumber", "980720" + std::to_string(10 + i)},
                              {"primaryPhoneCountryCode", "SE"},
                              {"primaryPhoneCallingCode", "+46"}}));
            r.set("flightDirector", json::make({{"firstName", m_.any(words::first_names).name},
                                                {"lastName", m_.any(words::last_names).name}}));
            r.set("hotline", json::make({{"primaryEmail",
                                          "flight" + std::to_string(i + 1) + "@halcyon.example"}}));
            r.set("webcast", m_.link("https://live.halcyon.example/" + std::to_string(i + 1)));
            r.set("missionBrief",
                  m_.rich_text("Flight readiness of **" + std::string(words::rockets[n]) + "**."));
            r.set("serialCode", m_.id_of("serial", i));
            r.set("manufacturerId", company());
            m_.add("rocket", std::move(r));
        }
    }

    void partnerships() {
        static constexpr std::array<std::string_view, 3> kinds{"RESELLER", "TECHNOLOGY",
                                                               "REFERRAL"};
        for (int i = 0; i < 45; ++i) {
            record r = m_.start("partnership", i, 300);
            const int partner = m_.below(size_.companies);
            const auto [head, tail] = name_parts(partner);
            r.set("name", "With " + std::string(head) + " " + std::string(tail));
            r.set("kind", m_.any(kinds));
            r.set("startedOn", m_.date_from_now(-m_.below(700)));
            if (m_.chance(70)) r.set("reviewAt", m_.days_from_now(m_.below(120) - 20));
            r.set("revenueShare", json::number{"0." + std::to_string(5 + m_.below(20))});
            r.set("companyId", m_.id_of("company", partner));
            if (m_.chance(50))
                r.set("sponsorPersonId", person());
            else
                r.set("sponsorCompanyId", company());
            m_.add("partnership", std::move(r));
        }
    }

    void settings() {
        static constexpr std::array<std::string_view, 3> workflows{
            "Welcome new contacts", "Remind about overdue tasks", "Forecast every Monday"};
        for (std::size_t n = 0; n < workflows.size(); ++n) {
            record r = m_.start("workflow", static_cast<int>(n), 200);
            r.set("name", workflows[n]);
            r.set("statuses", json::list({n == 2 ? "DRAFT" : "ACTIVE"}));
            m_.add("workflow", std::move(r));
        }
        record dashboard = m_.start("dashboard", 0, 200);
        dashboard.set("title", "Pipeline overview");
        m_.add("dashboard", std::move(dashboard));
        record list = m_.start("messageList", 0, 100);
        list.set("name", "Launch newsletter");
        m_.add("messageList", std::move(list));
        for (int i = 0; i < 25; ++i) {
            record r = m_.start("messageListMember", i, 100);
            r.set("listId", m_.id_of("messageList", 0));
            r.set("personId", m_.id_of("person", i * 7 % size_.people));
            m_.add("messageListMember", std::move(r));
        }
    }

    sample_maker m_;
    sample_size size_;
    json::value last_name_;
};

} // namespace

void fill_with_sample(const schema& model, store& data, std::uint64_t seed, time_point now,
                      const sample_size& size) {
    author(model, data, seed, now, size).write();
}

} // namespace demo
