#include "maintenance_program.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "config.hpp"
#include "kept_head.hpp"
#include "open_modes.hpp"
#include "process.hpp"
#include "store/backup.hpp"
#include "store/begin_calls.hpp"
#include "store/chain_check.hpp"
#include "store/keyring.hpp"
#include "store/migrations.hpp"
#include "store/restore.hpp"

#include <algorithm>
#include <unistd.h>

namespace maintenance_program {

namespace {

constexpr const char* database_name = "/twenty-mcp.db";
// DynamicUser=yes: /var/lib/twenty-mcp is a link to it, which systemd makes at the first start.
constexpr const char* service_folder = "/var/lib/private/twenty-mcp";

bool is_root_beside_the_package() {
    return ::geteuid() == 0 && ::access(open_modes::settings_folder, R_OK | X_OK) == 0;
}

// An administrator's shell has none of the unit's variables. So for root the service's own folders
// stand in for them, where the package is installed.
std::optional<std::string> variable(std::string_view name) {
    auto given = process::variable(name);
    if (given && !given->empty()) return given;
    if (name == "CREDENTIALS_DIRECTORY" && is_root_beside_the_package())
        return open_modes::settings_folder;
    return std::nullopt;
}

std::string data_folder() {
    if (auto given = variable("TWENTY_MCP_DATA_DIR")) return *std::move(given);
    if (variable("STATE_DIRECTORY") || !is_root_beside_the_package())
        return default_data_dir(variable);
    return service_folder;
}

// One of the two settings that a restore reads; without it the check of the key is left out.
result<done> read_setting(std::string_view name, config& into) {
    auto row = *std::ranges::find(settings(), name, &setting::name);
    row.required = false;
    TRY(value, value_of(row, variable, process::read_file));
    if (!value) return done{};
    if (auto read = row.read(value->reveal(), into); !read)
        return bad_request(std::string(name) + " " + read.failure().message);
    return done{};
}

result<done> read_server_keys(config& into) {
    auto read = read_setting("COOKIE_ENCRYPTION_KEY", into);
    if (read) read = read_setting("COOKIE_ENCRYPTION_KEY_PREVIOUS", into);
    process::forget_secrets(settings());
    return read;
}

// Names that a shell's redirection would suggest, and that would become a file.
result<done> check_name(const std::string& file) {
    if (file.empty() || file == "-") return bad_request("give the name of a file");
    return done{};
}

std::string counted(std::int64_t n, const std::string& noun) {
    return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

std::string moment(const store::file_facts& of) {
    return of.newest ? text::iso_time(store::seconds(*of.newest)) : "an unknown time";
}

std::string about(const store::file_facts& of) {
    return std::to_string(of.bytes) + " bytes, database version " + std::to_string(of.version) +
           ", " + counted(of.grants, "connection") +
           (of.newest ? ", the newest entry of " + moment(of) : std::string());
}

std::string revived(const store::restored& it) {
    if (it.ended > 0)
        return counted(it.ended, "connection") + " ended: everybody connects again.\n";
    if (it.backup.grants == 0 || it.revived == 0) return {};
    const auto some = it.revived ? counted(*it.revived, "connection") + " of the backup that ended "
                                                                        "later, perhaps because "
                                                                        "somebody ended them, live"
                                 : std::string("Connections that ended later live");
    return "warning: " + some +
           " again. End them over /admin/connections, or restore once more with "
           "--end-connections.\n";
}

} // namespace

result<std::string> back_up(const backup_options& chosen) {
    CHECK_OK(check_name(chosen.file));
    const auto database = data_folder() + database_name;
    TRY(facts, store::back_up(database, chosen.file, chosen.replace));
    return chosen.file + " is a backup of " + database + ": " + about(facts) +
           ".\nCOOKIE_ENCRYPTION_KEY is not in it, and without it nobody can use it: keep a copy "
           "of the key in another place.\n";
}

result<std::string> restore(const restore_options& chosen) {
    CHECK_OK(check_name(chosen.file));
    config keys;
    CHECK_OK(read_server_keys(keys));
    const auto folder = data_folder();
    CHECK_OK(process::make_private_folder(folder));
    TRY(alone, process::folder_lock::take(folder));
    store::restore_request request;
    request.database = folder + database_name;
    request.file = chosen.file;
    request.key = keys.cookie_encryption_key;
    request.previous = keys.previous_keys;
    request.end_connections = chosen.end_connections;
    request.now = oauth::clock::now();
    TRY(it, store::restore(request));
    auto said =
        request.database + " is the one of " + chosen.file + ": " + about(it.backup) + ".\n";
    if (!it.kept_as.empty()) said += "The one before it is kept as " + it.kept_as + ".\n";
    if (request.key.empty())
        said += "warning: COOKIE_ENCRYPTION_KEY is not set here, so nobody has tried whether it "
                "opens this database; the next start will.\n";
    if (!chosen.end_connections && it.backup.grants > 0)
        said += "warning: everything is as it was at " + moment(it.backup) +
                ". Clients that have renewed their tokens since then have to connect again.\n";
    return said + revived(it);
}

namespace {

// The secret of the database; empty: there is none yet, or no server key is here.
result<secret> instance_of(store::database& db) {
    config keys;
    CHECK_OK(read_server_keys(keys));
    if (keys.cookie_encryption_key.empty()) return secret();
    TRY(row, db.query("SELECT kid, sealed FROM instance"));
    TRY(found, row.next());
    if (!found) return secret();
    return store::open_instance(store::keyring(keys.cookie_encryption_key, keys.previous_keys),
                                row.text(0), row.text(1));
}

// The key that the head of the chain has to be signed with; empty: nobody knows it here.
result<std::string> signing_key(store::database& db, const verify_options& chosen) {
    if (!chosen.public_key.empty()) {
        auto given = text::hex_decode(chosen.public_key);
        if (!given || given->size() != crypto::key_bytes)
            return bad_request("--public-key is 64 hexadecimal digits, as /admin/calls/chain has "
                               "them");
        return *std::move(given);
    }
    TRY(instance, instance_of(db));
    return instance.empty() ? std::string() : store::chain_key(instance).public_half();
}

std::string before(const stored::call_break& what) {
    return "calls up to " + std::to_string(what.ended) + " prove nothing: " + what.why() +
           ", and an administrator began the trail anew at " + oauth::iso_time(what.at) + ".\n";
}

std::string_view said_of(store::kept_head_found found) {
    switch (found) {
    case store::kept_head_found::unasked:
        return "";
    case store::kept_head_found::too_old:
        return "The call of the head that was kept has gone by age or number: nothing can be said "
               "of it. Keep a newer one.\n";
    case store::kept_head_found::yes:
        return "The trail goes on from the head that was kept.\n";
    case store::kept_head_found::no:
    case store::kept_head_found::before:
        break;
    }
    return "";
}

} // namespace

result<std::string> verify_calls(const verify_options& chosen) {
    TRY(kept, kept_head::read(chosen.head_file));
    const auto file = data_folder() + database_name;
    TRY(db, store::database::open_to_read(file));
    CHECK_OK(store::read_version(db, static_cast<std::int64_t>(store::all_migrations().size())));
    TRY(key, signing_key(db, chosen));
    std::optional<store::kept_head> last_kept;
    if (kept) last_kept = store::kept_head{kept->last, kept->hash};
    if (kept) CHECK_OK(kept_head::check_signature(*kept, chosen.head_file, key));
    TRY(found, store::check_chain(db, key, last_kept));
    if (found.broken_at)
        return error{errc::conflict, file + ": call " + std::to_string(*found.broken_at) +
                                         " is not as it was written, or is missing; " +
                                         counted(found.calls, "call") + " before it are whole"};
    if (!key.empty() && !found.signed_by_key)
        return error{errc::conflict, file + ": the head of the trail (call " +
                                         std::to_string(found.last) +
                                         ") is not signed by this key: its end may have been cut "
                                         "off"};
    if (found.kept == store::kept_head_found::no)
        return error{errc::conflict, file + ": the trail is not the one of " + chosen.head_file +
                                         ": call " + std::to_string(kept->last) +
                                         " is another one, or is gone. An older database may have "
                                         "been put back"};
    if (found.kept == store::kept_head_found::before)
        return error{errc::conflict, file + ": the trail was begun anew after call " +
                                         std::to_string(found.anew->ended) + ", and " +
                                         chosen.head_file + " is of call " +
                                         std::to_string(kept->last) +
                                         ": nothing proves what became of it. Keep a newer head"};
    auto said = file + ": " + counted(found.calls, "call");
    if (found.calls > 0)
        said += " (" + std::to_string(found.first) + " to " + std::to_string(found.last) + ")";
    said += " as they were written";
    if (key.empty())
        said += ". COOKIE_ENCRYPTION_KEY is not set here and --public-key was not given, so "
                "nobody has looked whether the end was cut off" +
                std::string(kept ? ", nor who signed the head that was kept.\n" : ".\n");
    else
        said += ", and the head is signed.\n";
    said.append(said_of(found.kept));
    if (found.anew) said += "warning: " + before(*found.anew);
    return said;
}

// A running service would go on with the head that it knows.
result<std::string> begin_calls(const begin_options& chosen) {
    if (!chosen.sure)
        return bad_request(
            "calls up to now prove nothing once the trail is begun anew: find out who "
            "changed them, keep a copy (twenty-mcp backup), and say --yes");
    const auto folder = data_folder();
    CHECK_OK(process::check_private_folder(folder));
    TRY(alone, process::folder_lock::take(folder));
    const auto file = folder + database_name;
    TRY(db, store::database::open_present(file));
    const auto newest = static_cast<std::int64_t>(store::all_migrations().size());
    TRY(version, store::read_version(db, newest));
    if (version != newest)
        return bad_request(file + " has version " + std::to_string(version) + " of " +
                           std::to_string(newest) + "; start the service once, which upgrades it");
    TRY(instance, instance_of(db));
    if (instance.empty())
        return bad_request(
            "COOKIE_ENCRYPTION_KEY is not set here, and nobody else can sign a head");
    TRY(begun, store::begin_calls_anew(db, instance, oauth::clock::now()));
    return file + ": " + before(begun) + "The next call is " + std::to_string(begun.ended + 1) +
           ". Start the service, and keep a new head (twenty-mcp admin call-chain --json).\n";
}

} // namespace maintenance_program
