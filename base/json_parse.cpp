#include "base/json.hpp"
#include "base/surrogates.hpp"

#include <algorithm>
#include <simdjson.h>

namespace json {

namespace {
namespace od = simdjson::ondemand;

error bad(std::string what) { return {errc::bad_json, std::move(what)}; }

error from_simdjson(simdjson::error_code code) {
    switch (code) {
    case simdjson::UTF8_ERROR:
        return bad("the text is not valid UTF-8");
    case simdjson::DEPTH_ERROR:
        return bad("the JSON is nested too deeply");
    case simdjson::EMPTY:
        return bad("the body is empty; a JSON document was expected");
    case simdjson::NUMBER_ERROR:
        return bad("the JSON holds a malformed number");
    default:
        return bad("the text is not valid JSON");
    }
}

// RFC 8259 §6. On-Demand hands out number tokens unchecked, so the grammar is checked here. The
// digits themselves are kept: Twenty's integers do not fit into a double.
bool is_number_token(std::string_view t) noexcept {
    std::size_t i = 0;
    const auto digits = [&] {
        const auto from = i;
        while (i < t.size() && t[i] >= '0' && t[i] <= '9')
            ++i;
        return i - from;
    };
    if (i < t.size() && t[i] == '-') ++i;
    const auto first = i;
    const auto whole = digits();
    if (whole == 0 || (whole > 1 && t[first] == '0')) return false;
    if (i < t.size() && t[i] == '.') {
        ++i;
        if (digits() == 0) return false;
    }
    if (i < t.size() && (t[i] == 'e' || t[i] == 'E')) {
        ++i;
        if (i < t.size() && (t[i] == '+' || t[i] == '-')) ++i;
        if (digits() == 0) return false;
    }
    return i == t.size();
}

// Threat: comparing all keys with all costs the square of their number. Defence: a sort, from the
// size on at which it is cheaper.
bool has_duplicate(const object& o) {
    if (o.size() < 12) {
        for (auto a = o.begin(); a != o.end(); ++a)
            for (auto b = o.begin(); b != a; ++b)
                if (a->first == b->first) return true;
        return false;
    }
    std::vector<std::string_view> keys;
    keys.reserve(o.size());
    for (const auto& [key, v] : o)
        keys.push_back(key);
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

// read() visits every token, since On-Demand validates only what is visited. It works for documents
// and for values in them. `seen` counts the values of the whole document, so that its bound holds
// for all of it; both bounds are looked at before the value is made.
template <class Node>
result<value> read(Node& node, const limits& allowed, std::size_t depth, std::size_t& seen) {
    if (depth > allowed.depth) return bad("the JSON is nested too deeply");
    if (++seen > allowed.values)
        return error(errc::bad_json,
                     "the JSON has more than " + std::to_string(allowed.values) + " values",
                     std::string(too_many_values));
    od::json_type type{};
    if (auto e = node.type().get(type)) return from_simdjson(e);
    switch (type) {
    case od::json_type::object: {
        od::object source;
        if (auto e = node.get_object().get(source)) return from_simdjson(e);
        object out;
        for (auto member : source) {
            od::field f;
            if (auto e = std::move(member).get(f)) return from_simdjson(e);
            std::string_view key;
            if (auto e = f.unescaped_key().get(key)) return from_simdjson(e);
            std::string name(key);
            auto child = read(f.value(), allowed, depth + 1, seen);
            if (!child) return child;
            out.append(std::move(name), std::move(*child));
        }
        if (allowed.refuse_duplicate_keys && has_duplicate(out))
            return bad("the JSON repeats a key in one object");
        return value(std::move(out));
    }
    case od::json_type::array: {
        od::array source;
        if (auto e = node.get_array().get(source)) return from_simdjson(e);
        array out;
        for (auto item : source) {
            od::value v;
            if (auto e = std::move(item).get(v)) return from_simdjson(e);
            auto child = read(v, allowed, depth + 1, seen);
            if (!child) return child;
            out.push_back(std::move(*child));
        }
        return value(std::move(out));
    }
    case od::json_type::string: {
        std::string_view s;
        if (auto e = node.get_string().get(s)) return from_simdjson(e);
        return value(s);
    }
    case od::json_type::number: {
        std::string_view token;
        if constexpr (std::is_same_v<Node, od::document>) {
            if (auto e = node.raw_json_token().get(token)) return from_simdjson(e);
        } else {
            token = node.raw_json_token();
        }
        const auto end = token.find_last_not_of(" \t\r\n");
        token = token.substr(0, end == std::string_view::npos ? 0 : end + 1);
        if (!is_number_token(token)) return bad("the JSON holds a malformed number");
        // The token is looked at and not consumed; the iteration around it skips it.
        return value(number{std::string(token)});
    }
    case od::json_type::boolean: {
        bool b = false;
        if (auto e = node.get_bool().get(b)) return from_simdjson(e);
        return value(b);
    }
    case od::json_type::null: {
        bool null = false;
        if (auto e = simdjson::simdjson_result<bool>(node.is_null()).get(null))
            return from_simdjson(e);
        if (!null) return bad("the text is not valid JSON");
        return value();
    }
    }
    return bad("the text is not valid JSON");
}

// The checker holds no integer beyond 64 bit; newer releases have an error of their own for it.
template <class Code> bool beyond_the_checker(Code code) {
    if constexpr (requires { Code::BIGINT_ERROR; })
        if (code == Code::BIGINT_ERROR) return true;
    return code == Code::NUMBER_ERROR;
}

// Two parsers, because each does half (docs/decisions/0002). The DOM parser checks the whole
// document: grammar, UTF-8, trailing bytes. Integers beyond 64 bit fail it; those documents
// (Twenty's only) are read by the On-Demand walk alone.
struct parser_pair {
    simdjson::dom::parser checker;
    od::parser reader;
};

result<value> parse_with(parser_pair& by, std::string_view document, const limits& allowed) {
    auto& [checker, reader] = by;
    const simdjson::padded_string padded(document);
    if (checker.allocate(std::max<std::size_t>(document.size(), 1024), 1024) != simdjson::SUCCESS)
        return error{errc::internal, "out of memory"};
    const auto checked = checker.parse(padded).error();
    if (checked != simdjson::SUCCESS && !beyond_the_checker(checked)) return from_simdjson(checked);
    if (reader.allocate(std::max<std::size_t>(document.size(), 1024), 1024) != simdjson::SUCCESS)
        return error{errc::internal, "out of memory"};
    od::document doc;
    if (auto e = reader.iterate(padded).get(doc)) return from_simdjson(e);
    std::size_t seen = 0;
    auto tree = read(doc, allowed, 1, seen);
    // Only after a number that the checker cannot hold is the rest of the text unchecked.
    if (tree && checked != simdjson::SUCCESS && !tree->is_number() &&
        doc.current_location().error() != simdjson::OUT_OF_BOUNDS)
        return bad("the text is not valid JSON");
    return tree;
}

} // namespace

// A byte order mark is refused (RFC 8259 §8.1), which newer simdjson skips. Parsers keep ten times
// what the largest document took that they have read; those of large ones go with it.
result<value> parse(std::string_view document, limits allowed) {
    constexpr std::size_t large = 1536 * 1024; // larger than what a client may send
    if (std::exchange(allowed.mend_surrogates, false))
        if (const auto whole = mend_surrogates(document)) return parse(*whole, allowed);
    if (document.starts_with("\xEF\xBB\xBF")) return from_simdjson(simdjson::TAPE_ERROR);
    if (document.size() > large) {
        parser_pair once;
        return parse_with(once, document, allowed);
    }
    thread_local parser_pair kept;
    return parse_with(kept, document, allowed);
}

} // namespace json
