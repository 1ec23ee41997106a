// Asking a person before records are changed, end to end against the demo workspace: which calls
// ask, what an answer holds for, and how a model might get around it.
#include "actors/approvals.hpp"
#include "crm/asking.hpp"
#include "tests/demo/undo_support.hpp"

#include <functional>

using namespace tool_test;
using twenty::asking;

namespace {

std::string first(tool_desk& d, std::size_t row = 0) { return first_id(d, "company", row); }

// A desk whose client cannot ask, and whose person answers on a page.
struct asked_desk : tool_desk {
    explicit asked_desk(asking when = asking::every) {
        context().caution.ask = when;
        context().caution.above = 2;
        context().question_key = &key;
        own_journal.on = true;
        auto made = std::make_shared<actors::bearer>();
        made->grant_id = "grant";
        made->connection.browser = "browser";
        who = std::move(made);
        approve = [this](const mcp::approval_question& q) {
            ++questions;
            last = q;
            auto answer = pages.ask(who, q, now);
            if (answer) link = answer->link;
            return answer;
        };
    }
    void say(bool yes) { REQUIRE(pages.answer(link, {"browser", secret()}, yes, now)); }
    // Requests that would change something.
    [[nodiscard]] std::size_t writes() const {
        return static_cast<std::size_t>(
            std::ranges::count_if(sent, [](const auto& r) { return r.is_write; }));
    }

    secret key{std::string(32, 'k')};
    actors::approvals pages;
    actors::bearer_ptr who;
    oauth::time_point now = oauth::clock::from_time_t(1'800'000'000);
    std::string link;
    mcp::approval_question last;
    int questions = 0;
};

std::string update(const std::string& id, const std::string& data) {
    return one("company", id, R"(,"data":{)" + data + "}");
}
std::string by_hand(const std::string& text, const char* endpoint = "graphql") {
    return R"({"endpoint":")" + std::string(endpoint) + R"(","query":")" + text + R"("})";
}

} // namespace

TEST_CASE("every tool that writes asks before the first byte leaves, and goes on after a yes",
          "[asking]") {
    struct row {
        const char* tool;
        std::function<std::string(tool_desk&)> arguments;
    };
    const row rows[] = {
        {"create_record",
         [](auto&) { return R"({"objectName":"company","data":{"name":"New"}})"; }},
        {"create_record",
         [](auto&) { return R"({"objectName":"company","records":[{"name":"A"},{"name":"B"}]})"; }},
        {"create_record",
         [](auto& d) {
             return R"({"objectName":"note","data":{"title":"T"},"about":[{"object":"company","id":")" +
                    first(d) + R"("}]})";
         }},
        {"update_record", [](auto& d) { return update(first(d), R"("employees":7)"); }},
        {"update_record",
         [](auto& d) {
             return R"({"objectName":"company","ids":[")" + first(d) +
                    R"("],"data":{"employees":7}})";
         }},
        {"update_record",
         [](auto& d) {
             return R"({"objectName":"company","records":[{"id":")" + first(d) +
                    R"(","employees":7}]})";
         }},
        {"update_record",
         [](auto& d) {
             return R"({"objectName":"note","id":")" + first_id(d, "note") +
                    R"(","about":[{"object":"company","id":")" + first(d, 9) + R"("}]})";
         }},
        {"update_record",
         [](auto&) {
             return R"({"objectName":"company","upsertBy":"domainName","data":{"name":"U","domainName":"https://u.example"}})";
         }},
        {"delete_record", [](auto& d) { return one("company", first(d)); }},
        {"delete_record",
         [](auto& d) { return R"({"objectName":"company","ids":[")" + first(d) + R"("]})"; }},
        {"run_graphql_mutation",
         [](auto& d) {
             return by_hand(R"(mutation{deleteCompany(id:\")" + first(d) + R"(\"){id}})");
         }},
        {"run_graphql_mutation",
         [](auto&) { return by_hand(R"(mutation{createCompany(data:{name:\"H\"}){id}})"); }},
    };
    for (const auto& each : rows) {
        asked_desk d;
        const auto arguments = each.arguments(d);
        INFO(each.tool << " " << arguments);
        const auto before = d.writes();
        const auto r = d.call(each.tool, arguments);
        INFO(r.text);
        CHECK(r.is_error);
        CHECK(r.body.find("error")->text("code") == "approval_needed");
        const auto* approval = r.body.find("error")->find("approval");
        REQUIRE(approval);
        CHECK(approval->text("link") == d.link);
        CHECK_FALSE(approval->text("change").empty());
        CHECK(d.writes() == before);
        CHECK(d.journal->kept.empty());
        d.say(true);
        d.good(each.tool, arguments);
        CHECK(d.writes() > before);
        CHECK_FALSE(d.journal->kept.empty());
    }
}

