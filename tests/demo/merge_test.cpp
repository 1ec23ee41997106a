// merge_records against the demo workspace: who stays, what moves, what is asked, what comes back.
#include "base/text.hpp"
#include "tests/demo/undo_support.hpp"

using namespace tool_test;

namespace {

// A desk whose person says yes, and what they were told.
struct merging_desk : tool_desk {
    explicit merging_desk(demo::role who = demo::role::full) : tool_desk(who) {
        own_journal.on = true;
        approve = [this](const mcp::approval_question& q) {
            questions.push_back(q);
            mcp::approval out;
            out.now = says;
            out.link = "http://localhost/approve/x";
            return result<mcp::approval>(std::move(out));
        };
    }
    std::string make(const std::string& object, const std::string& data) {
        const auto r =
            good("create_record", R"({"objectName":")" + object + R"(","data":)" + data + "}");
        return std::string(r.body.text("id"));
    }
    // Rows of a table whose column has this value.
    std::size_t count(const std::string& object, const std::string& column,
                      const std::string& value) {
        const auto& on = *workspace.model().find_singular(object);
        std::size_t out = 0;
        for (const auto& [_, row] : workspace.data().of(on))
            if (const auto* v = row.find(column); v && *v == json::value(value)) ++out;
        return out;
    }
    mcp::approval::state says = mcp::approval::state::approved;
    std::vector<mcp::approval_question> questions;
};

std::string merging(const std::string& object, const std::string& keeps,
                    const std::vector<std::string>& others, const std::string& more = "") {
    std::string listed;
    for (const auto& id : others)
        listed += (listed.empty() ? "\"" : ",\"") + id + "\"";
    return R"({"objectName":")" + object + R"(","id":")" + keeps + R"(","ids":[)" + listed + "]" +
           more + "}";
}

// Two companies, the second with something of everything.
struct scene {
    explicit scene(merging_desk& d) {
        keeps = d.make("company", R"({"name":"Quill","domainName":"https://quill.example"})");
        other =
            d.make("company",
                   R"({"name":"Quill AG","domainName":"https://quill-ag.example",)"
                   R"("employees":7,"workPolicy":["HYBRID"],"address":{"addressCity":"Jena"}})");
        person = d.make("person", R"({"emails":"p@quill.example","companyId":")" + other + "\"}");
        note = d.make("note",
                      R"({"title":"N","about":[{"object":"company","id":")" + other + R"("}]})");
        both = d.make("note", R"({"title":"B","about":[{"object":"company","id":")" + other +
                                  R"("},{"object":"company","id":")" + keeps + R"("}]})");
        task = d.make("task",
                      R"({"title":"T","about":[{"object":"company","id":")" + other + R"("}]})");
    }
    std::string keeps, other, person, note, both, task;
};

} // namespace

TEST_CASE("a merge joins the values, moves what belongs to the others, and removes them",
          "[merge]") {
    merging_desk d;
    const scene s(d);
    const auto r = d.good("merge_records", merging("company", s.keeps, {s.other}));
    INFO(r.text);
    CHECK(record_of(d, "company", s.other).is_null());
    const auto kept = record_of(d, "company", s.keeps);
    CHECK(kept.text("name") == "Quill");
    CHECK(kept.find("employees")->as_int() == 7);
    CHECK(json::dump(*kept.find("domainName")).find("quill-ag.example") != std::string::npos);
    CHECK(kept.at("address", "addressCity")->if_string()->compare("Jena") == 0);
    CHECK(record_of(d, "person", s.person).text("companyId") == s.keeps);
    CHECK(d.count("noteTarget", "targetCompanyId", s.keeps) == 2);
    CHECK(d.count("taskTarget", "targetCompanyId", s.keeps) == 1);
    CHECK(d.count("noteTarget", "noteId", s.both) == 1);
    CHECK(r.body.find("merged")->if_array()->front().text("label") == "Quill AG");
    CHECK(r.text.find("moved: ") != std::string::npos);
    CHECK(r.body.find("change"));
    REQUIRE(d.questions.size() == 1);
    CHECK(d.questions[0].title == "Merge 2 companies");
    const auto told = text::join(d.questions[0].lines, "\n");
    INFO(told);
    CHECK(told.find("stays: “Quill”") != std::string::npos);
    CHECK(told.find("goes for good: “Quill AG”") != std::string::npos);
    CHECK(told.find("employees: empty → 7") != std::string::npos);
    CHECK(told.find("notes (1)") != std::string::npos);
}

