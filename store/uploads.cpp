// What the administrator uploads, the primer and skills, with the last versions of each.
#include "base/crypto.hpp"
#include "base/fault_point.hpp"
#include "base/text.hpp"
#include "store/parts.hpp"

#include <algorithm>

namespace store {

namespace {

using stored::audit_kind;

constexpr std::int64_t kept_versions = 10;

bool is_skill(std::string_view name) { return name != stored::the_primer; }

std::string noun(std::string_view name) { return is_skill(name) ? "skill" : "primer"; }

// The audit's word for a change: of the primer, of a skill. A skill's row names the skill.
struct told_as {
    audit_kind primer;
    audit_kind skill;
};
constexpr told_as written{audit_kind::primer_written, audit_kind::skill_written};
constexpr told_as taken_back{audit_kind::primer_cleared, audit_kind::skill_removed};
constexpr told_as rolled_back{audit_kind::primer_rolled_back, audit_kind::skill_rolled_back};

stored::audit_note noted(const told_as& how, std::string_view name, const std::string& source,
                         std::string detail) {
    if (!is_skill(name)) return {how.primer, source, std::move(detail)};
    auto skill = std::string(name.substr(name.find('/') + 1));
    if (!detail.empty()) skill += ", " + detail;
    return {how.skill, source, std::move(skill)};
}

stored::upload_version read_version(const statement& row) {
    stored::upload_version one;
    one.version = row.integer(0);
    one.created_at = time_of(row.integer(2));
    if (row.is_null(1)) return one;
    one.text = row.text(1);
    one.etag = crypto::etag(*one.text);
    return one;
}

result<std::optional<stored::upload_version>> find_newest(database& db, std::string_view name) {
    TRY(row,
        db.query("SELECT version, text, updated_at FROM uploads WHERE name = ? ORDER BY version "
                 "DESC LIMIT 1",
                 name));
    TRY(found, row.next());
    if (!found) return std::optional<stored::upload_version>{};
    return std::optional(read_version(row));
}

struct kept {
    stored::upload_version what;
    std::string about;
};

result<std::optional<kept>> find_kept(database& db, std::string_view name, std::int64_t version) {
    TRY(row, db.query("SELECT version, text, updated_at, about FROM uploads WHERE name = ? AND "
                      "version = ?",
                      name, version));
    TRY(found, row.next());
    if (!found) return std::optional<kept>{};
    return std::optional(kept{read_version(row), row.text(3)});
}

} // namespace

result<std::optional<stored::upload_record>> store::upload(std::string_view name) {
    TRY(newest, find_newest(parts_->db, name));
    if (!newest || !newest->text) return std::optional<stored::upload_record>{};
    return std::optional(stored::upload_record{*std::move(newest->text), newest->created_at,
                                               std::move(newest->etag)});
}

// The newest versions are found in the index, so that of all that is kept no text is read.
result<std::vector<stored::skill_row>> store::skills() {
    TRY(row, parts_->db.query("SELECT about, version, updated_at FROM uploads WHERE version IN "
                              "(SELECT max(version) FROM uploads WHERE name <> ? GROUP BY name) "
                              "AND text IS NOT NULL ORDER BY name",
                              stored::the_primer));
    std::vector<stored::skill_row> out;
    for (;;) {
        TRY(more, row.next());
        if (!more) return out;
        out.push_back({row.text(0), row.integer(1), time_of(row.integer(2))});
    }
}

// RFC 9110 §13.1.1: If-Match compares strongly, and our etags are all strong. check_upload() runs
// inside of the change that it guards: of two administrators who saw the same version one is
// refused.
result<done> store::parts::check_upload(std::string_view name,
                                        const stored::upload_condition& condition) {
    if (!condition.etags && !condition.absent) return done{};
    TRY(row,
        db.query("SELECT text FROM uploads WHERE name = ? ORDER BY version DESC LIMIT 1", name));
    TRY(found, row.next());
    const bool there = found && !row.is_null(0);
    const error changed{errc::conflict, "The " + noun(name) +
                                            " is not the one that you last saw; "
                                            "read it again."};
    if (condition.absent && there)
        return error{errc::conflict, "There is a " + noun(name) +
                                         " already, and this was only to make a new one; read "
                                         "it, and replace the one that you saw."};
    if (!condition.etags) return done{};
    const auto etag = there ? crypto::etag(row.text(0)) : std::string();
    for (const auto& accepted : *condition.etags)
        if (there && (accepted == "*" || accepted == etag)) return done{};
    return changed;
}

result<done> store::parts::check_room_for(std::string_view name) {
    if (!is_skill(name)) return done{};
    TRY(row, db.query("SELECT count(*) FROM uploads WHERE version IN (SELECT max(version) FROM "
                      "uploads WHERE name NOT IN (?, ?) GROUP BY name) AND text IS NOT NULL",
                      stored::the_primer, name));
    TRY(found, row.next());
    if (!found || row.integer(0) < stored::most_skills) return done{};
    return error{errc::too_large, "There are " + std::to_string(stored::most_skills) +
                                      " skills already, the most that are kept; remove one."};
}

// Every change is a new version, a clearing and a roll-back too (NULL: taken back), so that the
// history tells what was in use when. AUTOINCREMENT never gives a number twice. What is kept is
// bounded: versions of an upload, and skills that were removed.
result<done> store::parts::add_upload(std::string_view name, const stored::upload_version& what,
                                      const std::string& about, const stored::audit_note& how,
                                      std::int64_t now) {
    if (what.text)
        CHECK_OK(db.run("INSERT INTO uploads (name, text, about, updated_at) VALUES (?, ?, ?, ?)",
                        name, *what.text, about, now));
    else
        CHECK_OK(
            db.run("INSERT INTO uploads (name, text, updated_at) VALUES (?, NULL, ?)", name, now));
    fault_point("upload.row");
    CHECK_OK(db.run("DELETE FROM uploads WHERE name = ? AND version NOT IN (SELECT version FROM "
                    "uploads WHERE name = ? ORDER BY version DESC LIMIT ?)",
                    name, name, kept_versions));
    CHECK_OK(db.run("DELETE FROM uploads WHERE name IN (SELECT name FROM uploads WHERE version IN "
                    "(SELECT max(version) FROM uploads WHERE name <> ? GROUP BY name) AND text IS "
                    "NULL ORDER BY version DESC LIMIT -1 OFFSET ?)",
                    stored::the_primer, stored::most_skills));
    fault_point("upload.trimmed");
    CHECK_OK(note(how, {}, now));
    return trim_audit(how.kind);
}

result<stored::upload_record> store::write_upload(std::string_view name, const std::string& text,
                                                  oauth::time_point now,
                                                  const stored::upload_condition& condition,
                                                  const std::string& source,
                                                  const std::string& about) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.check_upload(name, condition));
    CHECK_OK(p.check_room_for(name));
    stored::upload_version added;
    added.text = text;
    const auto how = noted(written, name, source, std::to_string(text.size()) + " bytes");
    CHECK_OK(p.add_upload(name, added, about, how, seconds(now)));
    CHECK_OK(call.keep());
    return stored::upload_record{text, time_of(seconds(now)), crypto::etag(text)};
}

