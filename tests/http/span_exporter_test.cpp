// Spans on their way to a collector that a test scripts: what it is sent, and what its answers and
// its silence cost.
#include "http/span_exporter.hpp"

#include "base/json.hpp"
#include "tests/http/upstream.hpp"
#include "tests/support/catch.hpp"

#include <future>
#include <mutex>

using namespace testing;

namespace {

using tracing::loss;

// What a collector was sent, and what it answers, one after the other; the last one again and
// again.
class collector {
  public:
    explicit collector(std::vector<std::string> answers)
        : server([this, answers = std::move(answers)](upstream_connection& c, int) {
              for (auto r = c.request(); !r.empty(); r = c.request()) {
                  const auto n = take(r);
                  const auto& answer = answers[std::min(n, answers.size() - 1)];
                  if (answer.empty() || !c.send(answer)) return;
              }
          }) {}

    std::vector<std::string> requests() {
        const std::scoped_lock hold(mutex_);
        return requests_;
    }
    // Of all requests.
    std::size_t spans() {
        std::size_t n = 0;
        for (const auto& r : requests()) {
            const auto read = json::parse(r.substr(r.find("\r\n\r\n") + 4));
            REQUIRE(read.ok());
            const auto& of = read->find("resourceSpans")->if_array()->front();
            const auto& scope = of.find("scopeSpans")->if_array()->front();
            n += scope.find("spans")->if_array()->size();
        }
        return n;
    }

  private:
    std::size_t take(std::string request) {
        const std::scoped_lock hold(mutex_);
        requests_.push_back(std::move(request));
        return requests_.size() - 1;
    }
    std::mutex mutex_;
    std::vector<std::string> requests_;

  public:
    upstream server; // ends first
};

std::string refusal(const std::string& status, const std::string& more = {}) {
    return "HTTP/1.1 " + status + "\r\n" + more + "Content-Length: 0\r\n\r\n";
}

struct exporting {
    background thread;
    std::unique_ptr<http::span_exporter> exporter;

    explicit exporting(std::uint16_t port, http::export_options o = quick()) {
        o.collector.base_url = "http://127.0.0.1:" + std::to_string(port) + "/otlp";
        auto made = http::span_exporter::create(thread.io, std::move(o));
        REQUIRE(made);
        exporter = std::move(*made);
    }
    ~exporting() {
        thread.on_thread([&] {
            exporter.reset();
            return 0;
        });
    }
    // Sends what there is at once.
    static http::export_options quick() {
        http::export_options o;
        o.who = {"twenty-mcp", "1", "instance"};
        o.collector.fields = secret(std::string("\r\nx-scope: team"));
        o.limits.longest_wait = 0s;
        o.limits.first_pause = 20ms;
        o.limits.longest_pause = 100ms;
        return o;
    }
    void add(std::size_t spans = 1) {
        thread.on_thread([&] {
            const auto where = tracing::begin(1);
            for (std::size_t i = 0; i < spans; ++i)
                exporter->add({where, tracing::kind::client, "POST graphql", {}, {}, {}, {}});
            return 0;
        });
    }
    double counted(metrics::id what, metrics::values labels = {}) {
        return thread.on_thread([&] {
            (void)metrics::text(); // what is looked up is looked up here
            return metrics::value(what, labels);
        });
    }
    double exported() { return counted(metrics::id::spans_exported); }
    double dropped(std::string_view why) { return counted(metrics::id::spans_dropped, {why}); }
    bool becomes(double wanted, const std::function<double()>& now) {
        for (int i = 0; i < 500 && now() < wanted; ++i)
            std::this_thread::sleep_for(10ms);
        return now() == wanted;
    }
    // How long the last flush took.
    std::chrono::milliseconds stop() {
        std::promise<void> ended;
        const auto begun = std::chrono::steady_clock::now();
        thread.on_thread([&] {
            exporter->stop([&] { ended.set_value(); });
            return 0;
        });
        REQUIRE(ended.get_future().wait_for(10s) == std::future_status::ready);
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - begun);
    }
};

} // namespace