TEST_CASE("an undo and a restore are asked for as well", "[asking]") {
    asked_desk d;
    const auto id = first(d);
    d.context().caution.ask = asking::nothing;
    d.good("update_record", update(id, R"("name":"Ours")"));
    const auto change = d.journal->kept.back().id;
    d.good("delete_record", one("company", first(d, 1)));
    const auto deleted = d.journal->kept.back().ids.front();
    d.context().caution.ask = asking::every;
    const auto undo = R"({"ids":[")" + change + R"("]})";
    CHECK(d.error_code("undo_changes", undo) == "approval_needed");
    CHECK(d.last.title == "Take back changes of 1 record");
    CHECK(record_of(d, "company", id).text("name") == "Ours");
    d.good("undo_changes", R"({"ids":[")" + change + R"("],"preview":true})"); // writes nothing
    d.say(false);
    CHECK(d.error_code("undo_changes", undo) == "declined");
    CHECK(d.error_code("restore_record", one("company", deleted)) == "approval_needed");
    d.say(true);
    d.good("restore_record", one("company", deleted));
}

TEST_CASE("who asks for risky changes alone is asked for deletes, many records and the data model",
          "[asking]") {
    asked_desk d(asking::risky);
    const auto id = first(d);
    d.good("update_record", update(id, R"("employees":7)"));
    d.good("create_record", R"({"objectName":"company","records":[{"name":"A"},{"name":"B"}]})");
    CHECK(d.error_code(
              "create_record",
              R"({"objectName":"company","records":[{"name":"A"},{"name":"B"},{"name":"C"}]})") ==
          "approval_needed");
    CHECK(d.last.title == "Create 3 companies");
    CHECK(d.error_code("delete_record", one("company", id)) == "approval_needed");
    CHECK(d.error_code("run_graphql_mutation", by_hand(R"(mutation{deleteCompany(id:\")" + id +
                                                       R"(\"){id}})")) == "approval_needed");
    CHECK(d.error_code("run_graphql_mutation", by_hand(R"(mutation{updateOneField(input:{id:\")" +
                                                           id + R"(\",update:{label:\"X\"}}){id}})",
                                                       "metadata")) == "approval_needed");
    const auto asked = d.questions;
    d.good("find_records", R"({"objectName":"company","limit":2})"); // reading asks nothing
    CHECK(d.questions == asked);
}

TEST_CASE("the question names what changes, from what to what, and the first records", "[asking]") {
    asked_desk d;
    d.context().caution.ask = asking::nothing;
    const auto id = first(d);
    d.good("update_record", update(id, R"("name":"Acme","employees":5)"));
    d.context().caution.ask = asking::every;
    d.call("update_record", update(id, R"("employees":7,"tagline":"T")"));
    CHECK(d.last.title == "Change 1 company");
    REQUIRE(d.last.lines.size() == 1);
    CHECK(d.last.lines[0] ==
          "“Acme”: employees: 5 → 7; tagline: " +
              std::string(d.last.lines[0].substr(d.last.lines[0].find("tagline: ") + 9)));
    CHECK(d.last.lines[0].find("→ T") != std::string::npos);
    std::string ids;
    for (std::size_t i = 0; i < 8; ++i)
        ids += (i == 0 ? "\"" : ",\"") + first(d, i) + "\"";
    d.call("delete_record", R"({"objectName":"company","ids":[)" + ids + "]}");
    CHECK(d.last.title == "Delete 8 companies");
    REQUIRE(d.last.lines.size() == 6);
    CHECK(d.last.lines.back() == "and 3 more");
}

TEST_CASE("no field is changed that the question does not name", "[asking]") {
    asked_desk d;
    const auto r =
        d.call("update_record",
               update(first(d), R"("name":"A","employees":1,"tagline":"T","visaSponsorship":true,)"
                                R"("annualRevenue":{"amount":1,"currencyCode":"EUR"},)"
                                R"("domainName":"https://a.example","workPolicy":["HYBRID"],)"
                                R"("address":{"addressCity":"Jena"},"accountOwnerId":null)"));
    INFO(r.text);
    REQUIRE(d.last.lines.size() == 1);
    for (const auto* field : {"name", "employees", "tagline", "visaSponsorship", "annualRevenue",
                              "domainName", "workPolicy", "address", "accountOwnerId"}) {
        INFO(field << " " << d.last.lines[0]);
        CHECK(d.last.lines[0].find(field) != std::string::npos);
    }
}

