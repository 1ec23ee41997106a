// Selection sets generated from the schema: query.hpp's select_fields().
#include "base/text.hpp"
#include "twenty/bounds.hpp"
#include "twenty/near_names.hpp"
#include "twenty/query.hpp"
#include "twenty/restricted.hpp"
#include "twenty/values.hpp"

#include <algorithm>

namespace twenty {

namespace {

// One member of a selection set, with what is selected inside; in order of first mention.
struct node {
    std::string name;
    std::string arguments;
    std::vector<node> inside;
};

node& member(std::vector<node>& set, std::string_view name) {
    const auto at =
        std::find_if(set.begin(), set.end(), [&](const node& n) { return n.name == name; });
    if (at != set.end()) return *at;
    set.push_back({std::string(name), {}, {}});
    return set.back();
}

void write(const std::vector<node>& set, std::string& out) {
    bool first = true;
    for (const auto& n : set) {
        if (!first) out += ' ';
        first = false;
        out += n.name;
        out += n.arguments;
        if (n.inside.empty()) continue;
        out += '{';
        write(n.inside, out);
        out += '}';
    }
}

// Left out unless asked for by name: the editor's form of a text, and, where not the whole record
// is wanted, signed addresses and technical context.
bool is_noise(const field& f, std::string_view part, bool whole) {
    return (f.type == field_type::rich_text && part == "blocknote") ||
           (f.type == field_type::files && part == "url" && !whole) ||
           (f.type == field_type::actor && part == "context" && !whole);
}

// selector adds to a tree of names, so that a field that is wanted twice, alone and by one of its
// parts, is selected once. Whatever is in `without` is passed over in silence: the key's role was
// refused it already, and read_root() has noted that.
class selector {
  public:
    selector(const access& may, const wanted_fields& want) : may_(may), want_(want) {}

    void everything(const object& of, std::vector<node>& set) const {
        for (const auto* f : may_.fields(of)) {
            if (f->type == field_type::ts_vector) continue;
            if (f->type == field_type::position && !want_.whole) continue;
            if (f->relations.empty()) value(of, *f, set);
            for (const auto* r : may_.relations(*f))
                if (r->kind == relation_kind::many_to_one) link(of, *r, set);
        }
    }

    result<done> named(const object& of, std::string_view path, std::vector<node>& set) const {
        const auto parts = text::split(path, '.');
        const auto name = exact_name(may_, of, text::trim(parts.front()));
        // Relations come first, because their path goes on behind them; morph fields next, which
        // have a name that no document knows; the object's own values last.
        if (const auto r = of.find_relation(name); r && may_.can_follow(*r->to)) {
            if (r->to->kind == relation_kind::one_to_many) {
                if (parts.size() > 1)
                    return nothing_below(path, name,
                                         "is a list, shown as ids and labels; for more of its "
                                         "records find " +
                                             by_singular(r->to->target_object).name_plural);
                list(of, *r->to, set);
                return done{};
            }
            link(of, *r->to, set);
            if (parts.size() == 1 || left_out(of, r->to->query_name)) return done{};
            const auto& target = by_singular(r->to->target_object);
            const auto below = path.substr(path.find('.') + 1);
            // Results show {id, label}, so that is what models ask for.
            if (text::iequals(text::trim(below), "label") && !target.find_field("label"))
                return done{};
            CHECK_OK(stays_there(target, below, path));
            CHECK_OK(not_checked_at_root(target, below, path));
            return named_value(target, below, member(set, name).inside);
        }
        if (const auto* f = morph_field(of, text::trim(parts.front()))) {
            for (const auto* r : may_.relations(*f))
                if (r->kind == relation_kind::one_to_many)
                    list(of, *r, set);
                else
                    link(of, *r, set);
            const bool shown = parts.size() == 1 || parts[1] == "id" || parts[1] == "label" ||
                               parts[1] == "object";
            if (!shown)
                return nothing_below(path, f->name,
                                     "leads to several objects, shown as object, "
                                     "id and label; " +
                                         ends_of(*f));
            return done{};
        }
        return named_value(of, path, set);
    }

    result<done> expanded(const object& of, std::string_view written,
                          std::vector<node>& set) const {
        const auto name = exact_name(may_, of, text::trim(written));
        const auto r = of.find_relation(name);
        if (!r || !may_.can_follow(*r->to)) return unknown_field(may_, of, written);
        if (r->to->kind == relation_kind::many_to_one)
            link(of, *r->to, set);
        else
            list(of, *r->to, set);
        return done{};
    }

  private:
    [[nodiscard]] const object& by_singular(std::string_view name) const {
        return *may_.schema().by_singular(name);
    }

    static error nothing_below(std::string_view path, std::string_view name, std::string why) {
        return {errc::bad_request, in_quotes(path) + " goes too deep: " + in_quotes(name) + " " +
                                       std::move(why) + "."};
    }

    // morph_field() is a field that leads to one of several objects, under the name that
    // describe_object shows.
    [[nodiscard]] const field* morph_field(const object& of, std::string_view name) const {
        for (const auto* f : may_.fields(of))
            if (f->type == field_type::morph_relation && text::iequals(f->name, name)) return f;
        return nullptr;
    }

    [[nodiscard]] std::string ends_of(const field& f) const {
        std::vector<std::string> names;
        for (const auto* r : may_.relations(f))
            names.push_back(r->query_name);
        return "name a field of one of " + text::join(names, ", ");
    }

    static result<done> not_checked_at_root(const object& target, std::string_view below,
                                            std::string_view path) {
        const auto name = text::trim(below);
        for (const auto& f : target.fields)
            if (text::iequals(f.name, name))
                return check_private(target, f.name, field_use::shown, asked_at::elsewhere, path);
        return done{};
    }

