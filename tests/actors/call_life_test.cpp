#include "actors/call_life.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

using actors::answer_way;
using actors::call_life;
using actors::call_phase;
using actors::call_state;
using actors::is_possible;
using actors::may_become;

namespace {

using phase = call_phase;
using way = answer_way;

const std::vector<phase> phases = {phase::queued, phase::running, phase::patient, phase::pausing,
                                   phase::asking, phase::saving,  phase::over};
const std::vector<way> ways = {way::reply, way::stream, way::closing, way::task};

std::vector<call_state> all_states() {
    std::vector<call_state> out;
    for (const auto p : phases)
        for (const auto w : ways)
            out.push_back({p, w});
    return out;
}

// The table as the header draws it, written down a second time.
bool drawn(phase from, phase to) {
    static const std::vector<std::pair<phase, phase>> arrows = {
        {phase::queued, phase::running},  {phase::running, phase::patient},
        {phase::running, phase::pausing}, {phase::running, phase::asking},
        {phase::patient, phase::running}, {phase::pausing, phase::running},
        {phase::asking, phase::running},  {phase::running, phase::saving}};
    return std::ranges::find(arrows, std::pair(from, to)) != arrows.end() ||
           (to == phase::over && from != phase::over);
}

bool drawn(way from, way to) {
    static const std::vector<std::pair<way, way>> arrows = {
        {way::reply, way::stream}, {way::reply, way::task}, {way::stream, way::closing}};
    return std::ranges::find(arrows, std::pair(from, to)) != arrows.end();
}

} // namespace

TEST_CASE("a queued call has sent nothing, one without a stream asks nothing, a task saves nothing",
          "[call_life]") {
    std::size_t possible = 0;
    for (const auto s : all_states()) {
        const bool wrong = (s.phase == phase::queued && s.way != way::reply) ||
                           (s.phase == phase::asking && s.way == way::reply) ||
                           (s.phase == phase::saving && s.way == way::task);
        CHECK(is_possible(s) == !wrong);
        possible += is_possible(s) ? 1U : 0U;
    }
    CHECK(possible == 23);
}

TEST_CASE("of all pairs of states of a call only the drawn steps may follow each other",
          "[call_life]") {
    std::size_t steps = 0;
    for (const auto from : all_states())
        for (const auto to : all_states()) {
            bool expected = false;
            if (!is_possible(from) || !is_possible(to))
                expected = false;
            else if (from.way == to.way) // a step in phase; a closing stream asks nothing new
                expected = drawn(from.phase, to.phase) &&
                           !(to.phase == phase::asking && to.way == way::closing);
            else if (from.phase == to.phase) // a step in way
                expected = drawn(from.way, to.way) && from.phase != phase::over &&
                           (from.phase == phase::running || to.way == way::closing);
            CHECK(may_become(from, to) == expected);
            steps += expected ? 1U : 0U;
        }
    // Counted by hand, so that a slip in the rules above is noticed too: phases 11 for a reply,
    // 12 for a stream, 11 for a closing one, 10 for a task; ways 1 + 1 + 5.
    CHECK(steps == 51);
}

TEST_CASE("no step leads out of the end of a call, and none leaves a saving one but its end",
          "[call_life]") {
    for (const auto from : all_states())
        for (const auto to : all_states()) {
            if (from.phase == phase::over) CHECK_FALSE(may_become(from, to));
            if (from.phase == phase::saving && to.phase != phase::saving && may_become(from, to))
                CHECK(to.phase == phase::over);
        }
}

TEST_CASE("a call refuses a step that is not in the table and stays where it is", "[call_life]") {
    call_life life;
    CHECK(life.phase() == phase::queued);
    CHECK_THROWS_AS(life.enter(phase::asking), std::logic_error);
    CHECK_THROWS_AS(life.answer_by(way::stream), std::logic_error);
    CHECK(life.phase() == phase::queued);
    life.enter(phase::running);
    CHECK_THROWS_AS(life.enter(phase::running), std::logic_error);
    CHECK_THROWS_AS(life.enter(phase::queued), std::logic_error);
    life.enter(phase::over);
    CHECK_THROWS_AS(life.enter(phase::running), std::logic_error);
    CHECK_THROWS_AS(life.answer_by(way::task), std::logic_error);
}

TEST_CASE("a call may ask once its stream has begun and no longer when that closes",
          "[call_life]") {
    call_life life;
    CHECK_FALSE(life.may_ask());
    life.enter(phase::running);
    CHECK_FALSE(life.may_ask());
    life.answer_by(way::stream);
    REQUIRE(life.may_ask());
    CHECK(life.on_stream());
    life.enter(phase::asking);
    CHECK_FALSE(life.may_ask());  // one round at a time
    life.answer_by(way::closing); // the server stops while it asks
    life.enter(phase::running);
    CHECK_FALSE(life.may_ask());
    CHECK(life.on_stream());
    life.enter(phase::over);
}

TEST_CASE("a call that became a task answers nothing more by itself but may ask", "[call_life]") {
    call_life life;
    life.enter(phase::running);
    life.answer_by(way::task);
    CHECK(life.is_task());
    CHECK_FALSE(life.on_stream());
    CHECK(life.may_ask());
    CHECK_THROWS_AS(life.answer_by(way::stream), std::logic_error);
    CHECK_THROWS_AS(life.enter(phase::saving), std::logic_error);
}
