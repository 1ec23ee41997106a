#include "crm/named_records.hpp"

#include "base/letter_case.hpp"
#include "base/text.hpp"
#include "crm/reading.hpp"
#include "twenty/letter_case.hpp"
#include "twenty/names.hpp"
#include "twenty/query.hpp"
#include "twenty/restricted.hpp"
#include "twenty/shape.hpp"
#include "twenty/values.hpp"

#include <algorithm>

namespace crm {

namespace {

using twenty::field_type;

constexpr std::size_t most_names = 60; // of one object in one call
constexpr std::size_t most_candidates_shown = 5;

json::value condition(std::string_view field, std::string_view part, json::value test) {
    json::object inner;
    inner.append(std::string(part.empty() ? field : part), std::move(test));
    if (part.empty()) return inner;
    json::object out;
    out.append(std::string(field), std::move(inner));
    return out;
}

// address_place is where an e-mail address of an object's records stands; without a field: nowhere.
struct address_place {
    std::string field, part;
};
address_place address_of(const twenty::object& of, const twenty::access& may) {
    for (const auto* f : may.fields(of)) {
        if (f->type == field_type::emails) return {f->name, "primaryEmail"};
        if (f->type == field_type::text && f->name == "userEmail") return {f->name, ""};
    }
    return {};
}

bool by_address(const twenty::object& of, const twenty::access& may, std::string_view name) {
    return name.find('@') != name.npos && !address_of(of, may).field.empty();
}

// full_name() has a condition for every way to part "Ada Lovelace King" into two names, because
// nobody knows where the first name ends, and one for each half alone: some people have one name
// only.
json::array full_name(const std::string& field, std::string_view name) {
    constexpr std::size_t most_gaps = 4; // from the left, and the last one
    std::vector<std::size_t> gaps;
    for (auto gap = name.find(' '); gap != name.npos && gaps.size() < most_gaps;
         gap = name.find(' ', gap + 1))
        gaps.push_back(gap);
    if (const auto last = name.rfind(' '); last != name.npos && last != gaps.back())
        gaps.push_back(last);
    json::array out;
    for (const auto gap : gaps) {
        json::array both;
        both.push_back(
            condition(field, "firstName", twenty::same_text(text::trim(name.substr(0, gap)))));
        both.push_back(
            condition(field, "lastName", twenty::same_text(text::trim(name.substr(gap + 1)))));
        json::object all;
        all.append("and", std::move(both));
        out.emplace_back(std::move(all));
    }
    out.push_back(condition(field, "firstName", twenty::same_text(name)));
    out.push_back(condition(field, "lastName", twenty::same_text(name)));
    return out;
}

// conditions() finds candidates in any case; candidate::is_called() decides which of them have the
// name.
json::array conditions(const twenty::object& of, const twenty::access& may,
                       const std::vector<std::string>& names) {
    const auto address = address_of(of, may);
    const auto* label = may.label(of);
    json::array out;
    for (const auto& name : names) {
        if (by_address(of, may, name)) {
            out.push_back(condition(address.field, address.part, twenty::same_text(name)));
        } else if (label && label->type == field_type::full_name) {
            for (auto& way : full_name(label->name, name))
                out.push_back(std::move(way));
        } else if (label && label->type == field_type::text) {
            out.push_back(condition(label->name, "", twenty::same_text(name)));
        }
    }
    return out;
}

struct candidate {
    named_record record;
    std::string name; // all of it; the record's label is cut
    std::string address;

