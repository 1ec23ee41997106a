#include "kept_head.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "process.hpp"

namespace kept_head {

// read() takes the head from the text that is signed: what stands beside it in the file is held to
// it by nothing else.
result<std::optional<stored::call_chain>> read(const std::string& file) {
    if (file.empty()) return std::optional<stored::call_chain>();
    TRY(text, process::read_given_file(file));
    const auto told = json::parse(text);
    const auto no_answer = bad_request(file + " is no answer of /admin/calls/chain");
    if (!told) return no_answer;
    auto head = stored::read_signed_text(told->text("signed"));
    const auto signature = text::hex_decode(told->text("signature"));
    const auto key = text::hex_decode(told->text("public_key"));
    const auto* last = told->find("last");
    if (!head || !signature || !key || !last || last->as_int() != head->last ||
        text::hex_decode(told->text("hash")) != head->hash)
        return no_answer;
    head->signature = *signature;
    head->public_key = *key;
    return head;
}

// Threat: whoever has put an older database back puts a head of their own in the place of the one
// that was kept. Defence: a head is held to its signature before anything is held to the head.
result<done> check_signature(const stored::call_chain& kept, const std::string& file,
                             const std::string& key) {
    if (kept.signature.empty())
        return error{errc::conflict, file + " is not signed: the trail was altered already when "
                                            "this head was kept"};
    if (!crypto::is_signed(kept.public_key, kept.signed_text(), kept.signature))
        return error{errc::conflict, file + " was altered: its signature is not of what it says"};
    if (!key.empty() && kept.public_key != key)
        return error{errc::conflict, file + " is signed by another key: it is of another server, "
                                            "or somebody has made it"};
    return done{};
}

} // namespace kept_head
