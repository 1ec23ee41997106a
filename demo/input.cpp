#include "demo/input.hpp"

#include "base/text.hpp"
#include "demo/normalise.hpp"
#include "demo/shape.hpp"
#include "demo/values.hpp"

#include <algorithm>

namespace demo {

namespace {

std::string blocknote_of(std::string_view markdown) {
    json::array blocks;
    for (const auto& line : text::split(markdown, '\n')) {
        const auto content =
            json::make({{"type", "text"}, {"text", line}, {"styles", json::object()}});
        blocks.push_back(json::make({{"id", uuid_of("block:" + line)},
                                     {"type", "paragraph"},
                                     {"props", json::object()},
                                     {"content", json::list({content})},
                                     {"children", json::array()}}));
    }
    return json::dump(std::move(blocks));
}

void tidy_rich_text(json::object& parts) {
    const json::value* markdown = parts.find("markdown");
    const json::value* blocknote = parts.find("blocknote");
    if (markdown && markdown->if_string() && (!blocknote || blocknote->is_null()))
        parts.set("blocknote", blocknote_of(*markdown->if_string()));
}

class reader {
  public:
    reader(const input_source& from, const object& on, const record* current)
        : from_(from), on_(on), current_(current) {}

    result<json::object> read(const json::value& data) {
        // An array is an object to JavaScript, with "0" as its first member.
        if (data.if_array() && data.if_array()->empty()) return json::object();
        if (data.if_array()) return unknown_field(on_.singular, "0", refusal::bad_data);
        const auto* members = data.if_object();
        if (!members)
            return refuse(refusal::type_error, "Cannot create property 'position' on " +
                                                   std::string(data.type_name()) + " " +
                                                   inspected(data));
        json::object out;
        given_ = data;
        for (const auto& [key, given] : *members)
            CHECK_OK(entry(key, given, out));
        return out;
    }

  private:
    result<done> entry(const std::string& key, const json::value& given, json::object& out) {
        const auto found = find_member(on_, key);
        if (!found) return unknown_field(on_.singular, key, refusal::bad_data);
        if (!from_.rights.may_write(on_, *found->of))
            return no_permission("write field \"" + found->of->name + "\" on \"" + on_.singular +
                                 "\"");
        switch (found->what) {
        case member::kind::column:
            return column(*found, key, given, out);
        case member::kind::to_one:
            return connect(*found, key, given, out);
        case member::kind::to_many:
            return refuse(refusal::bad_data, "One-to-many relation " + key +
                                                 " field does not support write operations.");
        case member::kind::value:
            break;
        }
        const field& f = *found->of;
        if (f.type->name == "TS_VECTOR")
            return refuse(refusal::bad_data,
                          key + " TS_VECTOR-typed field does not support write operations");
        // A composite of null is taken and changes nothing.
        if (given.is_null() && f.type->name == "RICH_TEXT")
            return refuse(refusal::type_error,
                          "Cannot read properties of null (reading 'blocknote')");
        if (given.is_null() && !f.type->parts.empty()) return done{};
        TRY(value, read_value(f, given));
        if (value.is_null() && !current_null_allowed(f))
            return refuse(refusal::database,
                          "null value in column \"" + key + "\" of relation \"" + on_.singular +
                              "\" violates not-null constraint",
                          "A required field is missing. Please provide all required values and try "
                          "again.");
        out.set(key, std::move(value));
        return done{};
    }

    result<done> column(const member& m, const std::string& key, const json::value& given,
                        json::object& out) {
        const std::string relation = key.substr(0, key.size() - 2);
        if (given_.find(relation)) return both_given(relation, key);
        if (given.is_null()) {
            out.set(key, nullptr);
            return done{};
        }
        TRY(id, read_leaf({m.of, leaf::uuid, key}, given, refusal::bad_data, false));
        const object* other = from_.model.find_singular(m.target->object);
        if (!from_.records.find(*other, *id.if_string()))
            return refuse(refusal::database, "insert or update on table \"" + on_.singular +
                                                 "\" violates foreign key constraint \"FK_" +
                                                 uuid_of(on_.singular + key).substr(24) + "\"");
        out.set(key, std::move(id));
        return done{};
    }

