#include "demo/field_type.hpp"

#include <algorithm>
#include <array>

namespace demo {

namespace {

constexpr composite_part full_name[] = {{"firstName", leaf::text}, {"lastName", leaf::text}};
constexpr composite_part emails[] = {{"primaryEmail", leaf::text},
                                     {"additionalEmails", leaf::json}};
constexpr composite_part phones[] = {{"primaryPhoneNumber", leaf::text},
                                     {"primaryPhoneCountryCode", leaf::text},
                                     {"primaryPhoneCallingCode", leaf::text},
                                     {"additionalPhones", leaf::json}};
constexpr composite_part links[] = {{"primaryLinkLabel", leaf::text},
                                    {"primaryLinkUrl", leaf::text},
                                    {"secondaryLinks", leaf::json}};
constexpr composite_part address[] = {
    {"addressStreet1", leaf::text},  {"addressStreet2", leaf::text}, {"addressCity", leaf::text},
    {"addressPostcode", leaf::text}, {"addressState", leaf::text},   {"addressCountry", leaf::text},
    {"addressLat", leaf::number},    {"addressLng", leaf::number}};
constexpr composite_part currency[] = {{"amountMicros", leaf::number},
                                       {"currencyCode", leaf::text}};
constexpr composite_part actor[] = {{"source", leaf::select},
                                    {"workspaceMemberId", leaf::uuid},
                                    {"name", leaf::text},
                                    {"context", leaf::json}};
constexpr composite_part rich_text[] = {{"blocknote", leaf::text}, {"markdown", leaf::text}};

constexpr field_type types[] = {
    {"ACTOR", leaf::json, actor, "IconCreativeCommonsSa", "Actor"},
    {"ADDRESS", leaf::json, address, "IconMap", "Address"},
    {"ARRAY", leaf::array, {}, "IconBrackets", "[String]"},
    {"BOOLEAN", leaf::boolean, {}, "IconToggleLeft", "Boolean"},
    {"CURRENCY", leaf::json, currency, "IconMoneybag", "Currency"},
    {"DATE", leaf::date, {}, "IconCalendarEvent", "Date"},
    {"DATE_TIME", leaf::date_time, {}, "IconCalendar", "DateTime"},
    {"EMAILS", leaf::json, emails, "IconMail", "Emails"},
    {"FILES", leaf::json, {}, "IconFile", "[FileObject]"},
    {"FULL_NAME", leaf::json, full_name, "IconUser", "FullName"},
    {"LINKS", leaf::json, links, "IconLink", "Links"},
    {"MORPH_RELATION", leaf::uuid, {}, "IconArrowsSplit", ""},
    {"MULTI_SELECT", leaf::multi_select, {}, "IconTags", ""},
    {"NUMBER", leaf::number, {}, "IconNumber9", "Float"},
    {"NUMERIC", leaf::number, {}, "IconDecimal", "BigFloat"},
    {"PHONES", leaf::json, phones, "IconPhone", "Phones"},
    {"POSITION", leaf::number, {}, "IconHierarchy2", "Position"},
    {"RATING", leaf::select, {}, "IconStar", ""},
    {"RAW_JSON", leaf::json, {}, "IconJson", "RawJSON"},
    {"RELATION", leaf::uuid, {}, "IconRelationManyToMany", ""},
    {"RICH_TEXT", leaf::json, rich_text, "IconTextPlus", "RichText"},
    {"SELECT", leaf::select, {}, "IconTag", ""},
    {"TEXT", leaf::text, {}, "IconTypography", "String"},
    {"TS_VECTOR", leaf::vector, {}, "IconSearch", "TSVector"},
    {"UUID", leaf::uuid, {}, "Icon123", "UUID"},
};

constexpr std::string_view text_operators[] = {
    "eq", "neq", "gt", "gte", "lt", "lte", "in", "is", "like", "ilike", "startsWith", "endsWith"};
constexpr std::string_view ordered_operators[] = {"eq", "neq", "gt", "gte",
                                                  "lt", "lte", "in", "is"};
constexpr std::string_view boolean_operators[] = {"eq", "is"};
constexpr std::string_view select_operators[] = {
    "eq", "neq", "gt", "gte", "lt", "lte", "in", "containsAny", "is", "isEmptyArray"};
constexpr std::string_view multi_select_operators[] = {"containsAny", "is", "isEmptyArray"};
constexpr std::string_view array_operators[] = {"containsIlike", "is", "isEmptyArray"};
constexpr std::string_view json_operators[] = {"is", "like"};
constexpr std::string_view vector_operators[] = {"eq", "neq", "is"};

} // namespace

std::span<const field_type> field_types() { return types; }

const field_type* find_field_type(std::string_view name) {
    const auto found = std::find_if(std::begin(types), std::end(types),
                                    [name](const field_type& t) { return t.name == name; });
    return found == std::end(types) ? nullptr : found;
}

std::span<const std::string_view> filter_operators(leaf kind) {
    switch (kind) {
    case leaf::text:
        return text_operators;
    case leaf::number:
    case leaf::uuid:
    case leaf::date:
    case leaf::date_time:
        return ordered_operators;
    case leaf::boolean:
        return boolean_operators;
    case leaf::select:
        return select_operators;
    case leaf::multi_select:
        return multi_select_operators;
    case leaf::array:
        return array_operators;
    case leaf::json:
        return json_operators;
    case leaf::vector:
        return vector_operators;
    }
    return {};
}

} // namespace demo
