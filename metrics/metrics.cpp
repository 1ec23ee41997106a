// The table's rows as prometheus-cpp's families. A series is found by the values of its labels in a
// map of ours, because the library's own search builds a map of strings for each question.
#include "metrics/metrics.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unordered_map>
#include <utility>
#include <variant>

namespace metrics {

namespace {

using series = std::variant<prometheus::Counter*, prometheus::Gauge*, prometheus::Histogram*>;

struct any_text {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
        return std::hash<std::string_view>()(text);
    }
};
using by_labels = std::unordered_map<std::string, series, any_text, std::equal_to<>>;

constexpr char between_values = '\x1f';

struct source {
    const sampled* who;
    id what;
    std::vector<std::string> labels;
    std::function<double()> read;
    double counted = 0; // of a counter: so much of it is in the series
};

class board {
  public:
    board() : all_(table().size()) {
        for (const auto& r : table())
            families_.push_back(family_of(r));
    }

    template <class Use> void with(id what, std::span<const std::string_view> labels, Use use) {
        const std::lock_guard lock(mutex_);
        use(find(what, labels));
    }

    void add(source s) {
        const std::lock_guard lock(sources_mutex_);
        sources_.push_back(std::move(s));
    }
    void remove(const sampled* who) {
        const std::lock_guard lock(sources_mutex_);
        std::erase_if(sources_, [&](const source& s) { return s.who == who; });
    }

    // Every source of a series is asked before its sum is set: two parts of the program may count
    // the same.
    std::string text() {
        std::map<std::pair<id, std::vector<std::string>>, double> sums;
        {
            const std::lock_guard lock(sources_mutex_);
            for (auto& s : sources_) {
                const auto now = s.read();
                const bool counter = row_of(s.what).how == kind::counter;
                sums[{s.what, s.labels}] += counter ? now - std::exchange(s.counted, now) : now;
            }
        }
        for (const auto& [where, sum] : sums) {
            const std::vector<std::string_view> labels(where.second.begin(), where.second.end());
            with(where.first, labels, [&one = sum](const series& of) { take_over(of, one); });
        }
        return prometheus::TextSerializer().Serialize(registry_.Collect());
    }

  private:
    using family = std::variant<prometheus::Family<prometheus::Counter>*,
                                prometheus::Family<prometheus::Gauge>*,
                                prometheus::Family<prometheus::Histogram>*>;

    family family_of(const row& r) {
        const std::string name(r.name);
        const std::string help(r.help);
        switch (r.how) {
        case kind::counter:
            return &prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
        case kind::gauge:
            return &prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
        case kind::histogram:
            return &prometheus::BuildHistogram().Name(name).Help(help).Register(registry_);
        }
        return {};
    }

    const series& find(id what, std::span<const std::string_view> labels) {
        auto& known = all_[static_cast<std::size_t>(what)];
        name_.clear();
        for (const auto label : labels)
            name_.append(label).push_back(between_values);
        if (const auto found = known.find(std::string_view(name_)); found != known.end())
            return found->second;
        if (known.size() >= most_series) {
            const std::vector<std::string_view> others(labels.size(), other);
            if (!std::ranges::equal(labels, others)) return find(what, others);
        }
        return known.emplace(name_, make(what, labels)).first->second;
    }

    series make(id what, std::span<const std::string_view> labels) {
        const auto& r = row_of(what);
        std::map<std::string, std::string> named;
        for (std::size_t i = 0; i < r.labels.size() && i < labels.size(); ++i)
            if (!labels[i].empty()) named.emplace(r.labels[i], labels[i]);
        return std::visit(
            [&](auto* of) -> series {
                if constexpr (std::is_same_v<decltype(of),
                                             prometheus::Family<prometheus::Histogram>*>)
                    return &of->Add(named, r.bounds);
                else
                    return &of->Add(named);
            },
            families_[static_cast<std::size_t>(what)]);
    }

    // A counter grows by what its owners have counted since: what parts have counted that are gone
    // stays in it.
    static void take_over(const series& one, double sum) {
        if (auto* const* gauge = std::get_if<prometheus::Gauge*>(&one)) (*gauge)->Set(sum);
        if (auto* const* counter = std::get_if<prometheus::Counter*>(&one))
            (*counter)->Increment(std::max(0.0, sum));
    }

    std::mutex mutex_;
    prometheus::Registry registry_;
    std::vector<family> families_;
    std::vector<by_labels> all_;
    std::string name_; // of the series that is looked for; its memory is kept
    std::mutex sources_mutex_;
    std::vector<source> sources_;
};

// The board lives as long as the process: the store's thread counts to the very end.
board& the_board() {
    static auto* const made = new board;
    return *made;
}

} // namespace

void count(id what, values labels, double by) {
    the_board().with(what, {labels.begin(), labels.size()}, [by](const series& one) {
        if (auto* const* counter = std::get_if<prometheus::Counter*>(&one))
            (*counter)->Increment(by);
    });
}

void observe(id what, values labels, double value) {
    the_board().with(what, {labels.begin(), labels.size()}, [value](const series& one) {
        if (auto* const* histogram = std::get_if<prometheus::Histogram*>(&one))
            (*histogram)->Observe(value);
    });
}

void prepare(id what, values labels) {
    the_board().with(what, {labels.begin(), labels.size()}, [](const series&) {});
}

sampled::sampled(id what, std::vector<std::string> labels, std::function<double()> read) {
    the_board().add({this, what, std::move(labels), std::move(read)});
}
sampled::~sampled() { the_board().remove(this); }

std::string text() { return the_board().text(); }

double value(id what, values labels) {
    double out = 0;
    the_board().with(what, {labels.begin(), labels.size()}, [&](const series& one) {
        if (auto* const* counter = std::get_if<prometheus::Counter*>(&one))
            out = (*counter)->Value();
        if (auto* const* gauge = std::get_if<prometheus::Gauge*>(&one)) out = (*gauge)->Value();
        if (auto* const* histogram = std::get_if<prometheus::Histogram*>(&one))
            out = static_cast<double>((*histogram)->Collect().histogram.sample_count);
    });
    return out;
}

} // namespace metrics
