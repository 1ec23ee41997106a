// The words that the sample data is made of. All names are invented and combined by chance; the
// domains end in .example, which can belong to nobody (RFC 2606).
#pragma once

#include <array>
#include <string_view>

namespace demo::words {

struct spelled {
    std::string_view name;
    std::string_view ascii; // for e-mail addresses
};

inline constexpr std::array<spelled, 56> first_names{{
    {"Ada", "ada"},           {"Amira", "amira"},       {"Anselm", "anselm"},
    {"Aoife", "aoife"},       {"Bastian", "bastian"},   {"Beatriz", "beatriz"},
    {"Björn", "bjorn"},       {"Carmen", "carmen"},     {"Chidi", "chidi"},
    {"Clémence", "clemence"}, {"Dagny", "dagny"},       {"Darius", "darius"},
    {"Elif", "elif"},         {"Emeka", "emeka"},       {"Farah", "farah"},
    {"Femke", "femke"},       {"Gideon", "gideon"},     {"Greta", "greta"},
    {"Hana", "hana"},         {"Héctor", "hector"},     {"Ines", "ines"},
    {"Ivo", "ivo"},           {"Jasper", "jasper"},     {"Joana", "joana"},
    {"José", "jose"},         {"Kaito", "kaito"},       {"Katya", "katya"},
    {"Lars", "lars"},         {"Leila", "leila"},       {"Łukasz", "lukasz"},
    {"Maeve", "maeve"},       {"Mateo", "mateo"},       {"Mina", "mina"},
    {"Ngọc", "ngoc"},         {"Nils", "nils"},         {"Noor", "noor"},
    {"Olga", "olga"},         {"Otis", "otis"},         {"Paloma", "paloma"},
    {"Petra", "petra"},       {"Quentin", "quentin"},   {"Ravi", "ravi"},
    {"Rhea", "rhea"},         {"Rosalind", "rosalind"}, {"Samir", "samir"},
    {"Sigrid", "sigrid"},     {"Søren", "soren"},       {"Tamsin", "tamsin"},
    {"Thabo", "thabo"},       {"Uma", "uma"},           {"Viktor", "viktor"},
    {"Wanda", "wanda"},       {"Xiomara", "xiomara"},   {"Yusuf", "yusuf"},
    {"Zoë", "zoe"},           {"陽子", "yoko"},
}};

inline constexpr std::array<spelled, 60> last_names{{
    {"Abernathy", "abernathy"},
    {"Adeyemi", "adeyemi"},
    {"Almeida", "almeida"},
    {"Andersson", "andersson"},
    {"Aslan", "aslan"},
    {"Baptiste", "baptiste"},
    {"Bauer", "bauer"},
    {"Bergström", "bergstrom"},
    {"Bianchi", "bianchi"},
    {"Castellanos", "castellanos"},
    {"Chaudhry", "chaudhry"},
    {"Chen", "chen"},
    {"Delacroix", "delacroix"},
    {"Dimitrov", "dimitrov"},
    {"Dubois", "dubois"},
    {"Eriksen", "eriksen"},
    {"Fairweather", "fairweather"},
    {"Farkas", "farkas"},
    {"Fitzgerald", "fitzgerald"},
    {"Fujimoto", "fujimoto"},
    {"García", "garcia"},
    {"Goldsmith", "goldsmith"},
    {"Haddad", "haddad"},
    {"Halloran", "halloran"},
    {"Hashimoto", "hashimoto"},
    {"Holm", "holm"},
    {"Ibrahim", "ibrahim"},
    {"Ivanova", "ivanova"},
    {"Jansen", "jansen"},
    {"Kaplan", "kaplan"},
    {"Kowalski", "kowalski"},
    {"Kruger", "kruger"},
    {"Lindqvist", "lindqvist"},
    {"Lindholm", "lindholm"},
    {"Mbeki", "mbeki"},
    {"Mendoza", "mendoza"},
    {"Moreau", "moreau"},
    {"Müller", "muller"},
    {"Nakamura", "nakamura"},
    {"Novak", "novak"},
    {"Nwosu", "nwosu"},
    {"O'Brien", "obrien"},
    {"Okafor", "okafor"},
    {"Oyelaran", "oyelaran"},
    {"Papadakis", "papadakis"},
    {"Petrov", "petrov"},
    {"Quiroga", "quiroga"},
    {"Ramanathan", "ramanathan"},
    {"Rasmussen", "rasmussen"},
    {"Rossi", "rossi"},
    {"Santos", "santos"},
    {"Schreiber", "schreiber"},
    {"Takahashi", "takahashi"},
    {"Thorne", "thorne"},
    {"Ueda", "ueda"},
    {"van Dijk", "vandijk"},
    {"Vasquez", "vasquez"},
    {"Whitlock", "whitlock"},
    {"Yamada", "yamada"},
    {"Zielinski", "zielinski"},
}};

inline constexpr std::array<std::string_view, 40> company_heads{
    "Alder",     "Amber",    "Anchor",   "Aster",   "Basalt",   "Beacon",    "Birch",    "Bluefin",
    "Cedar",     "Cinder",   "Cobalt",   "Copper",  "Crescent", "Drift",     "Ember",    "Fathom",
    "Fern",      "Flint",    "Garnet",   "Glacier", "Granite",  "Harbor",    "Heron",    "Indigo",
    "Juniper",   "Keystone", "Lantern",  "Larch",   "Lumen",    "Marlow",    "Meridian", "Nimbus",
    "Northwind", "Orchard",  "Pinnacle", "Quarry",  "Saffron",  "Tidewater", "Umber",    "Willow"};

inline constexpr std::array<std::string_view, 30> company_tails{
    "Aerospace", "Analytics", "Astronautics", "Biotech",   "Broadcasting", "Cargo",
    "Climate",   "Dynamics",  "Energy",       "Farms",     "Foods",        "Freight",
    "Geodata",   "Health",    "Imaging",      "Insurance", "Instruments",  "Labs",
    "Logistics", "Maritime",  "Materials",    "Mobility",  "Networks",     "Observatories",
    "Optics",    "Robotics",  "Satellites",   "Systems",   "Telecom",      "Weather"};

struct place {
    std::string_view city;
    std::string_view country;
    std::string_view phone_country;
    std::string_view calling_code;
};
inline constexpr std::array<place, 16> places{{
    {"Lisbon", "Portugal", "PT", "+351"},
    {"Rotterdam", "Netherlands", "NL", "+31"},
    {"Denver", "United States", "US", "+1"},
    {"Toulouse", "France", "FR", "+33"},
    {"Nagoya", "Japan", "JP", "+81"},
    {"Bremen", "Germany", "DE", "+49"},
    {"Leeds", "United Kingdom", "GB", "+44"},
    {"Kiruna", "Sweden", "SE", "+46"},
    {"Turin", "Italy", "IT", "+39"},
    {"Perth", "Australia", "AU", "+61"},
    {"Fortaleza", "Brazil", "BR", "+55"},
    {"Pune", "India", "IN", "+91"},
    {"Valencia", "Spain", "ES", "+34"},
    {"Nairobi", "Kenya", "KE", "+254"},
    {"Montréal", "Canada", "CA", "+1"},
    {"Tartu", "Estonia", "EE", "+372"},
}};

inline constexpr std::array<std::string_view, 18> job_titles{
    "Head of Payloads",   "Mission Manager",          "Procurement Lead",
    "Chief Executive",    "Chief Technology Officer", "VP Partnerships",
    "Systems Engineer",   "Program Director",         "Finance Director",
    "Operations, launch", "Data Scientist",           "Satellite Architect",
    "Legal Counsel",      "Innovation Manager",       "Insurance Broker",
    "Research Fellow",    "Communications Lead",      "Head of Supply Chain"};

inline constexpr std::array<std::string_view, 10> deals{
    "rideshare slot",      "dedicated launch",  "constellation refresh", "hosted payload",
    "orbital transfer",    "launch insurance",  "ground segment",        "return capsule",
    "deployment campaign", "pathfinder mission"};

inline constexpr std::array<std::string_view, 10> note_titles{
    "Kick-off call",       "Site visit",         "Pricing discussion", "Technical review",
    "Lunch with the team", "Contract questions", "Launch window",      "Quarterly review",
    "Feedback after demo", "Introduction"};

inline constexpr std::array<std::string_view, 8> note_texts{
    "They need a **firm launch date** before the board meets. Payload mass is not final.",
    "Budget is approved for this year; procurement wants three offers.\n\n- send the interface "
    "document\n- propose two windows",
    "Worried about vibration loads. Our test report from the last flight should settle it.",
    "Champion is moving to another team next month. Find out who takes over.",
    "Happy with the last campaign, open to a framework agreement over three launches.",
    "Compared us with a competitor on price; we win on schedule and integration support.",
    "Legal asked for changes to the liability clause. Waiting for the second draft.",
    "Wants to see the clean room. Offer a tour after the next integration."};

inline constexpr std::array<std::string_view, 10> task_titles{
    "Send the proposal",        "Call back about pricing",   "Prepare the interface document",
    "Book the clean-room tour", "Confirm the launch window", "Follow up on the contract",
    "Collect payload mass",     "Update the forecast",       "Invite to the launch event",
    "Check the insurance quote"};

inline constexpr std::array<std::string_view, 14> rockets{
    "Kestrel I", "Kestrel II", "Kestrel III",      "Petrel Light", "Petrel Heavy",
    "Osprey",    "Albatross",  "Swift Pathfinder", "Merganser",    "Tern",
    "Gannet",    "Skua",       "Lapwing",          "Wren"};

} // namespace demo::words
