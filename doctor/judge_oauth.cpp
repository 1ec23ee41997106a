#include "doctor/judge_oauth.hpp"

#include "base/json.hpp"
#include "base/uri.hpp"

namespace doctor {

namespace {

json::value body_of(const asked& a) {
    if (!a) return {};
    auto read = json::parse(a->body);
    return read ? std::move(read).value() : json::value();
}

// "status 400, application/json: invalid_grant": OAuth's own error with it, if there is one.
std::string refusal_of(const asked& a) {
    auto out = told(a);
    const auto body = body_of(a);
    for (const auto member : {"error", "error_description"})
        if (const auto text = body.text(member); !text.empty()) out += ": " + shown(text);
    return out;
}

// The value of an attribute in a tag of our own page, which quotes and escapes each.
std::string attribute(std::string_view tag, std::string_view name) {
    const auto wanted = " " + std::string(name) + "=\"";
    const auto at = tag.find(wanted);
    if (at == tag.npos) return {};
    const auto rest = tag.substr(at + wanted.size());
    std::string out(rest.substr(0, rest.find('"')));
    for (const auto& [escaped, plain] :
         {std::pair("&quot;", "\""), std::pair("&lt;", "<"), std::pair("&gt;", ">"),
          std::pair("&#39;", "'"), std::pair("&amp;", "&")})
        for (auto found = out.find(escaped); found != out.npos;
             found = out.find(escaped, found + 1))
            out.replace(found, std::string_view(escaped).size(), plain);
    return out;
}

bool is_page(const asked& a) {
    return a && a->status == 200 && a->body.find("name=\"txn\"") != std::string::npos;
}

// What the page asks the person to mend; empty: nothing.
std::string problem_on(const asked& a) {
    if (!a) return {};
    const auto at = a->body.find("id=\"problems\"");
    const auto item = a->body.find("<li>", at == std::string::npos ? a->body.size() : at);
    if (item == std::string::npos) return {};
    std::string out;
    bool tag = false;
    for (const char c : std::string_view(a->body).substr(item, 600)) {
        if (c == '<') tag = true;
        if (!tag) out += c;
        if (c == '>') tag = false;
        if (out.size() > 200 || (c == '>' && !out.empty())) break;
    }
    return shown(out, 200);
}

// RFC 6749 §4.1.2.1: an error goes back to the client, or stays a page of status 400.
bool refuses(const asked& a) {
    if (!a) return false;
    if (a->status == 400) return true;
    return a->status / 100 == 3 && a->header("location").find("error=") != std::string_view::npos;
}

} // namespace

std::string client_id_of(const asked& a) {
    return a && a->status == 201 ? std::string(body_of(a).text("client_id")) : std::string();
}

finding judge_registration(const asked& a) {
    if (client_id_of(a).empty()) return failed(refusal_of(a));
    return ok("201");
}

finding judge_page(const asked& a) {
    if (is_page(a)) return ok("200, with its form");
    return failed(refusal_of(a));
}

finding judge_cookie(const asked& page, bool tls) {
    if (!page) return failed(told(page));
    const auto cookie = page->header("set-cookie");
    if (cookie.find("tmcp_b=") == std::string_view::npos)
        return failed("the page sets no cookie of this server's");
    // RFC 6265bis §4.1.3.2: browsers drop __Host- cookies whose attributes were changed.
    const bool whole = cookie.find("Path=/;") != std::string_view::npos &&
                       cookie.find("Domain=") == std::string_view::npos &&
                       (!tls || cookie.find("; Secure") != std::string_view::npos);
    if (!whole) return failed("its attributes were changed on the way");
    return ok("it arrives as it was set");
}

finding judge_style(const asked& a) {
    if (a && a->status == 200 && a->header("content-type").starts_with("text/css"))
        return ok("200");
    return failed(told(a));
}

finding judge_client_document(const asked& page, bool offered) {
    if (!offered) return skipped("switched off (TWENTY_MCP_CIMD)");
    if (is_page(page)) return ok("a client with a document of its own gets the page");
    return failed(refusal_of(page));
}

finding judge_pkce(const asked& without, const asked& plain) {
    for (const auto& [what, came] : {std::pair("without code_challenge", &without),
                                     std::pair("with the method plain", &plain)}) {
        if (is_page(*came)) return failed(std::string("a request ") + what + " gets the page");
        if (!refuses(*came)) return failed(std::string("a request ") + what + ": " + told(*came));
    }
    return ok("requests without it are refused");
}

finding judge_token_endpoint(const asked& a) {
    if (a && a->status == 400 && body_of(a).text("error") == "invalid_grant")
        return ok("it refuses a made-up code");
    return failed(refusal_of(a));
}

// RFC 7009 §2.2: a token that is not known is answered like one that was revoked.
finding judge_revoke_endpoint(const asked& a) {
    return a && a->status == 200 ? ok("200") : failed(refusal_of(a));
}

std::optional<consent_form> form_of(const asked& page) {
    if (!is_page(page)) return std::nullopt;
    consent_form out;
    const std::string_view html = page->body;
    for (auto at = html.find("<input "); at != html.npos; at = html.find("<input ", at + 1)) {
        const auto tag = html.substr(at, html.find('>', at) - at);
        if (attribute(tag, "type") != "hidden") continue;
        out.hidden.emplace_back(attribute(tag, "name"), attribute(tag, "value"));
    }
    for (const auto& [name, value] : page->headers)
        if (text::iequals(name, "set-cookie"))
            out.cookie += (out.cookie.empty() ? "" : "; ") + value.substr(0, value.find(';'));
    return out;
}

std::optional<way_back> way_back_of(const asked& a) {
    if (!a || a->status != 303) return std::nullopt;
    const auto parts = uri::split(a->header("location"));
    if (!parts) return std::nullopt;
    const auto query = text::parse_form(parts->query);
    if (!query) return std::nullopt;
    const auto* code = text::find(*query, "code");
    if (!code) return std::nullopt;
    const auto* state = text::find(*query, "state");
    const auto* issuer = text::find(*query, "iss");
    return way_back{secret(std::string_view(*code)), state ? *state : "", issuer ? *issuer : ""};
}

finding judge_consent(const asked& a, std::string_view state, std::string_view issuer) {
    const auto back = way_back_of(a);
    if (!back) {
        const auto problem = problem_on(a);
        return failed(problem.empty() ? told(a) : problem);
    }
    if (back->state != state) return failed("the code came back with another state");
    // RFC 9207 §2.4
    if (back->issuer != issuer) return failed("the code came back with iss " + shown(back->issuer));
    return ok("a code, for reading");
}

std::optional<tokens> tokens_of(const asked& a) {
    if (!a || a->status != 200) return std::nullopt;
    const auto body = body_of(a);
    tokens out{secret(body.text("access_token")), secret(body.text("refresh_token"))};
    if (out.access.empty() || out.refresh.empty()) return std::nullopt;
    return out;
}

finding judge_tokens(const asked& a) {
    return tokens_of(a) ? ok("an access and a refresh token") : failed(refusal_of(a));
}

finding judge_revocation(const asked& revoked, const asked& afterwards) {
    if (!revoked || revoked->status != 200) return failed(refusal_of(revoked));
    if (!afterwards) return failed(told(afterwards));
    if (afterwards->status != 401) return failed("the access token is good still");
    return ok("its tokens are refused now");
}

} // namespace doctor
