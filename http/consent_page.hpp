// What a person sees at /authorize: the consent form and short notices. Rendering only; which
// page is due is decided in authorize_endpoint.
// Threat: a client name or address carries markup. Defence: templates that escape everything
// (a test refuses unescaped tags), quoted attributes, and no script on any page.
#pragma once

#include "http/message.hpp"
#include "http/services.hpp"
#include "oauth/types.hpp"

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace http {

// What the person typed, as far as it is given back. Never the key.
struct consent_values {
    std::string label;
    std::string objects; // comma list
    bool write = false;
};

// What was wrong. `field` is the form field's name; empty: the form as a whole.
struct consent_problem {
    std::string field;
    std::string text;
};

struct consent_view {
    const oauth::authorization_request& request;
    std::string sealed;     // the hidden field
    std::string twenty_url; // empty: not told
    consent_values values;
    std::vector<consent_problem> problems;
    std::string workspace_note; // what is known of the key that was refused
};
std::string render_consent(const consent_view& view);

struct notice {
    std::string title;
    std::string text;
    std::string url; // empty: no link
    std::string caption;
};
std::string render_notice(const notice& what);

// A page with the headers that every page of ours carries.
response html_page(int status, std::string html);

// /static/consent.css?v=HASH: the address changes with the content, so it may be kept forever.
const std::string& stylesheet_address();
boost::asio::awaitable<response> get_stylesheet(services& s, request r);

} // namespace http
