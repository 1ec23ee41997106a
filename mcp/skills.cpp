#include "mcp/skills.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace mcp {

namespace {

constexpr std::string_view scheme = "skill://";

// SEP-2640, skill entries: every file once, SKILL.md among them.
void write_skill(json::writer& out, const skill& s) {
    out.begin_object().member("uri", uri_of(s, skill_main_file));
    out.member_raw("frontmatter", s.frontmatter).key("resources").begin_array();
    for (const auto& file : s.files)
        out.begin_object()
            .member("uri", uri_of(s, file.path))
            .member("digest", file.digest)
            .member("size", file.size)
            .end_object();
    out.end_array().end_object();
}

// SEP-2640, resource metadata: a SKILL.md is called as its skill is.
void write_child(json::writer& out, const skill& s, const skill_file& file, std::string_view name) {
    const bool main = file.path == skill_main_file;
    out.begin_object().member("uri", uri_of(s, file.path));
    out.member("name", main ? std::string_view(s.name) : name);
    if (main) out.member("description", s.description);
    out.member("mimeType", media_type_of(file.path)).member("size", file.size).end_object();
}

void write_folder(json::writer& out, std::string_view uri, std::string_view name) {
    out.begin_object().member("uri", std::string(uri) + "/" + std::string(name));
    out.member("name", name).member("mimeType", "inode/directory").end_object();
}

} // namespace

std::string uri_of(const skill& s, std::string_view file) {
    std::string out(scheme);
    return out.append(s.path).append(1, '/').append(file);
}

std::string_view media_type_of(std::string_view file) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> known{{
        {".md", "text/markdown"},
        {".json", "application/json"},
        {".csv", "text/csv"},
        {".yaml", "application/yaml"},
        {".yml", "application/yaml"},
        {".html", "text/html"},
        {".xml", "application/xml"},
        {".svg", "image/svg+xml"},
    }};
    for (const auto& [suffix, type] : known)
        if (file.ends_with(suffix)) return type;
    return "text/plain";
}

std::string skills_list(const std::vector<skill>& skills) {
    json::writer out;
    out.begin_object().key("skills").begin_array();
    for (const auto& s : skills)
        write_skill(out, s);
    out.end_array().end_object();
    return out.take();
}

const skill* find_skill(const std::vector<skill>& skills, std::string_view main_uri) {
    const auto at = std::ranges::find_if(
        skills, [&](const skill& s) { return uri_of(s, skill_main_file) == main_uri; });
    return at == skills.end() ? nullptr : &*at;
}

std::string skill_result(const skill& s) {
    json::writer out;
    out.begin_object().key("skill");
    write_skill(out, s);
    out.end_object();
    return out.take();
}

std::optional<std::string> directory_list(const std::vector<skill>& skills, std::string_view uri) {
    const auto inside = std::string(uri) + "/";
    json::writer out;
    out.begin_object().key("resources").begin_array();
    bool found = false;
    for (const auto& s : skills) {
        // What several skills have in common in their paths is no directory.
        const auto root = uri_of(s, {});
        if (!inside.starts_with(root)) continue;
        const auto below = std::string_view(inside).substr(root.size());
        std::set<std::string_view> folders;
        for (const auto& file : s.files) {
            if (!file.path.starts_with(below)) continue;
            found = true;
            const auto rest = std::string_view(file.path).substr(below.size());
            const auto slash = rest.find('/');
            if (slash == std::string_view::npos)
                write_child(out, s, file, rest);
            else if (folders.insert(rest.substr(0, slash)).second)
                write_folder(out, uri, rest.substr(0, slash));
        }
    }
    out.end_array().end_object();
    if (!found) return std::nullopt;
    return out.take();
}

} // namespace mcp
