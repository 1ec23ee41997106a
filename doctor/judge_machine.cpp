#include "doctor/judge_machine.hpp"

#include "base/text.hpp"
#include "http/address_ranges.hpp"

namespace doctor {

namespace {

std::string octal(unsigned mode) {
    std::string out = "0";
    for (const unsigned shift : {6U, 3U, 0U})
        out += static_cast<char>('0' + ((mode >> shift) & 7U));
    return out;
}

} // namespace

finding judge_folder(const std::string& path, const file_facts& seen, unsigned user) {
    if (!seen.failed.empty()) return failed(path + ": " + seen.failed);
    if (!seen.there)
        return warning(path + " is not there",
                       "The service makes it at its first start. If it has run already, the "
                       "setting TWENTY_MCP_DATA_DIR is not the one that it runs with.");
    if (!seen.folder) return failed(path + " is no folder");
    if ((seen.mode & 077U) != 0) return failed(path + " has mode " + octal(seen.mode));
    if (user != 0 && seen.owner != user)
        return failed(path + " belongs to user " + std::to_string(seen.owner) + ", not to " +
                      std::to_string(user));
    return ok(path + ", mode " + octal(seen.mode));
}

finding judge_disk(const result<std::uint64_t>& free_bytes) {
    if (!free_bytes) return failed(free_bytes.failure().message);
    constexpr std::uint64_t megabyte = 1'000'000;
    const auto text = std::to_string(*free_bytes / megabyte) + " MB free";
    if (*free_bytes < 20 * megabyte) return failed(text);
    return *free_bytes < 200 * megabyte ? warning(text) : ok(text);
}

finding judge_database(const file_facts& file, const result<std::string>& checked) {
    if (!file.failed.empty()) return failed(file.failed);
    if (!file.there) return skipped("there is no database yet");
    if ((file.mode & 077U) != 0)
        return failed("the file has mode " + octal(file.mode),
                      "Close it to others: chmod 600 on the file.");
    if (!checked) return failed(shown(checked.failure().message + ": " + checked.failure().detail));
    return ok(shown(*checked));
}

finding judge_key_file(const std::string& path, const file_facts& seen) {
    if (!seen.failed.empty()) return skipped(path + ": " + seen.failed);
    if (!seen.there) return skipped(path + " is not there");
    if (seen.stream) return skipped("the key is in no file");
    if ((seen.mode & 077U) != 0) return warning(path + " has mode " + octal(seen.mode));
    return ok("closed to others");
}

finding judge_key_files(const std::vector<std::pair<std::string, file_facts>>& files) {
    std::size_t seen = 0;
    for (const auto& [path, facts] : files) {
        if (!facts.failed.empty()) return failed(path + ": " + facts.failed);
        if (!facts.there) continue;
        ++seen;
        if ((facts.mode & 077U) != 0) return failed(path + " has mode " + octal(facts.mode));
    }
    if (seen == 0) return skipped("no key is in a file");
    return ok(std::to_string(seen) + " files, closed to others");
}

finding judge_trusted_proxies(bool listens_on_loopback, bool only_loopback_trusted) {
    if (listens_on_loopback || !only_loopback_trusted)
        return ok("they suit the address that is listened on");
    return warning("the server listens on the network, and believes proxies of this machine alone");
}

// Without X-Forwarded-For, or with one that the server does not believe, all clients have the
// proxy's address, and share its limits.
finding judge_forwarded(std::string_view source, std::string_view own_address) {
    if (source.empty()) return skipped("the server could not be asked through the proxy");
    const auto own = http::address_prefix(own_address);
    const auto is_local = [](std::string_view network) {
        return network.starts_with("127.") || network.starts_with("::/") || network == "-";
    };
    if (is_local(own)) return skipped("this machine reaches the proxy over its loopback address");
    if (is_local(source))
        return failed("a request from " + own + " is taken for one of the proxy's, " +
                      shown(source));
    return ok("a request from " + own + " is seen as from " + shown(source));
}

} // namespace doctor
