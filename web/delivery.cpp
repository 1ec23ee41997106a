#include "web/delivery.hpp"

#include "web/page.hpp"

namespace web {

namespace {

// Always 303. Threat: after 307 or 308 the browser posts the form, API key included, to the
// client. Defence: 303 turns it into a GET (OAuth 2.1 §7.5.3).
response see_other(std::string url) {
    response r(303, "text/html; charset=utf-8", "<!doctype html><title>Redirecting</title>\n");
    r.set("Location", std::move(url));
    r.set("Cache-Control", "no-store");
    r.set("Referrer-Policy", "no-referrer");
    r.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    return r;
}

// For private schemes: after a redirect to one the browser stays on the page it was on, which
// would be the consent page with the key still in its field.
response interstitial(notice what) {
    const auto target = what.url;
    auto r = html_page(200, render_notice(what));
    r.set("Refresh", "0; url=" + target);
    return r;
}

} // namespace

response local_page(int status, std::string title, std::string text) {
    notice what;
    what.title = std::move(title);
    what.text = std::move(text);
    return html_page(status, render_notice(what));
}

// deliver_success() sends the code without a further click: the person has just approved, with the
// address in sight.
response deliver_success(std::string url, oauth::delivery how) {
    if (how == oauth::delivery::redirect) return see_other(std::move(url));
    notice what;
    what.title = "Connected";
    what.text = "You can go back to the application now. If it does not open by itself, use the "
                "button.";
    what.url = std::move(url);
    what.caption = "Open the application";
    return interstitial(std::move(what));
}

// deliver_error() sends the browser on only where oauth/ has found the address trusted; elsewhere
// the person gets a link and sees where it leads (RFC 9700 §4.11.2).
response deliver_error(const oauth::client_error& e) {
    if (e.how == oauth::delivery::redirect) return see_other(e.url);
    const bool refused = e.code == "access_denied";
    notice what;
    what.title = refused ? "Not connected" : "The application's request can't be used";
    what.text =
        refused ? "You refused the connection. Nothing was stored."
                : "The application sent a request that this server can't accept: " + e.description +
                      ".";
    what.url = e.url;
    what.caption = "Return to " + e.host;
    return html_page(refused ? 200 : 400, render_notice(what));
}

} // namespace web
