#include "twenty/schema.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace twenty {

namespace {

constexpr std::pair<std::string_view, field_type> type_names[] = {
    {"ACTOR", field_type::actor},
    {"ADDRESS", field_type::address},
    {"ARRAY", field_type::array},
    {"BOOLEAN", field_type::boolean},
    {"CURRENCY", field_type::currency},
    {"DATE", field_type::date},
    {"DATE_TIME", field_type::date_time},
    {"EMAILS", field_type::emails},
    {"FILES", field_type::files},
    {"FULL_NAME", field_type::full_name},
    {"LINKS", field_type::links},
    {"MORPH_RELATION", field_type::morph_relation},
    {"MULTI_SELECT", field_type::multi_select},
    {"NUMBER", field_type::number},
    {"NUMERIC", field_type::numeric},
    {"PHONES", field_type::phones},
    {"POSITION", field_type::position},
    {"RATING", field_type::rating},
    {"RAW_JSON", field_type::raw_json},
    {"RELATION", field_type::relation},
    {"RICH_TEXT", field_type::rich_text},
    {"RICH_TEXT_V2", field_type::rich_text}, // its name until 1.x
    {"SELECT", field_type::select},
    {"TEXT", field_type::text},
    {"TS_VECTOR", field_type::ts_vector},
    {"UUID", field_type::uuid},
};

// Rich text is written as Markdown; blocknote, the editor's own form, is 5 to 10 times larger.
// composite::main is the part that stands for the whole where none is named, in sorting, in labels
// and for values that are written without their parts.
const std::array<composite, 9>& composites() {
    using enum field_type;
    static const std::array<composite, 9> table{{
        {full_name, "FullName", "firstName", {{"firstName", text}, {"lastName", text}}},
        {emails,
         "Emails",
         "primaryEmail",
         {{"primaryEmail", text}, {"additionalEmails", raw_json}}},
        {phones,
         "Phones",
         "primaryPhoneNumber",
         {{"primaryPhoneNumber", text},
          {"primaryPhoneCountryCode", text},
          {"primaryPhoneCallingCode", text},
          {"additionalPhones", raw_json}}},
        {links,
         "Links",
         "primaryLinkUrl",
         {{"primaryLinkUrl", text}, {"primaryLinkLabel", text}, {"secondaryLinks", raw_json}}},
        {currency, "Currency", "amountMicros", {{"amountMicros", numeric}, {"currencyCode", text}}},
        {address,
         "Address",
         "addressCity",
         {{"addressStreet1", text},
          {"addressStreet2", text},
          {"addressCity", text},
          {"addressPostcode", text},
          {"addressState", text},
          {"addressCountry", text},
          {"addressLat", numeric},
          {"addressLng", numeric}}},
        {actor,
         "Actor",
         "name",
         {{"source", select}, {"workspaceMemberId", uuid}, {"name", text}, {"context", raw_json}}},
        {files,
         "FileObject", // a list of them
         "",
         {{"fileId", uuid}, {"label", text}, {"extension", text}, {"url", text}}},
        {rich_text, "RichText", "markdown", {{"markdown", text}, {"blocknote", text}}},
    }};
    return table;
}

} // namespace

field_type field_type_of(std::string_view type_name) noexcept {
    for (const auto& [name, type] : type_names)
        if (name == type_name) return type;
    return field_type::other;
}

std::string capitalised(std::string_view name) {
    std::string out(name);
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 32);
    return out;
}

const composite* composite_of(field_type type) noexcept {
    for (const auto& c : composites())
        if (c.type == type) return &c;
    return nullptr;
}

// find_field() searches from field to field: an object has some thirty.
const field* object::find_field(std::string_view name) const noexcept {
    for (const auto& f : fields)
        if (f.name == name) return &f;
    return nullptr;
}

std::optional<object::join> object::find_join(std::string_view column) const noexcept {
    if (column.empty()) return std::nullopt;
    for (const auto& f : fields)
        for (const auto& r : f.relations)
            if (r.join_column == column) return join{&f, &r};
    return std::nullopt;
}

std::optional<object::join> object::find_relation(std::string_view query_name) const noexcept {
    if (query_name.empty()) return std::nullopt;
    for (const auto& f : fields)
        for (const auto& r : f.relations)
            if (r.query_name == query_name) return join{&f, &r};
    return std::nullopt;
}

schema::schema(std::string workspace_id, std::string workspace_name, std::vector<object> objects,
               std::optional<std::int64_t> metadata_version, bool has_rules)
    : workspace_id_(std::move(workspace_id)), workspace_name_(std::move(workspace_name)),
      objects_(std::move(objects)), metadata_version_(metadata_version), has_rules_(has_rules) {
    std::sort(objects_.begin(), objects_.end(),
              [](const object& a, const object& b) { return a.name_singular < b.name_singular; });
}

const object* schema::find(std::string_view name) const noexcept {
    // Exact names win over other spellings, and names over labels: another object's label may be
    // this one's name.
    for (const auto& o : objects_)
        if (o.name_singular == name || o.name_plural == name) return &o;
    for (const auto& o : objects_)
        if (text::iequals(o.name_singular, name) || text::iequals(o.name_plural, name)) return &o;
    for (const auto& o : objects_)
        if (text::iequals(o.label_singular, name) || text::iequals(o.label_plural, name)) return &o;
    return nullptr;
}

const object* schema::by_singular(std::string_view name) const noexcept {
    const auto at = std::lower_bound(
        objects_.begin(), objects_.end(), name,
        [](const object& o, std::string_view wanted) { return o.name_singular < wanted; });
    return at != objects_.end() && at->name_singular == name ? &*at : nullptr;
}

} // namespace twenty
