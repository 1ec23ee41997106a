#include "web/approve_page.hpp"

#include "base/text.hpp"
#include "web/page.hpp"

#include <algorithm>
#include <embedded/web_pages_approve_mustache.hpp>

namespace web {

namespace {

namespace mustache = kainjow::mustache;

mustache::data nothing_shown() {
    mustache::data values;
    values.set("stylesheet", stylesheet_address());
    for (const auto* absent : {"asking", "open", "approved", "declined", "problem"})
        values.set(absent, false);
    return values;
}

std::string who_asks(const actors::approval_view& view) {
    const auto client = view.client.empty() ? "An unnamed application" : view.client;
    return view.label.empty() ? client : client + " (" + view.label + ")";
}

} // namespace

std::string render_approve_key(const std::string& problem) {
    auto values = nothing_shown();
    values.set("asking", true);
    if (!problem.empty()) values.set("problem", problem);
    return render_page(embedded::web_pages_approve_mustache, values);
}

std::string render_approve(const actors::approval_view& view, const std::string& ticket) {
    using actors::approval_state;
    auto values = nothing_shown();
    values.set("open", view.now == approval_state::open);
    values.set("approved", view.now == approval_state::approved);
    values.set("declined", view.now == approval_state::declined);
    values.set("client", text::without_invisible(who_asks(view), false));
    values.set("title", view.title);
    values.set("ticket", ticket);
    values.set("minutes", std::to_string(std::max<std::int64_t>(1, (view.left.count() + 59) / 60)));
    mustache::data lines{mustache::data::type::list};
    for (const auto& line : view.lines) {
        mustache::data row;
        row.set("line", line);
        lines.push_back(row);
    }
    values.set("lines", lines);
    return render_page(embedded::web_pages_approve_mustache, values);
}

} // namespace web
