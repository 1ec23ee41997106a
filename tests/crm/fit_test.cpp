#include "crm/fit.hpp"

#include "base/text.hpp"
#include "tests/support/catch.hpp"

namespace {

json::value of(std::string text) { return json::make({{"id", "1"}, {"text", std::move(text)}}); }

} // namespace

TEST_CASE("a record that fits is not touched", "[fit]") {
    auto record = of("short");
    const auto before = record;
    const auto taken = crm::fit(record, 100, 1000);
    CHECK(record == before);
    CHECK(taken.cut.empty());
    CHECK(taken.left_out.empty());
}

TEST_CASE("long texts are cut at any depth, and their sizes told", "[fit]") {
    auto record = json::make(
        {{"body", std::string(500, 'x')},
         {"parts", json::make({{"inner", std::string(300, 'y')}})},
         {"list", json::list({json::make({{"deep", std::string(400, 'z')}}), "short"})}});
    const auto taken = crm::fit(record, 250, 100'000);
    REQUIRE(taken.cut.size() == 4);
    CHECK(taken.cut[0].path == "body");
    CHECK(taken.cut[0].bytes == 500);
    CHECK(taken.cut[1].path == "parts.inner");
    CHECK(taken.cut[2].path == "list.deep");
    CHECK(taken.cut[3].path == "list");
    CHECK(record.find("body")->if_string()->size() == 250 + std::string("…").size());
    CHECK(json::dump(record).size() < 1000);
}

TEST_CASE("a text is cut between characters", "[fit]") {
    std::string text = "a";
    for (int i = 0; i < 200; ++i)
        text += "ø";
    auto record = of(text);
    crm::fit(record, 100, 1000);
    CHECK(text::valid_utf8(record.text("text")));
}

TEST_CASE("a long list loses its end", "[fit]") {
    json::array tags;
    for (int i = 0; i < 1000; ++i)
        tags.emplace_back("tag" + std::to_string(i));
    json::value record = json::make({{"id", "1"}, {"tags", std::move(tags)}});
    const auto taken = crm::fit(record, 200, 100'000);
    REQUIRE(taken.cut.size() == 1);
    CHECK(taken.cut[0].path == "tags");
    CHECK(taken.cut[0].bytes > 8'000);
    const auto& left = *record.find("tags")->if_array();
    CHECK(*left.front().if_string() == "tag0");
    CHECK(left.size() > 20);
    CHECK(left.size() < 40);
}

TEST_CASE("of a large object the beginning of its JSON stays, a small one stays an object",
          "[fit]") {
    json::object raw;
    for (int i = 0; i < 1000; ++i)
        raw.append("key" + std::to_string(i), i);
    json::value record =
        json::make({{"id", "1"}, {"raw", std::move(raw)}, {"small", json::make({{"a", 1}})}});
    const auto taken = crm::fit(record, 2'000, 100'000);
    CHECK(record.text("raw").starts_with(R"({"key0":0,"key1":1,)"));
    CHECK(record.text("raw").size() < 2'100);
    CHECK(record.at("small", "a"));
    REQUIRE(taken.cut.size() == 1);
    CHECK(taken.cut[0].path == "raw");
}

TEST_CASE("whatever comes in, what goes out is within the budget", "[fit]") {
    json::object many;
    many.append("id", "1");
    for (std::size_t i = 0; i < 300; ++i)
        many.append("text" + std::to_string(i), std::string(50 * i, 'x'));
    json::object raw;
    for (int i = 0; i < 5000; ++i)
        raw.append("key" + std::to_string(i), i);
    many.append("raw", std::move(raw));
    json::value record = std::move(many);
    const auto taken = crm::fit(record, 10'000, 20'000);
    CHECK(json::dump(record).size() <= 20'000);
    CHECK(record.text("id") == "1");
    REQUIRE_FALSE(taken.left_out.empty());
    CHECK(record.find("text1"));
    auto escapes = of(std::string(10'000, '\x01')); // six bytes each in JSON
    crm::fit(escapes, 10'000, 20'000);
    CHECK(json::dump(escapes).size() <= 20'000);
}
