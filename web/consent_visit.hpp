// One consent form on its way through /authorize, and the pages that it may lead back to.
#pragma once

#include "oauth/sealed_request.hpp"
#include "web/authorize_endpoint.hpp"
#include "web/consent_form.hpp"

#include <string>
#include <vector>

namespace web {

struct consent_visit {
    const authorize_needs& needs;
    std::string peer;
    std::string cookie;
    consent_form form;
    oauth::opened_request opened;
    bool pasted; // the key came with this form, not from the first step

    [[nodiscard]] const oauth::authorization_request& asked() const { return opened.request; }
    [[nodiscard]] carried_for held_use() const { return {"held key", opened.id, cookie}; }
};

// The key of the first step, if the form brings none of its own.
consent_visit make_visit(const authorize_needs& needs, const request& r, consent_form form,
                         oauth::opened_request opened);

// -- Local pages -------------------------------------------------------------------------------

std::string start_again(std::string why);
response unusable(const error& e);
// Nobody knows the client, its document is not valid, or it can't be had at this moment.
response no_client(const error& e);

// -- The two steps -----------------------------------------------------------------------------

// The key's field is empty, whatever was pasted.
response key_page(const consent_visit& v, int status, std::vector<consent_problem> problems);
response choices_page(const consent_visit& v, const actors::checked_key& key, int status,
                      std::vector<consent_problem> problems);
// The page that the person came from, as far as the key is still known to be good.
response form_again(const consent_visit& v, int status, std::vector<consent_problem> problems);
// `e` is ours or Twenty's, and may pass; `text` is for the person.
response form_failed(const consent_visit& v, const error& e, std::string text);
response key_failed(const consent_visit& v, const error& e);
response no_schema(const consent_visit& v);

} // namespace web
