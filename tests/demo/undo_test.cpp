// Taking changes back, end to end against the demo workspace.
#include "tests/demo/undo_support.hpp"

#include <map>
#include <random>

using namespace tool_test;

TEST_CASE("an update of any kind of field is taken back, and taking it back can be taken back",
          "[undo]") {
    tool_desk d;
    with_journal(d);
    const auto member = first_id(d, "workspaceMember");
    const auto person = first_id(d, "person", 7);
    const std::pair<std::string, std::string> changes[] = {
        {"company",
         R"("name":"Other","employees":7,"domainName":"https://other.example","tagline":"T",)"
         R"("address":{"addressCity":"Jena"},"annualRevenue":{"amount":12.5,"currencyCode":"EUR"},)"
         R"("workPolicy":["HYBRID"],"visaSponsorship":true,"accountOwnerId":")" +
             member + "\""},
        {"company", R"("domainName":null,"address":null,"annualRevenue":null,"workPolicy":null)"},
        {"person",
         R"("name":{"firstName":"A","lastName":"B"},"emails":"new@example.com","phones":"+49 30 901820",)"
         R"("jobTitle":null,"performanceRating":"RATING_2","companyId":null)"},
        {"person",
         R"("emails":null,"phones":null,"linkedinLink":"https://l.example/x","intro":"I")"},
        {"opportunity",
         R"("amount":{"amount":"0.01","currencyCode":"USD"},"closeDate":"2027-01-02T03:04:05Z",)"
         R"("stage":"PROPOSAL","pointOfContactId":")" +
             person + "\""},
        {"opportunity", R"("amount":null,"closeDate":null,"companyId":null)"},
        {"note", R"("title":"T","bodyV2":"# New\n\ntext")"},
        {"task", R"("status":"DONE","dueAt":null,"assigneeId":null,"bodyV2":"x")"},
    };
    for (const auto& [object, data] : changes)
        for (std::size_t row = 0; row < 6; ++row) {
            const auto id = first_id(d, object, row);
            const auto before = record_of(d, object, id);
            d.good("update_record", one(object, id, R"(,"data":{)" + data + "}"));
            const auto changed = record_of(d, object, id);
            const auto back = undone(d, change_of(d));
            INFO(data << "\n"
                      << json::dump(before) << "\n"
                      << json::dump(changed) << "\n"
                      << back.text);
            CHECK((fate_of(back) == "undone" || shown_of(changed) == shown_of(before)));
            CHECK(shown_of(record_of(d, object, id)) == shown_of(before));
            if (fate_of(back) != "undone") continue;
            const auto forth = undone(d, change_of(d));
            INFO(forth.text);
            CHECK(fate_of(forth) == "undone");
            CHECK(shown_of(record_of(d, object, id)) == shown_of(changed));
            undone(d, change_of(d));
        }
}

TEST_CASE("what was created is deleted, what was deleted comes back, what was restored goes",
          "[undo]") {
    tool_desk d;
    with_journal(d);
    const auto made = d.good("create_record", R"({"objectName":"company","data":{"name":"New"}})");
    const std::string id(made.body.text("id"));
    CHECK(fate_of(undone(d, change_of(d))) == "undone");
    CHECK_FALSE(record_of(d, "company", id).text("deletedAt").empty());
    d.good("restore_record", one("company", id));
    CHECK(fate_of(undone(d, change_of(d))) == "undone");
    CHECK_FALSE(record_of(d, "company", id).text("deletedAt").empty());
    const auto other = first_id(d, "person");
    d.good("delete_record", one("person", other));
    const auto deleted = change_of(d);
    CHECK(fate_of(undone(d, deleted)) == "undone");
    CHECK(record_of(d, "person", other).text("deletedAt").empty());
    CHECK(fate_of(undone(d, deleted)) == "already");
}

TEST_CASE("a record that somebody changed since is left alone, field by field", "[undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    d.good("update_record", one("company", id, R"(,"data":{"name":"Ours","employees":7})"));
    const auto ours = change_of(d);
    d.journal->on = false;
    d.good("update_record", one("company", id, R"(,"data":{"name":"Theirs"})"));
    d.journal->on = true;
    const auto r = undone(d, ours);
    INFO(r.text);
    CHECK(fate_of(r) == "conflict");
    const auto* fields = r.body.find("results")->if_array()->front().find("fields");
    REQUIRE(fields);
    CHECK(fields->find("name")->text("written") == "Ours");
    CHECK(fields->find("name")->text("now") == "Theirs");
    CHECK_FALSE(fields->find("employees"));
    CHECK(record_of(d, "company", id).text("name") == "Theirs");
    CHECK(record_of(d, "company", id).find("employees")->as_int() == 7);
}

