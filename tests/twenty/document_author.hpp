// Writes GraphQL documents at random, over a whole schema, and keeps its own account of whether
// a connection that is limited to certain objects may run them.
#pragma once

#include "base/json.hpp"
#include "twenty/schema.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace support {

class document_author {
  public:
    document_author(std::uint64_t seed, const twenty::schema& model, std::set<std::string> allowed)
        : random_(seed), model_(model), allowed_(std::move(allowed)) {}

    // Whether what was written so far touches an object outside of the allowed.
    [[nodiscard]] bool forbidden() const noexcept { return forbidden_; }
    [[nodiscard]] json::value variables() const { return json::value(variables_); }

    std::string query() {
        std::string roots;
        std::set<std::string> taken;
        for (int n = 1 + one_in(4); n > 0; --n) {
            const auto& of = some_object();
            if (taken.insert(of.name_singular).second) roots += " " + query_root(of);
        }
        return assembled("query", roots);
    }

    std::string mutation() {
        const auto& of = some_object();
        const auto name = twenty::capitalised(of.name_singular);
        std::string root;
        switch (below(4)) {
        case 0:
            root = "create" + name + "(data:" + data(of) + ")" + record(of, 2);
            break;
        case 1:
            root = "update" + name + "(id:" + id() + ",data:" + data(of) + ")" + record(of, 2);
            break;
        case 2:
            root = "delete" + name + "(id:" + id() + ")" + record(of, 1);
            break;
        default:
            root = "restore" + name + "(id:" + id() + ")" + record(of, 1);
        }
        return assembled("mutation", alias() + root);
    }

  private:
    int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
    bool one_in(int n) { return below(n) == 0; }
    template <class List> const auto& one_of(const List& all) {
        return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
    }
    // Names are written apart in every way that means nothing.
    std::string gap() {
        static const std::vector<std::string> gaps{" ",  "\n",          ",",   " , ",
                                                   "\t", "# company\n", "\r\n"};
        return one_of(gaps);
    }
    // An alias may look like anything; inside a record none is taken.
    std::string alias() {
        static const std::vector<std::string> names{"id", "people", "x", "company", "__x", "node"};
        return one_in(4) ? one_of(names) + std::to_string(++aliases_) + gap() + ":" : "";
    }
    std::string directive() {
        return one_in(6) ? (one_in(2) ? " @include(if:true)" : " @skip(if:false)") : "";
    }
    static std::string id() { return "\"20202020-b000-4485-94de-70c2a98daef2\""; }

    const twenty::object& touch(const twenty::object& of) {
        if (!allowed_.contains(of.name_singular)) forbidden_ = true;
        return of;
    }
    // Mostly one of the allowed, or hardly any document would be.
    const twenty::object& some_object() {
        for (;;) {
            const auto& of = one_of(model_.objects());
            if (allowed_.contains(of.name_singular) || one_in(12)) return root(of);
        }
    }
    // Attachments and timeline entries belong to records of many objects: only who may read all of
    // those asks for them at the top.
    const twenty::object& root(const twenty::object& of) {
        if (of.name_singular == "attachment" || of.name_singular == "timelineActivity")
            for (const auto& f : of.fields)
                for (const auto& r : f.relations)
                    if (f.name == "target" && !allowed_.contains(r.target_object))
                        forbidden_ = true;
        return touch(of);
    }
    const twenty::object& target(const twenty::relation& r) {
        return touch(*model_.by_singular(r.target_object));
    }
    // Fields that keep copies of other records, and a type that nobody knows.
    void touch(const twenty::object& of, const twenty::field& f) {
        if (of.name_singular == "timelineActivity" && f.name == "name") forbidden_ = true;
        for (const auto* copy : {"properties", "linkedRecordCachedName", "linkedRecordId",
                                 "linkedObjectMetadataId", "gadget"})
            if (f.name == copy) forbidden_ = true;
    }

    std::string assembled(const std::string& kind, const std::string& roots) {
        std::string head = kind + gap();
        if (!declared_.empty()) head += "Q(" + declared_ + ")";
        return head + "{" + roots + gap() + "}" + fragments_;
    }

    // A literal, or a variable that holds the same.
    std::string given(const std::string& type, const std::string& literal, json::value same) {
        if (!one_in(3)) return literal;
        const auto name = "v" + std::to_string(++names_);
        declared_ += "$" + name + ":" + type + gap();
        variables_.append(name, std::move(same));
        return "$" + name;
    }

    std::string query_root(const twenty::object& of) {
        const auto& plural = of.name_plural;
        switch (below(5)) {
        case 0:
            return alias() + of.name_singular + "(filter:{id:{eq:" + id() + "}})" + record(of, 3);
        case 1:
            return alias() + of.name_singular + "Duplicates(ids:[" + id() + "])" + list(of, 2);
        case 2:
            return alias() + plural + "GroupBy(groupBy:[{createdAt:{granularity:MONTH}}]" +
                   filter_argument(of) + "){groupByDimensionValues totalCount" +
                   (one_in(2) ? " edges{node" + record(of, 2) + "}" : "") + "}";
        default:
            return alias() + plural + "(first:3" + filter_argument(of) + order_argument(of) + ")" +
                   list(of, 3);
        }
    }

    std::string list(const twenty::object& of, int depth) {
        return "{totalCount" + gap() + alias() + "edges{cursor node" + record(of, depth) + "}}";
    }

    std::string record(const twenty::object& of, int depth) {
        std::string inside = "id";
        for (int n = 1 + below(4); n > 0; --n)
            inside += gap() + member(of, depth);
        return "{" + wrapped(of, inside) + "}";
    }

