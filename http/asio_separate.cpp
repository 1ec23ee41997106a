// Asio's non-template half, compiled once for the whole program (the build defines
// BOOST_ASIO_SEPARATE_COMPILATION for everything that includes Asio).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
