#include "primer/lint.hpp"

#include "primer/primer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/many_models.hpp"
#include "tests/support/sample_schema.hpp"
#include "tests/support/stock_schema.hpp"

using primer::known_names;
using primer::lint;
using primer::lint_kind;

namespace {

const std::vector<std::string> tools{"list_objects", "describe_object", "search_records",
                                     "find_records", "get_record",      "aggregate_records",
                                     "create_record"};

const known_names& workspace_names() {
    static const known_names names({support::sample_schema()}, tools);
    return names;
}

struct planted {
    const char* line;
    lint_kind kind;
    const char* said; // a part of the sentence
};

const planted faults[] = {
    // objects
    {"Deals are `oportunity`.", lint_kind::unknown_object,
     "`oportunity` is no object of the workspace; did you mean `opportunity`?"},
    {"Deals are `opportunites`.", lint_kind::unknown_object, "did you mean `opportunities`?"},
    {"Colleagues: `workspaceMembr`", lint_kind::unknown_object, "did you mean `workspaceMember`?"},
    {"Accounts are `compnay` here", lint_kind::unknown_object, "did you mean `company`?"},
    {"Look at `companys` first", lint_kind::unknown_object, "did you mean `company`?"},
    {"Capitals: `Oportunity`", lint_kind::unknown_object, "did you mean `opportunity`?"},
    {"See twenty://schema/oportunity", lint_kind::unknown_object, "did you mean `opportunity`?"},
    {"See [it](twenty://schema/zebra).", lint_kind::unknown_object,
     "`zebra` is no object of the workspace."},
    {"`twenty://record/compny/ID`", lint_kind::unknown_object, "did you mean `company`?"},
    {"`compny.name` is unique", lint_kind::unknown_object,
     "`compny` is no object of the workspace; did you mean `company`?"},
    {"`persn.jobTitle`", lint_kind::unknown_object, "did you mean `person`?"},
    {"`oportunity.whatever`", lint_kind::unknown_object, "did you mean `opportunity`?"},
    // fields
    {"`company.domian`", lint_kind::unknown_field, "`company.domian` is no field of the workspace"},
    {"`opportunity.stgae`", lint_kind::unknown_field, "did you mean `opportunity.stage`"},
    {"`people.jobTitel`", lint_kind::unknown_field, "did you mean `people.jobTitle`"},
    {"`Person.jobTitl`", lint_kind::unknown_field, "did you mean `Person.jobTitle`"},
    {"`opportunity.company.nmae`", lint_kind::unknown_field,
     "did you mean `opportunity.company.name`"},
    {"`opportunity.company.churn`", lint_kind::unknown_field,
     "`opportunity.company.churn` is no field"},
    {"`company.churnRisk`", lint_kind::unknown_field,
     "`company.churnRisk` is no field of the workspace"},
    {"`person.name.firstNam`", lint_kind::unknown_field, "did you mean `person.name.firstName`?"},
    {"`emails.primaryEmial`", lint_kind::unknown_field, "did you mean `emails.primaryEmail`?"},
    {"`accountOwner.nmae`", lint_kind::unknown_field, "did you mean `accountOwner.name`?"},
    {"Write `closeDat` of it", lint_kind::unknown_field, "did you mean `closeDate`?"},
    {"The `acountOwnerId`", lint_kind::unknown_field, "did you mean `accountOwnerId`?"},
    {"A `linkedinLnik`", lint_kind::unknown_field, "did you mean `linkedinLink`?"},
    {"Filter: `{\"company.nmae\":{\"eq\":\"x\"}}`", lint_kind::unknown_field,
     "did you mean `company.name`"},
    {"``deals: opportunity.amuont``", lint_kind::unknown_field,
     "did you mean `opportunity.amount`"},
    // values of choices
    {"`PROPOSLA` is late", lint_kind::unknown_choice,
     "`PROPOSLA` is no value of a choice of the workspace; did you mean `PROPOSAL`?"},
    {"`opportunity.stage = SCREENNG`", lint_kind::unknown_choice, "did you mean `SCREENING`?"},
    {"`{\"stage\":{\"eq\":\"CUSTOMERS\"}}`", lint_kind::unknown_choice, "did you mean `CUSTOMER`?"},
    {"`stage: METEING`", lint_kind::unknown_choice, "did you mean `MEETING`?"},
    // tools
    {"Use `find_record` for it", lint_kind::unknown_tool,
     "`find_record` is no tool of this server; did you mean `find_records`?"},
    {"Use find_recrods for it.", lint_kind::unknown_tool, "did you mean `find_records`?"},
    {"`create_records(...)`", lint_kind::unknown_tool, "did you mean `create_record`?"},
    {"1. serach_records, then get_record", lint_kind::unknown_tool,
     "did you mean `search_records`?"},
    // what nobody sees
    {"Par\u200btners", lint_kind::invisible_characters, "seen by nobody"},
    {"\u202ename", lint_kind::invisible_characters, "dropped"},
    // secrets
    {"Key: eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIyMDIw", lint_kind::secret,
     "An API key or token"},
    {"password: hunter2hunter", lint_kind::secret, "A password or key"},
    {"The **password** is: `Tr0ub4dor` for all", lint_kind::secret, "A password or key"},
    {"API_KEY=9f8e7d6c5b4a", lint_kind::secret, "A password or key"},
    {"Authorization: Bearer 9f8e7d6c5b4a", lint_kind::secret, "A password or key"},
    {"https://admin:s3cret@crm.example.com", lint_kind::secret, "An address with a password"},
    {"ghp_0123456789abcdefghijABCDEFGHIJ", lint_kind::secret, "A token of GitHub"},
    {"-----BEGIN PRIVATE KEY-----", lint_kind::secret, "A private key"},
    {"twr_AAAAAAAAAAAAAAAAAAAA", lint_kind::secret, "A token of this server"},
};

// Nothing is to be said of these.
const char* const clean[] = {
    "`company`, `companies`, `Company`, `COMPANY` and `Companies`",
    "`person.name.firstName`, `person.firstName`, `people.emails.primaryEmail`, `company.city`",
    "`opportunity.company.accountOwner.name.lastName`",
    "`emails.primaryEmail`, `domainName.primaryLinkUrl`, `amount.amountMicros`, `amount.amount`",
    "`companyId`, `opportunity.companyId`, `noteTarget.targetPersonId`",
    "`PROPOSAL`, `opportunity.stage = PROPOSAL`, `{\"stage\":{\"in\":[\"NEW\",\"MEETING\"]}}`",
    "`opportunity.stage.PROPOSAL`, `opportunity.amount.sum`",
    "`stages` are a pipeline; a `jobTitles` list; the `phone`",
    "`contacts`, `deals` and `accounts` are what people say",
    "`TRUE`, `NULL`, `NOT_NULL`, `DATE_TIME`, `SELECT`, `MULTI_SELECT`, `USD`, `ISO_8601`, `VIP`",
    "`company.csv`, `person.json`, `opportunity.com`, `people.example.org`, `notes.md`",
    "`compny.csv`, `persn.io`",
    "`https://example.com/companys`, `mailto:persn@example.com`, `/admin/companyes`",
    "`node.js`, `nodes`, `state`, `states`, `data`, `tests`, `names`, `member`, `target`",
    "`const companys = await fetch(url)`, `SELECT companyes FROM x`",
    "`v2.19`, `1.2.3`, `e.g.`, `company.*`, `company.`, `.name`, `a..b`, `company/name`, `...`",
    "`tier_a`, `snake_case_word`, `IN_FLIGHT`, `churn_risk`, `ourOwnWord`",
    "`{noteId, targetPersonId}`, `\"%ann%\"`, `is: NOT_NULL`, `2026-11-22`, ``, ` `, `` ` ``",
    "`Job Title`, `Account Owner`, `Customer Project`",
    "find_records, `find_records {\"object\":\"person\"}`, `create_record(...)`, get_record.",
    "Names in prose: oportunity, company.domian and PROPOSLA are not judged.",
    "twenty://schema/OBJECT, twenty://schema/{object}, twenty://schema/company, twenty://primer",
    "twenty://record/people/20202020-b000-4485-94de-70c2a98daef2",
    "An emoji: \U0001F469\u200D\U0001F4BB, and Grüße: \u00fc",
    "Password: ask Ada. The token: see below. A secret: everybody knows. API key: none",
    "Passwords are never written down; token=<your token>, password: `...`",
    "https://example.com:8443/a@b, eyJ, ask-a-colleague-who-knows-it-all, AKIA",
    "Authorization: Bearer $ADMIN_TOKEN; http://user:password@host:port; token: %TOKEN_1%",
    "`client.host`, `user.name`, `accounts.xyz`, twenty://schema/deals",
    "A span `that is open",
    "a ` b `` c ` oportunity",
    "\tTabs\tand | tables | `name` |\r",
};

std::string said(const primer::lint_report& r) {
    std::string out;
    for (const auto& each : r.findings)
        out += primer::sentence_at(each) + "\n";
    return out;
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

} // namespace

TEST_CASE("each planted fault of a primer is found once, by its kind and with what was meant",
          "[lint]") {
    for (const auto& each : faults) {
        INFO(each.line);
        const auto report = lint("# Ours\n\n" + std::string(each.line) + "\n", workspace_names());
        INFO(said(report));
        CHECK(report.findings.size() == 1);
        if (report.findings.empty()) continue;
        CHECK(report.findings.front().line == 3);
        CHECK(primer::name_of(report.findings.front().kind) == primer::name_of(each.kind));
        CHECK(contains(report.findings.front().text, each.said));
        CHECK_FALSE(report.more);
    }
}

TEST_CASE("nothing is said of names that are right, nor of what is meant as no name", "[lint]") {
    for (const auto* line : clean) {
        INFO(line);
        CHECK(said(lint(line, workspace_names())).empty());
    }
}

TEST_CASE("the bundled primer has no finding against a recorded workspace", "[lint]") {
    const known_names recorded({support::stock_schema()}, tools);
    CHECK(said(lint(primer::default_context(), recorded)).empty());
    CHECK(said(lint(primer::default_context(), workspace_names())).empty());
}

TEST_CASE("without a data model only tools, sizes, fences, secrets and hidden text are judged",
          "[lint]") {
    const known_names none({}, tools);
    for (const auto& each : faults) {
        INFO(each.line);
        const bool by_model = each.kind == lint_kind::unknown_object ||
                              each.kind == lint_kind::unknown_field ||
                              each.kind == lint_kind::unknown_choice;
        CHECK(lint(each.line, none).findings.size() == (by_model ? 0 : 1));
    }
}

TEST_CASE("a name is told only if every known workspace lacks it", "[lint]") {
    twenty::object partner;
    partner.name_singular = "partner";
    partner.name_plural = "partners";
    partner.label_singular = "Partner";
    partner.fields.resize(1);
    partner.fields[0].name = "domian";
    auto company = partner;
    company.name_singular = "company";
    company.name_plural = "companies";
    const auto other = std::make_shared<const twenty::schema>(
        "w", "Other", std::vector<twenty::object>{partner, company});
    const known_names both({support::sample_schema(), other}, tools);
    CHECK(said(lint("`partner`, `partner.domian`, `company.domian`, `company.domainName`, "
                    "`twenty://schema/partner`",
                    both))
              .empty());
    CHECK(lint("`partner.domainName`", both).findings.size() == 1);
    CHECK(lint("`compnay.domian`", both).findings.size() == 1);
}

TEST_CASE("examples within a fence of code are not judged, but what is secret or hidden is",
          "[lint]") {
    CHECK(said(lint("```\n`company.domian` find_record\n~~~\n```\n~~~~ js\n`PROPOSLA`\n~~~\n~~~~\n",
                    workspace_names()))
              .empty());
    CHECK(said(lint("   ```\n`company.domian`\n   ``` x\npassword: hunter2hunter\n   ````\n",
                    workspace_names())) ==
          "Line 4: A password or key seems to stand here, where every model reads it.\n");
    // Indented by four, and a span that begins with three.
    CHECK(lint("    ```\n`company.domian`\n", workspace_names()).findings.size() == 1);
    CHECK(lint("```a``` b\n`company.domian`\n", workspace_names()).findings.size() == 1);
}

TEST_CASE("a fence that is never closed is told where it opens", "[lint]") {
    CHECK(said(lint("# A\n\n```json\n{}\n\n`company.domian`\n", workspace_names())) ==
          "Line 3: A fence of code is opened here and never closed, so all that stands behind it "
          "reads as code.\n");
}

TEST_CASE("a text and a line that cost a model much are told with their cost", "[lint]") {
    CHECK(said(lint(std::string(3002, 'x'), workspace_names())).empty());
    CHECK(said(lint("a\r\n" + std::string(3003, 'x'), workspace_names())) ==
          "Line 2: Some 1001 tokens are what this line alone costs each model that reads it.\n");
    std::string text;
    while (text.size() < 12'002)
        text += "x\n";
    CHECK(said(lint(text, workspace_names())).empty());
    CHECK(lint(text + "x", workspace_names()).findings.front().kind == lint_kind::long_text);
    CHECK(contains(said(lint(text + "x", workspace_names())),
                   "Line 1: Some 4001 tokens are what this text"));
}

TEST_CASE("a hundred findings are told, and that there are more", "[lint]") {
    std::string text;
    for (int i = 0; i < 100; ++i)
        text += "`company.domian`\n";
    CHECK(lint(text, workspace_names()).findings.size() == primer::most_findings);
    CHECK_FALSE(lint(text, workspace_names()).more);
    const auto report = lint(text + "\n`PROPOSLA` `companys`\n", workspace_names());
    CHECK(report.findings.size() == primer::most_findings);
    CHECK(report.more);
    CHECK(report.findings.back().line == 100);
}

TEST_CASE("a secret is never repeated in what is said of it", "[lint]") {
    for (const auto& each : faults)
        if (each.kind == lint_kind::secret) {
            INFO(each.line);
            const auto told = said(lint(each.line, workspace_names()));
            for (const auto* part : {"eyJ", "hunter2", "Tr0ub", "9f8e", "s3cret", "0123", "twr_"})
                CHECK_FALSE(contains(told, part));
        }
}

TEST_CASE("a skill is told the objects that it misspells, and the lines of its files", "[lint]") {
    const auto skill = [](const std::string& objects) {
        return *primer::read_skill(
            "ours", {{"references/a.md", "Use `find_record`."},
                     {"SKILL.md", "---\nname: ours\ndescription: Does it.\nmetadata:\n"
                                  "  twenty-objects: " +
                                      objects + "\n---\n\n`company.domian`\n"}});
    };
    const auto told = primer::lint_skill(skill("person companies oportunity"), workspace_names());
    REQUIRE(told.size() == 4);
    CHECK(told[0] == "twenty-objects: `companies` is no object of the workspace; did you mean "
                     "`company`? A connection that is limited to some objects does not see the "
                     "skill.");
    CHECK(contains(told[1],
                   "`oportunity` is no object of the workspace; did you mean `opportunity`?"));
    CHECK(contains(told[2], "SKILL.md, line 8: `company.domian`"));
    CHECK(contains(told[3], "references/a.md, line 1: `find_record`"));
    CHECK(primer::lint_skill(skill("person company"), workspace_names()).size() == 2);
    CHECK(primer::lint_skill(skill("zebra"), known_names({}, tools)).size() == 1);
}

TEST_CASE("of sixty-four workspaces each one's names count, also those of the last alone",
          "[lint]") {
    const known_names all(support::many_models(false), tools);
    CHECK(all.models().size() == support::models_kept);
    CHECK_FALSE(all.too_many());
    CHECK(said(lint("twenty://schema/lastStandingObject, `lastStandingObject.lastField`, "
                    "`thing3.field1.field0.field7.firstName`, `lastField`, "
                    "`LastStandingObject.field0.field9`",
                    all))
              .empty());
    CHECK(said(lint("twenty://schema/lastStandingObjetc `lastStandingObject.lastFeild`\n", all)) ==
          "Line 1: `lastStandingObjetc` is no object of the workspace; did you mean "
          "`lastStandingObject`?\n"
          "Line 1: `lastStandingObject.lastFeild` is no field of the workspace; did you mean "
          "`lastStandingObject.lastField`?\n");
}

TEST_CASE("of models with more names than are read nothing is said, but of tools", "[lint]") {
    const known_names all(support::many_models(true), tools);
    CHECK(all.too_many());
    CHECK(all.models().empty());
    CHECK(said(lint("twenty://schema/zebra, `w100thing1.domian`, `w100thing2x`, `find_record`",
                    all)) ==
          "Line 1: `find_record` is no tool of this server; did you mean `find_records`?\n");
    CHECK_FALSE(known_names({}, tools).too_many());
}

TEST_CASE("paths behind those that fill the bound are let pass, and that is told", "[lint]") {
    const known_names all(support::many_models(false), tools);
    std::string text;
    for (int i = 0; i < 8'000; ++i)
        text += "`field0.field9.a" + std::to_string(i) + "`\n";
    const auto report = lint(text + "`thing1.feild1` find_record\n", all);
    CHECK(report.passed_over);
    CHECK(said(report).find("feild1") == std::string::npos);
    CHECK(contains(said(report), "`find_record` is no tool"));
    CHECK_FALSE(lint("`thing1.feild1`", all).passed_over);
    CHECK(lint("`thing1.feild1`", all).findings.size() == 1);
}

TEST_CASE("of many fields of one name each one's choices and relations count, also the last one's",
          "[lint]") {
    std::vector<twenty::object> objects(100);
    for (std::size_t i = 0; i < objects.size(); ++i) {
        auto& each = objects[i];
        const auto number = std::to_string(i);
        each.name_singular = "thing" + number;
        each.fields.resize(3);
        each.fields[0].name = "state";
        each.fields[0].type = twenty::field_type::select;
        each.fields[0].options.push_back({i == 0 ? "LEVEL_A" : "OTHER_" + number, ""});
        each.fields[1].name = "owner";
        each.fields[1].type = twenty::field_type::relation;
        each.fields[1].relations.push_back(
            {twenty::relation_kind::many_to_one, each.name_singular, "", "ownerId", "owner"});
        each.fields[2].name = i == 0 ? "height" : "width" + number;
    }
    objects.back().fields[0].options[0].value = "LEVEL_B";
    objects.back().fields[2].name = "weight";
    const known_names names({std::make_shared<const twenty::schema>("w", "W", std::move(objects))},
                            tools);
    const auto right = lint("`state.LEVEL_B`, `owner.weight`", names);
    CHECK(said(right).empty());
    CHECK_FALSE(right.passed_over);
    CHECK(lint("`state.LEVEL_C`, `owner.heigth`", names).findings.size() == 2);
}

TEST_CASE("a path that leads back and forth costs no more than its length", "[lint]") {
    // A note's target is one of many objects, and each of these has the notes.
    std::vector<twenty::object> objects(20);
    for (std::size_t i = 0; i < objects.size(); ++i) {
        auto& each = objects[i];
        each.name_singular = i == 0 ? "note" : "thing" + std::to_string(i);
        each.fields.resize(1);
        auto& field = each.fields.front();
        field.type = twenty::field_type::morph_relation;
        field.name = i == 0 ? "to" : "by";
        for (std::size_t to = 1; to < objects.size(); ++to)
            if (i == 0 || to == i)
                field.relations.push_back({twenty::relation_kind::many_to_one,
                                           i == 0 ? "thing" + std::to_string(to) : "note", "", "",
                                           ""});
    }
    const known_names names({std::make_shared<const twenty::schema>("w", "W", std::move(objects))},
                            tools);
    std::string path = "note";
    for (int i = 0; i < 24; ++i)
        path += ".to.by";
    const auto report = lint("`" + path + "` `" + path + ".xyzzy`", names);
    CHECK(report.findings.size() == 1);
    CHECK_FALSE(report.passed_over);
}
