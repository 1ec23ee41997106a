#include "demo/rest_grammar.hpp"

#include "base/number.hpp"
#include "base/text.hpp"
#include "demo/errors.hpp"
#include "demo/ordering.hpp"

#include <algorithm>
#include <array>

namespace demo {

namespace {

constexpr std::array<std::string_view, 13> comparators{
    "eq", "neq", "in",         "containsAny", "is",   "gt",   "gte",
    "lt", "lte", "startsWith", "endsWith",    "like", "ilike"};
constexpr std::array<std::string_view, 3> conjunctions{"and", "or", "not"};
constexpr std::int64_t default_limit = 60;
constexpr std::int64_t most = 200;

error bad(std::string message) { return refuse(refusal::bad_filter, std::move(message)); }
error bad_piece(std::string_view piece) {
    return bad("'filter' invalid for '" + std::string(piece) + "'. eg: price[gte]:10");
}

result<done> check_brackets(std::string_view filter) {
    const auto open = std::count(filter.begin(), filter.end(), '(');
    const auto close = std::count(filter.begin(), filter.end(), ')');
    if (open == close) return done{};
    const auto missing = open > close ? open - close : close - open;
    return bad("'filter' invalid. " + std::to_string(missing) +
               (open > close ? " close" : " open") + " bracket" + (missing > 1 ? "s are" : " is") +
               " missing in the query");
}

// Splits at commas outside of brackets and quotes.
std::vector<std::string> split_list(std::string_view list) {
    std::vector<std::string> out(1);
    int depth = 0;
    char quote = 0;
    for (const char c : list) {
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '(' || c == '[') {
            ++depth;
        } else if (c == ')' || c == ']') {
            --depth;
        } else if (c == ',' && depth == 0) {
            out.emplace_back();
            continue;
        }
        out.back() += c;
    }
    return out;
}

std::string unquoted(std::string_view value) {
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
        value.back() == value.front())
        value = value.substr(1, value.size() - 2);
    return std::string(value);
}

result<json::value> list_value(std::string_view op, std::string_view value) {
    if (!value.starts_with('[') || !value.ends_with(']'))
        return bad("'filter' invalid for '" + std::string(op) + "' operator. Received '" +
                   std::string(value) + "' but array value expected eg: 'field[" + std::string(op) +
                   "]:[value_1,value_2]'");
    json::array out;
    for (const auto& item : split_list(value.substr(1, value.size() - 2)))
        out.emplace_back(unquoted(item));
    return json::value(std::move(out));
}

result<json::value> base_filter(std::string_view piece) {
    const auto open = piece.find('[');
    const auto close = piece.find("]:");
    if (open == std::string_view::npos || close == std::string_view::npos || close < open ||
        close + 2 == piece.size())
        return bad_piece(piece);
    const auto op = piece.substr(open + 1, close - open - 1);
    const auto value = piece.substr(close + 2);
    if (std::find(comparators.begin(), comparators.end(), op) == comparators.end())
        return bad("'filter' invalid for '" + std::string(piece) + "', comparator " +
                   std::string(op) + " not in " +
                   text::join({comparators.begin(), comparators.end()}, ", "));
    json::value operand;
    if (op == "in" || op == "containsAny") {
        TRY(list, list_value(op, value));
        operand = std::move(list);
    } else {
        operand = unquoted(value);
    }
    json::value out = json::make({{op, std::move(operand)}});
    auto path = text::split(piece.substr(0, open), '.');
    for (auto step = path.rbegin(); step != path.rend(); ++step)
        out = json::make({{*step, std::move(out)}});
    return out;
}

result<json::value> expression(std::string_view piece) {
    for (const auto word : conjunctions) {
        if (!piece.starts_with(word) || !piece.ends_with(')') || piece.size() < word.size() + 2 ||
            piece[word.size()] != '(')
            continue;
        const auto inside = piece.substr(word.size() + 1, piece.size() - word.size() - 2);
        json::array parts;
        for (const auto& part : split_list(inside)) {
            TRY(one, expression(part));
            parts.push_back(std::move(one));
        }
        if (word == "not" && parts.size() == 1) return json::make({{"not", std::move(parts[0])}});
        if (word == "not") return json::make({{"not", json::make({{"and", std::move(parts)}})}});
        return json::make({{word, std::move(parts)}});
    }
    return base_filter(piece);
}

bool begins_with_conjunction(std::string_view filter) {
    return std::any_of(conjunctions.begin(), conjunctions.end(), [filter](auto word) {
        return filter.starts_with(word) && filter.size() > word.size() &&
               filter[word.size()] == '(';
    });
}

} // namespace

result<json::value> parse_rest_filter(std::string_view filter) {
    CHECK_OK(check_brackets(filter));
    if (begins_with_conjunction(filter) && filter.ends_with(')')) return expression(filter);
    return expression("and(" + std::string(filter) + ")");
}

result<json::value> parse_rest_order(std::string_view order) {
    json::array out;
    for (const auto& item : split_list(order)) {
        std::string name = item;
        std::string direction(directions[0]);
        const auto open = item.find('[');
        if (const auto close = item.rfind(']');
            open != std::string::npos && close != std::string::npos) {
            name = item.substr(0, open);
            direction = item.substr(open + 1, close - open - 1);
        }
        if (std::find(std::begin(directions), std::end(directions), direction) ==
            std::end(directions))
            return refuse(refusal::bad_query,
                          "'order_by' direction '" + direction +
                              "' invalid. Allowed values are 'AscNullsFirst', 'AscNullsLast', "
                              "'DescNullsFirst', 'DescNullsLast'. eg: "
                              "?order_by=field_1[AscNullsFirst],field_2[DescNullsLast],field_3");
        json::value one(direction);
        auto path = text::split(name, '.');
        for (auto step = path.rbegin(); step != path.rend(); ++step)
            one = json::make({{*step, std::move(one)}});
        out.push_back(std::move(one));
    }
    return json::value(std::move(out));
}

result<std::int64_t> parse_rest_limit(const std::optional<std::string>& limit) {
    if (!limit || limit->empty()) return default_limit;
    const auto n = text::number<std::int64_t>(*limit);
    if (!n || *n < 0)
        return refuse(refusal::bad_query,
                      "limit '" + *limit + "' is invalid. Should be an integer");
    return std::min(*n, most);
}

result<int> parse_rest_depth(const std::optional<std::string>& depth) {
    if (!depth || depth->empty() || *depth == "0") return 0;
    if (*depth == "1") return 1;
    return refuse(refusal::bad_query,
                  "'depth=" + *depth + "' parameter invalid. Allowed values are 0, 1");
}

} // namespace demo
