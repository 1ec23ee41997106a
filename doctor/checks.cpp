#include "doctor/checks.hpp"

#include "doctor/check_tables.hpp"

namespace doctor {

// The machine comes first: what is wrong there explains what is wrong outside.
const std::vector<check>& checks() {
    static const std::vector<check> table = [] {
        std::vector<check> all;
        for (const auto part : {machine_checks(), connection_checks(), answer_checks(),
                                login_checks(), token_checks(), late_checks()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return table;
}

} // namespace doctor
