#include "tests/store/token_history.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "store/store.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace store_tests {

namespace {

using namespace std::chrono_literals;

constexpr const char* own_resource = "https://crm.example.com/mcp";
constexpr std::size_t most_grants = 15; // of a client and a key 20 live; that bound is not played

// A folder of its own, in memory where there is such a place.
class scratch {
  public:
    scratch() {
        const std::filesystem::path shared = "/dev/shm";
        const auto parent =
            ::access(shared.c_str(), W_OK) == 0 ? shared : std::filesystem::temp_directory_path();
        auto pattern = (parent / "tokens-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch folder");
        path_ = pattern;
    }
    ~scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    [[nodiscard]] std::string file() const { return (path_ / "twenty-mcp.db").string(); }

  private:
    std::filesystem::path path_;
};

struct model {
    std::vector<grant_model> grants;
    std::vector<std::string> ended; // since take_ended() was asked last
    std::int64_t now = 0;
};

struct broken {
    std::string promise;
};

class history {
  public:
    explicit history(std::string_view bytes) : left_(bytes) { open(); }

    played play() {
        try {
            while (!left_.empty())
                step();
            restart();
            for (std::size_t g = 0; g < now_.grants.size(); ++g)
                try_everything(g);
            commit();
        } catch (const broken& b) {
            played_.disagreement = steps_ + "broken: " + b.promise;
        }
        return std::move(played_);
    }

  private:
    // -- Choices ----------------------------------------------------------------------------

    std::size_t below(std::size_t n) {
        if (left_.empty()) return 0;
        const auto byte = static_cast<unsigned char>(left_.front());
        left_.remove_prefix(1);
        return byte % n;
    }
    bool one_in(std::size_t n) { return below(n) == 1; }
    // One of `n`, as often as not one of the last three.
    std::size_t recent(std::size_t n) {
        return one_in(2) ? n - 1 - below(std::min<std::size_t>(n, 3)) : below(n);
    }
    std::string client() { return one_in(2) ? "client" : "other"; }
    std::string client_of(const grant_model& g) { return one_in(12) ? "a thief" : g.client; }
    std::string key() { return one_in(2) ? "a key" : "another key"; }

    // -- The database -----------------------------------------------------------------------

