#include "twenty/compared_fields.hpp"

#include "twenty/bounds.hpp"
#include "twenty/names.hpp"

#include <algorithm>
#include <utility>

namespace twenty {

namespace {

wanted_fields only_field(std::string path) {
    wanted_fields want;
    want.fields.push_back(std::move(path));
    return want;
}

// collector walks a prepared filter: lists are and/or, objects are not, a relation's condition or a
// column's operators. prepare_filter() crosses one relation, so a second level is never met.
class collector {
  public:
    collector(const object& of, const access& may) : root_(of), may_(may) {}

    void group(const json::value& filter, const object& of, const std::string& relation) {
        const auto* members = filter.if_object();
        if (!members) return;
        for (const auto& [name, v] : *members) {
            if (const auto* parts = v.if_array()) {
                for (const auto& part : *parts)
                    group(part, of, relation);
            } else if (name == "not") {
                group(v, of, relation);
            } else if (const auto to = of.find_relation(name); to && relation.empty()) {
                if (const auto* behind = may_.schema().by_singular(to->to->target_object))
                    group(v, *behind, name);
            } else {
                add({relation, name, &of});
            }
        }
    }
    std::vector<compared_field> take() { return std::move(found_); }

  private:
    void add(compared_field one) {
        const auto path = one.path();
        const bool known = std::any_of(found_.begin(), found_.end(),
                                       [&](const auto& f) { return f.path() == path; });
        // The object's own id tells nothing that the answer does not. An id behind a relation tells
        // the link, which the role may not be allowed to read.
        const bool own_id = one.relation.empty() && one.name == "id";
        // Each field is tried by itself: one that cannot be selected would spoil the selection of
        // all.
        if (known || own_id || !select_fields(root_, may_, only_field(path))) return;
        found_.push_back(std::move(one));
    }

    const object& root_;
    const access& may_;
    std::vector<compared_field> found_;
};

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

} // namespace

std::vector<compared_field> compared_fields(const json::value& filter, const object& of,
                                            const access& may) {
    collector all(of, may);
    all.group(filter, of, {});
    return all.take();
}

result<std::string> select_compared(const std::vector<compared_field>& fields, const object& of,
                                    const access& may) {
    if (fields.empty()) return std::string();
    if (fields.size() > most_names)
        return error{errc::bad_request, "The filter compares more than " +
                                            std::to_string(most_names) +
                                            " fields; ask with fewer of them."};
    wanted_fields want;
    for (const auto& f : fields)
        want.fields.push_back(f.path());
    return select_fields(of, may, want);
}

// is_selected() reads a selection set as text, because that is what was sent in the end:
// read_root() drops fields that Twenty refuses, and a field that is missing from the set was not
// checked.
bool is_selected(std::string_view selection, const compared_field& field) {
    std::vector<std::string_view> above;
    std::string_view last;
    for (std::size_t i = 0; i < selection.size();) {
        const char c = selection[i];
        if (is_name(c)) {
            const auto from = i;
            while (i < selection.size() && is_name(selection[i]))
                ++i;
            last = selection.substr(from, i - from);
            const bool there = field.relation.empty()
                                   ? above.empty()
                                   : above.size() == 1 && above.front() == field.relation;
            if (there && last == field.name) return true;
            continue;
        }
        if (c == '{') above.push_back(last);
        if (c == '}' && !above.empty()) above.pop_back();
        // The names inside an argument's brackets are no fields.
        if (c == '(') i = std::min(selection.find(')', i), selection.size() - 1);
        ++i;
    }
    return false;
}

void erase_compared(json::value& record, const std::vector<compared_field>& fields,
                    const object& of, std::string_view wanted) {
    auto* members = record.if_object();
    if (!members) return;
    for (const auto& field : fields) {
        if (is_selected(wanted, field)) continue;
        if (field.relation.empty()) {
            members->erase(field.name);
            continue;
        }
        // Selecting company.name brings along companyId and the company's id and label
        // (select.cpp), so these go as well, unless they were wanted for themselves.
        const auto to = of.find_relation(field.relation);
        const auto own = [&](const std::string& name) {
            return is_selected(wanted, compared_field{{}, name, &of});
        };
        if (to && !own(to->to->join_column)) members->erase(to->to->join_column);
        if (!own(field.relation)) {
            members->erase(field.relation);
            continue;
        }
        auto* behind = members->find(field.relation);
        if (auto* inside = behind ? behind->if_object() : nullptr) inside->erase(field.name);
    }
}

request also_selecting(request r, const readable_object& of, std::string_view selection) {
    auto body = json::parse(r.body, json::upstream); // ours: no client's limits
    auto* members = body ? body->if_object() : nullptr;
    if (selection.empty() || !members) return r;
    std::string document(json::value(*members).text("query"));
    if (!document.ends_with('}')) return r;
    document.pop_back();
    // Any one record does: Twenty refuses by the fields of the selection, not by the rows. Nobody
    // reads that root of the answer, so it needs neither filter nor scope.
    document += " " + root_many(of) + "(first:1){edges{node{" + std::string(selection) + "}}}}";
    members->set("query", std::move(document));
    r.body = json::dump(*body);
    return r;
}

} // namespace twenty
