// The administrator's primer, with its last versions.
#include "base/crypto.hpp"
#include "base/fault_point.hpp"
#include "base/text.hpp"
#include "store/parts.hpp"

#include <algorithm>

namespace store {

namespace {

constexpr std::int64_t kept_versions = 10;

std::string etag_of(std::string_view markdown) {
    return '"' + text::hex_encode(crypto::sha256(markdown)).substr(0, 32) + '"';
}

} // namespace

result<std::optional<stored::primer_record>> store::primer() {
    TRY(row, parts_->db.query("SELECT markdown, updated_at FROM primer ORDER BY version DESC "
                              "LIMIT 1"));
    TRY(found, row.next());
    if (!found || row.is_null(0)) return std::optional<stored::primer_record>{};
    stored::primer_record out;
    out.markdown = row.text(0);
    out.updated_at = oauth::time_point(std::chrono::seconds(row.integer(1)));
    out.etag = etag_of(out.markdown);
    return std::optional(std::move(out));
}

// RFC 9110 §13.1.1: If-Match compares strongly, and our etags are all strong. check_primer() runs
// inside of the change that it guards: of two administrators who saw the same version one is
// refused.
result<done> store::parts::check_primer(const stored::primer_condition& condition) {
    if (!condition.etags && !condition.absent) return done{};
    TRY(row, db.query("SELECT markdown FROM primer ORDER BY version DESC LIMIT 1"));
    TRY(found, row.next());
    const bool there = found && !row.is_null(0);
    const error changed{errc::conflict, "The primer is not the one that you last saw; read it "
                                        "again."};
    if (condition.absent && there) return changed;
    if (!condition.etags) return done{};
    const auto etag = there ? etag_of(row.text(0)) : std::string();
    for (const auto& accepted : *condition.etags)
        if (there && (accepted == "*" || accepted == etag)) return done{};
    return changed;
}

// Every change is a new version, a clearing and a roll-back too (NULL: the bundled text counts), so
// that the history tells what was in use when. AUTOINCREMENT never gives a number twice.
result<done> store::parts::add_primer(const std::string* markdown, const stored::audit_note& how,
                                      std::int64_t now) {
    if (markdown)
        CHECK_OK(db.run("INSERT INTO primer (markdown, updated_at) VALUES (?, ?)", *markdown, now));
    else
        CHECK_OK(db.run("INSERT INTO primer (markdown, updated_at) VALUES (NULL, ?)", now));
    fault_point("primer.row");
    CHECK_OK(db.run("DELETE FROM primer WHERE version NOT IN (SELECT version FROM primer ORDER BY "
                    "version DESC LIMIT ?)",
                    kept_versions));
    fault_point("primer.trimmed");
    CHECK_OK(note(how, {}, now));
    return trim_audit(how.kind);
}

result<stored::primer_record> store::write_primer(const std::string& markdown,
                                                  oauth::time_point now,
                                                  const stored::primer_condition& condition,
                                                  const std::string& source) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.check_primer(condition));
    const auto told = std::to_string(markdown.size()) + " bytes";
    CHECK_OK(
        p.add_primer(&markdown, {stored::audit_kind::primer_written, source, told}, seconds(now)));
    CHECK_OK(call.keep());
    return stored::primer_record{markdown, oauth::time_point(std::chrono::seconds(seconds(now))),
                                 etag_of(markdown)};
}

result<done> store::clear_primer(oauth::time_point now, const stored::primer_condition& condition,
                                 const std::string& source) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.check_primer(condition));
    CHECK_OK(p.add_primer(nullptr, {stored::audit_kind::primer_cleared, source, {}}, seconds(now)));
    return call.keep();
}

result<std::vector<stored::primer_version>> store::primer_versions() {
    std::vector<stored::primer_version> out;
    TRY(row, parts_->db.query("SELECT version, markdown, updated_at FROM primer ORDER BY version "
                              "DESC"));
    for (;;) {
        TRY(more, row.next());
        if (!more) return out;
        stored::primer_version one;
        one.version = row.integer(0);
        one.created_at = oauth::time_point(std::chrono::seconds(row.integer(2)));
        if (!row.is_null(1)) {
            one.markdown = row.text(1);
            one.etag = etag_of(*one.markdown);
        }
        out.push_back(std::move(one));
    }
}

result<stored::primer_version> store::roll_back_primer(std::int64_t version, oauth::time_point now,
                                                       const stored::primer_condition& condition,
                                                       const std::string& source) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.check_primer(condition));
    TRY(kept, primer_versions());
    const auto found = std::ranges::find(kept, version, &stored::primer_version::version);
    if (found == kept.end())
        return error{errc::not_found, "That version of the primer is not kept; GET "
                                      "/admin/primer/history lists those that are."};
    const auto told = "to version " + std::to_string(version);
    CHECK_OK(p.add_primer(found->markdown ? &*found->markdown : nullptr,
                          {stored::audit_kind::primer_rolled_back, source, told}, seconds(now)));
    CHECK_OK(call.keep());
    TRY(after, primer_versions());
    return after.front();
}

} // namespace store
