// Lets the actors run on the io_context that runs the connections: one thread for both.
#pragma once

#include "actors/executor.hpp"

#include <boost/asio/io_context.hpp>

namespace http {

class asio_executor final : public actors::executor {
  public:
    explicit asio_executor(boost::asio::io_context& io) : io_(io) {}

    void post(work what) override;
    void post_at(time_point when, work what) override;
    [[nodiscard]] time_point now() const noexcept override;
    void run_ready(std::chrono::milliseconds patience) override;

  private:
    boost::asio::io_context& io_;
};

} // namespace http
