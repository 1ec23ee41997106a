#include "actors/schema_cache.hpp"

#include "base/crypto.hpp"
#include "metrics/metrics.hpp"
#include "twenty/fingerprint.hpp"

#include <algorithm>
#include <iterator>

namespace actors {

schema_cache_logic::schema_cache_logic(self_ptr self, settings_ptr settings, pool_handle pool,
                                       address<actor::supervisor> supervisor)
    : self_(self), settings_(std::move(settings)), pool_(std::move(pool)),
      supervisor_(std::move(supervisor)) {}

caf::behavior schema_cache_logic::behavior() {
    return handlers<home>{
        [this](get_schema& m) { accept(m); },
        [this](const drop_schemas& m) { drop(m); },
        [this](const list_schemas&) { list(); },
    };
}

// accept() decides three things from the entry and what is wanted: whether the asker waits, whether
// a check begins, whether a load begins. The asker joins `askers` before either begins, because
// step() may fail at once.
void schema_cache_logic::accept(get_schema& m) {
    owed promise(self_);
    auto found = entries_.find(m.workspace_id);
    if (found == entries_.end()) {
        make_room();
        found = entries_.try_emplace(m.workspace_id).first;
    }
    entry& e = found->second;
    e.last_used = now();
    const bool usable = e.schema && !e.dropped;
    const bool busy = e.loading || e.checking;
    const bool newer = m.wanted != mcp::freshness::cached;
    const bool changed = m.wanted == mcp::freshness::changed;
    const bool has_version = usable && e.schema->metadata_version();
    const bool expired = now() - e.loaded_at >= settings_->schema_ttl;
    const bool may_load = now() - e.last_load >= settings_->schema_refresh_gap;
    const bool check_due = changed || now() - e.checked_at >= settings_->schema_check_gap;
    const bool check_now = !busy && usable && newer && has_version && check_due;
    const bool outdated = expired || (newer && !has_version);
    const bool load_now =
        !busy && !check_now && (!usable || (outdated && may_load) || (changed && !has_version));
    // A load or check under way may have asked Twenty before the change.
    if (changed && e.loading) e.load_again = true;
    if (changed && e.checking) e.check_again = true;
    // An asker that needs a newer schema waits for it; every other takes the old one.
    const bool waits = !usable || (newer && (busy || check_now || load_now));
    metrics::count(metrics::id::schema_requests, {waits ? "waited" : "hit"});
    if (!waits)
        promise.answer(e.schema);
    else
        e.askers.emplace_back(m.api_key, std::move(promise));
    if (check_now || load_now) e.within = std::move(m.within);
    if (check_now) check(m.workspace_id, m.api_key);
    if (load_now) begin(m.workspace_id, m.api_key);
}

void schema_cache_logic::check(const std::string& workspace, const secret& api_key) {
    entries_.at(workspace).checking = true;
    const auto asked_at = now();
    twenty_call call(workspace, api_key, twenty::metadata_version_request(),
                     asked_at + settings_->schema_check_limit);
    call.metered = false;
    call.within = entries_.at(workspace).within;
    ask(self_, pool_, std::move(call),
        [this, workspace, api_key, asked_at](const result<twenty::response>& answer) {
            if (!answer) return finish_check(workspace, api_key, asked_at, answer.failure());
            finish_check(workspace, api_key, asked_at,
                         twenty::read_metadata_version(*answer, workspace));
        });
}

// finish_check() looks first at what outweighs the check's own yes: a dropped or outdated schema is
// loaded anew; a refused key proves nothing; a check that may have missed a change is repeated.
// Only then askers get the copy, also when Twenty did not answer.
void schema_cache_logic::finish_check(const std::string& workspace, const secret& api_key,
                                      time_point asked_at, const result<std::int64_t>& version) {
    entry& e = entries_.at(workspace);
    e.checking = false;
    const bool again = std::exchange(e.check_again, false);
    // A restored backup has a lower version than before.
    if (e.dropped || (version && e.schema->metadata_version() != *version))
        return begin(workspace, api_key);
    // A dead key says nothing about the schema, and must not keep others from asking with theirs.
    if (!version && version.failure().code == errc::upstream_auth)
        return refuse_askers(workspace, api_key, version.failure());
    // `asked_at`, and not the time of the answer: a change between the two is not seen.
    e.checked_at = asked_at;
    if (again) return check(workspace, api_key);
    answer_all(e);
}

// The askers with the refused key are told, so that their connection ends; then the check begins
// anew with the key of the first of the others.
void schema_cache_logic::refuse_askers(const std::string& workspace, const secret& api_key,
                                       const error& why) {
    entry& e = entries_.at(workspace);
    std::vector<waiting> others;
    for (auto& asker : std::exchange(e.askers, {}))
        if (crypto::equal(asker.api_key.reveal(), api_key.reveal()))
            asker.promise.answer(why);
        else
            others.push_back(std::move(asker));
    e.askers = std::move(others);
    if (e.askers.empty()) return;
    const secret next = e.askers.front().api_key;
    check(workspace, next);
}

void schema_cache_logic::answer_all(entry& e) {
    for (auto& asker : std::exchange(e.askers, {}))
        asker.promise.answer(e.schema);
}

// drop() keeps the old schema out of sight instead of erasing it: succeed() compares the next one
// with it, so that clients are told of a change.
void schema_cache_logic::drop(const drop_schemas& m) {
    std::uint64_t dropped = 0;
    for (auto& [workspace, e] : entries_) {
        if (!m.workspace_id.empty() && workspace != m.workspace_id) continue;
        if (e.schema && !e.dropped) ++dropped;
        e.dropped = true;
        e.load_again = e.loading != nullptr;
    }
    owed(self_).answer(dropped);
}

// list() leaves out what nobody is given any more, and `last_used` as it is: an administrator who
// looks keeps no schema from making room.
void schema_cache_logic::list() {
    std::vector<twenty::schema_ptr> kept;
    for (const auto& [workspace, e] : entries_)
        if (e.schema && !e.dropped) kept.push_back(e.schema);
    owed(self_).answer(std::move(kept));
}

// begin() loads with the key of the asker that made it necessary, for all who wait. fail() takes
// another one's when that key is refused.
void schema_cache_logic::begin(const std::string& workspace, const secret& api_key) {
    entry& e = entries_.at(workspace);
    e.last_load = now();
    e.loading = std::make_unique<load>();
    e.loading->api_key = api_key;
    e.loading->until = now() + settings_->schema_load_limit;
    step(workspace);
}

// step() may call at() without a look: an entry that is loading is neither erased by make_room()
// nor begun a second time, so every answer finds the load that asked for it.
void schema_cache_logic::step(const std::string& workspace) {
    load& l = *entries_.at(workspace).loading;
    auto request = l.steps.next();
    if (!request) {
        if (l.steps.finished())
            succeed(workspace, l.steps.take());
        else
            fail(workspace, error(errc::internal, "The schema could not be loaded."));
        return;
    }
    twenty_call call(workspace, l.api_key, std::move(*request), l.until);
    call.metered = false;
    call.within = entries_.at(workspace).within;
    ask(self_, pool_, std::move(call), [this, workspace](result<twenty::response> answer) {
        if (!answer) return fail(workspace, answer.failure());
        auto fed = entries_.at(workspace).loading->steps.feed(*answer);
        if (!fed) return fail(workspace, fed.failure());
        step(workspace);
    });
}

void schema_cache_logic::succeed(const std::string& workspace, twenty::schema_ptr schema) {
    // Threat: a key of workspace B in a grant that says A fills A's cache. Defence: Twenty says
    // whose schema this is.
    if (schema->workspace_id() != workspace)
        return fail(workspace, error(errc::upstream_auth,
                                     "The API key belongs to another workspace now; connect "
                                     "again with a new key."));
    entry& e = entries_.at(workspace);
    // Begun anew before anybody is answered: the schema that has just arrived may be older than the
    // change, or than the administrator's drop, that set `load_again`.
    if (std::exchange(e.load_again, false)) {
        const secret key = e.loading->api_key;
        return begin(workspace, key);
    }
    e.dropped = false;
    const bool changed = e.schema && twenty::fingerprint(*e.schema) != twenty::fingerprint(*schema);
    e.schema = std::move(schema);
    e.loaded_at = now();
    // As old as the beginning of the load: what changed during it may be missing.
    e.checked_at = e.last_load;
    // Loading the same model again is no news: every client would fetch its lists anew.
    if (changed) report_change(workspace);
    e.loading.reset();
    answer_all(e);
}

void schema_cache_logic::report_change(const std::string& workspace) {
    mcp::change schema;
    schema.what = mcp::source::schema;
    schema.resources = true; // the schemas of objects are listed as resources
    tell(supervisor_, things_changed(workspace, schema));
}

void schema_cache_logic::fail(const std::string& workspace, const error& why) {
    entry& e = entries_.at(workspace);
    metrics::count(metrics::id::schema_requests, {"failed"});
    logging::event(logging::level::warning, "schema_load_failed",
                   {{"workspace", workspace},
                    {"error", to_string(why.code)},
                    {"message", why.message},
                    {"detail", why.detail}});
    const auto finished = std::move(e.loading);
    e.load_again = false;
    // An old model is better than none: what no longer holds of it Twenty refuses itself.
    // `checked_at` keeps the next asker from beginning a check at once.
    if (e.schema && !e.dropped) {
        e.checked_at = now();
        return answer_all(e);
    }
    auto askers = std::exchange(e.askers, {});
    // One person's dead key must not fail the others: they try with theirs.
    if (why.code == errc::upstream_auth) {
        const auto others = std::partition(askers.begin(), askers.end(), [&](const waiting& w) {
            return crypto::equal(w.api_key.reveal(), finished->api_key.reveal());
        });
        std::move(others, askers.end(), std::back_inserter(e.askers));
        askers.erase(others, askers.end());
    }
    for (auto& asker : askers)
        asker.promise.answer(why);
    if (!e.askers.empty()) {
        const secret next = e.askers.front().api_key;
        begin(workspace, next);
    } else {
        entries_.erase(workspace);
    }
}

// make_room() erases the entry that was used longest ago. One that is checking or loading stays,
// so the bound may be passed by as many as are under way.
void schema_cache_logic::make_room() {
    if (entries_.size() < settings_->schemas_kept) return;
    auto oldest = entries_.end();
    for (auto at = entries_.begin(); at != entries_.end(); ++at)
        if (!at->second.loading && !at->second.checking &&
            (oldest == entries_.end() || at->second.last_used < oldest->second.last_used))
            oldest = at;
    if (oldest != entries_.end()) entries_.erase(oldest);
}

} // namespace actors
