#include "oauth/client_metadata.hpp"

#include "oauth/redirect_uri.hpp"

#include <algorithm>

namespace oauth {

bool string_list::contains(std::string_view word) const {
    return std::find(items.begin(), items.end(), word) != items.end();
}

string_list read_strings(const json::value& document, std::string_view name) {
    string_list out;
    const auto* member = document.find(name);
    if (!member || member->is_null()) return out;
    out.present = true;
    const auto* items = member->if_array();
    out.valid = items != nullptr;
    if (!items) return out;
    for (const auto& item : *items) {
        if (const auto* text = item.if_string())
            out.items.push_back(*text);
        else
            out.valid = false;
    }
    return out;
}

// RFC 7591 §3.2.2. One bad URI fails the whole list: a client that got two of its three would find
// out at the first use of the third, when nobody reads the error. The bytes stay as they were sent,
// because redirect_uri_matches() compares bytes.
metadata_verdict read_redirect_uris(const json::value& document, client& out) {
    const auto list = read_strings(document, "redirect_uris");
    if (!list.present || !list.valid || list.items.empty())
        return metadata_fault{bad_redirect,
                              "redirect_uris must be an array of one or more strings"};
    if (list.items.size() > max_redirect_uris)
        return metadata_fault{bad_redirect, "redirect_uris holds more than 10 entries"};
    for (const auto& uri : list.items)
        if (auto checked = check_redirect_uri(uri); !checked)
            return metadata_fault{bad_redirect, checked.failure().message};
    out.redirect_uris = list.items;
    return std::nullopt;
}

// RFC 7591 §3.2.1 lets a server register less than was asked: other grant types are passed over,
// and the answer says what is left. authorization_code must be among them, since nothing else
// begins a grant here.
metadata_verdict read_grant_types(const json::value& document, client& out) {
    const auto grants = read_strings(document, "grant_types");
    const auto responses = read_strings(document, "response_types");
    if (!grants.valid || !responses.valid)
        return metadata_fault{bad_metadata,
                              "grant_types and response_types must be arrays of strings"};
    if (grants.present && !grants.contains("authorization_code"))
        return metadata_fault{bad_metadata, "grant_types must contain authorization_code"};
    if (responses.present && !responses.contains("code"))
        return metadata_fault{bad_metadata, "response_types must contain code"};
    // RFC 7591's default is authorization_code alone, but clients that leave the member out
    // refresh all the same.
    out.may_refresh = !grants.present || grants.contains("refresh_token");
    return std::nullopt;
}

} // namespace oauth
