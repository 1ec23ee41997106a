file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" escaped "${hex}")
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")
string(LENGTH "${escaped}" length)
set(body "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${escaped}" ${at} 256 piece)
  string(APPEND body "    \"${piece}\"\n")
  math(EXPR at "${at} + 256")
endwhile()
file(WRITE ${OUTPUT} "#pragma once
#include <string_view>
namespace embedded {
inline constexpr std::string_view ${NAME}{
${body}    \"\",
    ${size}};
}
")
