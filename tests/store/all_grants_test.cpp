// What an administrator sees of everybody's grants, and ends.
#include "tests/store/support.hpp"

using namespace store_tests;

namespace {

std::vector<std::string> labels(store::store& s, const stored::grant_filter& filter,
                                time_point now = start) {
    auto found = found_grants(s, filter, 100, {}, now);
    REQUIRE(found.ok());
    CHECK(found->next.empty());
    std::vector<std::string> out;
    for (const auto& one : found->grants)
        out.push_back(one.label);
    return out;
}

using names = std::vector<std::string>;

// Four grants, the newest is "cli".
struct office {
    store::store s = open(at(":memory:"));
    std::vector<oauth::token_pair> pairs;

    office() {
        add("phone", "Claude", "https://claude.ai/cb", "anna-key", true, "");
        add("laptop", "Claude Code", "http://localhost:1/cb", "anna-key", false, "person,company");
        add("agent", "Agent <b>", "https://agent.example/cb", "bob-key", true, "opportunity");
        add("cli", "mcp-remote", "http://127.0.0.1:3334/cb", "carl-key", false, "");
    }
    void add(const std::string& label, const std::string& client, const std::string& redirect,
             const std::string& fingerprint, bool write, const std::string& objects) {
        auto one = consent(client == "Claude" ? "https://claude.ai/meta" : client, fingerprint);
        one.request.kind = client == "Claude" ? oauth::client_kind::metadata_document
                                              : oauth::client_kind::registered;
        one.request.client_name = client;
        one.request.redirect_uri = redirect;
        one.label = label;
        one.granted.write = write;
        one.objects = objects;
        pairs.push_back(login(s, start + std::chrono::seconds(pairs.size()), one));
    }
    std::string id(std::size_t n) { return s.open_grant(pairs[n].access_token, start)->grant_id; }
};

} // namespace

TEST_CASE("an administrator sees every connection, and finds those that matter", "[all_grants]") {
    office o;
    CHECK(labels(o.s, {}) == names{"cli", "agent", "laptop", "phone"});
    stored::grant_filter by;
    const auto only = [&](auto member, auto value) {
        stored::grant_filter filter;
        filter.*member = value;
        return labels(o.s, filter);
    };
    using filter = stored::grant_filter;
    CHECK(only(&filter::client, "CLAUDE") == names{"laptop", "phone"});
    CHECK(only(&filter::client, "127.0.0.1") == names{"cli"});
    CHECK(only(&filter::client, "claude.ai/meta") == names{"phone"});
    CHECK(only(&filter::client, "AGEN") == names{"agent"});
    CHECK(only(&filter::client, "%").empty());
    CHECK(only(&filter::mode, "write") == names{"agent", "phone"});
    CHECK(only(&filter::mode, "read") == names{"cli", "laptop"});
    CHECK(only(&filter::object, "company") == names{"cli", "laptop", "phone"});
    CHECK(only(&filter::object, "compan") == names{"cli", "phone"});
    CHECK(only(&filter::id, o.id(2)) == names{"agent"});
    CHECK(only(&filter::unused_since, start + 2s) == names{"laptop", "phone"});
    by.client = "claude";
    by.mode = "read";
    CHECK(labels(o.s, by) == names{"laptop"});
    CHECK(labels(o.s, {}, start + 24h * 181).empty());
}

TEST_CASE("connections of one key carry the same short id, which is not its fingerprint",
          "[all_grants]") {
    const folder here;
    auto s = open(at(here.file()));
    const std::string fingerprint = "0123456789abcdef0123456789abcdef";
    login(s, start, consent("a", fingerprint));
    login(s, start, consent("b", fingerprint));
    login(s, start, consent("c", "fedcba9876543210fedcba9876543210"));
    stored::grant_filter filter;
    filter.key_id = "0123456789ab";
    const auto found = found_grants(s, filter, 10, {}, start);
    REQUIRE(found->grants.size() == 2);
    CHECK(found->grants[0].key_id == "0123456789ab");
    CHECK(s.list_grants("0123456789ab", start)->empty()); // it opens no list of a person's
    filter.key_id = "0123456789a";
    CHECK(found_grants(s, filter, 10, {}, start)->grants.empty());
}

