#include "crm/skills.hpp"

#include "base/text.hpp"
#include "crm/workflows.hpp"
#include "primer/primer.hpp"
#include "primer/skill.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

using primer::skill_entry;

using metadata = std::vector<std::pair<std::string_view, std::string_view>>;

// A skill of the program's own. Its frontmatter is written twice from the same words, as JSON and
// as the YAML of the file; the YAML of a JSON text is that text. A test reads them as uploads are
// read.
primer::skill made_skill(std::string name, const std::string& description, const metadata& about,
                         std::string_view body) {
    json::object frontmatter;
    frontmatter.append("name", name);
    frontmatter.append("description", description);
    std::string yaml =
        "---\nname: " + name + "\ndescription: " + json::dump(json::value(description)) + "\n";
    if (!about.empty()) {
        json::object map;
        yaml += "metadata:\n";
        for (const auto& [key, value] : about) {
            map.append(std::string(key), value);
            yaml += "  " + std::string(key) + ": " + json::dump(json::value(value)) + "\n";
        }
        frontmatter.append("metadata", std::move(map));
    }
    yaml += "---\n\n" + std::string(body) + "\n";
    return {std::move(name),
            std::move(frontmatter),
            {{std::string(primer::skill_main_file), std::move(yaml)}}};
}

primer::skill skill_of(const workflow& w) {
    std::string name(w.prompt);
    std::ranges::replace(name, '_', '-');
    metadata about;
    if (!w.objects.empty()) about.emplace_back(primer::skill_objects, w.objects);
    if (w.writes) about.emplace_back(primer::skill_access, "write");
    const std::string body = "# " + std::string(w.title) + "\n\nFind out " +
                             std::string(w.find_out) +
                             ", unless it was said. \"I\" and \"me\" are the person that you work "
                             "for.\n\n" +
                             std::string(w.steps);
    return made_skill(std::move(name), std::string(w.description) + " " + std::string(w.when),
                      about, body);
}

const std::vector<primer::skill>& bundled() {
    static const std::vector<primer::skill> all = [] {
        std::vector<primer::skill> out;
        for (const auto& w : workflows())
            out.push_back(skill_of(w));
        return out;
    }();
    return all;
}

// Their digests never change.
const std::vector<skill_entry>& bundled_entries() {
    static const std::vector<skill_entry> all = [] {
        std::vector<skill_entry> out;
        for (const auto& s : bundled())
            out.push_back(primer::entry_of(s));
        return out;
    }();
    return all;
}

// The primer as a skill: the organisation's own words first, what is so in every Twenty beside
// them.
primer::skill primer_skill(std::string_view written) {
    std::string body = "# How this organisation uses its CRM\n\n";
    if (written == primer::default_context())
        body += "The organisation has written no guide of its own.";
    else
        body += text::without_invisible(text::trim(written), true);
    body += "\n\n# Where to look\n\n"
            "- references/twenty.md: how Twenty works, its objects, filters and values, and what "
            "is to be known before records are changed.\n"
            "- get_primer: all of this with the objects and fields that this connection may use, "
            "as they are now; describe_object has those of one.";
    auto out = made_skill(
        std::string(primer::primer_skill_name),
        "How this organisation keeps its Twenty CRM: conventions, vocabulary, ways to find and to "
        "change records. Use before the first work with the CRM's data.",
        {}, body);
    out.files.push_back({"references/twenty.md", std::string(primer::default_context())});
    return out;
}

struct shelf {
    primer::skill of_primer;
    std::vector<skill_entry> uploaded; // also those that this connection may not have

    [[nodiscard]] bool has_upload(std::string_view name) const {
        return std::ranges::find(uploaded, name, &skill_entry::name) != uploaded.end();
    }
};

async<result<shelf>> open_shelf(call_slot& slot, const call_context& context) {
    if (!context.connection)
        co_return error(errc::unavailable, "This server is not connected to a workspace.");
    need first = need_primer();
    need_awaiter<result<std::string>> text_wait(slot, std::move(first));
    auto text = co_await text_wait;
    if (!text) co_return std::move(text).failure();
    need second = need_skills();
    need_awaiter<result<std::vector<std::string>>> skills_wait(slot, std::move(second));
    auto kept = co_await skills_wait;
    if (!kept) co_return std::move(kept).failure();
    shelf out{primer_skill(*text), {}};
    for (const auto& one : *kept)
        if (auto entry = primer::read_entry(one)) out.uploaded.push_back(*std::move(entry));
    co_return out;
}