TEST_CASE("a merge is asked for whatever the connection chose, and does nothing without a yes",
          "[merge]") {
    for (const auto says : {mcp::approval::state::declined, mcp::approval::state::open}) {
        merging_desk d;
        const scene s(d);
        d.says = says;
        d.context().caution.ask = twenty::asking::nothing;
        const auto kept = d.journal->kept.size();
        const auto code = d.error_code("merge_records", merging("company", s.keeps, {s.other}));
        CHECK(code == (says == mcp::approval::state::open ? "approval_needed" : "declined"));
        CHECK_FALSE(record_of(d, "company", s.other).is_null());
        CHECK(d.count("noteTarget", "targetCompanyId", s.other) == 2);
        CHECK(d.journal->kept.size() == kept);
    }
}

TEST_CASE("a preview shows what a merge would come to, and asks nobody", "[merge]") {
    merging_desk d;
    const scene s(d);
    const auto r =
        d.good("merge_records", merging("company", s.keeps, {s.other}, R"(,"preview":true)"));
    INFO(r.text);
    CHECK(d.questions.empty());
    CHECK(r.body.flag("preview"));
    CHECK(r.body.at("record", "employees")->as_int() == 7);
    CHECK(r.body.at("record", "id")->if_string()->compare(s.keeps) == 0);
    CHECK_FALSE(record_of(d, "company", s.other).is_null());
}

TEST_CASE("undoing a merge makes the others anew, under their ids, with what hung on them",
          "[merge]") {
    merging_desk d;
    const scene s(d);
    const auto kept = record_of(d, "company", s.keeps);
    const auto gone = record_of(d, "company", s.other);
    const auto merged = d.good("merge_records", merging("company", s.keeps, {s.other}));
    const auto r = undone(d, std::string(merged.body.text("change")));
    INFO(merged.text << "\n" << r.text);
    CHECK(d.questions.size() == 2);
    CHECK(shown_of(record_of(d, "company", s.keeps)) == shown_of(kept));
    auto back = shown_of(record_of(d, "company", s.other));
    auto was = shown_of(gone);
    for (const auto* stamp : {"createdBy", "position", "searchVector"}) {
        back.erase(stamp);
        was.erase(stamp);
    }
    CHECK(back == was);
    CHECK(record_of(d, "person", s.person).text("companyId") == s.other);
    CHECK(d.count("noteTarget", "noteId", s.note) == 1);
    CHECK(d.count("noteTarget", "targetCompanyId", s.other) == 1);
    CHECK(d.count("taskTarget", "targetCompanyId", s.other) == 1);
    for (const auto& row : *r.body.find("results")->if_array())
        CHECK(row.text("outcome") == "undone");
    CHECK(r.text.find("do not come back") != std::string::npos);
}