    void must(bool kept, std::string_view promise) {
        if (!kept) throw broken{std::string(promise)};
    }
    void say(const std::string& step) { steps_ += std::to_string(now_.now) + " " + step + "\n"; }
    [[nodiscard]] oauth::time_point time() const {
        return oauth::time_point(1'800'000'000s + std::chrono::seconds(now_.now));
    }

    void open() {
        stored::options options;
        options.path = folder_.file();
        options.key = secret(std::string(32, keys_[key_]));
        options.previous = {secret(std::string(32, keys_[1 - key_]))};
        options.resource = own_resource;
        auto opened = store::store::open(std::move(options));
        must(opened.ok(), "the database opens");
        store_.emplace(*std::move(opened));
    }
    // Now and then under a new server key, with the one before it at hand.
    void restart() {
        if (one_in(3)) key_ = 1 - key_;
        // What was committed to nobody is undone, and with it the marks that came after it.
        if (store_->dirty()) {
            const auto at = now_.now;
            now_ = kept_;
            now_.now = at;
        }
        say("restart");
        store_.reset();
        now_.ended.clear(); // the sessions are gone as well
        open();
        kept_ = now_;
    }
    void commit() {
        // The first uses of access tokens are kept with the next change, not for themselves.
        const bool changed = store_->dirty();
        must(store_->commit().ok(), "a commit succeeds");
        auto told = store_->take_ended();
        std::sort(told.begin(), told.end());
        std::sort(now_.ended.begin(), now_.ended.end());
        must(told == now_.ended, "those that ended are told, and no others");
        now_.ended.clear();
        if (changed) kept_ = now_;
    }

    // -- Steps ------------------------------------------------------------------------------

    void step() {
        const auto& all = now_.grants;
        const auto which = below(20);
        if (all.empty() || (which == 0 && all.size() < most_grants)) return consent();
        const auto g = recent(all.size());
        const auto pairs = all[g].pairs.size();
        if (which <= 3) return pass_time();
        if (which == 4 || pairs == 0) return redeem(g);
        if (which <= 8) return use(g, recent(pairs));
        if (which <= 11) return refresh(g, recent(pairs));
        if (which <= 14) return refresh(g, pairs - std::min<std::size_t>(pairs, 2)); // a repeat
        if (which == 15) return revoke(g, recent(pairs));
        if (which == 16) return one_in(3) ? end(g) : sweep();
        if (which == 17) return list();
        if (which == 18) return one_in(3) ? restart() : sweep();
        commit();
    }

    // Until something ends, or the second before or after, or by some seconds.
    void pass_time() {
        static constexpr std::array<std::int64_t, 12> steps{0,  1,  5,   9,   11,   30,
                                                            59, 61, 600, 900, 3601, 864'000};
        std::vector<std::int64_t> ends;
        if (!now_.grants.empty() && !one_in(3)) {
            const auto& grant = now_.grants[recent(now_.grants.size())];
            ends = {grant.code_end, grant.code_end + 600};
            if (one_in(8)) ends.push_back(grant.end);
            if (const auto n = grant.pairs.size(); n > 0) {
                const auto& last = grant.pairs.back();
                const auto& any = grant.pairs[recent(n)];
                ends = {last.used.value_or(last.changed) + 10, last.changed + 60, any.changed + 60,
                        any.access_end};
                if (one_in(8)) ends = {any.refresh_end, grant.end};
                if (one_in(8)) ends = {grant.code_end, grant.code_end + 600};
            }
        }
        const auto to = ends.empty()
                            ? now_.now + steps[below(steps.size())]
                            : ends[below(ends.size())] - 1 + static_cast<std::int64_t>(below(3));
        if (to < now_.now) return;
        now_.now = to;
        say("passes");
    }

    void consent() {
        grant_model g;
        g.client = client();
        g.fingerprint = key();
        g.may_refresh = !one_in(8);
        const bool short_lived = one_in(3);
        oauth::new_grant grant;
        grant.request.client_id = g.client;
        grant.request.redirect_uri = "https://client.example/cb";
        grant.request.code_challenge = text::base64url_encode(crypto::sha256(verifier_));
        grant.request.resource = own_resource;
        grant.granted = {true, true, false};
        grant.props = secret("props of " + std::to_string(now_.grants.size()));
        grant.fingerprint = g.fingerprint;
        grant.label = "grant " + std::to_string(now_.grants.size());
        if (short_lived) grant.lives = 24h;
        say("consent " + std::to_string(now_.grants.size()) + (short_lived ? " for a day" : ""));
        const auto code = store_->create_grant(grant, time());
        must(code.ok(), "a consent makes a code");
        g.code = code->reveal();
        g.code_end = now_.now + 300;
        g.end = now_.now + (short_lived ? 86'400 : 180 * 86'400);
        const auto listed = store_->list_grants(g.fingerprint, time());
        must(listed.ok(), "grants are listed");
        for (const auto& summary : *listed)
            if (summary.label == grant.label) g.id = summary.id;
        must(!g.id.empty(), "a new grant is listed");
        now_.grants.push_back(std::move(g));
    }

    void redeem(std::size_t g) {
        auto& grant = now_.grants[g];
        oauth::code_exchange exchange;
        exchange.client_id = client_of(grant);
        exchange.may_refresh = grant.may_refresh;
        exchange.code = secret(std::string_view(grant.code));
        exchange.code_verifier = one_in(12) ? std::string(43, 'w') : verifier_;
        say("redeem " + std::to_string(g) + " as " + exchange.client_id);
        const bool owner =
            exchange.client_id == grant.client && exchange.code_verifier == verifier_;
        const auto expected = owner ? grant.redeem(now_.now) : answer::refused;
        const auto got = store_->redeem_code(exchange, time());
        if (expected == answer::new_pair) grant.code_used = true;
        compare(g, expected, std::nullopt, got);
    }

    void use(std::size_t g, std::size_t pair) {
        auto& grant = now_.grants[g];
        say("use " + std::to_string(g) + "." + std::to_string(pair));
        const auto got =
            store_->open_grant(secret(std::string_view(grant.pairs[pair].access)), time());
        must(got.ok() == grant.opens(pair, now_.now), "an access token opens while it is good");
        if (!got) return must(got.failure().code == errc::unauthenticated, "else it is refused");
        must(got->grant_id == grant.id && got->client_id == grant.client,
             "a token opens its own grant");
        must(got->props.reveal() == "props of " + std::to_string(g), "with what was consented to");
        grant.use(pair, now_.now);
    }

    void refresh(std::size_t g, std::size_t pair) {
        auto& grant = now_.grants[g];
        if (grant.pairs[pair].refresh.empty()) return;
        oauth::refresh_exchange exchange;
        exchange.client_id = client_of(grant);
        exchange.refresh_token = secret(std::string_view(grant.pairs[pair].refresh));
        exchange.network = one_in(2) ? "192.0.2.0/24" : "198.51.100.0/24";
        exchange.only_repeat = one_in(10);
        say("refresh " + std::to_string(g) + "." + std::to_string(pair) + " as " +
            exchange.client_id + (exchange.only_repeat ? ", repeats only" : ""));
        const auto expected =
            exchange.client_id == grant.client ? grant.refresh(pair, now_.now) : answer::refused;
        const auto got = store_->refresh(exchange, time());
        if (exchange.only_repeat && expected == answer::new_pair)
            return must(!got && got.failure().code == errc::rate_limited,
                        "a client without a share gets nothing new");
        compare(g, expected, pair, got);
    }

    void compare(std::size_t g, answer expected, std::optional<std::size_t> from,
                 const result<oauth::token_pair>& got) {
        auto& grant = now_.grants[g];
        ++played_.answers[expected];
        if (expected == answer::refused || expected == answer::end) {
            must(!got, "a code or token that is over gives nothing");
            must(got.failure().code == errc::invalid_grant, "and is said to be over");
            if (expected == answer::end) ended(grant);
            return;
        }
        must(got.ok(), "a code or token that is good gives a pair");
        issued_pair made;
        made.access = got->access_token.reveal();
        if (got->refresh_token) made.refresh = got->refresh_token->reveal();
        must(made.refresh.empty() != grant.may_refresh, "who may refresh gets a token for it");
        must(got->repeated == (expected == answer::same_pair), "a repeat is said to be one");
        if (expected == answer::same_pair) {
            const auto& last = grant.pairs.back();
            must(made.access == last.access && made.refresh == last.refresh,
                 "a repeat gives what was given");
            return must(now_.now + got->expires_in.count() == last.access_end, "and no longer");
        }
        must(tokens_.insert(made.access).second, "an access token is new");
        must(made.refresh.empty() || tokens_.insert(made.refresh).second, "a refresh token is new");
        made.access_end = std::min<std::int64_t>(now_.now + 3600, grant.end);
        made.refresh_end = std::min<std::int64_t>(now_.now + 30 * 86'400, grant.end);
        must(now_.now + got->expires_in.count() == made.access_end, "an access token has an hour");
        grant.add(std::move(made), from, now_.now);
    }

    void ended(grant_model& grant) {
        if (!std::exchange(grant.ended, true)) now_.ended.push_back(grant.id);
    }

    void revoke(std::size_t g, std::size_t pair) {
        auto& grant = now_.grants[g];
        const bool whole = one_in(2) && grant.may_refresh;
        oauth::token_revocation revocation;
        revocation.client_id = client_of(grant);
        revocation.token =
            secret(std::string_view(whole ? grant.pairs[pair].refresh : grant.pairs[pair].access));
        say("revoke " + std::to_string(g) + "." + std::to_string(pair) +
            (whole ? " refresh" : " access") + " as " + revocation.client_id);
        const auto got = store_->revoke(revocation, time());
        must(got.ok(), "a revocation succeeds");
        const bool owner = revocation.client_id == grant.client;
        const bool ends = owner && whole && !grant.ended;
        must(*got == (ends ? std::optional(grant.id) : std::nullopt),
             "the client's own refresh token ends its grant, and nothing else does");
        if (owner && !whole) grant.pairs[pair].access_gone = true;
        if (ends) ended(grant);
    }

    // By a person on the page of connections, by the administrator, or because its key is dead.
    void end(std::size_t g) {
        auto& grant = now_.grants[g];
        const auto how = below(3);
        if (how == 0) {
            const auto holder = key();
            say("a person with " + holder + " ends " + std::to_string(g));
            const auto gone = store_->end_grants(holder, grant.id, time());
            must(gone.ok(), "a person ends a grant");
            const bool own = holder == grant.fingerprint && !grant.ended;
            must(gone->size() == (own ? 1U : 0U), "whoever has its key ends a grant, nobody else");
            if (own) ended(grant);
            return;
        }
        say("end " + std::to_string(g));
        stored::grant_choice choice;
        choice.id = grant.id;
        must(how == 1 ? store_->end_chosen(choice, "192.0.2.1", time()).ok()
                      : store_->end_dead_grant(grant.id, time()).ok(),
             "a grant ends");
        ended(grant);
    }

    void sweep() {
        say("sweep");
        must(store_->sweep(time()).ok(), "a sweep succeeds");
        for (auto& grant : now_.grants) {
            grant.sweep(now_.now);
            if (grant.dead(now_.now)) ended(grant);
        }
    }

    void list() {
        const auto holder = key();
        say("list the grants of " + holder);
        const auto got = store_->list_grants(holder, time());
        must(got.ok(), "grants are listed");
        std::set<std::string> listed;
        for (const auto& summary : *got)
            listed.insert(summary.id);
        std::set<std::string> expected;
        for (const auto& grant : now_.grants)
            if (grant.fingerprint == holder && !grant.ended && now_.now < grant.end)
                expected.insert(grant.id);
        must(listed == expected, "a key's live grants are listed, and no others");
    }

    void try_everything(std::size_t g) {
        for (std::size_t pair = 0; pair < now_.grants[g].pairs.size(); ++pair)
            use(g, pair);
        for (auto pair = now_.grants[g].pairs.size(); pair > 0; --pair)
            refresh(g, pair - 1);
        redeem(g);
    }

    static constexpr std::array<char, 2> keys_{'k', 'l'};

    std::string_view left_;
    std::string steps_;
    played played_;
    const std::string verifier_ = std::string(43, 'v');
    scratch folder_;
    std::size_t key_ = 0;
    std::optional<store::store> store_;
    model now_;
    model kept_; // as of the last commit
    std::set<std::string> tokens_;
};

} // namespace

played play(std::string_view bytes) { return history(bytes).play(); }

} // namespace store_tests
