#include "http/https_client.hpp"

#include "http/client_pool.hpp"

namespace http {

result<std::unique_ptr<https_client>> https_client::create(boost::asio::io_context& io,
                                                           client_options options) {
    TRY(url, parse_base_url(options.base_url));
    TRY(trust, tls_trust::load(options.ca_file));
    auto pool =
        std::make_shared<client_pool>(io, std::move(options), std::move(url), std::move(trust));
    return std::unique_ptr<https_client>(new https_client(std::move(pool)));
}

// The pool outlives this for as long as its coroutines need to end; close() has dropped what they
// would tell.
https_client::~https_client() { pool_->close(); }

https_client::ticket https_client::send(twenty::request r, secret api_key,
                                        std::chrono::milliseconds deadline, completion done) {
    return pool_->send(std::move(r), std::move(api_key), deadline, std::move(done));
}

void https_client::cancel(ticket t) { pool_->cancel(t); }

void https_client::trust_anew(tls_trust trust) { pool_->trust_anew(std::move(trust)); }

std::size_t https_client::open_connections() const noexcept { return pool_->open_connections(); }

} // namespace http