    result<done> connect(const member& m, const std::string& key, const json::value& given,
                         json::object& out) {
        if (const auto* away = given.find("disconnect"); away && away->is_bool()) {
            if (given.flag("disconnect")) out.set(m.target->column, nullptr);
            return done{};
        }
        const json::value* where = given.at("connect", "where");
        if (!where || !where->if_object())
            return refuse(refusal::bad_data,
                          "Relation \"" + key + "\" requires connect or disconnect operation");
        const object* other = from_.model.find_singular(m.target->object);
        if (where->if_object()->empty())
            return refuse(refusal::type_error, "Property \"" + key +
                                                   ".connect\" was not found in \"" + on_.singular +
                                                   "\". Make sure your query is correct.");
        if (out.contains(m.target->column)) return both_given(key, m.target->column);
        TRY(sought, conditions_of(*other, key, *where));
        for (const auto& [id, row] : from_.records.of(*other)) {
            if (is_deleted(row) || !meets(*other, row, *where)) continue;
            out.set(m.target->column, id);
            return done{};
        }
        return refuse(refusal::bad_input,
                      "Expected 1 record to connect to " + key + ", but found 0 for " + sought,
                      "Can't connect to " + key +
                          ". No unique record found with condition: " + sought);
    }

    static error both_given(const std::string& relation, const std::string& column) {
        const std::string message = relation + " and " + column + " cannot be both provided.";
        return refuse(refusal::bad_input, message, message);
    }

    // "domainNamePrimaryLinkUrl = https://x.example"; only unique fields connect.
    static result<std::string> conditions_of(const object& other, const std::string& key,
                                             const json::value& where) {
        std::vector<std::string> all;
        for (const auto& [name, v] : *where.if_object()) {
            const field* f = other.find_field(name);
            if (!f || (!f->unique && name != "id")) {
                const std::string message = "Missing required fields: at least one unique "
                                            "constraint have to be fully populated for '" +
                                            key + "'.";
                return refuse(refusal::bad_input, message, message);
            }
            const auto shown = [](const json::value& one) {
                return one.if_string() ? *one.if_string() : json::dump(one);
            };
            if (!v.if_object()) all.push_back(name + " = " + shown(v));
            if (v.if_object())
                for (const auto& [part, one] : *v.if_object())
                    all.push_back(name + capitalised(part) + " = " + shown(one));
        }
        return text::join(all, " and ");
    }

    static bool meets(const object& other, const record& row, const json::value& where) {
        return std::all_of(
            where.if_object()->begin(), where.if_object()->end(), [&](const auto& m) {
                const field* f = other.find_field(m.first);
                if (!f) return false;
                const json::value& have = stored(row, m.first);
                if (!m.second.if_object()) return have == m.second;
                return std::all_of(m.second.if_object()->begin(), m.second.if_object()->end(),
                                   [&](const auto& part) {
                                       const auto* v = have.find(part.first);
                                       const auto* given = part.second.if_string();
                                       if (!v || !given) return false;
                                       const auto url = normalised_url(*given);
                                       return *v == part.second || (url && *v == json::value(*url));
                                   });
            });
    }

