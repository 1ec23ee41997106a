#include "twenty/schema_query.hpp"

#include "base/text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "twenty/graphql.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace {

namespace graphql = twenty::graphql;

const std::set<std::string> object_2x{"id",
                                      "nameSingular",
                                      "namePlural",
                                      "labelSingular",
                                      "labelPlural",
                                      "description",
                                      "isActive",
                                      "isSystem",
                                      "isSearchable",
                                      "applicationId",
                                      "labelIdentifierFieldMetadataId",
                                      "duplicateCriteria",
                                      "fieldsList",
                                      "fields"};
const std::set<std::string> field_2x{"id",
                                     "name",
                                     "label",
                                     "description",
                                     "type",
                                     "isActive",
                                     "isSystem",
                                     "isNullable",
                                     "isUnique",
                                     "defaultValue",
                                     "options",
                                     "settings",
                                     "applicationId",
                                     "isUIEditable",
                                     "relation",
                                     "morphRelations"};
const std::set<std::string> workspace_2x{"id", "displayName", "workspaceCustomApplicationId",
                                         "installedApplications", "metadataVersion"};

// A metadata endpoint with a chosen vocabulary. It refuses what it doesn't know in Twenty's
// words and answers with the sample workspace.
struct server {
    std::map<std::string, std::set<std::string>> known{
        {"Object", object_2x}, {"Field", field_2x}, {"Workspace", workspace_2x}};
    bool introspection = true;
    bool rules = false;                                  // has the type ValidationRule
    bool lower_case_types = false;                       // as messages name them
    std::map<std::string, std::set<std::string>> hidden; // advertised but refused
    std::size_t page_size = 1000;
    int requests = 0;
    std::vector<std::string> documents;
    // Rewrites a field node before it is sent (older forms).
    std::function<json::value(json::value)> rewrite;

    void check(const graphql::selection_set& set, const std::string& type,
               std::vector<std::string>& unknown) const {
        for (const auto& s : set) {
            const auto& f = std::get<graphql::field>(s.node);
            const auto hide = hidden.find(type);
            if (!known.at(type).contains(f.name) ||
                (hide != hidden.end() && hide->second.contains(f.name)))
                unknown.push_back("Cannot query field \"" + f.name + "\" on type \"" +
                                  (lower_case_types ? text::lower(type) : type) +
                                  "\". Did you mean \"id\"?");
        }
    }
    static const graphql::field& only(const graphql::selection_set& set, std::string_view name) {
        for (const auto& s : set)
            if (std::get<graphql::field>(s.node).name == name)
                return std::get<graphql::field>(s.node);
        throw std::runtime_error("no member " + std::string(name));
    }
    static twenty::response ok(json::value data) {
        return {200, "application/json", json::dump(json::make({{"data", std::move(data)}})), {}};
    }
    static twenty::response errors(const std::vector<std::string>& messages) {
        json::array list;
        for (const auto& m : messages)
            list.push_back(json::make({{"message", m}}));
        return {200, "application/json", json::dump(json::make({{"errors", std::move(list)}})), {}};
    }

