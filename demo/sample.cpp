#include "demo/sample.hpp"

#include "demo/sample_author.hpp"

namespace demo {

void sample_author::write() {
    members();
    companies();
    people();
    opportunities();
    notes_and_tasks();
    attachments();
    timeline();
    messages_and_events();
    rockets();
    partnerships();
    settings();
}

void fill_with_sample(const schema& model, store& data, std::uint64_t seed, time_point now,
                      const sample_size& size) {
    sample_author(model, data, seed, now, size).write();
}

} // namespace demo
