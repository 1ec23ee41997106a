#include "http/consent_page.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "oauth/redirect_uri.hpp"
#include "oauth/uri.hpp"

#include <embedded/http_pages_consent_css.hpp>
#include <embedded/http_pages_consent_mustache.hpp>
#include <embedded/http_pages_notice_mustache.hpp>
#include <kainjow/mustache.hpp>

namespace http {

namespace {

namespace mustache = kainjow::mustache;

std::string render(std::string_view source, const mustache::data& values) {
    mustache::mustache page{std::string(source)};
    page.set_custom_escape([](const std::string& plain) { return text::html_escape(plain); });
    return page.render(values);
}

// Where the answer goes, in the words that fit its kind (MCP, authorization: the redirect
// target is shown; RFC 8252 §8.6: a loopback client can be any program).
void describe_target(mustache::data& values, const std::string& uri) {
    const auto kind = oauth::check_redirect_uri(uri);
    const bool web = kind && *kind == oauth::redirect_kind::web;
    const bool loopback = kind && *kind == oauth::redirect_kind::loopback;
    values.set("web", web);
    values.set("loopback", loopback);
    values.set("private_scheme", !web && !loopback);
    values.set("local", !web);
    values.set("host", oauth::display_host(uri));
    values.set("redirect_uri", uri);
}

void describe_problems(mustache::data& values, const consent_view& view) {
    if (view.problems.empty()) {
        values.set("problems", false);
        return;
    }
    mustache::data list{mustache::data::type::list};
    for (const auto& problem : view.problems) {
        mustache::data item;
        item.set("text", problem.text);
        // Both are set in every item: an absent name is looked up outside of the list.
        if (problem.field.empty())
            item.set("field", false);
        else
            item.set("field", problem.field);
        list.push_back(item);
        if (!problem.field.empty()) values.set(problem.field + "_problem", problem.text);
    }
    mustache::data problems;
    problems.set("list", list);
    if (!view.workspace_note.empty()) problems.set("workspace_note", view.workspace_note);
    values.set("problems", problems);
}

} // namespace

std::string render_consent(const consent_view& view) {
    mustache::data values;
    const auto& name = view.request.client_name;
    values.set("client", name.empty() ? std::string("An unnamed application") : name);
    values.set("stylesheet", stylesheet_address());
    if (view.twenty_url.empty()) {
        values.set("twenty", false);
    } else {
        mustache::data twenty;
        twenty.set("url", view.twenty_url);
        twenty.set("host", oauth::display_host(view.twenty_url));
        values.set("twenty", twenty);
    }
    values.set("sealed", view.sealed);
    values.set("label", view.values.label);
    values.set("objects", view.values.objects);
    values.set("write_offered", view.request.scope.write);
    values.set("write_chosen", view.values.write && view.request.scope.write);
    describe_target(values, view.request.redirect_uri);
    describe_problems(values, view);
    return render(embedded::http_pages_consent_mustache, values);
}

std::string render_notice(const notice& what) {
    mustache::data values;
    values.set("title", what.title);
    values.set("text", what.text);
    values.set("stylesheet", stylesheet_address());
    values.set("link", !what.url.empty());
    values.set("url", what.url);
    values.set("caption", what.caption);
    return render(embedded::http_pages_notice_mustache, values);
}

response html_page(int status, std::string html) {
    response r(status, "text/html; charset=utf-8", std::move(html));
    r.set("Cache-Control", "no-store");
    // Without form-action: browsers apply it to every hop after the form, also to those that
    // the client's own callback makes, and the person is stuck on the page.
    r.set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; "
                                     "base-uri 'none'; frame-ancestors 'none'");
    r.set("X-Frame-Options", "DENY");
    // Not no-referrer: with it a browser sends the form with `Origin: null`.
    r.set("Referrer-Policy", "same-origin");
    r.set("Cross-Origin-Resource-Policy", "same-origin");
    r.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    r.set("X-Robots-Tag", "noindex");
    return r;
}

const std::string& stylesheet_address() {
    static const auto address =
        "/static/consent.css?v=" +
        text::hex_encode(crypto::sha256(embedded::http_pages_consent_css)).substr(0, 16);
    return address;
}

boost::asio::awaitable<response> get_stylesheet(services&, request) {
    response r(200, "text/css; charset=utf-8", std::string(embedded::http_pages_consent_css));
    r.set("Cache-Control", "public, max-age=31536000, immutable");
    co_return r;
}

} // namespace http