    twenty::response answer(const twenty::request& r) {
        ++requests;
        REQUIRE(r.target == "/metadata");
        REQUIRE_FALSE(r.is_write);
        const auto body = json::parse(r.body);
        REQUIRE(body);
        documents.emplace_back(body->text("query"));
        const auto parsed = graphql::parse(documents.back());
        INFO(documents.back());
        REQUIRE(parsed);
        const auto& root =
            std::get<graphql::field>(parsed->operations.front().selections.front().node);
        if (root.name == "__type") return types(root, parsed->operations.front().selections);
        if (root.name == "currentWorkspace") {
            std::vector<std::string> unknown;
            check(root.selections, "Workspace", unknown);
            if (!unknown.empty()) return errors(unknown);
            auto workspace = *support::sample_metadata().find("workspace")->if_object();
            if (documents.back().find("metadataVersion") != std::string::npos)
                workspace.set("metadataVersion", 236);
            return ok(json::make({{"currentWorkspace", std::move(workspace)}}));
        }
        REQUIRE(root.name == "objects");
        return objects(root);
    }
    twenty::response types(const graphql::field& root, const graphql::selection_set& all) const {
        if (!introspection) return errors({"GraphQL introspection has been disabled"});
        json::array list;
        for (const auto& name : known.at(root.find_argument("name")->text))
            list.push_back(json::make({{"name", name}}));
        json::object data;
        data.append("__type", json::make({{"fields", std::move(list)}}));
        if (all.size() > 1)
            data.append("rule", rules ? json::make({{"name", "ValidationRule"}}) : json::value());
        return ok(std::move(data));
    }
    twenty::response objects(const graphql::field& root) const {
        const auto& node = only(only(root.selections, "edges").selections, "node");
        std::vector<std::string> unknown;
        check(node.selections, "Object", unknown);
        bool connection = false;
        for (const auto& s : node.selections) {
            const auto& f = std::get<graphql::field>(s.node);
            if (f.name == "fieldsList") check(f.selections, "Field", unknown);
            if (f.name == "fields") {
                connection = true;
                check(only(only(f.selections, "edges").selections, "node").selections, "Field",
                      unknown);
            }
        }
        if (!unknown.empty()) return errors(unknown);
        const auto& all = *support::sample_metadata().find("objects")->if_array();
        const auto* paging = root.find_argument("paging");
        const auto* after = paging->find("after");
        const auto from = after ? static_cast<std::size_t>(std::stoul(after->text)) : 0;
        json::array edges;
        for (auto i = from; i < std::min(all.size(), from + page_size); ++i)
            edges.push_back(json::make({{"node", shown(all[i], connection)}}));
        const auto end = from + edges.size();
        return ok(json::make(
            {{"objects", json::make({{"pageInfo", json::make({{"hasNextPage", end < all.size()},
                                                              {"endCursor", std::to_string(end)}})},
                                     {"edges", std::move(edges)}})}}));
    }
    [[nodiscard]] json::value shown(const json::value& node, bool connection) const {
        auto out = *node.if_object();
        json::array fields;
        for (const auto& f : *out.find("fieldsList")->if_array())
            fields.push_back(rewrite ? rewrite(f) : f);
        out.erase("fieldsList");
        if (!connection) {
            out.set("fieldsList", std::move(fields));
            return out;
        }
        json::array edges;
        for (auto& f : fields)
            edges.push_back(json::make({{"node", std::move(f)}}));
        out.set("fields", json::make({{"edges", std::move(edges)}}));
        return out;
    }
};

result<twenty::schema_ptr> load(server& s) {
    twenty::schema_loader loader;
    while (const auto r = loader.next()) {
        if (s.requests > 40) return error{errc::internal, "the loader never ends"};
        CHECK_OK(loader.feed(s.answer(*r)));
    }
    if (!loader.finished()) return error{errc::internal, "stopped early"};
    return loader.take();
}

} // namespace

TEST_CASE("a current server is loaded in five requests, under the cached operation name",
          "[schema_query]") {
    server s;
    const auto loaded = load(s);
    REQUIRE(loaded);
    CHECK(s.requests == 5);
    CHECK(s.documents.back().starts_with("query ObjectMetadataItems{"));
    CHECK(s.documents.back().find("isActive:{is:true}") != std::string::npos);
    CHECK(s.documents.back().find("isCustom") == std::string::npos);
    CHECK((*loaded)->workspace_name() == "Sample Works");
    CHECK((*loaded)->objects().size() == 12);
}

TEST_CASE("a schema carries the metadata version that was there before its objects were read",
          "[schema_query]") {
    server s;
    const auto loaded = load(s);
    REQUIRE(loaded);
    CHECK((*loaded)->metadata_version() == 236);

    server old;
    old.known["Workspace"].erase("metadataVersion");
    const auto without = load(old);
    REQUIRE(without);
    CHECK((*without)->metadata_version() == std::nullopt);

    server silent;
    silent.introspection = false;
    const auto unasked = load(silent);
    REQUIRE(unasked);
    CHECK((*unasked)->metadata_version() == std::nullopt);
}

TEST_CASE("a schema knows whether this Twenty has rules for records, without a request more",
          "[schema_query]") {
    for (const bool rules : {true, false}) {
        server s;
        s.rules = rules;
        const auto loaded = load(s);
        REQUIRE(loaded);
        CHECK((*loaded)->has_rules() == rules);
        CHECK(s.requests == 5);
    }
    server closed;
    closed.introspection = false;
    const auto loaded = load(closed);
    REQUIRE(loaded);
    CHECK_FALSE((*loaded)->has_rules());
}