TEST_CASE("a unique value that the merge carried over goes back before the other is made anew",
          "[merge]") {
    merging_desk d;
    const auto keeps = d.make("company", R"({"name":"Plain"})");
    const auto other =
        d.make("company", R"({"name":"Unique","domainName":"https://unique.example"})");
    const auto r = d.good("merge_records", merging("company", keeps, {other}));
    CHECK(json::dump(record_of(d, "company", keeps)).find("unique.example") != std::string::npos);
    const auto back = undone(d, std::string(r.body.text("change")));
    INFO(back.text);
    CHECK(json::dump(record_of(d, "company", other)).find("unique.example") != std::string::npos);
    CHECK(json::dump(record_of(d, "company", keeps)).find("unique.example") == std::string::npos);
}

TEST_CASE("a merge of which nothing changes the record that stays is undone whole", "[merge]") {
    merging_desk d;
    const auto keeps = d.make("company", R"({"name":"Rich","employees":7})");
    const auto other = d.make("company", R"({"name":"Poor"})");
    const auto r = d.good("merge_records", merging("company", keeps, {other}));
    const auto back = undone(d, std::string(r.body.text("change")));
    INFO(back.text);
    CHECK(back.body.find("results")->if_array()->size() == 1);
    CHECK(fate_of(back) == "undone");
    const auto listed =
        d.good("list_changes", R"({"ids":[")" + std::string(r.body.text("change")) + R"("]})");
    CHECK(listed.body.find("changes")->if_array()->front().text("undone") == "all");
    CHECK_FALSE(record_of(d, "company", other).is_null());
}

TEST_CASE("a merge that moved more than one call takes back is taken back by several", "[merge]") {
    merging_desk d;
    const auto keeps = d.make("company", R"({"name":"Stays"})");
    const auto other = d.make("company", R"({"name":"Goes"})");
    for (int i = 0; i < 4; ++i) {
        std::string records;
        for (int n = 0; n < 50; ++n)
            records += (n ? "," : "") + (R"({"companyId":")" + other + R"(","jobTitle":")") +
                       std::to_string(50 * i + n) + "\"}";
        d.good("create_record", R"({"objectName":"person","records":[)" + records + "]}");
    }
    d.make("note", R"({"title":"N","about":[{"object":"company","id":")" + other + R"("}]})");
    const auto r = d.good("merge_records", merging("company", keeps, {other}));
    const std::string call(r.body.text("change"));
    CHECK(d.count("person", "companyId", keeps) == 200);
    for (int i = 0; i < 3; ++i)
        undone(d, call);
    CHECK(d.count("person", "companyId", other) == 200);
    CHECK(d.count("noteTarget", "targetCompanyId", other) == 1);
    CHECK_FALSE(record_of(d, "company", other).is_null());
}

TEST_CASE("what is too long for the journal is not merged", "[merge]") {
    merging_desk d;
    const auto keeps = d.make("company", R"({"name":"Stays"})");
    const auto other =
        d.make("company", R"({"name":"Goes","tagline":")" + std::string(950'000, 'x') + "\"}");
    d.make("note", R"({"title":"N","about":[{"object":"company","id":")" + other + R"("}]})");
    const auto r = d.call("merge_records", merging("company", keeps, {other}));
    INFO(r.text.substr(0, 500));
    CHECK(r.is_error);
    CHECK(r.body.find("error")->text("code") == "too_large");
    CHECK(r.text.find("moved back") != std::string::npos);
    CHECK_FALSE(record_of(d, "company", other).is_null());
    CHECK(d.count("noteTarget", "targetCompanyId", other) == 1);
}

TEST_CASE("a name in the question of a merge brings no lines of its own", "[merge]") {
    merging_desk d;
    const scene s(d);
    d.good("merge_records", merging("company", s.keeps, {s.other}));
    for (const auto& line : d.questions.front().lines)
        CHECK(line.find('\n') == std::string::npos);
}

TEST_CASE("changes that others wrote over do not keep older ones from being taken back",
          "[merge]") {
    merging_desk d;
    std::vector<std::string> ids;
    const auto old = d.make("company", R"({"name":"Old"})");
    d.context().now += 60;
    for (int i = 0; i < 4; ++i) {
        std::string records;
        for (int n = 0; n < 60; ++n)
            records += (n ? "," : "") + std::string(R"({"name":"New"})");
        const auto made =
            d.good("create_record", R"({"objectName":"company","records":[)" + records + "]}");
        for (const auto& one : *made.body.find("results")->if_array())
            ids.emplace_back(one.text("id"));
    }
    d.journal->on = false;
    for (std::size_t from = 0; from < ids.size(); from += 200) {
        std::string some;
        for (std::size_t i = from; i < std::min(from + 200, ids.size()); ++i)
            some += (some.empty() ? "\"" : ",\"") + ids[i] + "\"";
        d.good("update_record",
               R"({"objectName":"company","ids":[)" + some + R"(],"data":{"name":"Theirs"}})");
    }
    d.journal->on = true;
    const auto r = d.good("undo_changes", R"({"since":"2026-11-22"})");
    INFO(r.text.substr(0, 600));
    CHECK(r.body.find("undone")->as_int() == 1);
    CHECK_FALSE(record_of(d, "company", old).text("deletedAt").empty());
}

TEST_CASE("an undo of a merge leaves alone what others changed since, and tells", "[merge]") {
    merging_desk d;
    const scene s(d);
    const auto merged = d.good("merge_records", merging("company", s.keeps, {s.other}));
    by_a_stranger(d, "update_record", one("company", s.keeps, R"(,"data":{"employees":9})"));
    const auto r = undone(d, std::string(merged.body.text("change")));
    INFO(r.text);
    CHECK(record_of(d, "company", s.keeps).find("employees")->as_int() == 9);
    CHECK(r.text.find(R"("outcome":"conflict")") != std::string::npos);
    CHECK_FALSE(record_of(d, "company", s.other).is_null());
}

