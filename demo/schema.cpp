#include "demo/schema.hpp"

#include "base/text.hpp"
#include "demo/schema_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace demo {

namespace {

// The fields that every object has, in the notation of schema.txt.
constexpr std::string_view standard_fields = R"(
  id UUID required system fixed default="uuid"
  createdAt DATE_TIME required system fixed default="now" settings={"displayFormat":"RELATIVE"}
  updatedAt DATE_TIME required system fixed default="now" settings={"displayFormat":"RELATIVE"}
  deletedAt DATE_TIME system fixed settings={"displayFormat":"RELATIVE"}
  createdBy ACTOR required system fixed default={"name":"'System'","source":"'MANUAL'","workspaceMemberId":null}
  updatedBy ACTOR required system fixed default={"name":"'System'","source":"'MANUAL'","workspaceMemberId":null}
  position POSITION required system default=0
  searchVector TS_VECTOR system
)";

// The objects whose morph relation "target" every new object joins.
constexpr std::array<std::string_view, 4> attachable{"noteTarget", "taskTarget", "attachment",
                                                     "timelineActivity"};

const std::vector<field>& standard() {
    static const std::vector<field> fields = [] {
        std::vector<field> out;
        for (const auto& line : text::split(standard_fields, '\n'))
            if (!text::trim(line).empty()) out.push_back(parse_field(line));
        return out;
    }();
    return fields;
}

std::uint64_t mix(std::uint64_t x) { // splitmix64's finaliser
    x ^= x >> 30;
    x *= 0xBF58476D1CE4E5B9ULL;
    x ^= x >> 27;
    x *= 0x94D049BB133111EBULL;
    return x ^ x >> 31;
}

} // namespace

std::string capitalised(std::string_view name) {
    std::string out(name);
    if (!out.empty()) out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
    return out;
}

std::string words_of(std::string_view camel_case) {
    std::string out;
    for (const char c : camel_case) {
        if (std::isupper(static_cast<unsigned char>(c)) && !out.empty()) {
            out += ' ';
            out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        } else {
            out += c;
        }
    }
    return capitalised(out);
}

std::string uuid_of(std::string_view name) {
    std::uint64_t hash = 0xCBF29CE484222325ULL; // FNV-1a
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    std::string bytes;
    for (const std::uint64_t half : {mix(hash), mix(hash + 0x9E3779B97F4A7C15ULL)})
        for (int shift = 56; shift >= 0; shift -= 8)
            bytes += static_cast<char>(half >> shift & 0xFF);
    bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
    const std::string hex = text::hex_encode(bytes);
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
           hex.substr(16, 4) + "-" + hex.substr(20);
}

const field* object::find_field(std::string_view name) const {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [name](const field& f) { return f.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

std::optional<member> find_member(const object& of, std::string_view key) {
    for (const auto& f : of.fields) {
        if (!f.is_relation()) {
            if (f.name == key) return member{member::kind::value, &f, nullptr};
            continue;
        }
        for (const auto& target : f.targets) {
            if (f.relation == relation_kind::one_to_many) {
                if (f.name == key) return member{member::kind::to_many, &f, &target};
                continue;
            }
            const std::string_view column = target.column;
            if (column == key) return member{member::kind::column, &f, &target};
            if (column.substr(0, column.size() - 2) == key)
                return member{member::kind::to_one, &f, &target};
        }
    }
    return std::nullopt;
}

// The loop over the fields goes by index: link() appends to other objects, and to this one when it
// points to itself.
schema::schema(bool newer) : newer_(newer) {
    objects_ = parse_schema_text();
    if (!newer) std::erase_if(objects_, [](const object& o) { return o.newer; });
    for (auto& o : objects_)
        finish(o);
    for (std::size_t i = 0; i < objects_.size(); ++i) {
        const object& source = objects_[i];
        for (std::size_t j = 0; j < source.fields.size(); ++j)
            if (source.fields[j].relation == relation_kind::many_to_one)
                link(source, source.fields[j]);
    }
}

object* schema::find(std::string_view singular) {
    for (auto& o : objects_)
        if (o.singular == singular) return &o;
    return nullptr;
}

const object* schema::find_singular(std::string_view name) const {
    for (const auto& o : objects_)
        if (o.singular == name) return &o;
    return nullptr;
}

const object* schema::find_plural(std::string_view name) const {
    for (const auto& o : objects_)
        if (o.plural == name) return &o;
    return nullptr;
}

const object* schema::find_id(std::string_view id) const {
    for (const auto& o : objects_)
        if (o.id == id) return &o;
    return nullptr;
}

// Puts the standard fields in front and fills in what follows from the names.
void schema::finish(object& made) {
    made.id = uuid_of("object:" + made.singular);
    made.fields.insert(made.fields.begin(), standard().begin(), standard().end());
    for (auto& f : made.fields) {
        f.owner = made.singular;
        f.id = uuid_of("field:" + made.singular + "." + f.name);
        if (made.custom) f.custom = true;
        for (auto& target : f.targets)
            target.column =
                f.name + (f.is_morph() ? capitalised(target.object) : std::string()) + "Id";
    }
}

// Gives each target of a many-to-one field its one-to-many side.
void schema::link(const object& source, const field& many_to_one) {
    for (const auto& target : many_to_one.targets) {
        object* other = find(target.object);
        if (!other || other->find_field(target.inverse)) continue;
        field inverse;
        inverse.owner = other->singular;
        inverse.name = target.inverse;
        inverse.label = words_of(inverse.name);
        inverse.id = uuid_of("field:" + other->singular + "." + inverse.name);
        inverse.type = find_field_type("RELATION");
        inverse.relation = relation_kind::one_to_many;
        inverse.custom = source.custom || other->custom;
        inverse.settings = json::make({{"relationType", "ONE_TO_MANY"}});
        inverse.targets.push_back({source.singular, many_to_one.name, target.column});
        other->fields.push_back(std::move(inverse));
    }
}

const object& schema::add_object(object made) {
    made.custom = made.searchable = made.creatable = true;
    field name;
    name.name = "name";
    name.label = "Name";
    name.type = find_field_type("TEXT");
    made.fields.push_front(std::move(name));
    finish(made);
    objects_.push_back(std::move(made));
    const object& added = objects_.back();
    for (const auto owner : attachable) {
        object* source = find(owner);
        for (auto& f : source->fields) {
            if (!f.is_morph()) continue;
            f.targets.push_back({added.singular, f.targets.front().inverse,
                                 f.name + capitalised(added.singular) + "Id"});
            link(*source, f);
        }
    }
    ++version_;
    return added;
}

result<const field*> schema::add_field(std::string_view object_id, field made) {
    for (auto& o : objects_) {
        if (o.id != object_id) continue;
        if (o.find_field(made.name))
            return error{errc::conflict, "Name \"" + made.name + "\" is not available"};
        made.owner = o.singular;
        made.id = uuid_of("field:" + o.singular + "." + made.name);
        made.custom = true;
        o.fields.push_back(std::move(made));
        ++version_;
        return &o.fields.back();
    }
    return error{errc::not_found, "Object metadata not found"};
}

} // namespace demo
