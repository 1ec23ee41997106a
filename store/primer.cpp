// The administrator's primer, with its last versions.
#include "base/crypto.hpp"
#include "base/fault_point.hpp"
#include "base/text.hpp"
#include "store/parts.hpp"

namespace store {

namespace {

constexpr std::int64_t kept_versions = 10;

std::string etag_of(std::string_view markdown) {
    return '"' + text::hex_encode(crypto::sha256(markdown)).substr(0, 32) + '"';
}

result<done> trim(database& db) {
    CHECK_OK(db.run("DELETE FROM primer WHERE version NOT IN (SELECT version FROM primer ORDER BY "
                    "version DESC LIMIT ?)",
                    kept_versions));
    return done{};
}

} // namespace

result<std::optional<primer_record>> store::primer() {
    TRY(row, parts_->db.query("SELECT markdown, updated_at FROM primer ORDER BY version DESC "
                              "LIMIT 1"));
    TRY(found, row.next());
    if (!found || row.is_null(0)) return std::optional<primer_record>{};
    primer_record out;
    out.markdown = row.text(0);
    out.updated_at = oauth::time_point(std::chrono::seconds(row.integer(1)));
    out.etag = etag_of(out.markdown);
    return std::optional(std::move(out));
}

result<primer_record> store::write_primer(const std::string& markdown, oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.db.run("INSERT INTO primer (markdown, updated_at) VALUES (?, ?)", markdown,
                      seconds(now)));
    fault_point("primer.row");
    CHECK_OK(trim(p.db));
    CHECK_OK(call.keep());
    primer_record out;
    out.markdown = markdown;
    out.updated_at = oauth::time_point(std::chrono::seconds(seconds(now)));
    out.etag = etag_of(markdown);
    return out;
}

result<done> store::clear_primer(oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.db.run("INSERT INTO primer (markdown, updated_at) VALUES (?, ?)", std::nullopt,
                      seconds(now)));
    fault_point("primer.row");
    CHECK_OK(trim(p.db));
    return call.keep();
}

} // namespace store
