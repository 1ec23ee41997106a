// What a person sees at /approve/ID. Rendering only.
#pragma once

#include "actors/messages.hpp"

#include <string>

namespace web {

// Nothing is known of who looks: the question for the key. `problem`: what was wrong with the last
// one, or empty.
std::string render_approve_key(const std::string& problem);
// The question, or how it was answered.
std::string render_approve(const actors::approval_view& view, const std::string& ticket);

} // namespace web
