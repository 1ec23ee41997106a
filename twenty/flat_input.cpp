#include "twenty/flat_input.hpp"

#include "base/text.hpp"
#include "twenty/data.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <optional>

namespace twenty {

namespace {

struct other_name {
    field_type type;
    std::string_view part;   // empty: the field as a whole
    std::string_view names;  // without_separators(), each between blanks
    std::string_view inside; // more of them, too general beside other fields
};
constexpr other_name other_names[] = {
    {field_type::full_name, "firstName", " firstname givenname ", " first given "},
    {field_type::full_name, "lastName", " lastname surname familyname ", " last family "},
    {field_type::full_name, "", " fullname ", ""},
    {field_type::emails, "primaryEmail", " email emailaddress primaryemail ", " primary address "},
    {field_type::emails, "additionalEmails", " additionalemails otheremails ", " additional "},
    {field_type::phones, "primaryPhoneNumber",
     " phone phonenumber mobile telephone primaryphonenumber ", " number primary "},
    {field_type::phones, "primaryPhoneCallingCode",
     " callingcode phonecallingcode primaryphonecallingcode ", ""},
    {field_type::phones, "primaryPhoneCountryCode", " phonecountrycode primaryphonecountrycode ",
     " countrycode "},
    {field_type::phones, "additionalPhones", " additionalphones otherphones ", " additional "},
    {field_type::links, "primaryLinkUrl", " url website homepage domain primarylinkurl ",
     " link primary "},
    {field_type::links, "primaryLinkLabel", " primarylinklabel ", " label "},
    {field_type::links, "secondaryLinks", " secondarylinks ", " secondary additional "},
    {field_type::currency, "amount", " amount ", " value "},
    {field_type::currency, "amountMicros", " amountmicros ", " micros "},
    {field_type::currency, "currencyCode", " currency currencycode ", " code "},
    {field_type::address, "addressStreet1",
     " street street1 streetaddress address1 addressline1 addressstreet1 ", ""},
    {field_type::address, "addressStreet2", " street2 address2 addressline2 addressstreet2 ", ""},
    {field_type::address, "addressCity", " city town addresscity ", ""},
    {field_type::address, "addressPostcode",
     " postcode postalcode zip zipcode addresszip addresspostcode ", ""},
    {field_type::address, "addressState", " state province region addressstate ", ""},
    {field_type::address, "addressCountry", " country addresscountry ", ""},
    {field_type::address, "addressLat", " lat latitude addresslat ", ""},
    {field_type::address, "addressLng", " lng lon longitude addresslng ", ""},
    {field_type::rich_text, "markdown", " body markdown ", " text content "},
};

std::string without_separators(std::string_view name) {
    std::string out = text::lower(name);
    std::erase_if(out, [](char c) { return c == '_' || c == '-' || c == ' '; });
    return out;
}

bool lists(std::string_view names, const std::string& plain_name) {
    return !plain_name.empty() && names.find(" " + plain_name + " ") != names.npos;
}

// is_main() is true of the field that a plain name means among several of one type; the names are
// those of Twenty's standard objects.
bool is_main(const field& f) {
    static constexpr std::string_view mains[] = {"name",    "emails", "phones", "domainName",
                                                 "address", "amount", "bodyV2", "body"};
    return std::find(std::begin(mains), std::end(mains), f.name) != std::end(mains);
}

// "linkedin" and "linkedinUrl" mean linkedinLink.
bool names_link(const field& f, const std::string& plain_name) {
    if (f.type != field_type::links) return false;
    std::string base = without_separators(f.name);
    if (base.ends_with("link")) base.resize(base.size() - 4);
    return plain_name == base || plain_name == base + "url" || plain_name == base + "link" ||
           (base == "x" && plain_name == "twitter");
}

struct part_place {
    const field* of;
    std::string_view part;
};

class gathering {
  public:
    gathering(const json::object& input, const object& of, const access& may) : input_(input) {
        for (const auto* f : may.fields(of))
            if (composite_of(f->type) && writable(*f)) composites_.push_back(f);
    }

    // find() says where a name that the object lacks belongs: by the field in front of a dot, by a
    // link that is called so, by the table. nullopt: nowhere, or in two places.
    [[nodiscard]] std::optional<part_place> find(std::string_view name) const {
        if (const auto dot = name.find('.'); dot != name.npos) {
            const auto* f = named(name.substr(0, dot));
            if (!f) return std::nullopt;
            return part_place{f, name.substr(dot + 1)};
        }
        const auto wanted = without_separators(name);
        for (const auto* f : composites_)
            if (names_link(*f, wanted)) return part_place{f, "primaryLinkUrl"};
        for (const auto& m : other_names)
            if (lists(m.names, wanted))
                if (const auto* f = only(m)) return part_place{f, m.part};
        return std::nullopt;
    }