TEST_CASE("a merge that Twenty refuses moves back what was moved", "[merge]") {
    merging_desk d(demo::role::rw_nodestroy);
    const scene s(d);
    const auto r = d.call("merge_records", merging("company", s.keeps, {s.other}));
    INFO(r.text);
    CHECK(r.is_error);
    CHECK(r.body.find("error")->text("code") == "not_allowed");
    CHECK(r.text.find("right to destroy") != std::string::npos);
    CHECK(d.count("noteTarget", "targetCompanyId", s.other) == 2);
    CHECK(d.count("taskTarget", "targetCompanyId", s.other) == 1);
    CHECK(record_of(d, "person", s.person).text("companyId") == s.other);
}

TEST_CASE("records that cannot be merged are refused before anything is asked or moved",
          "[merge]") {
    merging_desk d;
    const scene s(d);
    const auto nobody = std::string("20202020-1111-4111-8111-111111111111");
    const auto deal = first_id(d, "opportunity");
    const auto deal2 = first_id(d, "opportunity", 1);
    const std::pair<std::string, const char*> calls[] = {
        {merging("company", s.keeps, {s.keeps}), "bad_request"},
        {merging("company", s.keeps, {s.other, s.other}), "bad_request"},
        {merging("company", s.keeps, {nobody}), "not_found"},
        {merging("company", "x", {s.other}), "bad_request"},
        {merging("opportunity", deal, {deal2}), "bad_request"},
        {merging("person", s.keeps, {s.other}), "not_found"},
    };
    const auto kept = d.journal->kept.size();
    for (const auto& [arguments, code] : calls) {
        INFO(arguments);
        CHECK(d.error_code("merge_records", arguments) == code);
    }
    CHECK(
        d.call("merge_records", merging("company", s.keeps, {s.other, nobody})).text.find(nobody) !=
        std::string::npos);
    CHECK(d.questions.empty());
    CHECK(d.journal->kept.size() == kept);
    tool_desk limited(demo::role::full, twenty::mode::write, std::set<std::string>{"company"});
    CHECK(limited.error_code("merge_records", merging("company", s.keeps, {s.other})) ==
          "not_allowed");
}

TEST_CASE("nine people become one, and no ten", "[merge]") {
    merging_desk d;
    std::vector<std::string> ids;
    for (int i = 0; i < 10; ++i)
        ids.push_back(d.make("person", R"({"emails":"n)" + std::to_string(i) +
                                           R"(@nine.example","phones":"+49 171 5550)" +
                                           std::to_string(10 + i) + "\"}"));
    const std::vector<std::string> eight(ids.begin() + 1, ids.begin() + 9);
    const std::vector<std::string> nine(ids.begin() + 1, ids.end());
    CHECK(d.call("merge_records", merging("person", ids[0], nine)).is_error);
    d.good("merge_records", merging("person", ids[0], eight));
    const auto kept = record_of(d, "person", ids[0]);
    CHECK(kept.at("emails", "additionalEmails")->if_array()->size() == 8);
    // With the country that an unselected part would have lost.
    CHECK(json::dump(*kept.find("phones")).find("DE") != std::string::npos);
    CHECK_FALSE(record_of(d, "person", ids[9]).is_null());
}

TEST_CASE("a merge of which no answer came is known once it is looked up", "[merge]") {
    merging_desk d;
    const scene s(d);
    d.good("merge_records", merging("company", s.keeps, {s.other}));
    auto& change = d.journal->kept.back();
    REQUIRE(change.effect == "merge");
    change.state = mcp::change_state::unknown;
    change.ended.clear();
    d.context().now += 600;
    const auto listed = d.good("list_changes", R"({"ids":[")" + change.id + R"("]})");
    INFO(listed.text);
    CHECK_FALSE(listed.body.find("changes")->if_array()->front().find("state"));
    const auto r = undone(d, std::string(change.id));
    INFO(r.text);
    CHECK_FALSE(record_of(d, "company", s.other).is_null());
}
