#include "actors/errors.hpp"

#include "actors/caf.hpp"

namespace actors {

namespace {

// `category` tells our errors from CAF's own, whose codes mean something else.
constexpr auto category = caf::atom("twentymcp");

} // namespace

error unavailable() {
    return {errc::unavailable, "The server is restarting or closing; try again in a moment."};
}

caf::error to_caf(error failure) {
    // CAF takes code 0 for "no error".
    const auto code = static_cast<std::uint8_t>(static_cast<int>(failure.code) + 1);
    return {code, category, caf::make_message(std::move(failure))};
}

error from_caf(const caf::error& failure) {
    if (failure && failure.category() == category && failure.context().match_elements<error>())
        return failure.context().get_as<error>(0);
    error gone = unavailable();
    // runtime_error is what run_actor() makes of an exception, unexpected_message its answer to a
    // message without a handler: both are faults of ours, and asking again does not help. All other
    // errors of CAF mean that the actor is gone, for as long as a restart takes.
    if (failure == caf::sec::runtime_error || failure == caf::sec::unexpected_message)
        gone = error(errc::internal, "Something went wrong inside the server.");
    gone.detail = caf::to_string(failure);
    return gone;
}

} // namespace actors
