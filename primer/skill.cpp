#include "primer/skill.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "primer/frontmatter.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace primer {

namespace {

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Segments that every URI takes as they are.
bool is_segment(std::string_view s) {
    const auto plain = [](char c) {
        return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
    };
    return !s.empty() && s.front() != '.' && s.back() != '.' && std::ranges::all_of(s, plain);
}

result<done> check_path(const std::string& path) {
    constexpr std::size_t most_bytes = 200;
    const auto segments = text::split(path, '/');
    const auto shown = "\"" + text::visible_start(path, most_bytes) + "\"";
    if (path.size() > most_bytes || !std::ranges::all_of(segments, is_segment))
        return bad_request(shown +
                           " is no path of a skill's file: letters, digits, \"_\", \"-\" "
                           "and \".\" in names that neither begin nor end with a dot, with \"/\" "
                           "between them.");
    if (segments.size() > 1 && text::iequals(segments.back(), skill_main_file))
        return bad_request(shown + ": upload a skill within a skill by itself.");
    return done{};
}

// A file system without letter case holds each file once, and no file is a directory too.
result<done> check_paths(const std::vector<skill_file>& files) {
    std::set<std::string> taken;
    std::set<std::string> folders;
    for (const auto& file : files) {
        if (auto fit = check_path(file.path); !fit) return fit;
        const auto path = text::lower(file.path);
        if (!taken.insert(path).second) return bad_request("\"" + file.path + "\" is there twice.");
        for (auto slash = path.find('/'); slash != std::string::npos;
             slash = path.find('/', slash + 1))
            folders.insert(path.substr(0, slash));
    }
    for (const auto& folder : folders)
        if (taken.contains(folder))
            return bad_request("\"" + folder + "\" is both a file and a folder.");
    return done{};
}

result<std::string> visible_text(const skill_file& file) {
    if (!text::valid_utf8(file.text)) return bad_request(file.path + " must be UTF-8.");
    if (text::has_control(file.text)) return bad_request(file.path + " holds control characters.");
    return text::without_invisible(file.text, true);
}

result<done> check_text_member(const json::value& frontmatter, std::string_view name,
                               std::size_t most) {
    const auto* member = frontmatter.find(name);
    if (!member) return done{};
    const auto* text = member->if_string();
    if (text && !text::trim(*text).empty() && text::code_points(*text) <= most) return done{};
    return bad_request("SKILL.md: \"" + std::string(name) + "\" must be a text of at most " +
                       std::to_string(most) + " characters.");
}

// nameSingular of Twenty: company, workspaceMember.
bool is_object_name(std::string_view name) {
    return name.front() >= 'a' && name.front() <= 'z' && std::ranges::all_of(name, [](char c) {
               return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_';
           });
}

result<done> check_metadata(const json::value& frontmatter) {
    const auto* metadata = frontmatter.find("metadata");
    if (!metadata) return done{};
    const auto* map = metadata->if_object();
    if (!map || !std::ranges::all_of(*map, [](const auto& m) { return m.second.is_string(); }))
        return bad_request("SKILL.md: \"metadata\" must be a map of texts.");
    for (const auto& [key, value] : *map)
        if (key.starts_with("io.modelcontextprotocol/"))
            return bad_request("SKILL.md: \"metadata\" has a key that MCP keeps for itself.");
    const auto access = metadata->text(skill_access, "read");
    if (access != "read" && access != "write")
        return bad_request("SKILL.md: \"metadata.twenty-access\" must be read or write.");
    for (const auto& name : objects_of(frontmatter))
        if (!is_object_name(name))
            return bad_request("SKILL.md: \"metadata.twenty-objects\" must name objects as "
                               "list_objects does, such as \"company person\".");
    return done{};
}

// Agent Skills specification, frontmatter.
result<done> check_frontmatter(const json::value& frontmatter, std::string_view name) {
    if (frontmatter.text("name") != name)
        return bad_request("SKILL.md: \"name\" must be " + std::string(name) +
                           ", as the skill is called.");
    if (!frontmatter.find("description"))
        return bad_request("SKILL.md: \"description\" must say what the skill does and when to "
                           "use it.");
    for (const auto& [member, most] :
         {std::pair<std::string_view, std::size_t>{"description", 1024},
          {"license", 500},
          {"compatibility", 500},
          {"allowed-tools", 2000}})
        if (auto fit = check_text_member(frontmatter, member, most); !fit) return fit;
    return check_metadata(frontmatter);
}

error damaged() { return {errc::internal, "A skill that is kept cannot be read."}; }

} // namespace

