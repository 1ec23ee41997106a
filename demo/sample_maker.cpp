#include "demo/sample_maker.hpp"

#include "base/text.hpp"

namespace demo {

std::uint64_t sample_maker::random() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
    return z ^ z >> 31;
}

std::string sample_maker::days_from_now(int days, int hour) const {
    const auto day = std::chrono::floor<std::chrono::days>(now_) + std::chrono::days(days);
    return iso_date_time(time_point(day) + std::chrono::hours(hour));
}

record sample_maker::start(std::string_view object_name, int number, int days_ago) {
    static constexpr std::array<std::string_view, 4> sources{"MANUAL", "IMPORT", "EMAIL",
                                                             "CALENDAR"};
    record out = defaults_of(*model_.find_singular(object_name));
    const auto by =
        json::make({{"source", any(sources)},
                    {"workspaceMemberId", id_of("workspaceMember", below(member_count))},
                    {"name", "Halcyon team"},
                    {"context", nullptr}});
    // Seconds apart, so that sorting by time is a total order.
    const auto made_at = now_ - std::chrono::days(days_ago) - std::chrono::seconds(number);
    out.set("id", id_of(object_name, number));
    out.set("createdAt", iso_date_time(made_at));
    out.set("updatedAt", iso_date_time(made_at + std::chrono::hours(below(24 * (days_ago + 1)))));
    out.set("deletedAt", nullptr);
    out.set("createdBy", by);
    out.set("updatedBy", by);
    out.set("position", number + 1);
    return out;
}

void sample_maker::add(std::string_view object_name, record made) {
    const object& o = *model_.find_singular(object_name);
    std::string id(demo::id_of(made));
    data_.of(o).emplace(std::move(id), std::move(made));
}

json::value sample_maker::link(std::string_view url, std::string_view label) {
    return json::make({{"primaryLinkLabel", label.empty() ? json::value() : json::value(label)},
                       {"primaryLinkUrl", url},
                       {"secondaryLinks", nullptr}});
}

json::value sample_maker::money(std::int64_t units, std::string_view currency) {
    return json::make({{"amountMicros", units * 1'000'000}, {"currencyCode", currency}});
}

json::value sample_maker::rich_text(std::string_view markdown) {
    const auto block = json::make(
        {{"id", uuid_of(markdown)},
         {"type", "paragraph"},
         {"props", json::object()},
         {"content", json::list({json::make(
                         {{"type", "text"}, {"text", markdown}, {"styles", json::object()}})})},
         {"children", json::array()}});
    return json::make({{"blocknote", json::dump(json::list({block}))}, {"markdown", markdown}});
}

json::value sample_maker::file(std::string_view label, std::string_view extension) {
    const std::string id = uuid_of("file:" + std::string(label));
    const std::string token =
        text::base64url_encode(R"({"alg":"ES256","typ":"JWT"})") + "." +
        text::base64url_encode(R"({"type":"FILE","fileId":")" + id + R"("})") + "." +
        text::base64url_encode(id);
    return json::list({json::make(
        {{"label", label},
         {"fileId", id},
         {"extension", extension},
         {"url", "https://files.halcyon.example/file/files-field/" + id + "?token=" + token}})});
}

} // namespace demo