TEST_CASE("spans are posted to /v1/traces below the collector's address, with the set fields",
          "[span_exporter]") {
    collector there({plain_answer("{}")});
    exporting e(there.server.port);
    const auto before = e.exported();
    e.add(3);
    CHECK(e.becomes(before + 3, [&] { return e.exported(); }));
    const auto head = there.requests().at(0);
    CHECK(has(head, "POST /otlp/v1/traces HTTP/1.1\r\n"));
    CHECK(has(head, "\r\nContent-Type: application/json\r\n"));
    CHECK(has(head, "\r\nx-scope: team\r\n"));
    CHECK_FALSE(has(head, "Authorization"));
    CHECK_FALSE(has(head, "traceparent"));
    CHECK(there.spans() == 3);
}

TEST_CASE("spans are sent again after 429, 503 and a closed connection, and never twice once taken",
          "[span_exporter]") {
    collector there({refusal("429 Too Many Requests", "Retry-After: 0\r\n"),
                     refusal("503 Service Unavailable"), "", plain_answer("")});
    exporting e(there.server.port);
    const auto before = e.exported();
    e.add(2);
    CHECK(e.becomes(before + 2, [&] { return e.exported(); }));
    CHECK(there.requests().size() == 4);
    e.stop();
    CHECK(there.requests().size() == 4);
}

TEST_CASE("what a collector refuses is dropped, and what comes after it is sent",
          "[span_exporter]") {
    collector there(
        {refusal("400 Bad Request"), plain_answer(R"({"partialSuccess":{"rejectedSpans":"1"}})")});
    exporting e(there.server.port);
    const auto refused = e.dropped("refused");
    const auto rejected = e.dropped("rejected");
    const auto exported = e.exported();
    e.add(2);
    CHECK(e.becomes(refused + 2, [&] { return e.dropped("refused"); }));
    e.add(2);
    CHECK(e.becomes(rejected + 1, [&] { return e.dropped("rejected"); }));
    CHECK(e.exported() == exported + 1);
}

TEST_CASE("with a silent collector the memory is bounded, and the end waits for it no longer than "
          "is set",
          "[span_exporter]") {
    std::promise<void> released;
    upstream silent([wait = released.get_future().share()](upstream_connection& c, int) {
        (void)c.request();
        wait.wait();
    });
    auto options = exporting::quick();
    options.last_flush = 300ms;
    const auto most = options.limits.spans;
    exporting e(silent.port, std::move(options));
    const auto full = e.dropped("full");
    const auto stopped = e.dropped("stopped");
    e.add(most + 10);
    CHECK(e.dropped("full") == full + 10);
    const auto used = e.counted(metrics::id::budget, {"spans"});
    CHECK(used > 0);
    CHECK(used < e.counted(metrics::id::budget_limit, {"spans"}));
    const auto took = e.stop();
    CHECK(took >= 300ms);
    CHECK(took < 2s);
    CHECK(e.dropped("stopped") == stopped + static_cast<double>(most));
    released.set_value();
}

TEST_CASE("at the end what waits is sent, in as many requests as it takes", "[span_exporter]") {
    collector there({plain_answer("{}")});
    auto options = exporting::quick();
    options.limits.longest_wait = 3600s;
    exporting e(there.server.port, std::move(options));
    const auto before = e.exported();
    e.add(400);
    CHECK(there.requests().empty());
    CHECK(e.stop() < 1s);
    CHECK(e.exported() == before + 400);
    CHECK(there.spans() == 400);
}

TEST_CASE("without a span no connection is made, and the end comes at once", "[span_exporter]") {
    collector there({plain_answer("{}")});
    exporting e(there.server.port);
    CHECK(e.stop() < 1s);
    CHECK(there.server.accepted == 0);
}

TEST_CASE("a collector that cannot be reached is tried at the end once", "[span_exporter]") {
    std::uint16_t closed = 0;
    {
        upstream gone([](upstream_connection&, int) {});
        closed = gone.port;
    }
    auto options = exporting::quick();
    options.limits.longest_wait = 3600s;
    exporting e(closed, std::move(options));
    const auto stopped = e.dropped("stopped");
    e.add(5);
    CHECK(e.stop() < 1s);
    CHECK(e.dropped("stopped") == stopped + 5);
}
