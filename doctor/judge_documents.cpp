#include "doctor/judge_documents.hpp"

#include "base/text.hpp"

#include <array>

namespace doctor {

namespace {

bool lists(const json::value& document, std::string_view member, std::string_view item) {
    const auto* at = document.find(member);
    const auto* all = at ? at->if_array() : nullptr;
    if (!all) return false;
    for (const auto& one : *all)
        if (const auto* text = one.if_string(); text && *text == item) return true;
    return false;
}

} // namespace

json::value document_of(const asked& a) {
    if (!a || a->status != 200) return {};
    auto read = json::parse(a->body);
    if (!read || !read->is_object()) return {};
    return std::move(read).value();
}

finding judge_document(const asked& a, std::string_view member) {
    if (!a || a->status != 200) return failed(told(a));
    // judge_encoding() speaks of a document that somebody has packed.
    if (!a->header("content-encoding").empty()) return ok("200");
    const auto document = document_of(a);
    if (!document.is_object()) return failed("200, and no JSON object: " + shown(a->body, 60));
    if (!document.find(member)) return failed("it has no member " + std::string(member));
    return ok("200");
}

// RFC 9110 §12.5.3: Accept-Encoding: identity was sent.
finding judge_encoding(const asked& a, const asked& b) {
    for (const auto* one : {&a, &b}) {
        if (!*one) continue;
        const auto coding = (*one)->header("content-encoding");
        if (!coding.empty() && coding != "identity")
            return failed("Content-Encoding: " + shown(coding) + ", which nobody asked for");
        const auto type = (*one)->header("content-type");
        if (!type.starts_with("application/json")) return failed("Content-Type: " + shown(type));
    }
    return ok("as they were written");
}

finding judge_resource(const json::value& document, std::string_view resource) {
    const auto named = document.text("resource");
    if (named == resource) return ok(shown(named));
    return failed("the document says " + shown(named) + ", the address used is " + shown(resource));
}

// RFC 8414 §3.3: a client compares them byte by byte.
finding judge_issuer(const json::value& document, std::string_view origin) {
    const auto named = document.text("issuer");
    if (named != origin)
        return failed("the document says " + shown(named) + ", the address used is " +
                      shown(origin));
    constexpr std::array<std::string_view, 4> endpoints{{"authorization_endpoint", "token_endpoint",
                                                         "registration_endpoint",
                                                         "revocation_endpoint"}};
    for (const auto endpoint : endpoints) {
        const auto url = document.text(endpoint);
        if (!url.starts_with(origin) || !url.substr(origin.size()).starts_with('/'))
            return failed(std::string(endpoint) + " is " + shown(url));
    }
    return ok(shown(named));
}

finding judge_promises(const json::value& document) {
    if (!lists(document, "code_challenge_methods_supported", "S256"))
        return failed("code_challenge_methods_supported lacks S256");
    return ok("S256");
}

} // namespace doctor
