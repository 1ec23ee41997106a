// Ids that carry a client's registration, and requests sealed into a form: what was made here
// opens to what went in, and nothing else opens at all.
#include "oauth/client.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "oauth/redirect_uri.hpp"
#include "oauth/sealed_request.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"

#include <string>

namespace {

// Another text of the same length, chosen by the input.
std::string bent(std::string text, std::string_view by) {
    if (text.empty() || by.size() < 2) return text;
    const auto place =
        (static_cast<unsigned char>(by[0]) * 256U + static_cast<unsigned char>(by[1])) %
        text.size();
    text[place] = text[place] == 'A' ? 'B' : 'A';
    return text;
}

void signed_id(std::string_view name, std::string_view uris, std::string_view by) {
    static const secret key(std::string(32, 'k'));
    oauth::client metadata;
    metadata.name = oauth::clean_client_name(name);
    for (const auto& uri : text::split(uris, ' '))
        if (metadata.redirect_uris.size() < oauth::max_redirect_uris &&
            oauth::check_redirect_uri(uri))
            metadata.redirect_uris.push_back(uri);
    if (metadata.redirect_uris.empty()) return;
    metadata.may_refresh = by.size() % 2 == 0;
    metadata.authentication = static_cast<oauth::auth_method>(by.size() % 3);
    const auto id = oauth::sign_client_id(metadata, {}, "0123456789", key);
    if (id.size() > oauth::max_client_id_bytes) return;
    const auto found = oauth::find_client(id, key);
    fuzz::must(found && found->name == metadata.name &&
                   found->redirect_uris == metadata.redirect_uris &&
                   found->may_refresh == metadata.may_refresh &&
                   found->authentication == metadata.authentication,
               "an id gives back the registration that it was made of");
    const auto other = bent(id, by);
    if (other != id) fuzz::must(!oauth::find_client(other, key), "a bent id opens nothing");
}

void sealed(std::string_view state, std::string_view name, std::string_view by) {
    static const std::vector<secret> keys{oauth::request_key(secret(std::string(32, 's')))};
    oauth::authorization_request request;
    request.client_id = "id";
    request.client_name = name;
    request.redirect_uri = "https://client.example/callback";
    request.scope = {true, by.size() % 2 == 1, false};
    if (!state.empty()) request.state = std::string(state);
    request.code_challenge = std::string(43, 'c');
    request.resource = "https://mcp.example.com/mcp";
    const oauth::time_point until{std::chrono::seconds(1'000)};
    const auto text = oauth::seal_request(request, keys[0], "cookie", until);
    const auto opened = oauth::open_request(text, keys, "cookie", {});
    // The record inside is JSON: a name or state that is no UTF-8 never comes so far.
    if (text::valid_utf8(state) && text::valid_utf8(name))
        fuzz::must(opened && opened->request.state == request.state &&
                       opened->request.client_name == request.client_name &&
                       opened->request.scope == request.scope,
                   "a sealed request opens to itself");
    fuzz::must(!oauth::open_request(text, keys, "cookie2", {}), "another browser opens nothing");
    fuzz::must(!oauth::open_request(text, keys, "cookie", until + std::chrono::seconds(1)),
               "an old request opens nothing");
    const auto other = bent(text, by);
    if (other != text)
        fuzz::must(!oauth::open_request(other, keys, "cookie", {}), "a bent request opens nothing");
}

} // namespace

void fuzz::client_id(std::string_view bytes) {
    static const secret key(std::string(32, 'k'));
    static const std::vector<secret> keys{key};
    must(!oauth::find_client(bytes, key), "nobody can guess an id");
    must(!oauth::open_request(bytes, keys, "cookie", {}), "nobody can guess a sealed request");
    const auto name = take_line(bytes);
    const auto second = take_line(bytes);
    signed_id(name, second, bytes);
    sealed(second, name, bytes);
}
