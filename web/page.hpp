// What every page for people has in common: how it is rendered, its headers, its style.
// Threat: a client name or address carries markup. Defence: templates that escape everything
// (a test refuses unescaped tags), quoted attributes, and no script on any page.
#pragma once

#include "web/http.hpp"

#include <boost/asio/awaitable.hpp>
#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>

namespace web {

std::string render_page(std::string_view source, const kainjow::mustache::data& values);

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
boost::asio::awaitable<response> get_stylesheet();
// Browsers ask for /favicon.ico beside every page: there is none, which is no fault.
boost::asio::awaitable<response> get_icon();

} // namespace web