// An upload takes the place of what the program brings under its name.
std::vector<skill_entry> entries_for(const shelf& all, const call_context& context) {
    std::vector<skill_entry> out{primer::entry_of(all.of_primer)};
    out.insert(out.end(), all.uploaded.begin(), all.uploaded.end());
    for (const auto& entry : bundled_entries())
        if (!all.has_upload(entry.name)) out.push_back(entry);
    std::erase_if(out, [&](const skill_entry& e) {
        return !primer::is_for(e, *context.connection, context.may_write());
    });
    return out;
}

error no_file() { return {errc::not_found, "Resource not found."}; }

// What the connection may have of this skill; nullopt: not this file.
std::optional<skill_entry> find_entry(const shelf& all, const std::vector<std::string>& parts,
                                      const call_context& context) {
    for (auto& entry : entries_for(all, context)) {
        if (entry.name != parts.front()) continue;
        const auto file = std::ranges::find(entry.files, parts.back(), &skill_entry::file::path);
        if (file != entry.files.end()) return std::move(entry);
    }
    return std::nullopt;
}

// The file of a skill whose entry is this one; nullopt: the files are another version's.
std::optional<std::string> text_of(const std::vector<primer::skill_file>& files,
                                   const skill_entry& entry, std::string_view path) {
    const auto found = std::ranges::find(files, path, &primer::skill_file::path);
    if (found == files.end()) return std::nullopt;
    const auto listed = std::ranges::find(entry.files, path, &skill_entry::file::path);
    if (primer::digest_of(found->text) != listed->digest) return std::nullopt;
    return found->text;
}

async<result<std::vector<primer::skill_file>>> files_of(call_slot& slot, const shelf& all,
                                                        std::string name) {
    if (name == primer::primer_skill_name) co_return all.of_primer.files;
    if (!all.has_upload(name))
        co_return std::ranges::find(bundled(), name, &primer::skill::name)->files;
    need what = need_skill(std::move(name));
    need_awaiter<result<std::string>> wait(slot, std::move(what));
    auto kept = co_await wait;
    if (!kept) co_return std::move(kept).failure();
    co_return primer::read_files(*kept);
}

} // namespace

async<result<std::vector<mcp::skill>>> list_skills(call_slot& slot, const call_context& context) {
    auto all = co_await open_shelf(slot, context);
    if (!all) co_return std::move(all).failure();
    std::vector<mcp::skill> out;
    for (auto& entry : entries_for(*all, context)) {
        mcp::skill s;
        s.path = s.name = entry.name;
        s.description = entry.frontmatter.text("description");
        s.frontmatter = json::dump(entry.frontmatter);
        for (auto& file : entry.files)
            s.files.push_back({std::move(file.path), std::move(file.digest), file.size});
        out.push_back(std::move(s));
    }
    co_return out;
}

// Threat: between the look whether a connection may have a skill and the reading of its text an
// administrator uploads another, which it may not have. Defence: the text is the one whose digest
// was looked at, or the look is taken again.
async<result<resource_content>> read_skill_file(call_slot& slot, std::vector<std::string> parts,
                                                const call_context& context) {
    constexpr int most_tries = 3;
    for (int i = 0; i < most_tries; ++i) {
        auto all = co_await open_shelf(slot, context);
        if (!all) co_return std::move(all).failure();
        const auto entry = find_entry(*all, parts, context);
        if (!entry) co_return no_file();
        const auto files = co_await files_of(slot, *all, parts.front());
        if (!files && files.failure().code != errc::not_found) co_return files.failure();
        const auto text = files ? text_of(*files, *entry, parts.back()) : std::nullopt;
        if (!text) continue;
        resource_content out;
        out.mime_type = mcp::media_type_of(parts.back());
        out.text = *text;
        co_return out;
    }
    co_return error(errc::busy, "This skill is being changed; try again.");
}

async<result<done>> may_read_skill(call_slot& slot, std::vector<std::string> parts,
                                   const call_context& context) {
    auto all = co_await open_shelf(slot, context);
    if (!all) co_return std::move(all).failure();
    if (!find_entry(*all, parts, context)) co_return no_file();
    co_return done{};
}

} // namespace crm
