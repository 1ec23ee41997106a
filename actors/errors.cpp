#include "actors/errors.hpp"

#include "actors/caf.hpp"

namespace actors {

namespace {

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
    if (failure == caf::sec::runtime_error || failure == caf::sec::unexpected_message)
        gone = error(errc::internal, "Something went wrong inside the server.");
    gone.detail = caf::to_string(failure);
    return gone;
}

} // namespace actors
