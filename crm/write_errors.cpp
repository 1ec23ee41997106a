// What a refused write says, and which refusals every further write would meet.
#include "crm/write.hpp"
#include "twenty/answer.hpp"

#include <utility>

namespace crm {

bool meets_all(const error& why) noexcept {
    const auto code = why.code;
    return code == errc::rate_limited || code == errc::upstream_auth || code == errc::paused ||
           code == errc::quota_used || code == errc::busy || code == errc::upstream_down ||
           code == errc::upstream_timeout || code == errc::cancelled || code == errc::unavailable ||
           code == errc::internal || why.detail == twenty::used_up;
}

write_end deleted_already(const twenty::object& of, const json::value& record) {
    const auto id = record.text("id");
    write_end out;
    out.failure =
        error(errc::conflict, "The record with this unique value is deleted: " + of.name_singular +
                                  " " + std::string(id) + ".");
    out.more =
        existing_record(of, id, "restore_record brings it back; then update_record changes it.");
    return out;
}

error unreadable(const std::string& note) {
    return {errc::not_allowed,
            note + " If it may write it, give all of its parts with replace:true."};
}

error deleted_record(const twenty::object& of, std::string_view id) {
    return {errc::conflict, "This " + of.name_singular +
                                " is deleted; nothing was changed. restore_record with id " +
                                std::string(id) +
                                " brings it back, then update_record changes it."};
}

error missing_record(const twenty::object& of) {
    return {errc::not_found,
            "There is no " + of.name_singular +
                " with this id, deleted ones included, or it is not shared with this API key."};
}

json::value existing_record(const twenty::object& of, std::string_view id, std::string_view hint) {
    json::object existing;
    existing.append("object", of.name_singular);
    existing.append("id", id);
    json::object more;
    more.append("existing", std::move(existing));
    more.append("hint", hint);
    return more;
}

} // namespace crm
