// The views that people have saved in Twenty: how they are asked for. crm/saved_view applies them.
#pragma once

#include "twenty/readable_object.hpp"
#include "twenty/transport.hpp"

namespace twenty {

// data.getViews[]: all views of an object with their filters, sorts and columns. Twenty tells them
// to every role.
request views_request(const readable_object& of);

} // namespace twenty
