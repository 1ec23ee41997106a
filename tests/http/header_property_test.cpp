// Row 116: no value of a stranger ever becomes more than its own line of an answer's head.
#include "tests/http/strange_text.hpp"

using namespace strange_text;

TEST_CASE("whatever a field's name and value are, it stays one line or is not sent",
          "[header_property][plan-116]") {
    author strange;
    for (int i = 0; i < 20'000; ++i) {
        http::response answer(200, "text/plain", "x");
        answer.set(i % 3 == 0 ? strange.text() : "X-Name", strange.text());
        check_wire(answer);
    }
}
