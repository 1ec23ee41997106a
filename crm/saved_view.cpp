#include "crm/saved_view.hpp"

#include "base/text.hpp"
#include "twenty/saved_views.hpp"
#include "twenty/values.hpp"
#include "twenty/view_filter.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace crm {

namespace {

constexpr int deepest_view = 5;        // groups of filters in groups
constexpr std::size_t most_named = 20; // views in a message

// Lists of records that everybody may see. Parts of a record's page are views as well.
bool usable(const json::value& view) {
    return view.text("visibility", "WORKSPACE") == "WORKSPACE" &&
           !view.text("type", "TABLE").ends_with("_WIDGET");
}

std::string shown_name(const json::value& view) {
    return text::without_invisible(text::cut_utf8(view.text("name"), 80), false);
}

// choose() takes an id before a name: ids are what its own error about several views of one name
// tells.
result<const json::value*> choose(const json::array& views, std::string_view name) {
    std::vector<const json::value*> of_name;
    std::string known;
    std::size_t named = 0;
    for (const auto& view : views) {
        if (!usable(view)) continue;
        if (view.text("id") == name) return &view;
        if (text::iequals(view.text("name"), name)) of_name.push_back(&view);
        if (named++ < most_named) known += (known.empty() ? "" : ", ") + shown_name(view);
    }
    if (of_name.size() == 1) return of_name.front();
    const auto asked = twenty::in_quotes(name);
    if (of_name.empty())
        return error{errc::not_found,
                     "There is no view " + asked +
                         (known.empty() ? " of that object." : "; there are: " + known + ".")};
    std::string ids;
    for (const auto* view : of_name)
        ids += (ids.empty() ? "" : ", ") + text::visible_start(view->text("id"), 80);
    return error{errc::bad_request,
                 "Several views are called " + asked + "; give the id of one: " + ids + "."};
}

const json::array& list_of(const json::value& view, std::string_view name) {
    static const json::array none;
    const auto* v = view.find(name);
    const auto* items = v ? v->if_array() : nullptr;
    return items ? *items : none;
}

class applying {
  public:
    applying(const json::value& view, const twenty::object& of, const twenty::access& may,
             const twenty::moment& when)
        : view_(view), of_(of), may_(may), when_(when) {
        out_.name = shown_name(view);
    }

    result<applied_view> all() {
        // Filters are applied or refused, because a view without one of them shows records that it
        // should not. Sorts and columns that can't be had are left out.
        CHECK_OK(filters());
        sorts();
        fields();
        out_.identity = json::make({{"id", view_.text("id")},
                                    {"filters", json::value(list_of(view_, "viewFilters"))},
                                    {"groups", json::value(list_of(view_, "viewFilterGroups"))}});
        return std::move(out_);
    }

  private:
    // Null: the grant may not use it, or it is none of the object's.
    const twenty::field* field(const json::value& part) const {
        const auto id = part.text("fieldMetadataId");
        for (const auto* f : may_.fields(of_))
            if (f->id == id && !id.empty()) return f;
        return nullptr;
    }
    error refused(const std::string& why) const {
        return {errc::bad_request,
                "The view \"" + out_.name + "\" can't be used: " + why +
                    ". Its other parts can be written as filter, orderBy and fields."};
    }

    result<done> filters();
    result<std::optional<json::value>> condition(const json::value& filter);
    result<json::array> group(std::string_view id, int depth);
    void sorts();
    void fields();