TEST_CASE("pages follow each other without a gap while connections come and go", "[all_grants]") {
    auto s = open(at(":memory:"));
    for (int i = 0; i < 7; ++i) {
        auto one = consent("c" + std::to_string(i));
        one.label = std::to_string(i);
        login(s, start + std::chrono::seconds(i / 2), one); // two share each second
    }
    names seen;
    std::string cursor;
    do {
        const auto page = found_grants(s, {}, 2, cursor, start);
        REQUIRE(page.ok());
        for (const auto& one : page->grants)
            seen.push_back(one.label);
        cursor = page->next;
        if (seen.size() == 4) login(s, start + 1h, consent("new"));
    } while (!cursor.empty());
    std::sort(seen.begin(), seen.end());
    CHECK(seen == names{"0", "1", "2", "3", "4", "5", "6"});
    for (const auto* wrong : {"x", "12", "-1.a", "1x.a", ".", "99999999999999999999.a"}) {
        INFO(wrong);
        CHECK(code_of(found_grants(s, {}, 2, wrong, start)) == errc::bad_request);
    }
}

TEST_CASE("an administrator ends one connection, a key's, a client's or all, and no other",
          "[all_grants]") {
    office o;
    const auto ended = [&](const stored::grant_choice& choice) {
        auto gone = o.s.end_chosen(choice, "192.0.2.1", start);
        REQUIRE(gone.ok());
        REQUIRE(o.s.commit().ok());
        CHECK(o.s.take_ended() == *gone); // so that their sessions are told
        return gone->size();
    };
    CHECK(ended({}) == 0); // a choice that names nothing is not all
    CHECK(ended({"nobody's", {}, {}, false}) == 0);
    CHECK(ended({o.id(3), {}, {}, false}) == 1);
    CHECK_FALSE(opens(o.s, o.pairs[3].access_token, start));
    CHECK(ended({{}, "anna-key", {}, false}) == 2);
    CHECK(labels(o.s, {}) == names{"agent"});
    CHECK(ended({{}, {}, "Agent", false}) == 0);
    CHECK(ended({{}, {}, "Agent <b>", false}) == 1);
    office other;
    CHECK(other.s.end_chosen({{}, {}, {}, true}, "192.0.2.1", start)->size() == 4);
    CHECK(labels(other.s, {}).empty());
}

TEST_CASE("a search looks at so many connections at a time, and comes to the same in the end",
          "[all_grants]") {
    auto s = open(at(":memory:"));
    constexpr auto many = static_cast<int>(2 * store::find_batch + 3);
    for (int i = 0; i < many; ++i) {
        auto one = consent("c", "key-" + std::to_string(i));
        one.label = i % 400 == 0 ? "rare" : "common";
        REQUIRE(s.create_grant(one, start + std::chrono::seconds(i)).ok());
    }
    REQUIRE(s.commit().ok());
    const auto steps = [&](const std::string& label, std::size_t limit, std::size_t found) {
        stored::grant_filter filter;
        filter.client = label;
        store::grant_search search{filter, limit, {}, {}, false};
        int count = 0;
        for (; !search.over; ++count)
            REQUIRE(s.find_grants(search, start).ok());
        CHECK(search.found.grants.size() == found);
        return count;
    };
    CHECK(steps("nobody", 10, 0) == 3);
    CHECK(steps("rare", 10, 3) == 3);
    CHECK(steps("common", 10, 10) == 1);
    stored::grant_filter by_id;
    by_id.id = found_grants(s, {}, 1, {}, start)->grants[0].id;
    store::grant_search search{by_id, 10, {}, {}, false};
    REQUIRE(s.find_grants(search, start).ok());
    CHECK(search.over);
    CHECK(search.found.grants.size() == 1);
    // What it compares is not made for the rows of others.
    CHECK(found_grants(s, by_id, 10, search.after, start)->grants.empty());
}