    result<json::value> read_value(const field& f, const json::value& given) {
        if (f.type->name == "POSITION" && given.if_string()) return position(*given.if_string());
        if (given.is_null() && f.type->name == "POSITION")
            return refuse(refusal::bad_data,
                          "Invalid position value null for field \"" + f.name + "\"");
        if (given.is_null()) return json::value();
        if (f.type->parts.empty())
            return read_leaf({&f, f.type->kind, f.name}, given, refusal::bad_data, false);
        const auto* parts = given.if_object();
        if (!parts)
            return refuse(refusal::bad_data, "Invalid object value " + inspected(given) +
                                                 " for field \"" + f.name + "\"");
        json::object out;
        for (const auto& [name, part] : *parts) {
            const auto known = std::find_if(
                f.type->parts.begin(), f.type->parts.end(),
                [&, wanted = std::string_view(name)](const auto& p) { return p.name == wanted; });
            if (known == f.type->parts.end())
                return refuse(refusal::bad_data,
                              f.type->name == "RICH_TEXT"
                                  ? "Invalid subfield '" + name + "' for rich text field \"" +
                                        f.name + "\""
                                  : "Invalid subfield " + name + " for " +
                                        (f.type->name == "CURRENCY" ? "currency" : "composite") +
                                        " field \"" + f.name + "\"");
            json::value value;
            if (!part.is_null()) {
                TRY(read, read_leaf({&f, known->kind, f.name + "." + name}, part, refusal::bad_data,
                                    false));
                value = std::move(read);
            }
            out.set(name, std::move(value));
        }
        if (f.type->name == "EMAILS") CHECK_OK(normalise_emails(out, f.name));
        if (f.type->name == "PHONES") CHECK_OK(normalise_phones(out));
        if (f.type->name == "LINKS") CHECK_OK(normalise_links(out));
        if (const auto* blocks = out.find("blocknote"); f.type->name == "RICH_TEXT" && blocks &&
                                                        blocks->if_string() &&
                                                        !json::parse(*blocks->if_string()))
            return refuse(refusal::bad_data, "Invalid blocknote value for field \"" + f.name +
                                                 ".blocknote\" - must contain valid JSON");
        if (f.type->name == "RICH_TEXT") tidy_rich_text(out);
        json::object whole = start_of(f);
        for (auto& [name, part] : out)
            whole.set(name, std::move(part));
        return json::value(std::move(whole));
    }

    // Columns that the database fills by itself may not be emptied, nor required choices.
    static bool current_null_allowed(const field& f) {
        return !f.required || f.type->kind == leaf::text || f.type->kind == leaf::multi_select ||
               f.type->kind == leaf::array;
    }

    // start_of() has the parts that the input adds to; a rich text and an actor are replaced.
    [[nodiscard]] json::object start_of(const field& f) const {
        const bool merged = f.type->name != "RICH_TEXT" && f.type->name != "ACTOR";
        const auto* now = current_ && merged ? stored(*current_, f.name).if_object() : nullptr;
        return now ? *now : json::object();
    }

    result<json::value> position(const std::string& word) {
        double low = 0;
        double high = 0;
        for (const auto& [id, row] : from_.records.of(on_)) {
            const double p = stored(row, "position").as_double().value_or(0);
            low = std::min(low, p);
            high = std::max(high, p);
        }
        if (word == "first") return json::value::of_double(low - 1);
        if (word == "last") return json::value::of_double(high + 1);
        return refuse(refusal::bad_data,
                      "Invalid position value '" + word + "' for field \"position\"");
    }

    const input_source& from_;
    const object& on_;
    const record* current_;
    json::value given_;
};

// "'NEW'" is the text NEW; "uuid" and "now" are functions, which the caller runs.
json::value literal(const json::value& fallback) {
    const auto* s = fallback.if_string();
    if (!s) return fallback;
    if (s->size() >= 2 && s->front() == '\'')
        return s->size() == 2 ? json::value() : json::value(s->substr(1, s->size() - 2));
    return {};
}

} // namespace

result<json::object> read_input(const input_source& from, const object& on, const json::value& data,
                                const record* current) {
    return reader(from, on, current).read(data);
}

json::object defaults_of(const object& on) {
    json::object out;
    for (const auto& f : on.fields) {
        if (f.is_relation() || f.fallback.is_null()) continue;
        if (const auto* parts = f.fallback.if_object()) {
            json::object whole;
            for (const auto& [name, part] : *parts)
                whole.append(name, literal(part));
            out.append(f.name, std::move(whole));
        } else {
            out.append(f.name, literal(f.fallback));
        }
    }
    return out;
}

} // namespace demo
