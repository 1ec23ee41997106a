// The sample's people: the team, its customers and what they might buy.
#include "base/text.hpp"
#include "demo/sample_author.hpp"
#include "demo/sample_words.hpp"

#include <array>
#include <set>

namespace demo {

namespace {

std::string domain_of(std::pair<std::string_view, std::string_view> name) {
    return text::lower(name.first) + "-" + text::lower(name.second) + ".example";
}

} // namespace

// Steps through all 1,200 pairs before one repeats.
std::pair<std::string_view, std::string_view> sample_author::name_parts(int number) {
    const auto heads = words::company_heads.size();
    const auto i = static_cast<std::size_t>(number) * 7 % (heads * words::company_tails.size());
    return {words::company_heads[i % heads], words::company_tails[i / heads]};
}

void sample_author::members() {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, member_count> team{
        {{"Marisol", "Vance"},
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

void sample_author::companies() {
    static constexpr std::array<std::string_view, 3> policies{"ON_SITE", "HYBRID", "REMOTE_WORK"};
    for (int i = 0; i < size_.companies; ++i) {
        record r = m_.start("company", i, 30 + m_.below(600));
        const auto [head, tail] = name_parts(i);
        const auto& place = m_.any(words::places);
        r.set("name", std::string(head) + " " + std::string(tail));
        r.set("domainName", m_.link(domain_of(name_parts(i))));
        r.set("address",
              json::make({{"addressCity", place.city}, {"addressCountry", place.country}}));
        if (m_.chance(70))
            r.set("linkedinLink", m_.link("https://linkedin.example/company/" + text::lower(head)));
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

void sample_author::people() {
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
            if (!taken.insert(address + domain_of(name_parts(employer))).second)
                address += std::to_string(i);
            r.set("emails",
                  json::make({{"primaryEmail", address + "@" + domain_of(name_parts(employer))},
                              {"additionalEmails", nullptr}}));
        }
        if (m_.chance(90)) r.set("companyId", m_.id_of("company", employer));
        if (m_.chance(93)) r.set("jobTitle", m_.any(words::job_titles));
        contact_details(r, i);
        m_.add("person", std::move(r));
    }
}

void sample_author::contact_details(record& r, int number) {
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

void sample_author::opportunities() {
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
            r.set("amount", m_.money((20 + m_.below(1980)) * 1'000, m_.chance(80) ? "USD" : "EUR"));
        if (m_.chance(95))
            r.set("closeDate", m_.days_from_now(at->from + m_.below(at->to - at->from + 1)));
        r.set("companyId", m_.id_of("company", buyer));
        if (m_.chance(85)) r.set("pointOfContactId", person());
        if (m_.chance(92)) r.set("ownerId", member());
        m_.add("opportunity", std::move(r));
    }
}

} // namespace demo
