// Walks through whole lists in every order that the tools offer, against cursors that are as
// wrong as Twenty's (demo/ordering.hpp).
#include "tests/demo/tool_desk.hpp"

using namespace tool_test;

namespace {

bool sortable(std::string_view type) {
    for (const auto* t : {"TS_VECTOR", "RAW_JSON", "FILES", "ARRAY", "RICH_TEXT"})
        if (type == t) return false;
    return true;
}

void add_columns(std::vector<std::string>& out, const twenty::field& f, const std::string& before) {
    if (!sortable(f.type_name)) return;
    const auto* parts = twenty::composite_of(f.type);
    if (!parts) {
        out.push_back(before + f.name);
        return;
    }
    for (const auto& part : parts->parts)
        if (part.type != twenty::field_type::raw_json)
            out.push_back(before + f.name + "." + std::string(part.name));
}

// Everything that Twenty sorts an object's records by: columns, parts of composites, join
// columns, and the columns of records behind a to-one relation.
std::vector<std::string> sort_paths(const twenty::schema& model, const twenty::object& of) {
    std::vector<std::string> out;
    for (const auto& f : of.fields) {
        if (f.relations.empty()) {
            add_columns(out, f, "");
            continue;
        }
        for (const auto& r : f.relations) {
            if (r.kind != twenty::relation_kind::many_to_one) continue;
            out.push_back(r.join_column);
            for (const auto& inner : model.by_singular(r.target_object)->fields)
                if (inner.relations.empty()) add_columns(out, inner, r.query_name + ".");
        }
    }
    return out;
}

std::set<std::string> living(const tool_desk& d, std::string_view object) {
    std::set<std::string> ids;
    for (const auto& [id, record] :
         d.workspace.data().of(*d.workspace.model().find_singular(object)))
        if (!demo::is_deleted(record)) ids.insert(id);
    return ids;
}

struct scan {
    std::size_t rows = 0;
    std::set<std::string> ids;
};
scan walk(tool_desk& d, const std::string& object, const std::string& order) {
    scan out;
    std::string cursor;
    for (int page = 0; page < 100; ++page) {
        const auto r = d.good("find_records",
                              R"({"objectName":")" + object + R"(","limit":13,"fields":["id"])" +
                                  (order.empty() ? "" : R"(,"orderBy":")" + order + "\"") +
                                  (cursor.empty() ? "" : R"(,"cursor":")" + cursor + "\"") + "}");
        for (std::size_t i = 0; i < rows_of(r); ++i)
            out.ids.insert(cell(r, i, "id"));
        out.rows += rows_of(r);
        if (!r.body.flag("hasNextPage")) break;
        cursor = r.body.text("cursor");
    }
    return out;
}

void check_scans(const std::string& object, std::size_t least_paths) {
    tool_desk d;
    const auto all = living(d, object);
    REQUIRE(all.size() >= 40);
    const auto paths = sort_paths(d.model(), *d.model().by_singular(object));
    CHECK(paths.size() >= least_paths);
    CHECK(walk(d, object, "").ids == all);
    for (const auto& path : paths)
        for (const auto* way :
             {"AscNullsFirst", "AscNullsLast", "DescNullsFirst", "DescNullsLast"}) {
            const auto order = path + "[" + way + "]";
            INFO(object << " by " << order);
            const auto seen = walk(d, object, order);
            CHECK(seen.rows == all.size());
            CHECK(seen.ids == all);
        }
}

} // namespace

TEST_CASE("people come once each, whatever they are sorted by", "[scan]") {
    check_scans("person", 40);
}

TEST_CASE("companies come once each, whatever they are sorted by", "[scan]") {
    check_scans("company", 30);
}

TEST_CASE("opportunities come once each, whatever they are sorted by", "[scan]") {
    check_scans("opportunity", 60);
}

TEST_CASE("records that share their sort values come once each, under several sort keys",
          "[scan]") {
    tool_desk d;
    for (const std::string object : {"person", "company", "opportunity"})
        for (const std::string order :
             {"createdBy.source,id[DescNullsLast]", "deletedAt[DescNullsFirst]",
              "createdBy.name[AscNullsLast],updatedAt[DescNullsLast]",
              "updatedBy.source[DescNullsLast],createdBy.source,createdAt"}) {
            INFO(object << " by " << order);
            const auto seen = walk(d, object, order);
            CHECK(seen.rows == living(d, object).size());
            CHECK(seen.ids == living(d, object));
        }
}
