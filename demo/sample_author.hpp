// Who writes the sample, object by object. One chance decides everything, so that the order of what
// is written is part of the sample.
#pragma once

#include "demo/sample.hpp"
#include "demo/sample_maker.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace demo {

class sample_author {
  public:
    sample_author(const schema& model, store& data, std::uint64_t seed, time_point now,
                  const sample_size& size)
        : m_(model, data, seed, now), size_(size) {}

    void write();

  private:
    // Any of them.
    std::string member() { return m_.id_of("workspaceMember", m_.below(member_count)); }
    std::string company() { return m_.id_of("company", m_.below(size_.companies)); }
    std::string person() { return m_.id_of("person", m_.below(size_.people)); }

    // The two words of a company's name.
    static std::pair<std::string_view, std::string_view> name_parts(int number);

    // sample_customers.cpp
    void members();
    void companies();
    void people();
    void contact_details(record& r, int number);
    void opportunities();
    // sample_activity.cpp
    void notes_and_tasks();
    void link_target(const std::string& object_name, int number);
    void attachments();
    void timeline();
    void messages_and_events();
    // sample_custom.cpp
    void rockets();
    void partnerships();
    void settings();

    sample_maker m_;
    sample_size size_;
    json::value last_name_;
};

} // namespace demo