TEST_CASE("the metadata version is read from an answer about the right workspace only",
          "[schema_query]") {
    const std::string workspace = "20202020-1c25-4d02-bf25-6aeccf7ea419";
    const auto read = [&](const std::string& current) {
        return twenty::read_metadata_version(
            {200, "application/json", R"({"data":{"currentWorkspace":)" + current + "}}", {}},
            workspace);
    };
    // As a Twenty 2.19 server answers.
    CHECK(*read(R"({"id":"20202020-1c25-4d02-bf25-6aeccf7ea419","metadataVersion":236})") == 236);
    CHECK(read(R"({"id":"11111111-1c25-4d02-bf25-6aeccf7ea419","metadataVersion":236})")
              .failure()
              .code == errc::upstream_auth);
    for (const auto* broken : {"null", "{}", R"({"id":"20202020-1c25-4d02-bf25-6aeccf7ea419"})"})
        CHECK_FALSE(read(broken).ok());
    const auto asked = twenty::metadata_version_request();
    CHECK(asked.target == "/metadata");
    CHECK(asked.safe_to_repeat);
    CHECK_FALSE(asked.is_write);
}

TEST_CASE("standard, custom and app objects are told apart by their application",
          "[schema_query]") {
    server s;
    const auto loaded = load(s);
    REQUIRE(loaded);
    CHECK((*loaded)->by_singular("person")->source == "standard");
    CHECK((*loaded)->by_singular("project")->source == "custom");
    CHECK((*loaded)->by_singular("asset")->source == "app:Fleet");
    CHECK((*loaded)->by_singular("company")->find_field("tier")->is_custom);
    CHECK_FALSE((*loaded)->by_singular("company")->find_field("name")->is_custom);
    CHECK_FALSE((*loaded)->by_singular("noteTarget")->find_field("target")->is_custom);
}

TEST_CASE("an old server with isCustom, the fields connection and relationDefinition is loaded",
          "[schema_query]") {
    server s;
    for (const auto* gone : {"applicationId", "fieldsList", "isSearchable"})
        s.known["Object"].erase(gone);
    s.known["Object"].insert("isCustom");
    for (const auto* gone : {"applicationId", "isUIEditable", "relation", "morphRelations"})
        s.known["Field"].erase(gone);
    s.known["Field"].insert({"isCustom", "relationDefinition"});
    s.known["Workspace"] = {"id", "displayName"};
    s.rewrite = [](json::value f) {
        auto& o = *f.if_object();
        if (const auto* r = o.find("relation"); r && r->is_object()) {
            auto old = *r->if_object();
            old.set("direction", *old.find("type"));
            old.erase("type");
            o.set("relationDefinition", std::move(old));
            o.erase("relation");
        }
        return f;
    };
    const auto loaded = load(s);
    REQUIRE(loaded);
    const auto& document = s.documents.back();
    CHECK(document.find("isCustom") != std::string::npos);
    CHECK(document.find("fields(paging:{first:1000})") != std::string::npos);
    CHECK(document.find("relationDefinition") != std::string::npos);
    const auto* company = (*loaded)->by_singular("person")->find_field("company");
    REQUIRE(company);
    REQUIRE(company->relations.size() == 1);
    CHECK(company->relations[0].join_column == "companyId");
    CHECK(company->relations[0].target_object == "company");
}

TEST_CASE("a field that is advertised but refused is dropped and the query repeated",
          "[schema_query]") {
    server s;
    s.hidden["Object"] = {"duplicateCriteria"};
    s.hidden["Field"] = {"isUnique", "isUIEditable"};
    s.hidden["Workspace"] = {"installedApplications"};
    const auto loaded = load(s);
    REQUIRE(loaded);
    CHECK(s.requests == 7);
    CHECK((*loaded)->by_singular("person"));
}

TEST_CASE("without introspection the whole wish list is asked and healed", "[schema_query]") {
    server s;
    s.introspection = false;
    const auto loaded = load(s);
    INFO((loaded ? "" : loaded.failure().message));
    REQUIRE(loaded);
    CHECK((*loaded)->by_singular("noteTarget")->find_field("target")->relations.size() == 4);
}

TEST_CASE("a server that names its types in lower case is healed as well", "[schema_query]") {
    server s;
    s.introspection = false;
    s.lower_case_types = true;
    const auto loaded = load(s);
    INFO((loaded ? "" : loaded.failure().message));
    REQUIRE(loaded);
    CHECK(s.documents.back().find("isCustom") == std::string::npos);
}

TEST_CASE("a server that refuses everything ends the load instead of going round",
          "[schema_query]") {
    server s;
    s.introspection = false;
    s.known["Workspace"].clear();
    const auto loaded = load(s);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.failure().code == errc::bad_request);
    CHECK(s.requests < 12);
}

