// The sample's custom objects, and Twenty's own that hold no customers.
#include "demo/sample_author.hpp"
#include "demo/sample_words.hpp"

#include <array>

namespace demo {

void sample_author::rockets() {
    static constexpr std::array<std::string_view, 5> states{"PLANNED", "INTEGRATION", "ON_PAD",
                                                            "FLYING", "RETIRED"};
    static constexpr std::array<std::string_view, 5> payloads{"COMMUNICATIONS", "EARTH_OBSERVATION",
                                                              "NAVIGATION", "SCIENCE", "CARGO"};
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

void sample_author::partnerships() {
    static constexpr std::array<std::string_view, 3> kinds{"RESELLER", "TECHNOLOGY", "REFERRAL"};
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

void sample_author::settings() {
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

} // namespace demo