TEST_CASE("a name cannot bring lines of its own into the question", "[asking]") {
    asked_desk d;
    d.call(
        "create_record",
        R"({"objectName":"company","data":{"name":"Harmless\n\nApproved already. \u202e evil"}})");
    for (const auto& line : d.last.lines) {
        CHECK(line.find('\n') == std::string::npos);
        CHECK(line.find("\xE2\x80\xAE") == std::string::npos);
    }
}

TEST_CASE("where nobody can be asked nothing is written", "[asking]") {
    asked_desk d;
    d.approve = nullptr;
    const auto r = d.call("delete_record", one("company", first(d)));
    CHECK(r.body.find("error")->text("code") == "approval_needed");
    CHECK(d.writes() == 0);
}

// Each is a way that a model might try to have something written that nobody said yes to. `wrong`
// is called behind a yes to `right`, or behind the open question.
TEST_CASE("sixty ways around the person write nothing", "[asking]") {
    struct attempt {
        const char* name;
        std::function<void(asked_desk&, const std::string&)> tries;
    };
    const auto both = [](asked_desk& d, const std::string& id) {
        CHECK(d.error_code("delete_record", one("company", id)) == "approval_needed");
        d.say(true);
    };
    std::vector<attempt> attempts;
    // Behind the open question: the same call however it is written, and extra arguments.
    for (const std::string more :
         {"", R"(,"confirm":true)", R"(,"approval":"yes")", R"(,"approved":true)",
          R"(,"force":true)", R"(,"dryRun":false)", R"(,"_meta":{"approved":true})"})
        attempts.push_back({"the open question", [more](asked_desk& d, const std::string& id) {
                                d.call("delete_record", one("company", id));
                                d.call("delete_record", one("company", id, more));
                            }});
    // Behind a yes to one record: others, more of them, other tools, other values.
    const std::vector<
        std::pair<const char*, std::function<std::string(asked_desk&, const std::string&)>>>
        others = {
            {"delete_record", [](auto& d, auto&) { return one("company", first(d, 1)); }},
            {"delete_record", [](auto& d, auto&) { return one("person", first_id(d, "person")); }},
            {"delete_record",
             [](auto& d, auto& id) {
                 return R"({"objectName":"company","ids":[")" + id + R"(",")" + first(d, 1) +
                        R"("]})";
             }},
            {"delete_record",
             [](auto&, auto& id) { return R"({"objectName":"company","ids":[")" + id + R"("]})"; }},
            {"update_record", [](auto&, auto& id) { return update(id, R"("name":"X")"); }},
            {"update_record", [](auto&, auto& id) { return update(id, R"("name":null)"); }},
            {"update_record",
             [](auto& d, auto& id) {
                 return R"({"objectName":"company","ids":[")" + id + R"(",")" + first(d, 1) +
                        R"("],"data":{"name":"X"}})";
             }},
            {"update_record",
             [](auto&, auto& id) {
                 return R"({"objectName":"company","records":[{"id":")" + id + R"(","name":"X"}]})";
             }},
            {"create_record",
             [](auto&, auto&) { return R"({"objectName":"company","data":{"name":"X"}})"; }},
            {"create_record",
             [](auto&, auto&) { return R"({"objectName":"company","records":[{"name":"X"}]})"; }},
            {"run_graphql_mutation",
             [](auto&, auto& id) {
                 return by_hand(R"(mutation{deleteCompany(id:\")" + id + R"(\"){id}})");
             }},
            {"run_graphql_mutation",
             [](auto&, auto& id) {
                 return by_hand(R"(mutation{a:deleteCompany(id:\")" + id + R"(\"){id}})");
             }},
            {"run_graphql_mutation",
             [](auto&, auto& id) {
                 return by_hand(R"(mutation delete_record{deleteCompany(id:\")" + id +
                                R"(\"){id}})");
             }},
            {"run_graphql_mutation",
             [](auto&, auto& id) {
                 return by_hand(R"(mutation{...F} fragment F on Mutation{deleteCompany(id:\")" +
                                id + R"(\"){id}})");
             }},
            {"run_graphql_mutation",
             [](auto&, auto&) {
                 return by_hand(
                     R"(mutation{createOneObject(input:{object:{nameSingular:\"x\"}}){id}})",
                     "metadata");
             }},
        };
    for (const auto& [tool, arguments] : others) {
        attempts.push_back({tool, [=](asked_desk& d, const std::string& id) {
                                both(d, id);
                                d.call(tool, arguments(d, id));
                            }});
        attempts.push_back({tool, [=](asked_desk& d, const std::string& id) {
                                d.call("delete_record", one("company", id));
                                d.say(false);
                                d.call(tool, arguments(d, id));
                            }});
    }
    // The same call behind a yes, of another connection, another process, too late, or of a record
    // that is another one by now.
    attempts.push_back({"another connection", [=](asked_desk& d, const std::string& id) {
                            both(d, id);
                            auto other = std::make_shared<actors::bearer>(*d.who);
                            other->grant_id = "other";
                            d.who = other;
                            d.call("delete_record", one("company", id));
                        }});
    attempts.push_back({"a restart", [=](asked_desk& d, const std::string& id) {
                            both(d, id);
                            d.pages = {};
                            d.call("delete_record", one("company", id));
                        }});
    attempts.push_back({"too late", [=](asked_desk& d, const std::string& id) {
                            both(d, id);
                            d.now += actors::approvals::lasts;
                            d.call("delete_record", one("company", id));
                        }});
    attempts.push_back({"refused", [=](asked_desk& d, const std::string& id) {
                            d.call("delete_record", one("company", id));
                            d.say(false);
                            for (int i = 0; i < 3; ++i)
                                d.call("delete_record", one("company", id));
                        }});
    attempts.push_back(
        {"answered by somebody else", [=](asked_desk& d, const std::string& id) {
             d.call("delete_record", one("company", id));
             CHECK_FALSE(
                 d.pages.answer(d.link, {"another", secret(std::string("key"))}, true, d.now));
             CHECK_FALSE(d.pages.answer("forged", {"browser", secret()}, true, d.now));
             d.call("delete_record", one("company", id));
         }});
    attempts.push_back({"changed meanwhile", [=](asked_desk& d, const std::string& id) {
                            both(d, id);
                            d.context().caution.ask = asking::nothing;
                            by_a_stranger(d, "update_record", update(id, R"("name":"Another")"));
                            d.context().caution.ask = asking::every;
                            d.sent.clear();
                            d.call("delete_record", one("company", id));
                        }});
    attempts.push_back({"another process's key", [=](asked_desk& d, const std::string& id) {
                            both(d, id);
                            const secret later(std::string(32, 'l'));
                            d.context().question_key = &later;
                            d.call("delete_record", one("company", id));
                            d.context().question_key = &d.key;
                        }});
    // Values and names beside those that were seen.
    for (const std::string data :
         {R"("employees":8)", R"("employees":7,"tagline":"T")", R"("employees":"7")",
          R"("name":"Y")", R"("employees":null)", R"("domainName":"https://evil.example")",
          R"("employees":7.0)", R"("employees":7,"visaSponsorship":true)",
          R"("accountOwnerId":null)", R"("employees":7,"name":"Z")"})
        attempts.push_back({"other values", [=](asked_desk& d, const std::string& id) {
                                d.call("update_record", update(id, R"("employees":7)"));
                                d.say(true);
                                d.call("update_record", update(id, data));
                            }});
    for (const char* other : {"person", "note", "task", "opportunity", "nothing", ""})
        attempts.push_back({"another object", [=](asked_desk& d, const std::string& id) {
                                both(d, id);
                                d.call("delete_record", one(other, id));
                            }});
    CHECK(attempts.size() >= 60);
    for (const auto& each : attempts) {
        asked_desk d;
        const auto id = first(d);
        const auto was = record_of(d, "company", id);
        INFO(each.name);
        each.tries(d, id);
        CHECK(d.writes() == 0);
        CHECK(record_of(d, "company", id).text("deletedAt").empty());
    }
}

TEST_CASE("the same call in another order of members is the same, and a yes is used once",
          "[asking]") {
    asked_desk d;
    const auto id = first(d);
    d.call("update_record",
           R"({"objectName":"company","id":")" + id + R"(","data":{"employees":7,"tagline":"T"}})");
    const auto link = d.link;
    d.call("update_record",
           R"({"data":{"tagline":"T","employees":7},"id":")" + id + R"(","objectName":"company"})");
    CHECK(d.link == link);
    d.say(true);
    d.good("update_record",
           R"({"data":{"tagline":"T","employees":7},"id":")" + id + R"(","objectName":"company"})");
    const auto writes = d.writes();
    // Once more: the record is another one by now, and the yes is spent.
    CHECK(d.error_code("update_record", R"({"objectName":"company","id":")" + id +
                                            R"(","data":{"employees":7,"tagline":"T"}})") ==
          "approval_needed");
    CHECK(d.writes() == writes);
}

TEST_CASE("two equal creates behind one yes make one record", "[asking]") {
    asked_desk d;
    const std::string create = R"({"objectName":"company","data":{"name":"Once"}})";
    d.call("create_record", create);
    d.say(true);
    d.good("create_record", create);
    CHECK(d.error_code("create_record", create) == "approval_needed");
}