TEST_CASE("a preview writes nothing and tells what would be", "[undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    d.good("update_record", one("company", id, R"(,"data":{"name":"Ours"})"));
    const auto kept = d.journal->kept.size();
    const auto r = d.good("undo_changes", R"({"since":"today","preview":true})");
    INFO(r.text);
    CHECK(fate_of(r) == "ready");
    CHECK(record_of(d, "company", id).text("name") == "Ours");
    CHECK(d.journal->kept.size() == kept);
}

TEST_CASE("a note is taken back with its links, and several changes with the newest first",
          "[undo]") {
    tool_desk d;
    with_journal(d);
    const auto company = first_id(d, "company");
    const auto before = record_of(d, "company", company);
    d.good("create_record",
           R"({"objectName":"note","data":{"title":"T"},"about":[{"object":"company","id":")" +
               company + R"("}]})");
    d.good("update_record", one("company", company, R"(,"data":{"name":"One"})"));
    d.good("update_record", one("company", company, R"(,"data":{"name":"Two"})"));
    const auto r = d.good("undo_changes", R"({"since":"today"})");
    INFO(r.text);
    CHECK(r.body.find("undone")->as_int() == 4);
    CHECK(shown_of(record_of(d, "company", company)) == shown_of(before));
    CHECK(d.good("undo_changes", R"({"since":"today"})").body.find("undone")->as_int() == 0);
}

TEST_CASE("sixty records of a call are taken back by the call's id", "[undo]") {
    tool_desk d;
    with_journal(d);
    const auto page =
        d.good("find_records", R"({"objectName":"company","limit":40,"fields":["name"]})");
    std::map<std::string, std::map<std::string, std::string>> before;
    std::string ids;
    for (std::size_t i = 0; i < rows_of(page); ++i) {
        const auto id = cell(page, i, "id");
        before[id] = shown_of(record_of(d, "company", id));
        ids += (ids.empty() ? "\"" : ",\"") + id + "\"";
    }
    d.good("update_record",
           R"({"objectName":"company","ids":[)" + ids + R"(],"data":{"employees":31337}})");
    const auto call = d.journal->kept.back().call;
    const auto asked = d.calls;
    const auto r = undone(d, call);
    INFO(r.text);
    for (const auto& line : *r.body.find("results")->if_array())
        CHECK(line.text("outcome") == "undone");
    for (const auto& [id, was] : before)
        CHECK(shown_of(record_of(d, "company", id)) == was);
    CHECK(d.calls - asked <= static_cast<int>(before.size()) + 2);
}

TEST_CASE("a change without an answer is looked up when it is asked for", "[undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    d.good("update_record", one("company", id, R"(,"data":{"name":"Written"})"));
    auto& lost = d.journal->kept.back();
    lost.state = mcp::change_state::unknown;
    lost.ended.clear();
    lost.at -= 600;
    const auto listed = d.good("list_changes", "{}");
    INFO(listed.text);
    CHECK(d.journal->kept.back().state == mcp::change_state::done);
    CHECK(fate_of(undone(d, d.journal->kept.back().id)) == "undone");
    CHECK(record_of(d, "company", id).text("name") != "Written");
    // One that never happened.
    d.good("update_record", one("company", id, R"(,"data":{"name":"Never"})"));
    auto& never = d.journal->kept.back();
    d.journal->on = false;
    d.good("update_record", one("company", id,
                                R"(,"data":{"name":")" +
                                    std::string(json::parse(never.begun)
                                                    ->find("rows")
                                                    ->if_array()
                                                    ->front()
                                                    .find("before")
                                                    ->text("name")) +
                                    R"("})"));
    d.journal->on = true;
    auto& again = d.journal->kept.back();
    again.state = mcp::change_state::unknown;
    again.ended.clear();
    again.at -= 600;
    d.good("list_changes", "{}");
    CHECK(d.journal->kept.back().state == mcp::change_state::refused);
}

TEST_CASE("list_changes names records and fields, and shows values of what is asked for by name",
          "[undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    const std::string was(record_of(d, "company", id).text("name"));
    d.good("update_record", one("company", id, R"(,"data":{"name":"Other"})"));
    const auto all = d.good("list_changes", "{}");
    INFO(all.text);
    const auto& change = all.body.find("changes")->if_array()->front();
    CHECK(change.text("effect") == "update");
    CHECK(json::dump(*change.find("fields")) == R"(["name"])");
    CHECK(all.text.find("Other") == std::string::npos);
    const auto one_of = d.good("list_changes", one("company", id));
    INFO(one_of.text);
    const auto* field =
        one_of.body.find("changes")->if_array()->front().find("records")->if_array()->front().at(
            "fields", "name");
    REQUIRE(field);
    CHECK(field->text("before") == was);
    CHECK(field->text("after") == "Other");
}

