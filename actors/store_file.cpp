#include "actors/store_file.hpp"

#include "store/store.hpp"

#include <optional>

namespace actors {

store_file::store_file(store::store opened, stored::options files)
    : opened_(std::make_unique<store::store>(std::move(opened))), files_(std::move(files)) {}
store_file::store_file(store_file&&) noexcept = default;
store_file& store_file::operator=(store_file&&) noexcept = default;
store_file::~store_file() = default;

result<store_file> store_file::open(stored::options files) {
    TRY(opened, store::store::open(files));
    return store_file(std::move(opened), std::move(files));
}

secret store_file::instance_secret() const { return opened_->instance_secret(); }

store_opener store_file::opener() && {
    // `first` is shared because the supervisor's starter, which holds the opener, is copied;
    // whoever calls first empties it for all copies.
    auto first = std::make_shared<std::optional<store::store>>(std::move(*opened_));
    opened_.reset();
    return [first, files = std::move(files_)]() -> result<store::store> {
        if (!*first) return store::store::open(files);
        auto taken = std::move(**first);
        first->reset();
        return taken;
    };
}

} // namespace actors
