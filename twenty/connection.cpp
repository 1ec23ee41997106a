#include "twenty/connection.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace twenty {

namespace {

// Twenty's keys have 250 to 450 characters; the bounds only keep nonsense out.
constexpr std::size_t shortest_key = 40;
constexpr std::size_t longest_key = 4096;
constexpr std::size_t most_around_a_key = 64; // "Authorization: Bearer ", quotes, a name

constexpr std::size_t longest_escape = 6; // \u0000

error bad_key(std::string message) { return {errc::bad_request, std::move(message)}; }

bool is_jwt_character(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

// RFC 7519 §3: header.payload.signature, base64url without padding.
std::optional<json::value> payload_of(std::string_view jwt) {
    const auto parts = text::split(jwt, '.');
    if (parts.size() != 3 || parts[0].empty() || parts[2].empty()) return std::nullopt;
    // Threat: one key in sixteen spellings counts as sixteen holders, each with a share of the way
    // to Twenty. Defence: one spelling.
    if (!text::is_base64url(parts[0]) || !text::is_base64url(parts[2])) return std::nullopt;
    const auto bytes = text::base64url_decode(parts[1]);
    if (!bytes) return std::nullopt;
    auto claims = json::parse(*bytes);
    if (!claims || !claims->is_object()) return std::nullopt;
    return *std::move(claims);
}

} // namespace

// trimmed_key() finds the key in what was around it where it was copied: quotes, `Bearer `, blanks
// of every kind. What is no key stays as it is, for read_key() to say what is wrong with it.
secret trimmed_key(const secret& pasted) {
    if (pasted.size() > 2 * longest_key) return secret(text::trim(pasted.reveal()));
    const secret visible(text::without_invisible(pasted.reveal(), false));
    const auto whole = visible.reveal();
    std::string_view longest;
    for (auto begin = whole.begin(); begin != whole.end();) {
        begin = std::find_if(begin, whole.end(), is_jwt_character);
        const auto end = std::find_if_not(begin, whole.end(), is_jwt_character);
        if (end - begin > static_cast<std::ptrdiff_t>(longest.size()))
            longest = whole.substr(static_cast<std::size_t>(begin - whole.begin()),
                                   static_cast<std::size_t>(end - begin));
        begin = end;
    }
    const bool is_around_a_key =
        longest.size() >= shortest_key && whole.size() - longest.size() <= most_around_a_key;
    return secret(is_around_a_key ? longest : text::trim(whole));
}

// read_key() looks at length, characters, form, kind, workspace and expiry in this order, so that
// each mistake of a person with a clipboard has its own sentence. None of it proves the key: the
// payload is not verified, and key_check asks Twenty.
result<key_facts> read_key(const secret& api_key, std::int64_t now) {
    const auto key = api_key.reveal();
    if (key.empty()) return bad_key("Paste a Twenty API key.");
    if (key.size() < shortest_key || key.size() > longest_key)
        return bad_key("That isn't a Twenty API key: its length is wrong. Copy the whole key from "
                       "Twenty's settings, API & Webhooks.");
    // Threat: a line break in the key becomes a header of our request. Defence: only JWT
    // characters are let through.
    if (!std::all_of(key.begin(), key.end(), is_jwt_character))
        return bad_key("The API key holds blanks, line breaks or other characters that no key "
                       "has. Copy it again.");
    const auto claims = payload_of(key);
    if (!claims)
        return bad_key("That isn't a Twenty API key. Copy the whole key from Twenty's settings, "
                       "API & Webhooks.");

    key_facts facts;
    facts.type = claims->text("type");
    if (!facts.type.empty() && facts.type != "API_KEY")
        return bad_key("That is a browser session's token, not an API key; it would stop working "
                       "within the hour. Create an API key in Twenty's settings, API & Webhooks.");
    // Keys of old servers may have neither type nor workspaceId; their subject is the workspace.
    facts.workspace_id = claims->text("workspaceId", claims->text("sub"));
    if (!text::is_uuid(facts.workspace_id))
        return bad_key("That token names no Twenty workspace. Create an API key in Twenty's "
                       "settings, API & Webhooks.");
    facts.key_id = claims->text("jti");
    if (const auto* exp = claims->find("exp")) facts.expires_at = exp->as_int();
    if (facts.expires_at && *facts.expires_at <= now)
        return bad_key("This API key expired on " +
                       text::iso_time(*facts.expires_at).substr(0, 10) +
                       ". Create a new one in Twenty's settings, API & Webhooks.");
    return facts;
}

secret to_props(const connection& c) {
    // Reserved for the worst case: a writer that grows leaves copies of the key behind.
    std::size_t bytes = 512 + c.api_key.size();
    for (const auto* text : {&c.workspace.id, &c.workspace.name, &c.label, &c.key_id, &c.browser})
        bytes += longest_escape * text->size();
    if (c.objects)
        for (const auto& name : *c.objects)
            bytes += longest_escape * name.size() + 3;
    json::writer out;
    out.reserve(bytes);
    out.begin_object();
    out.member("v", 1);
    out.member("api_key", c.api_key.reveal());
    out.key("workspace").begin_object();
    out.member("id", c.workspace.id).member("name", c.workspace.name);
    out.end_object();
    out.member("mode", c.mode == mode::write ? "write" : "read");
    if (c.objects) {
        out.key("objects").begin_array();
        for (const auto& name : *c.objects)
            out.string(name);
        out.end_array();
    }
    out.member("label", c.label);
    out.member("key_id", c.key_id);
    if (c.key_expires_at) out.member("key_expires_at", *c.key_expires_at);
    out.member("ask", name_of(c.ask));
    if (c.quota.hour > 0) out.member("changes_hour", c.quota.hour);
    if (c.quota.day > 0) out.member("changes_day", c.quota.day);
    if (!c.browser.empty()) out.member("browser", c.browser);
    out.end_object();
    return secret(out.take());
}

result<connection> from_props(const secret& props) {
    const auto malformed = [](const char* what) {
        return error{errc::internal, "the connection's stored settings are damaged", what};
    };
    auto parsed = json::parse(props.reveal());
    if (!parsed) return malformed("props are no JSON");
    if (const auto* v = parsed->find("v"); !v || v->as_int() != 1)
        return malformed("props of an unknown version");
    connection c;
    // The key is moved out of the tree: a copy that stays behind there would not be wiped.
    if (auto* members = parsed->if_object())
        if (auto* key = members->find("api_key"))
            if (auto* text = key->if_string()) c.api_key = secret(std::move(*text));
    if (c.api_key.empty()) return malformed("props without api_key");
    if (const auto* w = parsed->find("workspace")) {
        c.workspace.id = w->text("id");
        c.workspace.name = w->text("name");
    }
    // A mode that is missing or misspelled is damage and never read as one of the two.
    const auto how = parsed->text("mode");
    if (how != "read" && how != "write") return malformed("props without mode");
    c.mode = how == "write" ? mode::write : mode::read;
    if (const auto* listed = parsed->find("objects")) {
        // Threat: a damaged list reads as "no limit". Defence: only an absent one does.
        const auto* names = listed->if_array();
        if (!names) return malformed("props with a broken object list");
        c.objects.emplace();
        for (const auto& name : *names) {
            if (!name.is_string()) return malformed("props with a broken object list");
            c.objects->insert(*name.if_string());
        }
    }
    c.label = parsed->text("label");
    c.key_id = parsed->text("key_id");
    if (const auto* exp = parsed->find("key_expires_at")) c.key_expires_at = exp->as_int();
    // Threat: a damaged choice reads as none, and nobody is asked. Defence: only an absent one
    // does.
    if (const auto* chosen = parsed->find("ask")) {
        const auto* name = chosen->if_string();
        const auto ask = name ? asking_named(*name) : std::nullopt;
        if (!ask) return malformed("props with an unknown choice of asking");
        c.ask = *ask;
    }
    if (const auto* hour = parsed->find("changes_hour")) c.quota.hour = hour->as_int().value_or(1);
    if (const auto* day = parsed->find("changes_day")) c.quota.day = day->as_int().value_or(1);
    c.browser = parsed->text("browser");
    return c;
}

} // namespace twenty
