#include "man_page.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cctype>

namespace man_page {

namespace {

using command_line::command;
using command_line::option;

// Characters that groff would set as others: a reader who copies an option must get a real hyphen.
std::string escaped(std::string_view plain) {
    std::string out;
    for (const char c : plain) {
        switch (c) {
        case '\\':
            out += "\\e";
            break;
        case '-':
            out += "\\-";
            break;
        case '~':
            out += "\\(ti";
            break;
        case '^':
            out += "\\(ha";
            break;
        case '`':
            out += "\\(ga";
            break;
        case '\'':
            out += "\\(aq";
            break;
        default:
            out += c;
        }
    }
    // A line that begins so would be a request.
    return out.starts_with('.') ? "\\&" + out : out;
}

std::string bold(std::string_view plain) { return "\\fB" + escaped(plain) + "\\fR"; }
std::string italic(std::string_view plain) { return "\\fI" + escaped(plain) + "\\fR"; }

std::string heading(std::string_view title) { return ".SH " + std::string(title) + "\n"; }
std::string term(const std::string& tag, std::string_view meaning) {
    return ".TP\n" + tag + "\n" + escaped(meaning) + "\n";
}

// The name of a manual page's first line ends where the sentence or its first half does.
std::string_view first_clause(std::string_view text) {
    const auto end = std::min(text.find(": "), text.find(". "));
    text = text.substr(0, end);
    return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

std::string value(const option& o) {
    std::string out;
    constexpr std::size_t most_in_a_line = 6;
    if (o.words.size() <= most_in_a_line)
        for (const auto& word : o.words)
            out += (out.empty() ? "" : "|") + bold(word);
    if (out.empty()) out = italic(o.value);
    return o.repeats ? out + " ..." : out;
}

bool by_place(const option& o) { return !o.names.front().starts_with('-'); }

std::string names(const option& o) {
    std::string out;
    for (const auto& name : o.names)
        out += (out.empty() ? "" : ", ") + (by_place(o) ? italic(name) : bold(name));
    return o.value.empty() || by_place(o) ? out : out + " " + value(o);
}

std::string in_synopsis(const option& o) {
    auto out = by_place(o) ? italic(o.names.front()) : bold(o.names.back());
    if (!o.value.empty() && !by_place(o)) out += " " + value(o);
    if (by_place(o) && o.repeats) out += " ...";
    return o.required ? out : "[" + out + "]";
}

// Every command takes --help: it is told once, for the program.
bool is_help(const option& o) { return o.names.back() == "--help"; }

std::string options(const std::vector<option>& all, bool with_help) {
    std::string out;
    for (const auto& o : all) {
        if (is_help(o) && !with_help) continue;
        auto help = o.help;
        if (!o.fallback.empty()) help += " (default: " + o.fallback + ")";
        out += term(names(o), help);
    }
    return out;
}

// A text of the form of a footer, see section.
std::string paragraphs(std::string_view text) {
    std::string out;
    bool begins = false; // a blank line or a term came before: man(7) wants no .PP below a heading
    for (const auto& line : text::split(text, '\n')) {
        const auto indent = line.find_first_not_of(' ');
        if (indent == line.npos) {
            begins = true;
        } else if (indent == 0) {
            out += (begins ? ".PP\n" : "") + escaped(line) + "\n";
            begins = false;
        } else if (indent <= 2) {
            out += ".TP\n" + bold(text::trim(line)) + "\n";
            begins = true;
        } else {
            out += escaped(text::trim(line)) + "\n";
        }
    }
    return out;
}

// Each command and those below it, by their whole names.
void add_commands(const command& above, const std::string& path, std::string& synopsis,
                  std::string& out) {
    for (const auto& c : above.commands) {
        const auto name = path.empty() ? c.name : path + " " + c.name;
        if (c.commands.empty()) {
            synopsis += " " + bold(name);
            for (const auto& o : c.options)
                if (!is_help(o)) synopsis += " " + in_synopsis(o);
            synopsis += "\n";
        }
        out += ".SS " + escaped(name) + "\n" + escaped(c.help) + "\n";
        out += options(c.options, false);
        out += paragraphs(c.footer);
        add_commands(c, name, synopsis, out);
    }
}

// `lines`: one for each command, without the program's name.
std::string synopsis(const command& program, std::string_view lines) {
    std::string own = bold(program.name);
    for (const auto& o : program.options)
        own += " " + in_synopsis(o);
    std::string out = heading("SYNOPSIS") + own + "\n";
    for (const auto& line : text::split(lines, '\n'))
        if (!line.empty()) out += ".br\n" + bold(program.name) + std::string(line) + "\n";
    return out;
}

} // namespace

const std::vector<section>& service_sections() {
    static const std::vector<section> table{
        {"FILES", "  /etc/twenty-mcp/twenty-mcp.env\n"
                  "      The settings of the systemd service, twenty-mcp.service.\n"
                  "  /etc/twenty-mcp/COOKIE_ENCRYPTION_KEY, /etc/twenty-mcp/ADMIN_TOKEN\n"
                  "      Its secrets, made when the package was installed. Without the first one\n"
                  "      the database cannot be opened: keep a copy.\n"
                  "  /var/lib/twenty-mcp\n"
                  "      Its database.\n"},
        {"EXIT STATUS", "  0\n      All went well.\n"
                        "  1\n      The program began to run, and failed.\n"
                        "  2\n      A setting or the command line is wrong.\n"},
        {"SEE ALSO", "twenty-mcp-demo(1), systemctl(1), "
                     "/usr/share/doc/twenty-mcp/docs/operating.md\n"}};
    return table;
}

const std::vector<section>& demo_sections() {
    static const std::vector<section> table{
        {"SEE ALSO", "twenty-mcp(1), /usr/share/doc/twenty-mcp/README.md\n"}};
    return table;
}

std::string page(const command& program, std::string_view version,
                 const std::vector<section>& more) {
    std::string lines;
    std::string commands;
    add_commands(program, "", lines, commands);
    auto title = program.name;
    std::ranges::transform(title, title.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    // The settings stand below a heading of their own, so their first line is not needed.
    const std::string_view footer = program.footer;
    const auto rest = footer.substr(std::min(footer.find('\n'), footer.size()));

    std::string out = ".TH " + escaped(title) + " 1 \"\" \"" + program.name + " " +
                      std::string(version) + "\" \"User Commands\"\n";
    out += heading("NAME") + escaped(program.name) + " \\- " + escaped(first_clause(program.help)) +
           "\n";
    out += synopsis(program, lines);
    out += heading("DESCRIPTION") + escaped(program.help) + "\n";
    out += heading("OPTIONS") + options(program.options, true);
    if (!commands.empty()) out += heading("COMMANDS") + commands;
    if (!rest.empty()) out += heading("ENVIRONMENT") + paragraphs(rest);
    for (const auto& s : more)
        out += heading(s.title) + paragraphs(s.text);
    return out;
}

} // namespace man_page
