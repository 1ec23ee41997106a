#include "base/json.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/small_stack.hpp"

namespace {
std::string round(std::string_view text) {
    auto parsed = json::parse(text);
    return parsed ? json::dump(*parsed) : "error: " + parsed.failure().message;
}
bool refused(std::string_view text) {
    const auto parsed = json::parse(text);
    return !parsed && parsed.failure().code == errc::bad_json;
}
} // namespace

TEST_CASE("half a surrogate pair costs that character only, and only in Twenty's answers",
          "[json]") {
    const auto read = [](const char* text) {
        INFO(text);
        CHECK_FALSE(json::parse(text));
        const auto v = json::parse(text, json::upstream);
        REQUIRE(v);
        return json::dump(*v);
    };
    const std::string gone = "\xEF\xBF\xBD";
    CHECK(read(R"(["\ud83d"])") == "[\"" + gone + "\"]");
    CHECK(read(R"(["a\uD83Db","c"])") == "[\"a" + gone + "b\",\"c\"]");
    CHECK(read(R"(["\udc00x"])") == "[\"" + gone + "x\"]");
    CHECK(read(R"(["\ud83d\ud83d\ude00"])") == "[\"" + gone + "\xF0\x9F\x98\x80\"]");
    CHECK(read(R"(["\ud83d\u0041"])") == "[\"" + gone + "A\"]");
    CHECK(read(R"({"\ud83d":1})") == "{\"" + gone + "\":1}");
    const auto whole = json::parse(R"(["\ud83d\ude00"])", json::upstream);
    CHECK(json::dump(whole.value()) == "[\"\xF0\x9F\x98\x80\"]");
    // An escaped backslash before the letters is no escape of theirs.
    CHECK(json::dump(json::parse(R"(["\\ud83d"])", json::upstream).value()) == R"(["\\ud83d"])");
    for (const auto* broken : {R"(["\ud83"])", R"(["\ud8)", R"(["\u")", "[\"\\"})
        CHECK_FALSE(json::parse(broken, json::upstream));
}

TEST_CASE("numbers keep every digit they came with", "[json]") {
    for (const std::string_view text : {"0", "-0", "12", "2.50", "1e999", "7.866767199974241e+73",
                                        "9007199254740993", "123456789012345678901234567890"}) {
        const auto in_array = "[" + std::string(text) + "]";
        CHECK(round(in_array) == in_array);
        CHECK(round(text) == text);
    }
}

TEST_CASE("a document that is not wholly valid JSON is refused", "[json]") {
    const std::string_view bad[] = {"",
                                    "   ",
                                    "tru",
                                    "[1,,2]",
                                    "[1 2]",
                                    "{\"a\" 1}",
                                    "{\"a\":tru}",
                                    "[01]",
                                    "[1.]",
                                    "[+1]",
                                    "[.5]",
                                    "[1e]",
                                    "[1]x",
                                    "{\"a\":1}{",
                                    "[\"\\ud800\"]",
                                    "[\"\\x\"]",
                                    "[\"\x01\"]",
                                    "[\"\xff\"]",
                                    "\xef\xbb\xbf[]",
                                    "[123456789012345678901]x",
                                    "[123456789012345678901",
                                    "{\"a\":[123456789012345678901,tru]}",
                                    "{a:1}",
                                    "['a']"};
    for (const auto text : bad) {
        INFO(text);
        CHECK(refused(text));
    }
}

TEST_CASE("a repeated key is refused from clients, whatever its spelling", "[json][plan-108]") {
    CHECK(refused(R"({"a":1,"a":2})"));
    CHECK(refused(R"({"a":1,"\u0061":2})"));
    std::string many = "{";
    for (int i = 0; i < 30; ++i)
        many += "\"k" + std::to_string(i) + "\":0,";
    CHECK(refused(many + "\"k3\":1}"));
    CHECK(json::parse(R"({"a":1,"a":2})", json::upstream).ok());
}

TEST_CASE("nesting beyond the limit is refused without exhausting the stack", "[json]") {
    CHECK(json::parse(std::string(64, '[') + std::string(64, ']')).ok());
    CHECK(refused(std::string(65, '[') + std::string(65, ']')));
    CHECK(refused(std::string(100000, '[') + std::string(100000, ']')));
    CHECK(refused(std::string(100000, '[')));
}

TEST_CASE("a client's document has 50,000 values at most, whatever its size, and Twenty's has more",
          "[json]") {
    const auto of = [](std::size_t values, std::string_view each) {
        std::string text = "[";
        for (std::size_t i = 1; i < values; ++i)
            text.append(i == 1 ? "" : ",").append(each);
        return text + "]";
    };
    for (const auto* each : {"0", "[]", "{}", "null", "\"\""}) {
        INFO(each);
        CHECK(json::parse(of(50'000, each)).ok());
        CHECK(json::parse(of(50'001, each)).failure().message ==
              "the JSON has more than 50000 values");
        CHECK(json::parse(of(60'000, each), json::upstream).ok());
    }
    // Members count by their values.
    CHECK(json::parse(of(24'999, R"({"a":0})")).ok());
    CHECK(refused(of(25'002, R"({"a":0})")));
}

TEST_CASE("what a document's tree takes is never above what is counted from its text", "[json]") {
    const auto of = [](std::string_view each) {
        std::string text = "[";
        for (int i = 0; i < 5000; ++i)
            text.append(i == 0 ? "" : ",").append(each);
        return text + "]";
    };
    for (const auto* each :
         {"0", "[]", "{}", "null", "\"\"", "[[],[]]", R"({"a":0})", R"("a text of 16 by")",
          R"({"a name of 16 byt":"and a text of 21 bytes"})", R"({"a":{"b":[{"c":"d"},1]}})"}) {
        INFO(each);
        const auto text = of(each);
        const auto tree = json::parse(text, json::upstream);
        REQUIRE(tree);
        CHECK(json::held_bytes(*tree) <= json::most_held_bytes(text));
        CHECK(json::most_held_bytes(text) < 6 * json::held_bytes(*tree));
    }
    CHECK(json::most_held_bytes("") > 0);
}

TEST_CASE("Twenty's answers have 500,000 values at most, and say when there are more", "[json]") {
    std::string text = "[0";
    for (int i = 2; i < 500'000; ++i)
        text += ",0";
    CHECK(json::parse(text + "]", json::upstream));
    const auto more = json::parse(text + ",0]", json::upstream);
    REQUIRE_FALSE(more);
    CHECK(more.failure().code == errc::bad_json);
    CHECK(more.failure().detail == json::too_many_values);
}

TEST_CASE("the deepest tree is read, copied, compared, written and dropped on a stack of 256 KiB",
          "[json]") {
    support::on_small_stack([] {
        for (const auto* brackets : {"[]", "{}"}) {
            std::string text;
            for (int i = 0; i < 127; ++i)
                text += *brackets == '[' ? "[" : R"({"a":)";
            text += brackets;
            text += std::string(127, brackets[1]);
            CHECK(refused(text));
            auto tree = json::parse(text, json::upstream);
            REQUIRE(tree.ok());
            const auto copy = *tree;
            CHECK(copy == *tree);
            CHECK(json::dump(copy) == text);
        }
    });
}

TEST_CASE("what is moved into a tree is not copied", "[json]") {
    const auto at = [](const json::value& v) { return v.if_string()->data(); };
    json::value inner(std::string(100, 'x'));
    const auto* const characters = at(inner);
    const auto made = json::make({{"a", 1}, {"b", std::move(inner)}});
    CHECK(at(*made.find("b")) == characters);
    json::value other(std::string(100, 'x'));
    const auto* const others = at(other);
    const auto list = json::list({1, std::move(other)});
    CHECK(at(list.if_array()->back()) == others);
}

TEST_CASE("what is written reads back as the same tree", "[json]") {
    const auto tree = json::make({{"text", "a\"\\\n\x01\xc3\xa9"},
                                  {"list", json::list({1, true, nullptr, json::make({})})},
                                  {"big", json::number{"123456789012345678901"}}});
    const auto again = json::parse(json::dump(tree));
    REQUIRE(again.ok());
    CHECK(*again == tree);
}

TEST_CASE("the size of what would be written is known without writing", "[json]") {
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all.push_back(static_cast<char>(byte));
    const auto tree = json::make(
        {{"all", all},
         {"lists", json::list({json::list({}), json::list({1}), json::list({1, "two", nullptr})})},
         {"objects", json::list({json::make({}), json::make({{"a\"\n\x01", true}})})},
         {"false", false},
         {"big", json::number{"-12345678901234567890.5e-7"}},
         {"", ""}});
    CHECK(json::dumped_size(tree) == json::dump(tree).size());
    for (const auto& [name, member] : *tree.if_object())
        CHECK(json::dumped_size(member) == json::dump(member).size());
    CHECK(json::dumped_size(json::value()) == 4);
    CHECK(json::dumped_size(json::object()) == 2);
}

TEST_CASE("every byte is escaped at every place of a text, or written as it is", "[json]") {
    static constexpr char hex[] = "0123456789abcdef";
    const auto spelt = [](char c) -> std::string {
        switch (c) {
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            if (static_cast<unsigned char>(c) >= 0x20) return {c};
            return std::string("\\u00") + hex[c >> 4] + hex[c & 15];
        }
    };
    // Neighbours of all kinds: what stands beside an escaped byte in its word must not be taken for
    // one.
    for (const std::string_view around :
         {"abcdefghijklmnopq", "\x7f\x80\xff\x21\x5d\x23\x5b\x20\xa0",
          "\x01\"\\\x1f\"\\\n\x02\x03\x1e"})
        for (std::size_t at = 0; at < around.size(); ++at)
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(around);
                text[at] = static_cast<char>(byte);
                std::string expected = "\"";
                for (const char c : text)
                    expected += spelt(c);
                std::string written;
                json::append_escaped(written, text);
                INFO(at << ' ' << byte);
                REQUIRE(written == expected + '"');
            }
}

TEST_CASE("the writer places commas by itself", "[json]") {
    json::writer w;
    w.begin_object().member("a", 1).key("b").begin_array().string("x").raw("{}").end_array();
    w.member("c", true).member("d", "y").end_object();
    CHECK(w.text() == R"({"a":1,"b":["x",{}],"c":true,"d":"y"})");
}

TEST_CASE("whole numbers are recognised in any spelling, others are not", "[json]") {
    CHECK(json::value(json::number{"20"}).as_int() == 20);
    CHECK(json::value(json::number{"2e1"}).as_int() == 20);
    CHECK(json::value(json::number{"20.0"}).as_int() == 20);
    CHECK_FALSE(json::value(json::number{"1.5"}).as_int().has_value());
    CHECK_FALSE(json::value(json::number{"1e300"}).as_int().has_value());
    CHECK_FALSE(json::value("20").as_int().has_value());
}
