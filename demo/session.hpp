// Who asks what of which workspace: what the three entry points of the server share.
#pragma once

#include "demo/clock.hpp"
#include "demo/rate_limit.hpp"
#include "demo/roles.hpp"
#include "demo/schema.hpp"
#include "demo/store.hpp"
#include "demo/views.hpp"

#include <string>

namespace demo {

struct workspace_facts {
    std::string id;
    std::string name;
    std::string subdomain;
    std::string standard_application; // id
    std::string custom_application;   // id
    time_point started{};
};

struct session {
    const workspace_facts& facts;
    schema& model;
    store& data;
    const key_ring& keys;
    saved_views& views;
    rate_limit* limit = nullptr;     // nullptr: off
    const api_key* caller = nullptr; // nullptr: no credentials
    time_point now{};
    bool production = false; // no introspection without a key, fewer details in refusals
    bool old_schema = false; // metadata as an older server shows it, with isCustom
};

} // namespace demo