    [[nodiscard]] bool is_called(std::string_view asked) const {
        return text::same_letters(asked, name) || text::same_letters(asked, address);
    }
    [[nodiscard]] std::string shown() const {
        return record.label + (address.empty() ? "" : " <" + address + ">") + " " + record.id;
    }
};

std::vector<candidate> candidates(const twenty::object& of, const twenty::access& may,
                                  const json::array& nodes) {
    std::vector<candidate> out;
    const auto address = address_of(of, may);
    for (const auto& node : nodes) {
        candidate c;
        c.record.id = text::lower(node.text("id"));
        c.name = twenty::record_label(node, of);
        c.record.label = text::cut_utf8(c.name, 100);
        const auto* at = address.field.empty() ? nullptr : node.find(address.field);
        if (at) c.address = at->if_string() ? *at->if_string() : at->text(address.part);
        if (text::is_uuid(c.record.id)) out.push_back(std::move(c));
    }
    return out;
}

// found_page is what one request found of all names of an object.
struct found_page {
    std::vector<candidate> all;
    bool more = false; // there are others, which may have any of the names
    // Why names or addresses of the records are not known; empty: they are.
    std::string names_unread, addresses_unread;
};

found_page page_of(const twenty::object& of, const twenty::access& may, reading& read) {
    found_page out;
    const auto* info = read.root.find("pageInfo");
    out.more = info && info->flag("hasNextPage");
    const json::array nodes = read.take_nodes();
    out.all = candidates(of, may, nodes);
    if (read.notes.empty()) return out;
    // unread() tells a record without a name from one whose name the key's role may not read, or
    // that is restricted: the second must not pass for "there is none".
    const auto unread = [&](std::string_view field) -> std::string {
        if (read.notes.back() == twenty::restricted_note) return read.notes.back();
        const bool has = !nodes.empty() && nodes.front().find(field);
        return has ? std::string() : read.notes.front();
    };
    if (const auto* label = may.label(of)) out.names_unread = unread(label->name);
    if (const auto at = address_of(of, may); !at.field.empty())
        out.addresses_unread = unread(at.field);
    return out;
}

// only_one() gives a record only when it is certain that no other has the name: Twenty answered all
// candidates and exactly one is called so. All else is an error that says what to give instead.
result<named_record> only_one(const twenty::object& of, const std::string& name, bool by_address,
                              const found_page& found) {
    std::vector<const candidate*> same;
    for (const auto& c : found.all)
        if (c.is_called(name)) same.push_back(&c);
    if (same.size() == 1 && !found.more) return same.front()->record;
    const auto& unread = by_address ? found.addresses_unread : found.names_unread;
    if (same.empty() && !unread.empty()) return error(errc::not_allowed, unread);
    if (same.size() < 2 && found.more)
        return error(errc::bad_request,
                     "Too many " + of.name_plural + " have the names asked for to know whether " +
                         (same.empty() ? "one is" : "only one is") + " called " +
                         twenty::in_quotes(name) + "; give the id" +
                         (same.empty() ? "." : ": " + same.front()->shown() + " is one of them."));
    if (same.empty())
        return error(errc::bad_request, "There is no " + of.name_singular + " called " +
                                            twenty::in_quotes(name) +
                                            "; give its id or its exact name (find_records " +
                                            of.name_singular + " lists them).");
    std::string listed;
    for (std::size_t i = 0; i < same.size() && i < most_candidates_shown; ++i)
        listed += (i ? ", " : "") + same[i]->shown();
    if (same.size() > most_candidates_shown) listed += ", …";
    return error(errc::bad_request, "Several " + of.name_plural + " are called " +
                                        twenty::in_quotes(name) + "; give the id: " + listed + ".");
}

} // namespace

async<done> name_book::look_up(call_slot& slot, const twenty::access& may, wanted_names names) {
    struct asked {
        twenty::readable_object of;
        std::vector<std::string> names;
    };
    std::map<std::string, asked> wanted; // by nameSingular
    for (auto& [of, name] : names) {
        if (found_.contains({of->name_singular, name})) continue;
        auto& list = wanted.try_emplace(of->name_singular, asked{of, {}}).first->second.names;
        if (std::ranges::find(list, name) == list.end()) list.push_back(name);
    }
    for (const auto& [_, each] : wanted) {
        const twenty::readable_object& of = each.of;
        const std::vector<std::string>& list = each.names;
        // A failure is kept as the answer to its name: the rows with that name fail, the others go
        // on.
        const auto keep = [&](const std::string& name, result<named_record> r) {
            found_.insert_or_assign({of->name_singular, name}, std::move(r));
        };
        twenty::page page;
        json::array any = conditions(of, may, list);
        // Records of an object with a scope are not looked up by name: "only one" would be one of
        // those that the grant sees, and another may have the name.
        if (!of.scope().is_null() || any.empty() || list.size() > most_names) {
            for (const auto& name : list)
                keep(name, error(errc::bad_request, "Give the id of the " + of->name_singular +
                                                        " instead of a name."));
            continue;
        }
        json::object filter;
        filter.append("or", std::move(any));
        page.filter = std::move(filter);
        page.first = twenty::max_page;
        twenty::wanted_fields want;
        want.fields.emplace_back("id");
        if (const auto* label = may.label(of)) want.fields.push_back(label->name);
        if (const auto at = address_of(of, may); !at.field.empty()) want.fields.push_back(at.field);
        reading read = co_await read_list(slot, of, may, std::move(want), std::move(page));
        const auto found = page_of(of, may, read);
        for (const auto& name : list)
            keep(name, read.failure ? result<named_record>(*read.failure)
                                    : only_one(of, name, by_address(of, may, name), found));
    }
    co_return done{};
}

result<named_record> name_book::find(const twenty::object& of, std::string_view name) const {
    const auto found = found_.find({of.name_singular, std::string(name)});
    if (found == found_.end()) return error(errc::internal, "A name was not looked up.");
    return found->second;
}

result<done> resolve(twenty::prepared_data& data, const name_book& book) {
    for (const auto& link : data.named) {
        TRY(record, book.find(link.target, link.name));
        twenty::add_note(data.notes, twenty::in_quotes(link.column) + " was read as " +
                                         link.target->name_singular + " " + record.label + " (" +
                                         record.id + ")");
        data.values.append(link.column, record.id);
    }
    data.named.clear();
    return done{};
}

void add_names(wanted_names& names, const twenty::prepared_data& data) {
    for (const auto& link : data.named)
        names.emplace_back(link.target, link.name);
}

} // namespace crm
