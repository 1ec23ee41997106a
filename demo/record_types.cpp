#include "demo/record_types.hpp"

#include "base/text.hpp"
#include "embedded/demo_core_types_txt.hpp"
#include "embedded/demo_record_types_txt.hpp"

#include <array>

namespace demo {

namespace {

std::string_view scalar_of(leaf kind) {
    switch (kind) {
    case leaf::text:
    case leaf::select:
        return "String";
    case leaf::number:
        return "Float";
    case leaf::boolean:
        return "Boolean";
    case leaf::uuid:
        return "UUID";
    case leaf::date:
        return "Date";
    case leaf::date_time:
        return "DateTime";
    case leaf::multi_select:
    case leaf::array:
        return "[String]";
    case leaf::json:
        return "RawJSON";
    case leaf::vector:
        return "TSVector";
    }
    return "String";
}

std::string_view filter_of(leaf kind) {
    switch (kind) {
    case leaf::text:
        return "StringFilter";
    case leaf::number:
        return "FloatFilter";
    case leaf::boolean:
        return "BooleanFilter";
    case leaf::uuid:
        return "UUIDFilter";
    case leaf::date:
        return "DateFilter";
    case leaf::date_time:
        return "DateTimeFilter";
    case leaf::select:
    case leaf::multi_select:
        return "EnumFilter";
    case leaf::array:
        return "ArrayFilter";
    case leaf::json:
        return "RawJsonFilter";
    case leaf::vector:
        return "TSVectorFilter";
    }
    return "StringFilter";
}

std::string output_of(const field& f) {
    const std::string base(f.type->graphql.empty() ? scalar_of(f.type->kind) : f.type->graphql);
    return base + (f.required ? "!" : "");
}

std::vector<type_argument> list_arguments(const std::string& type) {
    return {{"first", "Int"},
            {"last", "Int"},
            {"offset", "Int"},
            {"before", "String"},
            {"after", "String"},
            {"filter", type + "FilterInput"},
            {"orderBy", "[" + type + "OrderByInput]"}};
}

type_definition made(std::string kind, std::string name) {
    return {std::move(kind), std::move(name), {}};
}

void append_composites(type_system& out) {
    for (const auto& type : field_types()) {
        if (type.parts.empty()) continue;
        const std::string name(type.graphql);
        auto output = made("OBJECT", name);
        auto filter = made("INPUT_OBJECT", name + "FilterInput");
        auto order = made("INPUT_OBJECT", name + "OrderByInput");
        auto create = made("INPUT_OBJECT", name + "CreateInput");
        auto group = made("INPUT_OBJECT", name + "GroupByInput");
        for (const auto& part : type.parts) {
            const std::string key(part.name);
            output.members.push_back({key, {}, std::string(scalar_of(part.kind))});
            filter.members.push_back({key, {}, std::string(filter_of(part.kind))});
            order.members.push_back({key, {}, "OrderByDirection"});
            create.members.push_back({key, {}, std::string(scalar_of(part.kind))});
            if (part.kind != leaf::json) group.members.push_back({key, {}, "Boolean"});
        }
        for (auto* t : {&output, &filter, &order, &create, &group})
            out.types.push_back(std::move(*t));
    }
}

void append_aggregates(const object& o, type_definition& to) {
    to.members.push_back({"totalCount", {}, "Int"});
    static constexpr std::array<std::string_view, 5> counts{"countUniqueValues", "countEmpty",
                                                            "countNotEmpty", "percentageEmpty",
                                                            "percentageNotEmpty"};
    for (const auto& f : o.fields) {
        if (f.is_relation()) continue;
        const std::string name = capitalised(f.name);
        for (const auto prefix : counts)
            to.members.push_back(
                {std::string(prefix) + name, {}, prefix.starts_with("count") ? "Int" : "Float"});
        if (f.type->name == "NUMBER" || f.type->name == "NUMERIC" || f.type->name == "CURRENCY")
            for (const std::string_view prefix : {"min", "max", "sum", "avg"})
                to.members.push_back({std::string(prefix) + name +
                                          (f.type->name == "CURRENCY" ? "AmountMicros" : ""),
                                      {},
                                      "Float"});
        if (f.type->kind == leaf::date || f.type->kind == leaf::date_time)
            for (const std::string_view prefix : {"min", "max"})
                to.members.push_back({std::string(prefix) + name, {}, "DateTime"});
    }
}

// The schema offers fewer fields for grouping than the server takes.
bool in_group_input(const field& f) {
    const bool stamp = f.name == "createdAt" || f.name == "updatedAt";
    return (stamp || !f.system) && f.type->name != "RAW_JSON" && f.type->name != "FILES";
}

// object_types collects what one object adds to the schema, while its fields are gone through.
struct object_types {
    std::string name;
    type_definition output = made("OBJECT", name);
    type_definition filter = made("INPUT_OBJECT", name + "FilterInput");
    type_definition order = made("INPUT_OBJECT", name + "OrderByInput");
    type_definition create = made("INPUT_OBJECT", name + "CreateInput");
    type_definition group = made("INPUT_OBJECT", name + "GroupByInput");
};

void append_relation(const field& f, object_types& out) {
    for (const auto& target : f.targets) {
        const std::string other = capitalised(target.object);
        if (f.relation == relation_kind::one_to_many) {
            out.output.members.push_back({f.name, list_arguments(other), other + "Connection"});
            continue;
        }
        const std::string relation = target.column.substr(0, target.column.size() - 2);
        out.output.members.push_back({target.column, {}, "ID"});
        out.output.members.push_back({relation, {}, other});
        out.filter.members.push_back({target.column, {}, "UUIDFilter"});
        out.filter.members.push_back({relation, {}, other + "FilterInput"});
        out.order.members.push_back({target.column, {}, "OrderByDirection"});
        out.order.members.push_back({relation, {}, other + "OrderByInput"});
        out.create.members.push_back({target.column, {}, "ID"});
        out.create.members.push_back({relation, {}, "RelationInput"});
        out.group.members.push_back({relation, {}, other + "GroupByInput"});
    }
}

void append_value(const field& f, object_types& out) {
    const bool parts = !f.type->parts.empty();
    const std::string composite(f.type->graphql);
    out.output.members.push_back({f.name, {}, output_of(f)});
    out.filter.members.push_back(
        {f.name, {}, parts ? composite + "FilterInput" : std::string(filter_of(f.type->kind))});
    out.order.members.push_back(
        {f.name, {}, parts ? composite + "OrderByInput" : "OrderByDirection"});
    out.create.members.push_back(
        {f.name, {}, parts ? composite + "CreateInput" : std::string(scalar_of(f.type->kind))});
    if (!in_group_input(f)) return;
    const bool date = f.type->kind == leaf::date || f.type->kind == leaf::date_time;
    if (parts)
        out.group.members.push_back({f.name, {}, composite + "GroupByInput"});
    else
        out.group.members.push_back({f.name, {}, date ? "GroupByDateGranularityInput" : "Boolean"});
}

void append_object(const object& o, type_system& out) {
    object_types types{capitalised(o.singular)};
    for (const auto& f : o.fields) {
        append_relation(f, types);
        if (!f.is_relation()) append_value(f, types);
    }
    const std::string& type = types.name;
    for (const std::string_view word : {"and", "or"})
        types.filter.members.push_back({std::string(word), {}, "[" + type + "FilterInput]"});
    types.filter.members.push_back({"not", {}, type + "FilterInput"});
    auto update = types.create;
    update.name = type + "UpdateInput";
    auto edge = made("OBJECT", type + "Edge");
    edge.members = {{"node", {}, type + "!"}, {"cursor", {}, "ConnectionCursor!"}};
    auto connection = made("OBJECT", type + "Connection");
    append_aggregates(o, connection);
    auto groups = connection;
    groups.name = type + "GroupByConnection";
    groups.members.push_back({"groupByDimensionValues", {}, "[String]"});
    for (auto* t : {&connection, &groups}) {
        t->members.push_back({"edges", {}, "[" + type + "Edge!]!"});
        t->members.push_back({"pageInfo", {}, "PageInfo!"});
    }
    for (auto* t : {&types.output, &types.filter, &types.order, &types.create, &update,
                    &types.group, &edge, &connection, &groups})
        out.types.push_back(std::move(*t));
}

void append_roots(const object& o, type_definition& query, type_definition& mutation) {
    const std::string one = capitalised(o.singular);
    const std::string all = capitalised(o.plural);
    const std::string filter = one + "FilterInput";
    const std::string list = "[" + one + "!]";
    query.members.push_back({o.plural, list_arguments(one), one + "Connection"});
    query.members.push_back({o.singular, {{"filter", filter + "!"}}, one});
    if (!o.duplicate_criteria.empty())
        query.members.push_back({o.singular + "Duplicates",
                                 {{"ids", "[UUID]"}, {"data", "[" + one + "CreateInput]"}},
                                 "[" + one + "Connection!]"});
    query.members.push_back({o.plural + "GroupBy",
                             {{"groupBy", "[" + one + "GroupByInput!]!"},
                              {"filter", filter},
                              {"orderBy", "[" + one + "OrderByInput]"},
                              {"limit", "Int"}},
                             "[" + one + "GroupByConnection!]"});
    mutation.members.push_back(
        {"create" + one, {{"data", one + "CreateInput!"}, {"upsert", "Boolean"}}, one});
    mutation.members.push_back(
        {"create" + all, {{"data", "[" + one + "CreateInput!]!"}, {"upsert", "Boolean"}}, list});
    mutation.members.push_back(
        {"update" + one, {{"id", "UUID!"}, {"data", one + "UpdateInput!"}}, one});
    mutation.members.push_back(
        {"update" + all, {{"data", one + "UpdateInput!"}, {"filter", filter + "!"}}, list});
    for (const std::string verb : {"delete", "destroy", "restore"}) {
        mutation.members.push_back({verb + one, {{"id", "UUID!"}}, one});
        mutation.members.push_back({verb + all, {{"filter", filter + "!"}}, list});
    }
    mutation.members.push_back(
        {"merge" + all,
         {{"ids", "[UUID!]!"}, {"conflictPriorityIndex", "Int!"}, {"dryRun", "Boolean"}},
         one});
}

} // namespace

type_system core_types() { return parse_types(embedded::demo_core_types_txt, false); }

type_system record_types(const schema& model) {
    type_system out = parse_types(embedded::demo_record_types_txt, false);
    append_composites(out);
    auto query = made("OBJECT", "Query");
    auto mutation = made("OBJECT", "Mutation");
    for (const auto& o : model.objects()) {
        append_object(o, out);
        append_roots(o, query, mutation);
    }
    out.types.push_back(std::move(query));
    out.types.push_back(std::move(mutation));
    return out;
}

} // namespace demo
