#include "base/text.hpp"
#include "mcp/columns.hpp"
#include "mcp/crm_tools.hpp"

#include <utility>

namespace mcp {

namespace {

constexpr int default_hits = 20;
constexpr std::size_t longest_label = 300;

int int_argument(const json::value& arguments, std::string_view name, int fallback) {
    const auto* v = arguments.find(name);
    return v ? static_cast<int>(v->as_int().value_or(fallback)) : fallback;
}

result<std::vector<const twenty::object*>> searched_objects(const json::value& arguments,
                                                            const twenty::access& may) {
    std::vector<const twenty::object*> in;
    for (const auto& name : name_list(arguments.find("objects"))) {
        TRY(of, may.readable(name));
        in.push_back(of);
    }
    return in;
}

// A record's text like any other, so without invisible characters, and short.
std::string plain(std::string_view written) {
    const auto label = text::without_invisible(written, false);
    if (label.size() <= longest_label) return label;
    return std::string(text::cut_utf8(label, longest_label)) + "…";
}

} // namespace

task<crm_outcome> search_records(exchange& slot, const json::value& arguments, const call_context&,
                                 const twenty::access& may) {
    auto in = searched_objects(arguments, may);
    if (!in) co_return failed(in.failure());
    const int limit = int_argument(arguments, "limit", default_hits);
    auto request = twenty::search_request(may, arguments.text("query"), *in, limit);
    if (!request) co_return failed(request.failure());
    twenty::request sent = std::move(request).value();
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return failed(answer.failure());
    if (!answer->ok()) co_return failed(*answer);
    crm_outcome out;
    json::array rows;
    const auto* edges = answer->data.at("search", "edges");
    if (!edges || !edges->if_array()) co_return failed(twenty::unexpected_form());
    for (const auto& edge : *edges->if_array()) {
        const auto* hit = edge.find("node");
        if (!hit) continue;
        const auto* of = may.schema().by_singular(hit->text("objectNameSingular"));
        // A limited grant asks for its own objects only, so nothing new can come up there.
        if (!of && !may.restricted()) out.stale_schema = true;
        // Threat: the upstream search looks wider than the grant. Defence: checked again.
        if (!of || !may.can_read(*of) || !may.scope(*of).is_null()) continue;
        json::array row;
        row.emplace_back(of->name_singular);
        row.emplace_back(hit->text("recordId"));
        row.emplace_back(plain(hit->text("label")));
        rows.emplace_back(std::move(row));
    }
    if (std::cmp_greater_equal(edges->if_array()->size(), limit))
        out.notes.push_back("Only the " + std::to_string(limit) +
                            " best matches are shown; there may be more.");
    out.body.set("count", rows.size());
    out.body.set("columns", json::list({"object", "id", "label"}));
    out.body.set("rows", std::move(rows));
    co_return out;
}
} // namespace mcp
