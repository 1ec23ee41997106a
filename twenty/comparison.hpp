// One column's comparison while it is made: compare.cpp reads the operators, compare_days.cpp words
// for days, compare_values.cpp checks the values.
#pragma once

#include "twenty/compare.hpp"
#include "twenty/values.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace twenty {

// Any of these conditions; one alone is itself.
json::value any_of(json::array either);

class comparison {
  public:
    comparison(const column& c, const moment& at, std::vector<std::string>& notes)
        : column_(c), at_(at), notes_(notes) {}

    result<json::array> all(const json::value& v);

  private:
    // One operator, as Twenty has it or as it is read.
    result<json::value> one(std::string_view op, const json::value& v);
    // Of a column that holds several choices, and knows no equality.
    result<json::value> among_choices(std::string_view op, const json::value& v);
    // An operator that Twenty offers for the column.
    result<json::value> offered(std::string_view op, const json::value& v);
    [[nodiscard]] error not_offered(std::string_view op) const;
    [[nodiscard]] bool offers(std::string_view op) const;

    result<json::value> checked(std::string_view op, const json::value& v);
    result<json::value> scalar(const json::value& v);
    result<json::value> pattern(std::string_view op, const json::value& v);
    result<json::value> choice(const json::value& v);
    result<json::value> emptiness(bool empty);
    // A condition on days, words for days included; nullopt: `v` is none.
    std::optional<json::value> on_days(std::string_view op, const json::value& v);
    std::optional<json::value> on_one_span(std::string_view op, std::string_view written);
    // Differs, or is empty: Twenty's neq and not leave out records without a value.
    json::value or_empty(json::value differs);

    [[nodiscard]] json::value leaf(std::string_view op, json::value v) const {
        auto out = json::make({{op, std::move(v)}});
        for (auto step = column_.steps.rbegin(); step != column_.steps.rend(); ++step)
            out = json::make({{*step, std::move(out)}});
        return out;
    }
    void note(std::string what) { add_note(notes_, std::move(what)); }
    static error bad(std::string what) { return {errc::bad_request, std::move(what)}; }

    const column& column_;
    const moment& at_;
    std::vector<std::string>& notes_;
};

} // namespace twenty
