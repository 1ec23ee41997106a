// Clients that bring their own document: its address in the first line, Cache-Control in the
// second, the document in the rest. What is taken must be plain to a second, simpler reader too.
#include "oauth/client_document.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "oauth/client.hpp"
#include "oauth/redirect_uri.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <string>

namespace {

constexpr std::string_view scheme = "https://";

// An accepted address once more, cut by hand.
void check_url(std::string_view given, const oauth::document_url& read) {
    fuzz::must(read.url == given, "an address is kept byte by byte");
    fuzz::must(given.size() <= oauth::max_document_url_bytes && text::starts_with_ci(given, scheme),
               "an address is https and short");
    const auto rest = given.substr(scheme.size());
    const auto slash = rest.find('/');
    fuzz::must(slash != std::string_view::npos, "an address has a path");
    auto host = text::lower(rest.substr(0, slash));
    if (host.ends_with(":443")) host.resize(host.size() - 4);
    fuzz::must(host == read.host && rest.substr(slash) == read.target,
               "two readers see one host and one target");
    fuzz::must(host.find('.') != std::string::npos &&
                   host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") ==
                       std::string::npos,
               "a host is a DNS name");
    fuzz::must(host.find_last_not_of("0123456789.") != std::string::npos, "a host is no address");
    fuzz::must(std::all_of(given.begin(), given.end(),
                           [](char c) { return c > 0x20 && c < 0x7F && c != '\\' && c != '#'; }),
               "an address holds nothing that a browser mends");
    const auto path = text::lower(read.target.substr(0, read.target.find('?')));
    for (const auto& segment : text::split(path, '/')) {
        const auto plain = text::percent_decode(segment);
        fuzz::must(plain && *plain != "." && *plain != "..", "a path has no dot segments");
    }
}

void check_client(std::string_view url, std::string_view body, const oauth::client& read) {
    const auto document = json::parse(body);
    fuzz::must(document && document->text("client_id") == url && read.id == url,
               "a document is its address's own");
    fuzz::must(!document->find("client_secret"), "a document holds no secret");
    fuzz::must(body.size() <= oauth::max_document_bytes, "a document's size is bounded");
    fuzz::must(read.kind == oauth::client_kind::metadata_document, "its client is of that kind");
    fuzz::must(!read.redirect_uris.empty() && read.redirect_uris.size() <= oauth::max_redirect_uris,
               "a client has addresses to go back to");
    for (const auto& uri : read.redirect_uris)
        fuzz::must(oauth::check_redirect_uri(uri).ok(), "each may be registered");
    fuzz::must(oauth::clean_client_name(read.name) == read.name, "a name is clean");
}

} // namespace

void fuzz::client_document(std::string_view bytes) {
    const auto url = take_line(bytes);
    const auto kept = oauth::document_lifetime(take_line(bytes));
    must(kept >= std::chrono::minutes(5) && kept <= std::chrono::hours(24),
         "a document is kept within our bounds");
    const auto read = oauth::read_document_url(url);
    must(oauth::document_host(url).empty() == !read, "who has no address has no host");
    if (read) check_url(url, *read);
    const auto client = oauth::read_client_document(url, bytes);
    if (read && client) check_client(url, bytes, *client);
}
