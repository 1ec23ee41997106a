#include "web/page.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

#include <embedded/web_pages_consent_css.hpp>
#include <embedded/web_pages_notice_mustache.hpp>

namespace web {

namespace mustache = kainjow::mustache;

std::string render_page(std::string_view source, const mustache::data& values) {
    mustache::mustache page{std::string(source)};
    page.set_custom_escape([](const std::string& plain) { return text::html_escape(plain); });
    return page.render(values);
}

std::string render_notice(const notice& what) {
    mustache::data values;
    values.set("title", what.title);
    values.set("text", what.text);
    values.set("stylesheet", stylesheet_address());
    values.set("link", !what.url.empty());
    values.set("url", what.url);
    values.set("caption", what.caption);
    return render_page(embedded::web_pages_notice_mustache, values);
}

response html_page(int status, std::string html) {
    response r(status, "text/html; charset=utf-8", std::move(html));
    r.set("Cache-Control", "no-store");
    // Without form-action: browsers apply it to every hop after the form, also to those that
    // the client's own callback makes, and the person is stuck on the page.
    r.set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; "
                                     "base-uri 'none'; frame-ancestors 'none'");
    // Threat: another site shows the page in a frame and leads the person's clicks. Defence:
    // frame-ancestors above, and this for browsers that do not know it.
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
        text::hex_encode(crypto::sha256(embedded::web_pages_consent_css)).substr(0, 16);
    return address;
}

boost::asio::awaitable<response> get_stylesheet() {
    response r(200, "text/css; charset=utf-8", std::string(embedded::web_pages_consent_css));
    r.set("Cache-Control", "public, max-age=31536000, immutable");
    co_return r;
}

boost::asio::awaitable<response> get_icon() {
    response r;
    r.status = 204;
    r.set("Cache-Control", "public, max-age=86400");
    co_return r;
}

} // namespace web
