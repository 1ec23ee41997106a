#include "twenty/fingerprint.hpp"

#include "base/crypto.hpp"

#include <algorithm>

namespace twenty {

namespace {

void write_relation(json::writer& out, const relation& r) {
    out.begin_array().integer(static_cast<int>(r.kind)).string(r.target_object);
    out.string(r.target_field).string(r.join_column).string(r.query_name).end_array();
}

void write_field(json::writer& out, const field& f) {
    out.begin_array().string(f.name).string(f.label).string(f.description).string(f.type_name);
    for (const bool flag : {f.is_custom, f.is_system, f.is_nullable, f.is_unique, f.is_read_only})
        out.boolean(flag);
    if (f.default_value) out.value(*f.default_value);
    for (const auto& option : f.options)
        out.string(option.value).string(option.label);
    for (const auto& r : f.relations)
        write_relation(out, r);
    out.end_array();
}

void write_object(json::writer& out, const object& of) {
    out.begin_array().string(of.name_singular).string(of.name_plural);
    out.string(of.label_singular).string(of.label_plural).string(of.description).string(of.source);
    out.boolean(of.is_system).boolean(of.is_searchable).string(of.label_field);
    std::vector<const field*> fields;
    for (const auto& f : of.fields)
        fields.push_back(&f);
    std::ranges::sort(fields, {}, &field::name);
    for (const auto* f : fields)
        write_field(out, *f);
    for (const auto& together : of.duplicate_criteria) {
        out.begin_array();
        for (const auto& name : together)
            out.string(name);
        out.end_array();
    }
    out.end_array();
}

} // namespace

// fingerprint() is the digest of nested JSON lists, whose ends are marked. Objects are sorted by
// the schema already.
std::string fingerprint(const schema& model) {
    json::writer out;
    out.begin_array();
    for (const auto& of : model.objects())
        write_object(out, of);
    out.end_array();
    return crypto::sha256(out.text());
}

} // namespace twenty