  private:
    [[nodiscard]] const field* named(std::string_view name) const {
        for (const auto* f : composites_)
            if (text::iequals(f->name, name)) return f;
        return nullptr;
    }
    // only() is the one field of that type, or the one that people mean by the plain name: "email"
    // is `emails` beside a field for invoices. Without either the name stays unknown rather than
    // guessed.
    [[nodiscard]] const field* only(const other_name& m) const {
        const field* found = nullptr;
        const field* main = nullptr;
        const field* given = nullptr; // a currency belongs to the amount beside it
        int of_type = 0;
        for (const auto* f : composites_) {
            // linkedinLink is no website.
            if (f->type != m.type || (m.type == field_type::links && f->name.ends_with("Link")))
                continue;
            ++of_type;
            found = f;
            if (is_main(*f)) main = f;
            if (input_.contains(f->name)) given = f;
        }
        if (of_type == 1) return found;
        return m.part == "currencyCode" && given ? given : main;
    }

    const json::object& input_;
    std::vector<const field*> composites_;
};

error twice(std::string_view name) {
    return {errc::bad_request, in_quotes(name) + " is given twice."};
}

// as_parts() makes an object of parts of what is there already: 5000 beside a currency is the
// amount.
result<json::object> as_parts(const field& f, const json::value& v) {
    if (const auto* parts = v.if_object()) return *parts;
    const auto main =
        f.type == field_type::currency ? std::string_view("amount") : composite_of(f.type)->main;
    if (main.empty() || f.type == field_type::full_name || v.is_null()) return twice(f.name);
    json::object out;
    out.append(std::string(main), v);
    return out;
}

result<done> put_part(json::object& into, const part_place& at, const json::value& v) {
    auto* there = into.find(at.of->name);
    if (at.part.empty()) {
        if (there) return twice(at.of->name);
        into.append(at.of->name, v);
        return done{};
    }
    if (!there) there = &into.set(at.of->name, json::object());
    TRY(parts, as_parts(*at.of, *there));
    if (parts.contains(at.part)) return twice(at.of->name + "." + std::string(at.part));
    parts.append(std::string(at.part), v);
    *there = std::move(parts);
    return done{};
}

} // namespace

std::string_view part_meant(field_type type, std::string_view name) {
    const auto wanted = without_separators(name);
    for (const auto& m : other_names)
        if (m.type == type && !m.part.empty() &&
            (lists(m.names, wanted) || lists(m.inside, wanted)))
            return m.part;
    return {};
}

std::vector<std::string> parts_named(std::string_view name, const object& of, const access& may) {
    const auto wanted = without_separators(name);
    std::vector<std::string> out;
    for (const auto* f : may.fields(of)) {
        if (!composite_of(f->type)) continue;
        if (names_link(*f, wanted)) out.push_back(f->name + ".primaryLinkUrl");
        for (const auto& m : other_names) {
            // linkedinLink is no website.
            const bool other = m.type == field_type::links && f->name.ends_with("Link");
            if (m.type != f->type || other || !lists(m.names, wanted)) continue;
            if (m.part.empty() || may.shows(f->type, m.part))
                out.push_back(f->name + (m.part.empty() ? "" : "." + std::string(m.part)));
        }
    }
    return out;
}

result<json::object> gather_flat(const json::object& input, const object& of, const access& may,
                                 std::vector<std::string>& notes) {
    // A name of the object itself is never moved, however well it would fit elsewhere.
    const auto known = may.names(of);
    const auto is_known = [&](const std::string& name) {
        return std::any_of(known.begin(), known.end(),
                           [&](const auto& k) { return text::iequals(k, name); });
    };
    const gathering all(input, of, may);
    json::object out;
    std::vector<std::pair<part_place, const json::value*>> moved;
    for (const auto& [name, v] : input) {
        const auto to = is_known(name) ? std::nullopt : all.find(name);
        if (!to) {
            out.append(name, v);
            continue;
        }
        moved.emplace_back(*to, &v);
        const auto part = to->part.empty() ? "" : "." + std::string(to->part);
        if (!text::iequals(name, to->of->name + part))
            add_note(notes, in_quotes(name) + " was written as " + to->of->name + part);
    }
    // Parts are put in when all members have been seen, so that their order does not matter.
    for (const auto& [to, v] : moved)
        CHECK_OK(put_part(out, to, *v));
    return out;
}

} // namespace twenty