// Threat: taking back what is not there, again and again, fills the histories with nothing, and
// what was in them goes. Defence: it changes nothing.
result<bool> store::clear_upload(std::string_view name, oauth::time_point now,
                                 const stored::upload_condition& condition,
                                 const std::string& source) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.check_upload(name, condition));
    TRY(there, upload(name));
    if (!there) return false;
    CHECK_OK(p.add_upload(name, {}, {}, noted(taken_back, name, source, {}), seconds(now)));
    CHECK_OK(call.keep());
    return true;
}

result<std::vector<stored::upload_version>> store::upload_versions(std::string_view name) {
    std::vector<stored::upload_version> out;
    TRY(row, parts_->db.query("SELECT version, text, updated_at FROM uploads WHERE name = ? "
                              "ORDER BY version DESC",
                              name));
    for (;;) {
        TRY(more, row.next());
        if (!more) return out;
        out.push_back(read_version(row));
    }
}

result<stored::upload_version> store::roll_back_upload(std::string_view name, std::int64_t version,
                                                       oauth::time_point now,
                                                       const stored::upload_condition& condition,
                                                       const std::string& source) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.check_upload(name, condition));
    TRY(back, find_kept(p.db, name, version));
    if (!back)
        return error{errc::not_found, "That version of the " + noun(name) +
                                          " is not kept; its history lists those that are."};
    if (back->what.text) CHECK_OK(p.check_room_for(name));
    if (!back->what.text) {
        TRY(in_use, upload(name));
        if (!in_use) return back->what; // as it is: see clear_upload()
    }
    const auto how = noted(rolled_back, name, source, "to version " + std::to_string(version));
    CHECK_OK(p.add_upload(name, back->what, back->about, how, seconds(now)));
    CHECK_OK(call.keep());
    TRY(after, find_newest(p.db, name));
    return *after;
}

} // namespace store
