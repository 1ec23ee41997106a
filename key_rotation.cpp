#include "key_rotation.hpp"

#include "base/crypto.hpp"
#include "base/fault_point.hpp"
#include "base/new_file.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "config_values.hpp"
#include "process.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace key_rotation {

namespace {

constexpr const char* current_name = "COOKIE_ENCRYPTION_KEY";
constexpr const char* previous_name = "COOKIE_ENCRYPTION_KEY_PREVIOUS";

// Two rotations at one time would lose the key that one of them has made.
class folder_hold {
  public:
    static result<folder_hold> take(const std::string& folder) {
        folder_hold out(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (out.file_ < 0)
            return bad_request(folder + " cannot be opened: " + files::reason(errno));
        if (::flock(out.file_, LOCK_EX | LOCK_NB) != 0)
            return bad_request(folder + " is in use by another rotation");
        return out;
    }
    folder_hold(folder_hold&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    folder_hold& operator=(folder_hold&&) = delete;
    ~folder_hold() {
        if (file_ >= 0) ::close(file_);
    }
    // Threat: others read a key in the moment before its mode is right, or put another in its
    // place. Defence: the folder is closed first.
    [[nodiscard]] result<done> close_to_others(const std::string& folder) const {
        struct stat is {};
        if (::fstat(file_, &is) != 0 ||
            ((is.st_mode & 0027) != 0 && ::fchmod(file_, is.st_mode & 0750) != 0))
            return bad_request(folder + " cannot be closed to others: " + files::reason(errno));
        return done{};
    }

  private:
    explicit folder_hold(int file) noexcept : file_(file) {}
    int file_;
};

// Empty: no such file, or nothing in it. A link is not followed: what it leads to is somebody
// else's to change.
result<std::vector<secret>> read_keys(const std::string& path) {
    struct stat is {};
    if (::lstat(path.c_str(), &is) != 0) {
        if (errno == ENOENT) return std::vector<secret>{};
        return bad_request(path + " cannot be read: " + files::reason(errno));
    }
    if (!S_ISREG(is.st_mode)) return bad_request(path + " is no plain file; change its origin");
    TRY(content, process::read_file(path));
    const secret raw(std::move(content));
    const auto list = text::trim(raw.reveal());
    if (list.empty()) return std::vector<secret>{};
    auto keys = config_values::server_keys(list);
    if (!keys) return bad_request(path + ": " + keys.failure().message);
    return keys;
}

// A value in the settings file wins over the key's own file, so that a new one there would change
// nothing.
result<done> check_settings_file(const std::string& folder) {
    const auto path = folder + "/twenty-mcp.env";
    auto content = process::read_file(path);
    if (!content) return done{};
    const secret raw(*std::move(content));
    for (const auto& line : text::split(raw.reveal(), '\n'))
        if (text::trim(line).starts_with(current_name))
            return bad_request(path + " sets " +
                               std::string(text::trim(line).substr(0, text::trim(line).find('='))) +
                               ", which wins over the file of that name; take it out there first");
    return done{};
}

result<done> write_keys(const std::string& folder, const char* name,
                        const std::vector<secret>& keys) {
    std::string list;
    for (const auto& key : keys)
        list += (list.empty() ? "" : ",") + text::hex_encode(key.reveal());
    const secret content(std::move(list));
    const auto path = folder + "/" + name;
    TRY(file, files::new_file::begin(path, folder + "/" + current_name));
    CHECK_OK(file.append(content.reveal()));
    return file.finish(true);
}

// The key in use is written to the older ones first: a death before the second file leaves it in
// both, and the next rotation goes on from there.
result<std::string> rotate(const std::string& folder) {
    const auto current_path = folder + "/" + current_name;
    TRY(current, read_keys(current_path));
    if (current.size() != 1)
        return bad_request(current_path + (current.empty() ? " is not there or empty"
                                                           : " holds more than one key"));
    TRY(older, read_keys(folder + "/" + previous_name));
    std::erase_if(older, [&](const secret& key) { return key.reveal() == current[0].reveal(); });
    older.insert(older.begin(), current[0]);
    CHECK_OK(write_keys(folder, previous_name, older));
    fault_point("rotate_key.previous_kept");
    CHECK_OK(write_keys(folder, current_name, {secret(crypto::random_bytes(crypto::key_bytes))}));
    fault_point("rotate_key.done");
    return "A new key is in " + current_path + ", and the one before it in " + previous_name +
           ". Next:\n"
           "  systemctl restart twenty-mcp\n"
           "  GET /admin/keys, until it says \"done\": true\n"
           "  twenty-mcp rotate-key --finish --yes, and restart once more\n"
           "Backups from before now need the older key: keep a copy of it with them.\n";
}

result<std::string> finish(const std::string& folder, bool sure) {
    const auto path = folder + "/" + previous_name;
    TRY(older, read_keys(path));
    if (older.empty()) return std::string("There are no older keys.\n");
    if (!sure)
        return bad_request("connections that still need an older key would have to be made again. "
                           "When GET /admin/keys says \"done\": true, run it with --yes");
    if (::unlink(path.c_str()) != 0)
        return bad_request(path + " cannot be removed: " + files::reason(errno));
    fault_point("rotate_key.finished");
    CHECK_OK(files::sync_folder_of(path));
    return "The older keys are gone from " + folder + ". Next: systemctl restart twenty-mcp\n";
}

} // namespace

result<std::string> run(const options& chosen) {
    TRY(hold, folder_hold::take(chosen.folder));
    CHECK_OK(check_settings_file(chosen.folder));
    CHECK_OK(hold.close_to_others(chosen.folder));
    if (chosen.finish) return finish(chosen.folder, chosen.sure);
    return rotate(chosen.folder);
}

} // namespace key_rotation