    // The same selection, behind fragments.
    std::string wrapped(const twenty::object& of, const std::string& inside) {
        const auto type = twenty::capitalised(of.name_singular);
        switch (below(7)) {
        case 0:
            return "... on " + type + directive() + "{" + inside + "}";
        case 1:
            return "...{" + inside + "}";
        case 2: {
            const auto name = "F" + std::to_string(++names_);
            fragments_ += gap() + "fragment " + name + " on " + type + "{" + inside + "}";
            return "__typename ..." + name;
        }
        default:
            return inside;
        }
    }

    std::string member(const twenty::object& of, int depth) {
        const auto& f = one_of(of.fields);
        if (f.relations.empty()) {
            touch(of, f);
            const auto* parts = twenty::composite_of(f.type);
            if (!parts) return f.name + directive();
            const std::string part(one_of(parts->parts).name);
            // Who made a record is a member; how, may be anything.
            if (part == "context" ||
                (part == "workspaceMemberId" && !allowed_.contains("workspaceMember")))
                forbidden_ = true;
            return f.name + directive() + "{" + part + "}";
        }
        const auto& r = one_of(f.relations);
        if (!r.join_column.empty() && (depth == 0 || one_in(3))) {
            target(r);
            return r.join_column;
        }
        if (depth == 0) return "updatedAt";
        const auto& to = target(r);
        if (r.kind == twenty::relation_kind::many_to_one)
            return r.query_name + directive() + record(to, depth - 1);
        return r.query_name + "(first:2" + filter_argument(to) + ")" + list(to, depth - 1);
    }

    // -- Filters, orders, data --------------------------------------------------------------

    static bool plain(const twenty::field& f) {
        return f.type == twenty::field_type::text || f.name == "createdAt";
    }
    // Never empty: every object has createdAt.
    const twenty::field& plain_field(const twenty::object& of) {
        for (;;) {
            const auto& f = one_of(of.fields);
            if (!plain(f)) continue;
            touch(of, f);
            return f;
        }
    }
    const twenty::relation* to_one(const twenty::object& of) {
        std::vector<const twenty::relation*> all;
        for (const auto& f : of.fields)
            for (const auto& r : f.relations)
                if (r.kind == twenty::relation_kind::many_to_one) all.push_back(&r);
        return all.empty() ? nullptr : one_of(all);
    }

    json::value condition(const twenty::object& of, int depth, bool cross = true) {
        const auto is_empty = json::make({{"is", "NULL"}});
        if (depth > 0 && one_in(3)) {
            static const std::vector<std::string> words{"and", "or"};
            return json::make({{one_of(words), json::list({condition(of, depth - 1, cross),
                                                           condition(of, depth - 1, cross)})}});
        }
        if (depth > 0 && one_in(5)) return json::make({{"not", condition(of, depth - 1, cross)}});
        if (const auto* r = to_one(of); r && one_in(4)) {
            const auto& behind = target(*r);
            if (cross && one_in(2))
                return json::make({{r->query_name, condition(behind, 0, false)}});
            return json::make({{r->join_column, is_empty}});
        }
        return json::make({{plain_field(of).name, is_empty}});
    }
    std::string filter_argument(const twenty::object& of) {
        if (one_in(2)) return "";
        const auto filter = condition(of, 2);
        return gap() + "filter:" +
               given(twenty::capitalised(of.name_singular) + "FilterInput", literal(filter),
                     filter);
    }

    std::string order_argument(const twenty::object& of) {
        if (!one_in(3)) return "";
        const auto* r = one_in(3) ? to_one(of) : nullptr;
        json::value order =
            r ? json::make({{r->query_name,
                             json::make({{plain_field(target(*r)).name, "DescNullsLast"}})}})
              : json::make({{plain_field(of).name, "AscNullsLast"}});
        order = json::list({std::move(order)});
        return gap() + "orderBy:" +
               given("[" + twenty::capitalised(of.name_singular) + "OrderByInput]",
                     literal(order, true), order);
    }

    std::string data(const twenty::object& of) {
        auto values = json::object();
        for (const auto& f : of.fields)
            if (f.type == twenty::field_type::text && !f.is_system && !f.is_read_only &&
                one_in(2)) {
                touch(of, f);
                values.append(f.name, "x");
            }
        if (const auto* r = to_one(of); r && one_in(3)) {
            target(*r);
            if (one_in(2))
                values.append(r->join_column, nullptr);
            else
                values.append(r->query_name, json::make({{"disconnect", true}}));
        }
        const json::value all(values);
        return given(twenty::capitalised(of.name_singular) + "Input!", literal(all), all);
    }

    // JSON as GraphQL writes it: names without quotes; directions of an order are enums.
    std::string literal(const json::value& v, bool enums = false) {
        if (const auto* members = v.if_object()) {
            std::string out = "{";
            for (const auto& [name, inner] : *members)
                out += gap() + name + ":" + literal(inner, enums);
            return out + "}";
        }
        if (const auto* items = v.if_array()) {
            std::string out = "[";
            for (const auto& item : *items)
                out += gap() + literal(item, enums);
            return out + "]";
        }
        if (const auto* text = v.if_string(); text && (enums || *text == "NULL")) return *text;
        return json::dump(v);
    }

    std::mt19937_64 random_;
    const twenty::schema& model_;
    std::set<std::string> allowed_;
    bool forbidden_ = false;
    int names_ = 0;
    int aliases_ = 0;
    std::string declared_;
    std::string fragments_;
    json::object variables_;
};

} // namespace support