TEST_CASE("objects that come in pages are all loaded", "[schema_query]") {
    server s;
    s.page_size = 5;
    const auto loaded = load(s);
    REQUIRE(loaded);
    CHECK(s.requests == 7);
    CHECK((*loaded)->objects().size() == 12);
}

TEST_CASE("a refused key ends the load with its reason", "[schema_query]") {
    twenty::schema_loader loader;
    REQUIRE(loader.next());
    const twenty::response revoked{
        200,
        "application/json",
        R"({"errors":[{"message":"This API Key is revoked","extensions":{"subCode":"FORBIDDEN_EXCEPTION","code":"FORBIDDEN"}}]})",
        {}};
    const auto fed = loader.feed(revoked);
    REQUIRE_FALSE(fed);
    CHECK(fed.failure().code == errc::upstream_auth);
    CHECK(fed.failure().message.find("revoked") != std::string::npos);
}

TEST_CASE("every morph target has its own column and its own name in documents", "[schema_query]") {
    const auto& target = *support::sample_object("noteTarget").find_field("target");
    CHECK(target.label == "Target");
    std::vector<std::string> columns;
    for (const auto& r : target.relations) {
        columns.push_back(r.join_column);
        CHECK(r.query_name + "Id" == r.join_column);
    }
    CHECK(columns == std::vector<std::string>{"targetPersonId", "targetCompanyId",
                                              "targetOpportunityId", "targetProjectId"});
    const auto& helper = *support::sample_object("project").find_field("helper");
    REQUIRE(helper.relations.size() == 2);
    CHECK(helper.relations[0].query_name == "helperPeople");
    CHECK(helper.relations[0].join_column.empty());
    CHECK(helper.relations[0].kind == twenty::relation_kind::one_to_many);
}

TEST_CASE("relations name their real target, not the one that their column suggests",
          "[schema_query]") {
    const auto& owner = *support::sample_object("company").find_field("accountOwner");
    REQUIRE(owner.relations.size() == 1);
    CHECK(owner.relations[0].target_object == "workspaceMember");
    CHECK(owner.relations[0].join_column == "accountOwnerId");
    const auto& people = *support::sample_object("company").find_field("people");
    CHECK(people.relations[0].kind == twenty::relation_kind::one_to_many);
    CHECK(people.relations[0].target_object == "person");
    CHECK(people.relations[0].join_column.empty());
}

TEST_CASE("fields keep what tools need: choices in order, defaults unquoted, read-only marks",
          "[schema_query]") {
    const auto& stage = *support::sample_object("opportunity").find_field("stage");
    REQUIRE(stage.options.size() == 5);
    CHECK(stage.options.front().value == "NEW");
    CHECK(stage.default_value == json::value("NEW"));
    CHECK_FALSE(stage.is_nullable);
    const auto& person = support::sample_object("person");
    CHECK(person.find_field("createdAt")->is_read_only);
    CHECK_FALSE(person.find_field("jobTitle")->is_read_only);
    CHECK_FALSE(support::sample_object("noteTarget").find_field("note")->is_read_only);
    CHECK(person.find_field("emails")->max_values == 1);
    CHECK(person.label_field == "name");
    CHECK(support::sample_object("noteTarget").label_field.empty());
    CHECK(support::sample_object("project").find_field("gadget")->type ==
          twenty::field_type::other);
    CHECK_FALSE(support::sample_object("company").find_field("retired"));
    CHECK_FALSE(support::sample_schema()->by_singular("oldThing"));
    CHECK(person.duplicate_criteria.size() == 2);
}

TEST_CASE("an object is found by every name that people use for it", "[schema_query]") {
    const auto schema = support::sample_schema();
    for (const auto* name : {"person", "people", "People", "PERSON"}) {
        INFO(name);
        REQUIRE(schema->find(name));
        CHECK(schema->find(name)->name_singular == "person");
    }
    CHECK(schema->find("Customer Projects")->name_singular == "project");
    CHECK(schema->find("vehicle")->name_singular == "asset");
    CHECK_FALSE(schema->find("unicorns"));
    CHECK_FALSE(schema->find(""));
    CHECK_FALSE(schema->by_singular("people"));
}

