#include "twenty/access.hpp"

#include "base/text.hpp"
#include "twenty/near_names.hpp"
#include "twenty/words.hpp"

#include <algorithm>

namespace twenty {

namespace {

// leads_to_owner() is true of the relation that says whose an attachment or a timeline entry is.
// Twenty has a morph relation for that; servers until 1.16 have a plain relation for each kind of
// owner, and one more for the member who made it, which owns nothing.
bool leads_to_owner(const object& o, const field& f, const relation& r) noexcept {
    const bool plain = o.name_singular == "attachment" || o.name_singular == "timelineActivity";
    return r.kind == relation_kind::many_to_one &&
           (f.type == field_type::morph_relation ||
            (plain && r.target_object != "workspaceMember"));
}

// lists_what_it_owns() is true of a company's attachments and false of those that a member made:
// the first all belong to one record, which the grant may read already, the others to any.
bool lists_what_it_owns(const relation& list, const object& target) noexcept {
    const auto* back = target.find_field(list.target_field);
    return back && std::any_of(back->relations.begin(), back->relations.end(),
                               [&](const relation& r) { return leads_to_owner(target, *back, r); });
}

} // namespace

access::access(const connection& c, schema_ptr model)
    : access(c.mode, c.objects, std::move(model)) {}

access::access(twenty::mode m, std::optional<std::set<std::string>> objects, schema_ptr model)
    : schema_(std::move(model)), mode_(m), objects_(std::move(objects)) {}

bool access::can_read(const object& o) const noexcept {
    return !objects_ || objects_->contains(o.name_singular);
}

bool access::can_write(const object& o) const {
    // A scoped object is not written in write mode either: Twenty's mutations name a record by its
    // id alone, so no scope could keep them to the rows of this grant.
    return mode_ == mode::write && can_read(o) && !is_scoped(o);
}

bool access::can_search(const object& o) const {
    // Threat: a hit tells that a hidden text has the word, even when nothing of the record is
    // shown. Defence: an object is searched only when a limited grant may see all the words in it,
    // because a search names objects alone, neither fields nor a scope.
    if (!can_read(o) || is_scoped(o)) return false;
    return !restricted() || std::none_of(o.fields.begin(), o.fields.end(), [](const field& f) {
        return f.tells_of_others && f.type != field_type::raw_json && f.type != field_type::uuid;
    });
}

std::vector<const object*> access::objects() const {
    std::vector<const object*> out;
    for (const auto& o : schema_->objects())
        if (can_read(o)) out.push_back(&o);
    return out;
}

std::optional<readable_object> access::as_readable(const object& o) const {
    if (!can_read(o)) return std::nullopt;
    return readable_object(o, scope(o));
}

std::optional<writable_object> access::as_writable(const object& o) const {
    if (!can_write(o)) return std::nullopt;
    return writable_object(o);
}

std::optional<readable_object> access::by_singular(std::string_view name) const {
    const auto* o = schema_->by_singular(name);
    return o ? as_readable(*o) : std::nullopt;
}

std::optional<readable_object> access::target(const relation& r) const {
    return by_singular(r.target_object);
}

result<readable_object> access::readable(std::string_view name) const {
    // schema::find() comes before object_meant(): a workspace with an object called "account" means
    // that one, whatever people elsewhere call a company.
    const auto* o = schema_->find(text::trim(name));
    if (o && can_read(*o)) return readable_object(*o, scope(*o));
    if (!o) {
        const auto* meant = schema_->by_singular(object_meant(name));
        if (meant && can_read(*meant)) return readable_object(*meant, scope(*meant));
    }
    std::vector<std::string> names;
    for (const auto* seen : objects()) {
        names.push_back(seen->name_singular);
        names.push_back(seen->name_plural);
    }
    const std::string shown = text::visible_start(name, 80);
    // not_allowed repeats the caller's own word and lists what the grant has; of the hidden object
    // nothing is told, not even how the schema spells it.
    if (o) {
        std::string allowed;
        for (const auto* seen : objects()) {
            if (allowed.size() > 300) break;
            allowed += (allowed.empty() ? "" : ", ") + seen->name_singular;
        }
        return error{errc::not_allowed,
                     "This connection may not use " + shown +
                         "; it is limited to: " + (allowed.empty() ? "nothing" : allowed) + "."};
    }
    // unknown_name lets the caller compare the schema first: the object may be newer than our copy.
    const auto near = text::nearest(shown, names);
    return error{errc::not_found,
                 "There is no object \"" + shown + "\"." +
                     (near.empty() ? " list_objects shows which there are."
                                   : " Near names: " + text::join(near, ", ") + "."),
                 std::string(unknown_name)};
}

result<writable_object> access::writable(std::string_view name) const {
    TRY(o, readable(name));
    // The mode is asked first, so that a connection in write mode is never told that it is
    // read-only: what is left to refuse there is the scope.
    if (mode_ == mode::write && !can_write(*o))
        return error{errc::not_allowed,
                     "Records of " + o->name_singular +
                         " belong to records of many objects, and this connection may not use all "
                         "of those; it may read the ones of its own objects."};
    if (!can_write(*o))
        return error{errc::not_allowed,
                     "This connection is read-only; connect again in write mode to change "
                     "records."};
    return writable_object(*o);
}

bool access::can_follow(const relation& r) const noexcept {
    const auto* target = schema_->by_singular(r.target_object);
    if (!target || !can_read(*target)) return false;
    // Threat: the list of what a member did or attached, inside a selection that takes no filter,
    // has entries of records outside of the grant. Defence: such a list does not exist for it.
    const bool list = restricted() && r.kind == relation_kind::one_to_many;
    return !list || lists_what_it_owns(r, *target) || !is_scoped(*target);
}

std::vector<const relation*> access::relations(const field& f) const {
    std::vector<const relation*> out;
    for (const auto& r : f.relations)
        if (can_follow(r)) out.push_back(&r);
    return out;
}

bool access::visible(const field& f) const noexcept {
    // A relation without a readable end (an unknown form, an inactive target) is none.
    if (f.type == field_type::relation || f.type == field_type::morph_relation)
        return std::any_of(f.relations.begin(), f.relations.end(),
                           [&](const relation& r) { return can_follow(r); });
    // A type newer than this program may be a new kind of relation, so a limited grant does not get
    // it.
    return !restricted() || (f.type != field_type::other && !f.tells_of_others);
}

const field* access::label(const object& o) const noexcept {
    const auto* f = o.find_field(o.label_field);
    return f && f->name != "id" && visible(*f) ? f : nullptr;
}

bool access::shows(field_type composite, std::string_view part) const noexcept {
    // workspaceMemberId is a link to a member and follows the rule of join columns; context is JSON
    // of no known form.
    if (composite != field_type::actor || !restricted()) return true;
    const auto* members = schema_->by_singular("workspaceMember");
    return part != "context" &&
           (part != "workspaceMemberId" || (members != nullptr && can_read(*members)));
}

bool access::is_scoped(const object& o) const noexcept {
    if (!restricted() || !o.is_system) return false;
    // Mere links (noteTarget) show nothing but the ends that may be read.
    const bool has_words = std::any_of(o.fields.begin(), o.fields.end(), [](const field& f) {
        return f.relations.empty() && !f.is_system;
    });
    return has_words && std::any_of(o.fields.begin(), o.fields.end(), [&](const field& f) {
               return std::any_of(f.relations.begin(), f.relations.end(), [&](const relation& r) {
                   return leads_to_owner(o, f, r) && !can_follow(r);
               });
           });
}

json::value access::scope(const object& o) const {
    if (!is_scoped(o)) return {};
    // The scope is an OR over the owners that the grant may follow: a row counts when one of them
    // is set. A grant that may follow none gets a filter that holds for no row, because {} would
    // hold for all.
    json::array owned;
    for (const auto& f : o.fields)
        for (const auto& r : f.relations)
            if (leads_to_owner(o, f, r) && can_follow(r))
                owned.push_back(json::make({{r.join_column, json::make({{"is", "NOT_NULL"}})}}));
    if (owned.empty()) return json::make({{"id", json::make({{"is", "NULL"}})}}); // none
    return json::make({{"or", std::move(owned)}});
}

std::vector<const field*> access::fields(const object& o) const {
    std::vector<const field*> out;
    for (const auto& f : o.fields)
        if (visible(f)) out.push_back(&f);
    return out;
}

std::vector<std::string> access::names(const object& o) const {
    std::vector<std::string> out;
    for (const auto* f : fields(o)) {
        if (f->relations.empty()) out.push_back(f->name);
        for (const auto* r : relations(*f)) {
            out.push_back(r->query_name);
            if (!r->join_column.empty()) out.push_back(r->join_column);
        }
    }
    return out;
}

std::string exact_name(const access& may, const object& o, std::string_view written) {
    // Every name of a call is looked for here, so names() is walked without making its list, and
    // access is asked about a name that is alike alone.
    const std::string* found = nullptr;
    bool once = true;
    const auto look = [&](const field& f, const relation* r, const std::string& name) {
        if (!text::iequals(name, written) || !may.visible(f) || (r && !may.can_follow(*r))) return;
        once = !found;
        found = &name;
    };
    for (const auto& f : o.fields) {
        if (f.relations.empty()) look(f, nullptr, f.name);
        for (const auto& r : f.relations) {
            look(f, &r, r.query_name);
            if (!r.join_column.empty()) look(f, &r, r.join_column);
        }
    }
    return found && once ? *found : std::string(written);
}

error unknown_field(const access& may, const object& o, std::string_view name) {
    const std::string shown = text::visible_start(name, 80);
    for (const auto* f : may.fields(o)) {
        // A morph relation has a name in the metadata and none in GraphQL, so there is nothing near
        // to suggest: its columns are told instead.
        const bool meant = f->type == field_type::morph_relation &&
                           (text::iequals(f->name, name) || text::iequals(f->name + "Id", name));
        if (!meant) continue;
        std::vector<std::string> columns;
        for (const auto* r : may.relations(*f))
            columns.push_back(r->join_column.empty() ? r->query_name : r->join_column);
        return {errc::bad_request, "\"" + shown +
                                       "\" leads to one of several objects; its columns "
                                       "are: " +
                                       text::join(columns, ", ") + "."};
    }
    const auto near = near_paths(may, o, shown);
    return {errc::bad_request,
            "There is no field \"" + shown + "\" on " + o.name_singular + "." +
                (near.empty() ? " describe_object lists its fields."
                              : " Near names: " + text::join(near, ", ") + "."),
            std::string(unknown_name)};
}

std::optional<endpoint> endpoint_of(std::string_view name) noexcept {
    if (name == "graphql") return endpoint::records;
    if (name == "metadata") return endpoint::metadata;
    return std::nullopt;
}

} // namespace twenty