    // Behind a relation only the record's own fields can be named.
    result<done> stays_there(const object& target, std::string_view below,
                             std::string_view path) const {
        const auto name = exact_name(may_, target, text::trim(below.substr(0, below.find('.'))));
        const auto second = target.find_relation(name);
        if (!second || !may_.can_follow(*second->to)) return done{};
        return error{errc::bad_request, in_quotes(path) +
                                            " crosses two relations, and a path can "
                                            "cross one only: name a field of " +
                                            target.name_singular + " itself, or get the " +
                                            target.name_singular + " and ask for its " +
                                            in_quotes(name) + " there."};
    }

    // named_value() adds a field, "field.part" or a join column, and no relation.
    result<done> named_value(const object& of, std::string_view path,
                             std::vector<node>& set) const {
        const auto parts = text::split(path, '.');
        const auto name = exact_name(may_, of, text::trim(parts.front()));
        if (const auto j = of.find_join(name); j && may_.can_follow(*j->to)) {
            if (parts.size() > 1) return nothing_below(path, name, "is an id");
            if (!left_out(of, name)) member(set, name);
            return done{};
        }
        const auto* f = of.find_field(name);
        if (!f || !f->relations.empty() || !may_.visible(*f) || f->type == field_type::ts_vector) {
            const auto meant = f || parts.size() > 1 ? std::nullopt : meant_path(may_, of, name);
            return meant ? named_value(of, *meant, set) : unknown_field(may_, of, parts.front());
        }
        if (parts.size() == 1) {
            value(of, *f, set);
            return done{};
        }
        // The plain amount of a result is made of its parts.
        if (f->type == field_type::currency && parts.size() == 2 &&
            text::iequals(text::trim(parts[1]), "amount")) {
            value(of, *f, set);
            return done{};
        }
        const auto* made_of = composite_of(f->type);
        if (made_of && parts.size() == 2)
            for (const auto& part : made_of->parts)
                if (text::iequals(part.name, text::trim(parts[1])) &&
                    may_.shows(f->type, part.name)) {
                    if (!left_out(of, name)) member(member(set, name).inside, part.name);
                    return done{};
                }
        return error{errc::bad_request,
                     in_quotes(path) + " names no field of " + of.name_singular + "."};
    }

    void value(const object& of, const field& f, std::vector<node>& set) const {
        if (left_out(of, f.name)) return;
        auto& n = member(set, f.name);
        if (const auto* parts = composite_of(f.type))
            for (const auto& part : parts->parts)
                if (!is_noise(f, part.name, want_.whole) && may_.shows(f.type, part.name))
                    member(n.inside, part.name);
    }

    // {id LABEL}
    void label(const object& of, std::vector<node>& set) const {
        member(set, "id");
        const auto* f = of.find_field(of.label_field);
        if (!f || !f->relations.empty() || !may_.visible(*f)) return;
        if (!is_checked_at_root(of.name_singular, f->name)) return value(of, *f, set);
        // The time of a mail or meeting may always be seen, and tells those apart whose title may
        // not.
        for (const auto* when : {"startsAt", "receivedAt"})
            if (const auto* at = of.find_field(when)) value(of, *at, set);
    }

    void link(const object& of, const relation& r, std::vector<node>& set) const {
        if (left_out(of, r.query_name)) return;
        if (!r.join_column.empty()) member(set, r.join_column);
        label(*may_.schema().by_singular(r.target_object), member(set, r.query_name).inside);
    }

    // list() selects of the records at the other end what tells them apart: label, choices,
    // amounts, dates, and what they lead to, so that the link rows of notes and tasks show the note
    // or task itself.
    void list(const object& of, const relation& r, std::vector<node>& set) const {
        if (left_out(of, r.query_name)) return;
        const auto& target = *may_.schema().by_singular(r.target_object);
        auto& connection = member(set, r.query_name);
        const auto first = std::clamp(want_.expand_first, 1, 60);
        // Twenty 2.19 gives up to 60 whatever `first` says; shorten_lists() leaves as many as are
        // shown.
        connection.arguments = "(first:" + std::to_string(first) + ")";
        member(connection.inside, "totalCount");
        auto& inside = member(member(connection.inside, "edges").inside, "node").inside;
        label(target, inside);
        for (const auto* f : may_.fields(target)) {
            const bool telling =
                f->type == field_type::select || f->type == field_type::currency ||
                f->type == field_type::date ||
                (f->type == field_type::date_time && (!f->is_system || f->name == "createdAt"));
            if (telling && f->relations.empty()) value(target, *f, inside);
            for (const auto* back : may_.relations(*f)) {
                if (back->kind == relation_kind::many_to_one && f->name != r.target_field)
                    link(target, *back, inside);
            }
        }
    }

    [[nodiscard]] bool left_out(const object& of, std::string_view name) const {
        return want_.without.contains(of.name_singular + "." + std::string(name));
    }

    const access& may_;
    const wanted_fields& want_;
};

} // namespace

result<std::string> select_fields(const object& of, const access& may, const wanted_fields& want) {
    if (want.fields.size() > most_names)
        return error{errc::bad_request,
                     "At most " + std::to_string(most_names) + " fields are taken in one call."};
    const selector s(may, want);
    std::vector<node> set;
    member(set, "id");
    if (want.fields.empty()) s.everything(of, set);
    for (const auto& path : want.fields) {
        if (has_many_steps(path))
            return error{errc::bad_request, in_quotes(path) + " has too many parts for a field."};
        CHECK_OK(s.named(of, path, set));
    }
    for (const auto& path : want.also)
        CHECK_OK(s.named(of, path, set));
    for (const auto& name : want.expand)
        CHECK_OK(s.expanded(of, name, set));
    std::string out;
    write(set, out);
    return out;
}

} // namespace twenty
