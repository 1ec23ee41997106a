// The steps of the administrator: each is undone with what it wrote down, or kept with it.
#include "store/chain_check.hpp"
#include "tests/store/fault_points.hpp"

#include <array>

namespace store_tests {

namespace {

using stored::audit_kind;

// What was written down of this round.
std::vector<stored::audit_row> written(store::store& s, const scene& it, audit_kind kind) {
    stored::audit_query query;
    query.kind = kind;
    query.limit = static_cast<std::size_t>(stored::audit_rows_of_a_kind);
    auto rows = s.audit(query);
    REQUIRE(rows.ok());
    std::erase_if(*rows, [&](const auto& row) { return row.source != it.name; });
    return *std::move(rows);
}

// -- Connections ---------------------------------------------------------------------------------

answer end(store::store& s, const scene& it, const stored::grant_choice& choice) {
    auto ended = s.end_chosen(choice, it.name, it.now);
    if (!ended) return std::move(ended).failure();
    return *std::move(ended);
}
answer end_one_chosen(store::store& s, const scene& it) {
    stored::grant_choice choice;
    choice.id = it.grant;
    return end(s, it, choice);
}
answer end_key(store::store& s, const scene& it) {
    stored::grant_choice choice;
    choice.key_id = it.name;
    return end(s, it, choice);
}
answer end_all_chosen(store::store& s, const scene& it) {
    stored::grant_choice choice;
    choice.all = true;
    return end(s, it, choice);
}

// The summary and the rows of the connections tell of each other, or there is none of either.
void check_told(store::store& s, const scene& it, bool kept, const std::string& what) {
    const auto summary = written(s, it, audit_kind::connections_revoked);
    const auto ended = written(s, it, audit_kind::ended_by_admin);
    REQUIRE(summary.size() == (kept ? 1U : 0U));
    CHECK(ended.empty() == !kept);
    if (!kept) return;
    CHECK(summary.front().detail == what + ": " + std::to_string(ended.size()) + " ended");
    CHECK(std::ranges::count(ended, it.grant, &stored::audit_row::grant_id) == 1);
}
void check_admin_one(store::store& s, scene& it, bool kept) {
    check_told(s, it, kept, "id " + it.grant);
    check_one_ended(s, it, kept);
}
void check_admin_key(store::store& s, scene& it, bool kept) {
    check_told(s, it, kept, "key " + it.name);
    check_all_ended(s, it, kept);
}
void check_admin_all(store::store& s, scene& it, bool kept) {
    check_told(s, it, kept, "all");
    const auto left = found_grants(s, {}, 1, {}, it.now);
    REQUIRE(left.ok());
    CHECK(left->grants.empty() == kept);
    check_all_ended(s, it, kept);
}

// -- The primer ----------------------------------------------------------------------------------

void set_primer(store::store& s, scene& it) {
    REQUIRE(s.write_upload(stored::the_primer, "before " + it.name, it.now).ok());
    REQUIRE(s.commit().ok());
}
void check_in_use(store::store& s, const std::string& expected) {
    const auto found = s.upload(stored::the_primer);
    REQUIRE(found.ok());
    REQUIRE(found->has_value());
    CHECK((*found)->text == expected);
}
void check_noted(store::store& s, const scene& it, bool kept, audit_kind kind,
                 const std::string& detail) {
    const auto rows = written(s, it, kind);
    REQUIRE(rows.size() == (kept ? 1U : 0U));
    if (kept) CHECK(rows.front().detail == detail);
}

answer write_primer(store::store& s, const scene& it) {
    auto written = s.write_upload(stored::the_primer, "after " + it.name, it.now, {}, it.name);
    if (!written) return std::move(written).failure();
    return std::vector<std::string>{};
}
void check_primer(store::store& s, scene& it, bool kept) {
    const auto after = "after " + it.name;
    check_in_use(s, kept ? after : "before " + it.name);
    check_noted(s, it, kept, audit_kind::primer_written, std::to_string(after.size()) + " bytes");
}

answer clear_primer(store::store& s, const scene& it) {
    auto cleared = s.clear_upload(stored::the_primer, it.now, {}, it.name);
    if (!cleared) return std::move(cleared).failure();
    return std::vector<std::string>{};
}
void check_cleared(store::store& s, scene& it, bool kept) {
    const auto found = s.upload(stored::the_primer);
    REQUIRE(found.ok());
    CHECK(found->has_value() == !kept);
    check_noted(s, it, kept, audit_kind::primer_cleared, {});
}

void set_primer_twice(store::store& s, scene& it) {
    set_primer(s, it);
    REQUIRE(s.write_upload(stored::the_primer, "after " + it.name, it.now).ok());
    REQUIRE(s.commit().ok());
}
answer roll_back(store::store& s, const scene& it) {
    const auto versions = s.upload_versions(stored::the_primer);
    if (!versions) return versions.failure();
    auto back =
        s.roll_back_upload(stored::the_primer, versions->at(1).version, it.now, {}, it.name);
    if (!back) return std::move(back).failure();
    return std::vector<std::string>{};
}
void check_rolled_back(store::store& s, scene& it, bool kept) {
    check_in_use(s, (kept ? "before " : "after ") + it.name);
    const auto versions = s.upload_versions(stored::the_primer);
    REQUIRE(versions.ok());
    const auto& earlier = versions->at(kept ? 2 : 1);
    CHECK(earlier.text == "before " + it.name); // the history has lost nothing
    check_noted(s, it, kept, audit_kind::primer_rolled_back,
                "to version " + std::to_string(earlier.version));
}

// -- A call that is only written down ------------------------------------------------------------

answer note_call(store::store& s, const scene& it) {
    return told_nothing(s.note({audit_kind::admin_called, it.name, "GET /admin"}, it.now));
}
void note_once(store::store& s, scene& it) {
    REQUIRE(note_call(s, it).ok());
    REQUIRE(s.commit().ok());
}
void check_counted(store::store& s, scene& it, bool kept) {
    const auto rows = written(s, it, audit_kind::admin_called);
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().times == (kept ? 2 : 1));
}

// -- Calls of tools ------------------------------------------------------------------------------

answer note_tool_calls(store::store& s, const scene& it) {
    std::vector<stored::call_record> calls(3);
    for (auto& call : calls) {
        call.at = it.now;
        call.tool = "find_records";
        call.outcome = "ok";
        call.request_id = it.name;
    }
    return told_nothing(s.note_calls(std::move(calls)));
}
// All of a batch or none, and the chain ends with the last one that is there.
void check_chain(store::store& s, scene& it, bool kept) {
    stored::call_query query;
    query.limit = 1000;
    auto calls = s.calls(query);
    REQUIRE(calls.ok());
    CHECK(std::ranges::count(*calls, it.name, &stored::call_record::request_id) == (kept ? 3 : 0));
    const auto chain = s.call_chain();
    REQUIRE(chain.ok());
    const auto checked = s.check_calls(chain->public_key);
    REQUIRE(checked.ok());
    CHECK(checked->signed_by_key);
    CHECK_FALSE(checked->broken_at);
}

// -- Pauses of writes ----------------------------------------------------------------------------

stored::write_pause pause_of(const scene& it) {
    return {{stored::pause_scope::connection, it.grant}, it.name, it.now};
}
answer pause(store::store& s, const scene& it) {
    return told_nothing(s.pause_writes(pause_of(it), it.name, it.now));
}
answer resume(store::store& s, const scene& it) {
    auto resumed = s.resume_writes(pause_of(it).of, it.name, it.now);
    if (!resumed) return std::move(resumed).failure();
    return std::vector<std::string>{};
}
void pause_before(store::store& s, scene& it) {
    log_in_twice(s, it);
    REQUIRE(pause(s, it).ok());
    REQUIRE(s.commit().ok());
}
void check_pause(store::store& s, const scene& it, bool there, bool told, audit_kind kind) {
    const auto all = s.pauses();
    REQUIRE(all.ok());
    const auto of = [](const auto& one) { return one.of; };
    CHECK(std::ranges::count(*all, pause_of(it).of, of) == (there ? 1 : 0));
    CHECK(written(s, it, kind).size() == (told ? 1U : 0U));
}
void check_paused(store::store& s, scene& it, bool kept) {
    check_pause(s, it, kept, kept, audit_kind::writes_paused);
}
void check_resumed(store::store& s, scene& it, bool kept) {
    check_pause(s, it, !kept, kept, audit_kind::writes_resumed);
}

void prepare_nothing(store::store&, scene&) {}

} // namespace

std::span<const fault_step> admin_fault_steps() {
    static constexpr std::array<fault_step, 10> table{{
        {"admin_end_one", log_in_twice, end_one_chosen, check_admin_one},
        {"admin_end_key", log_in_twice, end_key, check_admin_key},
        {"admin_end_all", log_in_twice, end_all_chosen, check_admin_all, true},
        {"primer", set_primer, write_primer, check_primer},
        {"primer_clear", set_primer, clear_primer, check_cleared},
        {"primer_rollback", set_primer_twice, roll_back, check_rolled_back},
        {"note", note_once, note_call, check_counted},
        {"pause", log_in_twice, pause, check_paused},
        {"resume", pause_before, resume, check_resumed},
        {"calls", prepare_nothing, note_tool_calls, check_chain},
    }};
    return table;
}

} // namespace store_tests
