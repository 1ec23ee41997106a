// One field's value while it is written: write_values.cpp reads plain values, write_parts.cpp those
// of several parts, write_money.cpp amounts.
#pragma once

#include "twenty/bounds.hpp"
#include "twenty/values.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace twenty {

class writing {
  public:
    writing(const field& f, std::vector<std::string>& notes) : f_(f), notes_(notes) {}

    result<json::value> value(const json::value& v);

  private:
    result<json::value> plain_text(const json::value& v);
    result<json::value> date(const json::value& v);
    result<json::value> date_time(const json::value& v);
    result<json::value> choice(const json::value& v);
    result<json::value> choices(const json::value& v);
    result<json::value> strings(const json::value& v);
    // write_parts.cpp
    result<json::value> composite_value(const twenty::composite& parts, const json::value& v);
    result<json::value> short_form(const twenty::composite& parts, const json::value& v);
    result<json::value> part(std::string_view name, field_type type, const json::value& v);
    result<json::value> email(const json::value& v);
    result<json::value> other(std::string_view list, const json::value& v);
    // write_money.cpp
    result<json::value> money(const json::value& v);
    result<json::number> micros(const std::string& digits);

    [[nodiscard]] error bad(const std::string& what) const {
        return {errc::bad_request, "\"" + f_.name + "\": " + what};
    }
    [[nodiscard]] error wrong(const json::value& v, const char* wanted) const {
        return bad(shown(v) + " isn't " + wanted + ".");
    }
    void note(const std::string& what) { add_note(notes_, "\"" + f_.name + "\": " + what); }

    const field& f_;
    std::vector<std::string>& notes_;
};

} // namespace twenty
