// Catch2 2 wants its main() compiled by us, once; Catch2 3 brings a library for it.
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
