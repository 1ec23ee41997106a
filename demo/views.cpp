#include "demo/views.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace demo {

namespace {

struct sample_filter {
    std::string_view field, operand, value; // the value as JSON
};
struct sample_view {
    std::string_view object, name, type;
    std::string_view columns; // apart by blanks
    std::vector<sample_filter> filters;
    std::string_view sort; // "-closeDate" descends
};

// Those named "All …", the page's fields and "By Stage" come with every workspace; the others
// somebody saved.
const std::vector<sample_view>& samples() {
    static constexpr std::string_view not_won = R"(["CUSTOMER"])";
    static const std::vector<sample_view> all{
        {"company", "All Companies", "TABLE", "name domainName accountOwner employees", {}, ""},
        {"person", "All People", "TABLE", "name emails company phones jobTitle", {}, ""},
        {"opportunity",
         "All Opportunities",
         "TABLE",
         "name amount stage closeDate company pointOfContact owner",
         {},
         ""},
        {"opportunity", "Opportunity Record Page Fields", "FIELDS_WIDGET", "amount stage", {}, ""},
        {"opportunity", "By Stage", "KANBAN", "name amount closeDate company", {}, ""},
        {"task", "All Tasks", "TABLE", "title status dueAt assignee taskTargets", {}, ""},
        {"task",
         "Assigned to Me",
         "TABLE",
         "title status dueAt",
         {{"assignee", "IS",
           R"({"isCurrentWorkspaceMemberSelected":true,"selectedRecordIds":[]})"}},
         ""},
        {"note", "All Notes", "TABLE", "title createdAt createdBy noteTargets", {}, ""},
        {"opportunity",
         "Closing soon",
         "TABLE",
         "name stage amount closeDate owner",
         {{"closeDate", "IS_RELATIVE", R"("NEXT_30_DAY")"}, {"stage", "IS_NOT", not_won}},
         "closeDate"},
        {"opportunity",
         "Large open deals",
         "TABLE",
         "name amount company owner",
         {{"amount", "GREATER_THAN_OR_EQUAL", R"("1000000")"}, {"stage", "IS_NOT", not_won}},
         "-amount"},
        {"person",
         "Without a company",
         "TABLE",
         "name emails",
         {{"company", "IS_EMPTY", R"("")"}},
         "name"},
        {"task",
         "Overdue",
         "TABLE",
         "title dueAt assignee",
         {{"dueAt", "IS_IN_PAST", R"("")"}, {"status", "IS_NOT", R"(["DONE"])"}},
         "dueAt"},
    };
    return all;
}

// blank() is what a new view has where nothing else is said.
const json::object& blank() {
    static const json::object of = [] {
        json::object v;
        for (const auto* none :
             {"key", "kanbanAggregateOperation", "kanbanAggregateOperationFieldMetadataId",
              "mainGroupByFieldMetadataId", "kanbanColumnWidth", "calendarFieldMetadataId",
              "anyFieldFilterValue", "calendarLayout", "deletedAt", "createdByUserWorkspaceId"})
            v.append(none, nullptr);
        for (const auto* list : {"viewFields", "viewFilters", "viewFilterGroups", "viewSorts",
                                 "viewGroups", "viewFieldGroups"})
            v.append(list, json::array());
        v.append("type", "TABLE");
        v.append("position", 0);
        v.append("isCompact", false);
        v.append("isCustom", true);
        v.append("isActive", true);
        v.append("shouldHideEmptyGroups", false);
        v.append("openRecordIn", "SIDE_PANEL");
        v.append("visibility", "WORKSPACE");
        return v;
    }();
    return of;
}

void fill(json::object& into, const json::object& from) {
    for (const auto& [name, value] : from)
        into.set(name, value);
}

} // namespace

saved_views::saved_views(const schema& model, std::string workspace_id, time_point now)
    : workspace_id_(std::move(workspace_id)) {
    for (const auto& s : samples()) {
        const object& of = *model.find_singular(s.object);
        const std::string id(
            add(json::make({{"name", s.name}, {"objectMetadataId", of.id}, {"type", s.type}}), now)
                .text("id"));
        const auto part = [&](std::string_view list, std::string_view field, json::value more) {
            more.if_object()->append("viewId", id);
            more.if_object()->append("fieldMetadataId", of.find_field(field)->id);
            add_part(list, more, now);
        };
        int place = 0;
        for (const auto& column : text::split(s.columns, ' '))
            part("viewFields", column,
                 json::make({{"isVisible", true},
                             {"size", 150},
                             {"position", place++},
                             {"isActive", true}}));
        for (const auto& f : s.filters)
            part("viewFilters", f.field,
                 json::make({{"operand", f.operand}, {"value", json::parse(f.value).value()}}));
        if (!s.sort.empty()) {
            const bool down = s.sort.front() == '-';
            part("viewSorts", s.sort.substr(down ? 1 : 0),
                 json::make({{"direction", down ? "DESC" : "ASC"}}));
        }
        json::object& made = *views_.back().if_object();
        if (s.name.starts_with("All ")) made.set("key", "INDEX");
        made.set("position", static_cast<int>(views_.size()) - 1);
    }
}

json::object saved_views::begun(const json::value& input, time_point now) {
    json::object v;
    const auto id = input.text("id");
    v.append("id", id.empty() ? uuid_of("view:" + std::to_string(++made_)) : std::string(id));
    v.append("workspaceId", workspace_id_);
    v.append("createdAt", iso_date_time(now));
    v.append("updatedAt", iso_date_time(now));
    v.append("deletedAt", nullptr);
    return v;
}

const json::value& saved_views::add(const json::value& input, time_point now) {
    json::object v = blank();
    fill(v, begun(input, now));
    v.set("icon", "IconList");
    if (const auto* given = input.if_object()) fill(v, *given);
    views_.emplace_back(std::move(v));
    return views_.back();
}

const json::value* saved_views::add_part(std::string_view list, const json::value& input,
                                         time_point now) {
    json::value* view = at(input.text("viewId"));
    if (!view) return nullptr;
    json::object part = begun(input, now);
    for (const auto* none : {"viewFilterGroupId", "positionInViewFilterGroup", "subFieldName",
                             "relationTargetFieldMetadataId"})
        part.append(none, nullptr);
    fill(part, *input.if_object());
    auto& parts = *view->if_object()->find(list)->if_array();
    parts.emplace_back(std::move(part));
    return &parts.back();
}

json::value* saved_views::at(std::string_view id) {
    const auto found =
        std::ranges::find_if(views_, [&](const auto& v) { return v.text("id") == id; });
    return found == views_.end() ? nullptr : &*found;
}

const json::value* saved_views::find(std::string_view id) const {
    const auto found =
        std::ranges::find_if(views_, [&](const auto& v) { return v.text("id") == id; });
    return found == views_.end() ? nullptr : &*found;
}

json::array saved_views::of_object(std::string_view object_id) const {
    json::array out;
    for (const auto& v : views_)
        if (object_id.empty() || v.text("objectMetadataId") == object_id) out.push_back(v);
    return out;
}

const json::value* saved_views::change(std::string_view id, const json::value& input,
                                       time_point now) {
    json::value* view = at(id);
    if (!view) return nullptr;
    if (const auto* given = input.if_object()) fill(*view->if_object(), *given);
    view->if_object()->set("updatedAt", iso_date_time(now));
    return view;
}

void saved_views::erase(std::string_view id) {
    std::erase_if(views_, [&](const auto& v) { return v.text("id") == id; });
}

} // namespace demo