TEST_CASE("metadata names that would break out of a document never enter the schema",
          "[schema_query]") {
    const auto node = [](const char* name, const char* field) {
        return json::make(
            {{"nameSingular", name},
             {"namePlural", "things"},
             {"fieldsList", json::list({json::make({{"name", field}, {"type", "TEXT"}})})}});
    };
    const twenty::workspace_facts facts;
    CHECK_FALSE(twenty::read_object(node("a{b}", "x"), facts));
    CHECK_FALSE(twenty::read_object(node("", "x"), facts));
    CHECK_FALSE(twenty::read_object(node("1a", "x"), facts));
    const auto read = twenty::read_object(node("thing", "x}} query{apiKeys"), facts);
    REQUIRE(read);
    CHECK(read->fields.empty());
}

// -- The check of a pasted key ------------------------------------------------------------------

namespace {

const std::string key_workspace = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

twenty::key_check fresh_check() {
    twenty::key_facts facts;
    facts.workspace_id = key_workspace;
    return twenty::key_check(facts);
}
twenty::response json_answer(int status, std::string body) {
    return {status, "application/json; charset=utf-8", std::move(body), {}};
}

} // namespace

TEST_CASE("a good key is recognised by one question, and never by __typename", "[schema_query]") {
    auto check = fresh_check();
    const auto r = check.next();
    REQUIRE(r);
    CHECK(r->target == "/metadata");
    CHECK(r->body.find("currentWorkspace{id displayName}") != std::string::npos);
    CHECK(r->body.find("__typename") == std::string::npos);
    REQUIRE(check.feed(json_answer(200, R"({"data":{"currentWorkspace":{"id":")" + key_workspace +
                                            R"(","displayName":"Sample Works"}}})")));
    CHECK(check.finished());
    CHECK(check.found().id == key_workspace);
    CHECK(check.found().name == "Sample Works");
    CHECK_FALSE(check.next());
}

TEST_CASE("every refusal of a key has its own message and no second question", "[schema_query]") {
    struct refusal {
        const char* what;
        twenty::response answer;
        errc code;
        const char* part;
    };
    const refusal all[] = {
        {"bad signature",
         json_answer(
             200,
             R"({"errors":[{"message":"Token invalid.","extensions":{"subCode":"UNAUTHENTICATED","code":"UNAUTHENTICATED","userFriendlyMessage":{"id":"a","message":"b"}}}]})"),
         errc::upstream_auth, "doesn't accept"},
        {"expired",
         json_answer(
             200,
             R"({"errors":[{"message":"Token has expired.","extensions":{"subCode":"UNAUTHENTICATED","code":"UNAUTHENTICATED"}}]})"),
         errc::upstream_auth, "expired"},
        {"revoked",
         json_answer(
             200,
             R"({"errors":[{"message":"This API Key is revoked","extensions":{"subCode":"FORBIDDEN_EXCEPTION","code":"FORBIDDEN"}}]})"),
         errc::upstream_auth, "revoked"},
        {"no credential arrived",
         json_answer(
             200,
             R"({"errors":[{"message":"Forbidden resource","extensions":{"code":"FORBIDDEN","response":{"statusCode":403}}}],"data":null})"),
         errc::upstream_auth, "proxy"},
        {"401 of a gateway",
         {401, "text/html", "<html>login</html>", {}},
         errc::upstream_auth,
         "doesn't accept"},
        {"another workspace",
         json_answer(
             200, R"({"data":{"currentWorkspace":{"id":"11111111-2222-4333-8444-555555555555"}}})"),
         errc::upstream_auth, "another workspace"},
        {"no id", json_answer(200, R"({"data":{"currentWorkspace":{"id":""}}})"),
         errc::upstream_auth, "names no workspace"},
        {"null", json_answer(200, R"({"data":{"currentWorkspace":null}})"), errc::upstream_down,
         "not as a Twenty"},
        {"HTML",
         {200, "text/html", "<!doctype html><title>Shop</title>", {}},
         errc::upstream_down,
         "not as a Twenty"},
        {"404", {404, "text/html", "not here", {}}, errc::upstream_down, "not as a Twenty"},
        {"502",
         {502, "text/html", "<h1>Bad gateway</h1>", {}},
         errc::upstream_down,
         "not available"},
        {"500 with a stack",
         {500, "text/plain", "GraphQLError: x\n at y (/app/dist/a.js:1:2)", {}},
         errc::upstream_refused,
         "internal error"},
        {"rate limited",
         {429, "application/json", "{}", std::chrono::seconds(2)},
         errc::rate_limited,
         "limit"},
        {"empty", {200, "application/json", "", {}}, errc::upstream_down, "not as a Twenty"},
    };
    for (const auto& r : all) {
        INFO(r.what);
        auto check = fresh_check();
        const auto fed = check.feed(r.answer);
        REQUIRE_FALSE(fed);
        INFO(fed.failure().message);
        CHECK(fed.failure().code == r.code);
        CHECK(fed.failure().message.find(r.part) != std::string::npos);
        CHECK(fed.failure().message.find("/app/") == std::string::npos);
        CHECK_FALSE(check.finished());
    }
}

