#include "open_modes.hpp"

#include "base/log.hpp"
#include "config.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <sys/stat.h>

namespace open_modes {

namespace {

void look(const std::string& path, unsigned wanted, std::vector<found>& into) {
    struct stat is {};
    if (::stat(path.c_str(), &is) != 0) return;
    const auto mode = static_cast<unsigned>(is.st_mode) & 0777U;
    if ((mode & ~wanted) != 0) into.push_back({path, mode, wanted});
}

std::string octal(unsigned mode) {
    std::array<char, 8> text{};
    (void)std::snprintf(text.data(), text.size(), "%04o", mode);
    return text.data();
}

constexpr unsigned private_file = 0700; // whatever its owner may do
constexpr unsigned settings_mode = 0750;

} // namespace

std::vector<found> in_data_folder(const std::string& folder) {
    std::vector<found> out;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed))
        if (entry.path().filename().string().starts_with("twenty-mcp.db"))
            look(entry.path().string(), private_file, out);
    return out;
}

std::vector<found> in_settings_folder(const std::string& folder) {
    std::vector<found> out;
    look(folder, settings_mode, out);
    for (const auto& s : settings())
        if (s.is_secret) look(folder + "/" + std::string(s.name), private_file, out);
    return out;
}

void warn(const std::vector<found>& of) {
    for (const auto& one : of)
        logging::event(logging::level::warning, "open_mode",
                       {{"path", one.path},
                        {"mode", octal(one.mode)},
                        {"hint", "chmod " + octal(one.mode & one.wanted) + " " + one.path}});
}

} // namespace open_modes
