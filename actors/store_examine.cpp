#include "actors/store_examine.hpp"

#include "store/examine.hpp"

namespace actors {

result<std::string> examine_store(const std::string& path) { return store::examine(path); }

} // namespace actors
