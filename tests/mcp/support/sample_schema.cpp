#include "tests/mcp/support/script.hpp"
#include "tests/support/stock_schema.hpp"

namespace mcp_test {

namespace {

using twenty::field_type;

twenty::field field(std::string name, field_type type, std::string type_name) {
    twenty::field f;
    f.id = name;
    f.label = name;
    f.name = std::move(name);
    f.type = type;
    f.type_name = std::move(type_name);
    return f;
}

twenty::field system_field(std::string name, field_type type, std::string type_name) {
    auto f = field(std::move(name), type, std::move(type_name));
    f.is_system = true;
    f.is_nullable = false;
    f.is_read_only = true;
    f.default_value = json::value("now");
    return f;
}

twenty::field relation(std::string name, twenty::relation_kind kind, std::string target,
                       std::string target_field) {
    auto f = field(name, field_type::relation, "RELATION");
    twenty::relation r;
    r.kind = kind;
    r.target_object = std::move(target);
    r.target_field = std::move(target_field);
    r.query_name = name;
    if (kind == twenty::relation_kind::many_to_one) r.join_column = name + "Id";
    f.relations.push_back(std::move(r));
    return f;
}

twenty::object object(std::string singular, std::string plural, std::string label_field,
                      std::vector<twenty::field> own) {
    twenty::object o;
    o.id = singular;
    o.label_singular = singular;
    o.label_plural = plural;
    o.name_singular = std::move(singular);
    o.name_plural = std::move(plural);
    o.source = "standard";
    o.is_searchable = true;
    o.label_field = std::move(label_field);
    o.fields.push_back(system_field("id", field_type::uuid, "UUID"));
    o.fields.push_back(system_field("createdAt", field_type::date_time, "DATE_TIME"));
    o.fields.push_back(system_field("updatedAt", field_type::date_time, "DATE_TIME"));
    o.fields.push_back(system_field("deletedAt", field_type::date_time, "DATE_TIME"));
    for (auto& f : own)
        o.fields.push_back(std::move(f));
    return o;
}

twenty::field unique(twenty::field f) {
    f.is_unique = true;
    return f;
}

twenty::field stage() {
    auto f = field("stage", field_type::select, "SELECT");
    f.options = {{"NEW", "New"}, {"WON", "Won"}};
    f.is_nullable = false;
    f.default_value = json::value("NEW");
    return f;
}

} // namespace

twenty::schema_ptr sample_schema() {
    using enum twenty::relation_kind;
    std::vector<twenty::object> objects;
    objects.push_back(
        object("company", "companies", "name",
               {field("name", field_type::text, "TEXT"),
                unique(field("domainName", field_type::links, "LINKS")),
                relation("people", one_to_many, "person", "company"),
                relation("noteTargets", one_to_many, "noteTarget", "targetCompany")}));
    objects.push_back(object("note", "notes", "title",
                             {field("title", field_type::text, "TEXT"),
                              relation("noteTargets", one_to_many, "noteTarget", "note")}));
    auto link = object("noteTarget", "noteTargets", "id",
                       {relation("note", many_to_one, "note", "noteTargets"),
                        relation("targetPerson", many_to_one, "person", "noteTargets"),
                        relation("targetCompany", many_to_one, "company", "noteTargets")});
    link.is_system = true;
    objects.push_back(std::move(link));
    objects.push_back(object("opportunity", "opportunities", "name",
                             {field("name", field_type::text, "TEXT"),
                              field("amount", field_type::currency, "CURRENCY"),
                              field("closeDate", field_type::date_time, "DATE_TIME"), stage(),
                              relation("company", many_to_one, "company", "opportunities")}));
    objects.push_back(object("person", "people", "name",
                             {field("name", field_type::full_name, "FULL_NAME"),
                              unique(field("emails", field_type::emails, "EMAILS")),
                              field("jobTitle", field_type::text, "TEXT"),
                              field("city", field_type::text, "TEXT"),
                              relation("company", many_to_one, "company", "people"),
                              relation("noteTargets", one_to_many, "noteTarget", "targetPerson")}));
    return std::make_shared<const twenty::schema>("20202020-1c25-4d02-bf25-6aeccf7ea419", "Apple",
                                                  std::move(objects));
}

twenty::connection sample_connection(twenty::mode mode,
                                     std::optional<std::set<std::string>> objects) {
    twenty::connection c;
    c.api_key = secret(std::string("key"));
    c.workspace.id = "20202020-1c25-4d02-bf25-6aeccf7ea419";
    c.workspace.name = "Apple";
    c.mode = mode;
    c.objects = std::move(objects);
    c.label = "Ada's laptop";
    c.key_expires_at = 1'900'000'000;
    return c;
}

twenty::schema_ptr schema_with_cover() {
    auto objects = support::stock_schema()->objects();
    for (auto& o : objects)
        if (o.name_singular == "company") {
            auto cover = *o.find_field("accountOwner");
            cover.name = "cover";
            cover.relations.front().target_object = "attachment";
            cover.relations.front().query_name = "cover";
            cover.relations.front().join_column = "coverId";
            o.fields.push_back(cover);
        }
    return std::make_shared<const twenty::schema>("w", "Works", std::move(objects));
}

} // namespace mcp_test