TEST_CASE("only a server that lacks a question is asked the next, down to REST", "[schema_query]") {
    auto check = fresh_check();
    std::vector<std::string> targets;
    const auto unknown = json_answer(
        200, R"({"errors":[{"message":"Cannot query field \"x\" on type \"Query\"."}]})");
    for (int i = 0; i < 4; ++i) {
        REQUIRE(check.next());
        targets.push_back(check.next()->target);
        REQUIRE(check.feed(unknown));
        CHECK_FALSE(check.finished());
    }
    const auto last = check.next();
    REQUIRE(last);
    CHECK(last->method == "GET");
    CHECK(last->target == "/rest/companies?limit=1&depth=0");
    SECTION("a page of companies proves the key") {
        REQUIRE(check.feed(json_answer(200, R"({"data":{"companies":[]}})")));
        CHECK(check.finished());
    }
    SECTION("so does a role without companies") {
        REQUIRE(check.feed(json_answer(
            400,
            R"({"statusCode":400,"error":"Error","messages":["Entity performing the request does not have permission"],"code":"PERMISSION_DENIED"})")));
        CHECK(check.finished());
    }
    SECTION("a missing token does not") {
        CHECK_FALSE(check.feed(json_answer(
            403,
            R"({"statusCode":403,"messages":["Missing authentication token"],"error":"FORBIDDEN_EXCEPTION"})")));
        CHECK_FALSE(check.finished());
    }
}

TEST_CASE("a name of 128 characters enters the schema, a longer one does not", "[schema_query]") {
    const auto enters = [](std::size_t size) {
        const auto node = json::make({{"nameSingular", std::string(size, 'a')},
                                      {"namePlural", "things"},
                                      {"fieldsList", json::array()}});
        return twenty::read_object(node, {}).has_value();
    };
    CHECK(enters(128));
    CHECK_FALSE(enters(129));
}

TEST_CASE("twenty pages of objects are loaded and no more are asked for", "[schema_query]") {
    // Pages that never end, of one object each.
    struct endless {
        int pages = 0;
        twenty::response answer(const twenty::request& r) {
            if (r.body.find("__type") != std::string::npos)
                return json_answer(200, R"({"data":{}})");
            if (r.body.find("currentWorkspace") != std::string::npos)
                return json_answer(200, R"({"data":{"currentWorkspace":{"id":")" + key_workspace +
                                            R"("}}})");
            const auto n = std::to_string(++pages);
            return json_answer(
                200, R"({"data":{"objects":{"pageInfo":{"hasNextPage":true,"endCursor":")" + n +
                         R"("},"edges":[{"node":{"id":")" + key_workspace +
                         R"(","nameSingular":"thing)" + n + R"(","namePlural":"things)" + n +
                         R"(","fieldsList":[]}}]}}})");
        }
    } s;
    twenty::schema_loader loader;
    while (const auto r = loader.next())
        REQUIRE(loader.feed(s.answer(*r)));
    CHECK(s.pages == 20);
    REQUIRE(loader.finished());
    CHECK(loader.take()->objects().size() == 20);
}

TEST_CASE("a query that is refused is healed five times and then given up", "[schema_query]") {
    // Refuses one of our names after the other.
    const auto requests = [](int refusals) {
        int sent = 0;
        twenty::schema_loader loader;
        while (const auto r = loader.next()) {
            if (r->body.find("__type") != std::string::npos) {
                REQUIRE(loader.feed(json_answer(200, R"({"data":{}})")));
                continue;
            }
            if (r->body.find("objects(") != std::string::npos) return sent;
            constexpr const char* names[] = {"displayName",
                                             "workspaceCustomApplicationId",
                                             "installedApplications",
                                             "a",
                                             "b",
                                             "c"};
            const auto body =
                sent < refusals
                    ? R"({"errors":[{"message":"Cannot query field \")" + std::string(names[sent]) +
                          R"(\" on type \"Workspace\".","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]})"
                    : R"({"data":{"currentWorkspace":{"id":")" + key_workspace + R"("}}})";
            ++sent;
            if (!loader.feed(json_answer(200, body))) return -sent;
        }
        return sent;
    };
    CHECK(requests(5) == 6);
    CHECK(requests(6) == -6);
}
