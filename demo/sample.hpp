// The sample CRM: a small launch company, its customers and its pipeline, made from a seed so
// that it is the same each time, with dates relative to the start.
#pragma once

#include "demo/clock.hpp"
#include "demo/schema.hpp"
#include "demo/store.hpp"

#include <cstdint>

namespace demo {

struct sample_size {
    int companies = 600;
    int people = 1200;
    int opportunities = 300;
    int notes = 400;
    int tasks = 400;
};

void fill_with_sample(const schema& model, store& data, std::uint64_t seed, time_point now,
                      const sample_size& size);

} // namespace demo