    const json::value& view_;
    const twenty::object& of_;
    const twenty::access& may_;
    const twenty::moment& when_;
    applied_view out_;
    std::set<const json::value*> placed_; // filters that group() has met
};

// Nothing for a search, which goes another way.
result<std::optional<json::value>> applying::condition(const json::value& filter) {
    const auto* f = field(filter);
    // Threat: what a view compares tells a limited grant of objects that it may not see. Defence:
    // a filter on a field that it has not is refused without its name.
    if (!f) return refused("it filters by a field that this connection may not use");
    twenty::view_filter one;
    one.of = f;
    one.operand = filter.text("operand");
    one.part = filter.text("subFieldName");
    if (const auto* v = filter.find("value")) one.value = *v;
    if (one.operand == "VECTOR_SEARCH") {
        const auto* words = one.value.if_string();
        if (!words || !out_.words.empty()) return refused("it searches by more than a few words");
        out_.words = text::trim(*words);
        return std::optional<json::value>();
    }
    auto made = twenty::filter_of_view(one, when_);
    if (!made) return refused(made.failure().message);
    return std::optional<json::value>(std::move(made).value());
}

// group() joins the conditions that stand in a group with those of the groups inside; "" is the
// view itself, whose conditions must all hold.
result<json::array> applying::group(std::string_view id, int depth) {
    json::array out;
    if (depth > deepest_view) return refused("its filters are nested too deeply");
    for (const auto& filter : list_of(view_, "viewFilters")) {
        if (filter.text("viewFilterGroupId") != id) continue;
        placed_.insert(&filter);
        TRY(made, condition(filter));
        if (made) out.push_back(std::move(*made));
        // A search is put beside the filter, which it can be at the top alone.
        if (!made && !id.empty()) return refused("it searches inside of a group of filters");
    }
    for (const auto& inner : list_of(view_, "viewFilterGroups")) {
        if (inner.text("parentViewFilterGroupId") != id || inner.text("id").empty()) continue;
        TRY(conditions, group(inner.text("id"), depth + 1));
        if (conditions.empty()) continue;
        const auto by = inner.text("logicalOperator");
        if (by != "AND" && by != "OR")
            return refused("it joins its filters by " + twenty::in_quotes(by));
        out.push_back(json::make({{by == "AND" ? "and" : "or", std::move(conditions)}}));
    }
    return out;
}

result<done> applying::filters() {
    TRY(conditions, group("", 0));
    // A filter in a group that is gone, or that no other group leads to, would be dropped without a
    // word.
    if (placed_.size() < list_of(view_, "viewFilters").size())
        return refused("one of its filters belongs to a group that is gone or stands in no other");
    if (!conditions.empty()) out_.filter = json::make({{"and", std::move(conditions)}});
    if (!view_.text("anyFieldFilterValue").empty())
        return refused("it looks for a text in any field; search and filter can do that");
    const auto& all = list_of(view_, "viewFilters");
    if (std::any_of(all.begin(), all.end(), [](const json::value& f) {
            const auto operand = f.text("operand");
            return operand == "IS_TODAY" || operand == "IS_RELATIVE" || operand == "IS_IN_PAST" ||
                   operand == "IS_IN_FUTURE";
        }))
        out_.notes.push_back("The view \"" + out_.name + "\" counts days in " + when_.zone.name() +
                             " here.");
    return done{};
}

void applying::sorts() {
    json::array order;
    for (const auto& sort : list_of(view_, "viewSorts")) {
        const auto* f = field(sort);
        if (!f) {
            out_.notes.push_back("The view \"" + out_.name +
                                 "\" sorts by a field that this connection may not use.");
            continue;
        }
        const bool down = text::iequals(sort.text("direction"), "DESC");
        order.push_back(json::make({{f->name, down ? "DescNullsLast" : "AscNullsFirst"}}));
    }
    out_.order = std::move(order);
}

void applying::fields() {
    // Columns come by their position, those of one position in the order in which Twenty lists
    // them.
    std::multimap<double, std::string> by_place;
    bool many = false;
    for (const auto& column : list_of(view_, "viewFields")) {
        const auto* f = field(column);
        if (!f || !column.flag("isVisible", true) || f->type == twenty::field_type::ts_vector)
            continue;
        if (f->type == twenty::field_type::morph_relation) {
            many = true;
            continue;
        }
        const auto* place = column.find("position");
        by_place.emplace(place ? place->as_double().value_or(0) : 0, f->name);
    }
    for (auto& [place, name] : by_place)
        out_.fields.push_back(std::move(name));
    if (many)
        out_.notes.push_back("Columns of the view \"" + out_.name +
                             "\" that lead to several objects are left out.");
}

} // namespace

async<result<applied_view>> read_view(call_slot& slot, const twenty::readable_object& of,
                                      const twenty::access& may, std::string name,
                                      twenty::moment when) {
    twenty::request sent = twenty::views_request(of);
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return std::move(answer).failure();
    // A Twenty that has no such root field, older or newer: 2.19 has it [twenty-golden-2
    // views/001].
    if (!answer->ok() && answer->errors.front().message.find("\"getViews\"") != std::string::npos)
        co_return error(errc::bad_request,
                        "This Twenty does not tell its saved views; give filter, "
                        "orderBy and fields instead of \"view\".");
    if (!answer->ok()) co_return answer->failure();
    const auto* views = answer->data.find("getViews");
    if (!views || !views->if_array()) co_return twenty::unexpected_form();
    auto chosen = choose(*views->if_array(), name);
    if (!chosen) co_return std::move(chosen).failure();
    co_return applying(**chosen, of, may, when).all();
}

} // namespace crm
