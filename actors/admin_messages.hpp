// The messages that the admin API may send to the actors, beside those of messages.hpp, which
// includes this file. Their form and their rules are the same.
#pragma once

#include "actors/actor.hpp"
#include "base/result.hpp"
#include "stored/audit.hpp"
#include "stored/calls.hpp"
#include "stored/grants.hpp"
#include "stored/pause.hpp"
#include "stored/server_keys.hpp"
#include "twenty/schema.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace actors {

struct find_grants {
    static constexpr auto home = actor::store;
    using reply = stored::grant_page;
    stored::grant_filter filter;
    std::size_t limit;
    std::string after;
    find_grants(stored::grant_filter f, std::size_t most, std::string cursor)
        : filter(std::move(f)), limit(most), after(std::move(cursor)) {}
};
struct count_grants {
    static constexpr auto home = actor::store;
    using reply = std::int64_t;
    int unused = 0;
    count_grants() {}
};
// Their sessions and streams end with them.
struct end_chosen {
    static constexpr auto home = actor::store;
    using reply = std::vector<std::string>; // their ids
    stored::grant_choice choice;
    std::string source;
    end_chosen(stored::grant_choice c, std::string from)
        : choice(std::move(c)), source(std::move(from)) {}
};
// These two answer with all pauses that there are then. From that answer on no request that the
// pause is of begins to be sent to Twenty. errc::not_found: nothing is meant; too_large: too many.
struct pause_writes {
    static constexpr auto home = actor::sessions;
    using reply = std::vector<stored::write_pause>;
    stored::write_pause pause;
    std::string source;
    pause_writes(stored::write_pause p, std::string from)
        : pause(std::move(p)), source(std::move(from)) {}
};
struct resume_writes {
    static constexpr auto home = actor::sessions;
    using reply = std::vector<stored::write_pause>;
    stored::pause_target of;
    std::string source;
    resume_writes(stored::pause_target target, std::string from)
        : of(std::move(target)), source(std::move(from)) {}
};
struct list_pauses {
    static constexpr auto home = actor::store;
    using reply = std::vector<stored::write_pause>;
    int unused = 0;
    list_pauses() {}
};
struct list_keys {
    static constexpr auto home = actor::store;
    using reply = std::vector<stored::key_use>;
    int unused = 0;
    list_keys() {}
};
struct note_audit {
    static constexpr auto home = actor::store;
    using reply = done;
    stored::audit_note note;
    explicit note_audit(stored::audit_note n) : note(std::move(n)) {}
};
struct read_audit {
    static constexpr auto home = actor::store;
    using reply = std::vector<stored::audit_row>;
    stored::audit_query query;
    explicit read_audit(stored::audit_query q) : query(q) {}
};
struct read_calls {
    static constexpr auto home = actor::store;
    using reply = std::vector<stored::call_record>;
    stored::call_query query;
    explicit read_calls(stored::call_query q) : query(std::move(q)) {}
};
struct read_call_chain {
    static constexpr auto home = actor::store;
    using reply = stored::call_chain;
    int unused = 0;
    read_call_chain() {}
};
// The data models that are kept are loaded anew when they are needed next.
struct drop_schemas {
    static constexpr auto home = actor::schemas;
    using reply = std::uint64_t; // how many there were
    std::string workspace_id;    // empty: of all workspaces
    explicit drop_schemas(std::string workspace) : workspace_id(std::move(workspace)) {}
};
// The data models that are kept, as they are: nobody is asked for newer ones.
struct list_schemas {
    static constexpr auto home = actor::schemas;
    using reply = std::vector<twenty::schema_ptr>;
    int unused = 0;
    list_schemas() {}
};

// The messages above, once; messages.hpp has them in its list.
#define ACTORS_ADMIN_QUESTIONS(EACH)                                                               \
    EACH(find_grants)                                                                              \
    EACH(count_grants)                                                                             \
    EACH(end_chosen)                                                                               \
    EACH(pause_writes)                                                                             \
    EACH(resume_writes)                                                                            \
    EACH(list_pauses)                                                                              \
    EACH(list_keys)                                                                                \
    EACH(note_audit)                                                                               \
    EACH(read_audit)                                                                               \
    EACH(read_calls)                                                                               \
    EACH(read_call_chain)                                                                          \
    EACH(drop_schemas)                                                                             \
    EACH(list_schemas)

} // namespace actors
