// How a consent form is answered for good: with a grant and its code, or with the person's refusal.
#pragma once

#include "web/consent_visit.hpp"

namespace web {

// Asks Twenty, also when the key was good at the first step. `v` must outlive the call.
asio::awaitable<response> approve(consent_visit& v, answered_forms::turn turn);

response deny(const consent_visit& v, answered_forms::turn turn);

// The first answer to a form counts; the same form gets it again.
response answered_already(const consent_visit& v, const answered_forms::answer& given);

} // namespace web
