// Skills beside the primer (tests/store/rows_test has the primer).
#include "tests/store/support.hpp"

#include <algorithm>

using namespace store_tests;

namespace {

std::string skill(int n) { return stored::skill_upload("skill-" + std::to_string(n)); }

std::vector<std::string> abouts(store::store& s) {
    std::vector<std::string> out;
    const auto rows = *s.skills();
    for (const auto& row : rows)
        out.push_back(row.about);
    std::ranges::sort(out);
    return out;
}

} // namespace

TEST_CASE("each upload has its own text, history and condition", "[uploads]") {
    const folder here;
    auto s = open(at(here.file()));
    REQUIRE(s.write_upload(stored::the_primer, "primer", start).ok());
    const auto one = s.write_upload(skill(1), "one", start, {}, "", "about one");
    REQUIRE(one.ok());
    REQUIRE(s.write_upload(skill(2), "two", start + 1s, {}, "", "about two").ok());
    CHECK((*s.upload(stored::the_primer))->text == "primer");
    CHECK((*s.upload(skill(1)))->text == "one");
    CHECK(abouts(s) == std::vector<std::string>{"about one", "about two"});
    CHECK(s.upload_versions(skill(1))->size() == 1);

    stored::upload_condition seen;
    seen.etags = {one->etag};
    CHECK(code_of(s.write_upload(skill(2), "new", start, seen)) == errc::conflict);
    REQUIRE(s.write_upload(skill(1), "newer", start + 2s, seen, "", "about newer").ok());
    CHECK(abouts(s) == std::vector<std::string>{"about newer", "about two"});

    REQUIRE(s.clear_upload(skill(1), start + 3s).ok());
    CHECK_FALSE(s.upload(skill(1))->has_value());
    CHECK(abouts(s) == std::vector<std::string>{"about two"});
    const auto kept = *s.upload_versions(skill(1));
    REQUIRE(kept.size() == 3);
    CHECK(code_of(s.roll_back_upload(skill(2), kept.back().version, start)) == errc::not_found);
    REQUIRE(s.roll_back_upload(skill(1), kept.back().version, start + 4s).ok());
    CHECK((*s.upload(skill(1)))->text == "one");
    CHECK(abouts(s) == std::vector<std::string>{"about one", "about two"});
    CHECK(s.skills()->front().version > 0);
}

TEST_CASE("skills and what is kept of removed ones are bounded", "[uploads]") {
    const folder here;
    auto s = open(at(here.file()));
    for (int i = 0; i < stored::most_skills; ++i)
        REQUIRE(s.write_upload(skill(i), "text", start, {}, "", "a").ok());
    CHECK(code_of(s.write_upload(skill(100), "text", start)) == errc::too_large);
    CHECK(s.write_upload(skill(0), "again", start, {}, "", "a").ok());
    CHECK(s.write_upload(stored::the_primer, "text", start).ok());
    REQUIRE(s.clear_upload(skill(1), start).ok());
    REQUIRE(s.write_upload(skill(100), "text", start, {}, "", "a").ok());
    const auto removed = s.upload_versions(skill(1))->back().version;
    CHECK(code_of(s.roll_back_upload(skill(1), removed, start)) == errc::too_large);

    // Of skills that were removed, the latest 32 keep their versions.
    REQUIRE(s.clear_upload(skill(100), start).ok());
    for (int i = 200; i < 200 + stored::most_skills; ++i) {
        REQUIRE(s.write_upload(skill(i), "text", start, {}, "", "a").ok());
        REQUIRE(s.clear_upload(skill(i), start).ok());
    }
    CHECK(s.upload_versions(skill(1))->empty());
    CHECK(s.upload_versions(skill(100))->empty());
    CHECK(s.upload_versions(skill(200))->size() == 2);
    CHECK(s.skills()->size() == 31);
    for (int i = 0; i < 30; ++i)
        REQUIRE(s.write_upload(skill(0), std::to_string(i), start, {}, "", "a").ok());
    CHECK(s.upload_versions(skill(0))->size() == 10);
}

TEST_CASE("the audit names the skill that was changed, and how", "[uploads]") {
    const folder here;
    auto s = open(at(here.file()));
    REQUIRE(s.write_upload(skill(1), "text", start, {}, "192.0.2.1", "a").ok());
    const auto version = s.upload_versions(skill(1))->front().version;
    REQUIRE(s.clear_upload(skill(1), start, {}, "192.0.2.1").ok());
    REQUIRE(s.roll_back_upload(skill(1), version, start, {}, "192.0.2.1").ok());
    REQUIRE(s.commit().ok());
    std::vector<std::string> told;
    const auto rows = *s.audit({});
    for (const auto& row : rows)
        told.push_back(row.kind + ": " + row.detail + " " + row.source);
    CHECK(told == std::vector<std::string>{"skill_rolled_back: skill-1, to version " +
                                               std::to_string(version) + " 192.0.2.1",
                                           "skill_removed: skill-1 192.0.2.1",
                                           "skill_written: skill-1, 4 bytes 192.0.2.1"});
}

TEST_CASE("taking back what is not there changes nothing", "[uploads][plan-135]") {
    const folder here;
    auto s = open(at(here.file()));
    REQUIRE(s.write_upload(skill(1), "text", start, {}, "", "a").ok());
    CHECK(*s.clear_upload(skill(1), start));
    for (int i = 0; i < 50; ++i) {
        CHECK_FALSE(*s.clear_upload(skill(1), start));
        CHECK_FALSE(*s.clear_upload(skill(100 + i), start));
    }
    CHECK_FALSE(*s.clear_upload(stored::the_primer, start));
    // So does a roll-back to nothing.
    const auto kept = *s.upload_versions(skill(1));
    REQUIRE(kept.size() == 2);
    for (int i = 0; i < 50; ++i)
        CHECK(s.roll_back_upload(skill(1), kept.front().version, start)->version ==
              kept.front().version);
    CHECK(s.upload_versions(skill(1))->size() == 2);
    REQUIRE(s.commit().ok());
    CHECK(count(here.file(), "SELECT count(*) FROM uploads") == 2);
    CHECK(count(here.file(), "SELECT count(*) FROM audit") == 2);
    stored::upload_condition seen;
    seen.etags = {"\"other\""};
    CHECK(code_of(s.clear_upload(skill(2), start, seen)) == errc::conflict);
}