// Two connections and a stranger write at random; then everything is taken back in a random order.
// Each record is as it was before, or its undo told of a conflict.
TEST_CASE("after any writes, taking them back leaves what was there or tells of each difference",
          "[undo]") {
    constexpr int sequences = 400; // UNDO_SEQUENCES runs more
    const char* const more = std::getenv("UNDO_SEQUENCES");
    const int wanted = more ? std::atoi(more) : sequences;
    tool_desk d;
    mcp_test::kept_journal ours[2];
    std::vector<std::string> companies;
    for (std::size_t i = 0; i < 6; ++i)
        companies.push_back(first_id(d, "company", i));
    for (int seed = 0; seed < wanted; ++seed) {
        std::mt19937 random(static_cast<unsigned>(seed));
        const auto below = [&](std::size_t n) {
            return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
        };
        std::map<std::string, std::map<std::string, std::string>> before;
        std::map<std::string, bool> deleted;
        for (const auto& id : companies) {
            const auto record = record_of(d, "company", id);
            before[id] = shown_of(record);
            deleted[id] = !record.text("deletedAt").empty();
        }
        for (auto& j : ours) {
            j = {};
            j.on = true;
        }
        std::set<std::string> strangers; // records that the stranger wrote to
        std::vector<std::string> made;
        const auto steps = 1 + below(6);
        for (std::size_t step = 0; step < steps; ++step) {
            const auto who = below(5);
            d.journal = who == 4 ? &d.own_journal : &ours[who % 2];
            const auto& id = companies[below(companies.size())];
            switch (below(5)) {
            case 0:
                (void)d.call("delete_record", one("company", id));
                break;
            case 1:
                (void)d.call("restore_record", one("company", id));
                break;
            case 2: {
                const auto r =
                    d.call("create_record", R"({"objectName":"company","data":{"name":"C)" +
                                                std::to_string(seed) + R"("}})");
                if (!r.is_error && who != 4) made.emplace_back(r.body.text("id"));
                break;
            }
            default:
                (void)d.call("update_record",
                             one("company", id,
                                 R"(,"data":{"name":"N)" + std::to_string(below(3)) +
                                     R"(","employees":)" + std::to_string(below(4)) + "}"));
            }
            if (who == 4) strangers.insert(id);
        }
        // Newest first over both, or in any order.
        std::vector<std::pair<int, std::string>> changes;
        for (int j = 0; j < 2; ++j)
            for (const auto& c : ours[j].kept)
                changes.emplace_back(j, c.id);
        std::ranges::shuffle(changes, random);
        std::set<std::string> told;
        // What is left alone for another change's sake may go when that is gone: twice as many
        // rounds as there are changes settle everything.
        for (std::size_t round = 0; round <= changes.size(); ++round) {
            told.clear();
            for (const auto& [j, id] : changes) {
                d.journal = &ours[j];
                const auto r = d.call("undo_changes", R"({"ids":[")" + id + R"("]})");
                INFO(seed << " " << r.text);
                REQUIRE_FALSE(r.is_error);
                for (const auto& line : *r.body.find("results")->if_array()) {
                    const auto fate = line.text("outcome");
                    REQUIRE((fate == "undone" || fate == "already" || fate == "conflict"));
                    if (fate != "undone") continue;
                }
                for (const auto& line : *r.body.find("results")->if_array())
                    if (line.text("outcome") == "conflict") told.emplace(line.text("id"));
            }
        }
        d.journal = &d.own_journal;
        for (const auto& id : companies) {
            const auto now = record_of(d, "company", id);
            const bool same =
                shown_of(now) == before[id] && !now.text("deletedAt").empty() == deleted[id];
            INFO(seed << " " << id << " " << json::dump(now));
            if (!same) CHECK((told.contains(id) || strangers.contains(id)));
            if (!same && !strangers.contains(id)) CHECK(told.contains(id));
        }
        for (const auto& id : made) {
            INFO(seed << " " << id);
            CHECK((!record_of(d, "company", id).text("deletedAt").empty() || told.contains(id)));
        }
    }
}

