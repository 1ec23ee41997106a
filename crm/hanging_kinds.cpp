// Which kinds of records may hang on those of an object: kinds_of_hanging() of hanging.hpp.
#include "base/text.hpp"
#include "crm/hanging.hpp"
#include "crm/related.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

constexpr std::size_t most_moved_kinds = 24; // each costs a request or two

// The columns of a link's rows that lead to something else than the record it hangs on.
std::vector<std::string> other_ends(const twenty::object& rows, const std::string& column,
                                    const twenty::access& may) {
    std::vector<std::string> out;
    for (const auto* f : may.fields(rows))
        for (const auto* r : may.relations(*f))
            if (r->kind == twenty::relation_kind::many_to_one && r->join_column != column)
                out.push_back(r->join_column);
    return out;
}

// Rows that link records may have words of their own: then two of them are never the same.
enum class linking { none, with_words, bare };

bool is_bare(const twenty::object& rows) {
    using twenty::field_type;
    return std::ranges::all_of(rows.fields, [](const auto& f) {
        return f.is_system || !f.relations.empty() || f.type == field_type::actor ||
               f.type == field_type::position || f.type == field_type::uuid;
    });
}

hanging kind_of(twenty::readable_object rows, const std::string& column, linking links,
                const std::string& name, const twenty::access& may) {
    const auto back = rows->find_join(column);
    const bool one_of_several = back && back->field->type == twenty::field_type::morph_relation;
    const bool is_attachment = rows->name_singular == "attachment";
    hanging out(std::move(rows));
    out.column = column;
    out.name = name;
    if (links == linking::bare) out.ends = other_ends(*out.rows, column, may);
    out.moved_by_twenty = !one_of_several;
    out.is_bookkeeping = out.rows->is_system && links == linking::none && !is_attachment;
    // Mails and meetings are synchronised; Twenty moves them by itself.
    out.is_moved_here = one_of_several || !out.is_bookkeeping;
    if (!may.as_writable(*out.rows)) out.is_moved_here = false;
    return out;
}

} // namespace

std::vector<hanging> kinds_of_hanging(const twenty::object& of, const twenty::access& may) {
    std::vector<hanging> out;
    for (const auto* f : may.fields(of))
        for (const auto* to : may.relations(*f)) {
            if (to->kind != twenty::relation_kind::one_to_many) continue;
            auto rows = may.target(*to);
            auto column = join_back(of, *to, may);
            if (!rows || column.empty()) continue;
            const auto behind = link_of(of, *to, may);
            const auto& label = (*rows)->label_plural;
            const auto name = behind          ? behind->shown_as
                              : label.empty() ? (*rows)->name_plural
                                              : text::lower(label);
            const auto links = !behind           ? linking::none
                               : is_bare(**rows) ? linking::bare
                                                 : linking::with_words;
            hanging kind = kind_of(*std::move(rows), column, links, name, may);
            if (out.size() >= most_moved_kinds) {
                kind.unread = error(errc::too_large, "there are too many kinds of records that "
                                                     "lead here; merge these in Twenty.");
                kind.is_moved_here = false;
            }
            out.push_back(std::move(kind));
        }
    return out;
}

} // namespace crm