result<done> check_skill_name(std::string_view name) {
    if (!name.empty() && name.size() <= 64 && name.front() != '-' && name.back() != '-' &&
        name.find("--") == std::string_view::npos &&
        std::ranges::all_of(name, [](char c) { return c == '-' || is_lower_or_digit(c); }))
        return done{};
    return bad_request("A skill's name has 1 to 64 of a-z, 0-9 and single hyphens within.");
}

result<skill> read_skill(std::string_view name, std::vector<skill_file> files) {
    CHECK_OK(check_skill_name(name));
    if (files.size() > most_skill_files)
        return error{errc::too_large,
                     "A skill may have " + std::to_string(most_skill_files) + " files at most."};
    CHECK_OK(check_paths(files));
    std::size_t bytes = 0;
    for (auto& file : files) {
        TRY(seen, visible_text(file));
        file.text = std::move(seen);
        bytes += file.text.size();
    }
    if (bytes > most_skill_bytes)
        return error{errc::too_large, "The files of a skill may have 100,000 bytes together."};
    const auto main = std::ranges::find(files, skill_main_file, &skill_file::path);
    if (main == files.end()) return bad_request("A skill needs a file SKILL.md.");
    std::rotate(files.begin(), main, main + 1);
    TRY(frontmatter, read_frontmatter(files.front().text));
    CHECK_OK(check_frontmatter(frontmatter, name));
    return skill{std::string(name), std::move(frontmatter), std::move(files)};
}

std::string digest_of(std::string_view text) {
    return "sha256:" + text::hex_encode(crypto::sha256(text));
}

skill_entry entry_of(const skill& s) {
    skill_entry out{s.name, s.frontmatter, {}};
    for (const auto& file : s.files)
        out.files.push_back({file.path, digest_of(file.text), file.text.size()});
    return out;
}

std::string files_text(const skill& s) {
    json::writer w;
    w.begin_object();
    for (const auto& file : s.files)
        w.member(file.path, file.text);
    w.end_object();
    return w.take();
}

result<std::vector<skill_file>> read_files(std::string_view kept) {
    const auto parsed = json::parse(kept);
    if (!parsed || !parsed->is_object()) return damaged();
    std::vector<skill_file> out;
    for (const auto& [path, text] : *parsed->if_object()) {
        if (!text.is_string()) return damaged();
        out.push_back({path, *text.if_string()});
    }
    return out;
}

std::string entry_text(const skill_entry& e) {
    json::writer w;
    w.begin_object().member("name", e.name).member_raw("frontmatter", json::dump(e.frontmatter));
    w.key("files").begin_array();
    for (const auto& file : e.files)
        w.begin_object()
            .member("path", file.path)
            .member("digest", file.digest)
            .member("size", file.size)
            .end_object();
    w.end_array().end_object();
    return w.take();
}

result<skill_entry> read_entry(std::string_view kept) {
    const auto parsed = json::parse(kept);
    if (!parsed) return damaged();
    const auto* frontmatter = parsed->find("frontmatter");
    const auto* files = parsed->find("files");
    if (!frontmatter || !frontmatter->is_object() || !files || !files->is_array()) return damaged();
    skill_entry out{std::string(parsed->text("name")), *frontmatter, {}};
    for (const auto& file : *files->if_array()) {
        const auto* size = file.find("size");
        const auto bytes = size ? size->as_int() : std::nullopt;
        if (!bytes || *bytes < 0) return damaged();
        out.files.push_back({std::string(file.text("path")), std::string(file.text("digest")),
                             static_cast<std::size_t>(*bytes)});
    }
    if (out.name.empty() || out.files.empty()) return damaged();
    return out;
}

std::vector<std::string> objects_of(const json::value& frontmatter) {
    const auto* metadata = frontmatter.find("metadata");
    std::string names(metadata ? metadata->text(skill_objects) : "");
    std::ranges::replace_if(
        names, [](char c) { return c == ',' || c == '\n'; }, ' ');
    std::vector<std::string> out;
    for (auto& name : text::split(names, ' '))
        if (!name.empty()) out.push_back(std::move(name));
    return out;
}

bool is_for(const skill_entry& e, const twenty::connection& connection, bool may_write) {
    const auto* metadata = e.frontmatter.find("metadata");
    if (metadata && metadata->text(skill_access) == "write" && !may_write) return false;
    if (!connection.objects) return true;
    return std::ranges::all_of(objects_of(e.frontmatter), [&](const std::string& name) {
        return connection.objects->contains(name);
    });
}

} // namespace primer
