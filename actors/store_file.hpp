// The database while nobody uses it yet: the application opens it, so that a fault ends the program
// with a sentence, and the store's actor takes it over. Hides the database's class from everybody
// above.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "stored/options.hpp"

#include <functional>
#include <memory>

namespace store {
class store;
}

namespace actors {

// Gives the store's actor its database: at the first call the one that is open already, afterwards
// the file opened anew.
using store_opener = std::function<result<store::store>()>;

class store_file {
  public:
    // Opens or creates it. Errors name the file and the remedy.
    static result<store_file> open(stored::options files);
    store_file(store_file&&) noexcept;
    store_file& operator=(store_file&&) noexcept;
    ~store_file();

    // Random bytes that stay the same for as long as the file lives.
    [[nodiscard]] secret instance_secret() const;
    // Another file from the second time on, for tests.
    void open_next(std::string path) { files_.path = std::move(path); }

    // Nothing can be asked of this afterwards.
    store_opener opener() &&;

  private:
    store_file(store::store opened, stored::options files);

    std::unique_ptr<store::store> opened_;
    stored::options files_;
};

} // namespace actors