// One connection alone, in few calls: nothing stands in the way, and nothing is left.
TEST_CASE("what one connection did, in any order and in batches, is taken back whole", "[undo]") {
    constexpr int sequences = 100;
    const char* const more = std::getenv("UNDO_SEQUENCES");
    const int wanted = more ? std::atoi(more) : sequences;
    tool_desk d;
    with_journal(d);
    std::vector<std::string> companies;
    for (std::size_t i = 0; i < 5; ++i)
        companies.push_back(first_id(d, "company", i));
    for (int seed = 0; seed < wanted; ++seed) {
        std::mt19937 random(static_cast<unsigned>(seed));
        const auto below = [&](std::size_t n) {
            return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
        };
        *d.journal = {};
        d.journal->on = true;
        std::map<std::string, std::map<std::string, std::string>> before;
        std::map<std::string, bool> deleted;
        auto ids = companies;
        const auto note = [&](const std::string& id) {
            const auto record = record_of(d, "company", id);
            before[id] = shown_of(record);
            deleted[id] = !record.text("deletedAt").empty();
        };
        for (const auto& id : ids)
            note(id);
        const auto some = [&] {
            std::ranges::shuffle(ids, random);
            std::string out;
            for (std::size_t i = 0; i < 1 + below(3); ++i)
                out += (i == 0 ? "\"" : ",\"") + ids[i] + "\"";
            return R"({"objectName":"company","ids":[)" + out + "]";
        };
        const auto steps = 1 + below(7);
        std::vector<std::string> made;
        for (std::size_t step = 0; step < steps; ++step) {
            switch (below(6)) {
            case 0:
                (void)d.call("delete_record", some() + "}");
                break;
            case 1:
                (void)d.call("restore_record", some() + "}");
                break;
            case 2: {
                const auto r = d.call("create_record",
                                      R"({"objectName":"company","data":{"name":"S)" +
                                          std::to_string(seed) + std::to_string(step) + R"("}})");
                if (r.is_error) break;
                made.emplace_back(r.body.text("id"));
                ids.push_back(made.back());
                break;
            }
            case 3:
                if (!d.journal->kept.empty())
                    (void)d.call("undo_changes",
                                 R"({"ids":[")" +
                                     d.journal->kept[below(d.journal->kept.size())].id + R"("]})");
                break;
            default:
                (void)d.call("update_record", some() + R"(,"data":{"employees":)" +
                                                  std::to_string(below(4)) + R"(,"tagline":"T)" +
                                                  std::to_string(below(3)) + R"("}})");
            }
        }
        const auto kept = d.journal->kept.size();
        // What was deleted by taking back an undo is there again behind the first round.
        auto r = d.good("undo_changes", R"({"since":"today"})");
        for (int round = 0; round < 4 && r.body.find("undone")->as_int() != 0; ++round)
            r = d.good("undo_changes", R"({"since":"today"})");
        INFO(seed << " " << kept << " " << r.text);
        // A new record that was taken back by itself is gone, and its later changes with it.
        for (const auto& line : *r.body.find("results")->if_array()) {
            const bool gone = std::ranges::find(made, line.text("id")) != made.end();
            REQUIRE((line.text("outcome") == "already" || gone));
        }
        for (const auto& id : companies) {
            const auto record = record_of(d, "company", id);
            INFO(id << " " << json::dump(record));
            REQUIRE(shown_of(record) == before[id]);
            REQUIRE(!record.text("deletedAt").empty() == deleted[id]);
        }
        for (const auto& id : made)
            REQUIRE_FALSE(record_of(d, "company", id).text("deletedAt").empty());
    }
}

TEST_CASE("a mutation that was written by hand is taken back as well", "[undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    const auto before = record_of(d, "company", id);
    d.good(
        "run_graphql_mutation",
        R"j({"endpoint":"graphql","query":"mutation($d: CompanyUpdateInput!){updateCompany(id:\")j" +
            id + R"j(\",data:$d){id}}","variables":{"d":{"name":"By hand","employees":4}}})j");
    CHECK(record_of(d, "company", id).text("name") == "By hand");
    const auto r = undone(d, change_of(d));
    INFO(r.text);
    CHECK(fate_of(r) == "undone");
    CHECK(shown_of(record_of(d, "company", id)) == shown_of(before));
    // A create whose id Twenty gives, and a delete.
    const auto made = d.good(
        "run_graphql_mutation",
        R"({"endpoint":"graphql","query":"mutation{createCompany(data:{name:\"Hand\"}){id}}"})");
    const std::string made_id(made.body.at("data", "createCompany")->text("id"));
    CHECK(fate_of(undone(d, change_of(d))) == "undone");
    CHECK_FALSE(record_of(d, "company", made_id).text("deletedAt").empty());
    d.good("run_graphql_mutation",
           R"j({"endpoint":"graphql","query":"mutation{deleteCompany(id:\")j" + id +
               R"j(\"){id}}"})j");
    CHECK(fate_of(undone(d, change_of(d))) == "undone");
    CHECK(record_of(d, "company", id).text("deletedAt").empty());
    // What may have changed a record that was there is not taken for a new one.
    const auto upserted =
        d.call("run_graphql_mutation",
               R"j({"endpoint":"graphql","query":"mutation{createCompanies(data:[{id:\")j" + id +
                   R"j(\",name:\"U\"}],upsert:true){id}}"})j");
    if (!upserted.is_error) CHECK(fate_of(undone(d, change_of(d))) == "impossible");
    CHECK(record_of(d, "company", id).text("deletedAt").empty());
}
