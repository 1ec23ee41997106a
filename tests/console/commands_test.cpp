#include "console/commands.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <set>

using console::find_operation;

TEST_CASE("every operation of the admin API has a command, or a reason to have none",
          "[commands]") {
    std::set<std::string_view> known;
    for (const auto& row : console::commands())
        known.insert({row.operation, row.otherwise});
    for (const auto& row : console::operations_without_command()) {
        INFO(row.operation);
        CHECK(find_operation(web::admin_operations(), row.operation));
        CHECK_FALSE(row.why.empty());
        CHECK(known.insert(row.operation).second);
    }
    for (const auto& op : web::admin_operations()) {
        INFO(op.id);
        CHECK(known.contains(op.id));
    }
}

TEST_CASE("every command stands for operations that there are, with words of its own",
          "[commands]") {
    std::set<std::string_view> words;
    for (const auto& row : console::commands()) {
        INFO(row.words);
        CHECK(words.insert(row.words).second);
        CHECK(find_operation(web::admin_operations(), row.operation));
        CHECK((row.otherwise.empty() ||
               find_operation(web::admin_operations(), row.otherwise) != nullptr));
        CHECK((row.as == console::view::table) == !row.columns.empty());
        CHECK(row.columns.empty() == row.list.empty());
        CHECK_FALSE(console::help_of(row, web::admin_operations()).empty());
        if (const auto blank = row.words.find(' '); blank != std::string_view::npos)
            CHECK(std::ranges::count(console::command_groups(), row.words.substr(0, blank),
                                     &console::command_group::word) == 1);
    }
}

TEST_CASE("whatever ends everybody's connections is agreed to before", "[commands]") {
    for (const auto& row : console::commands())
        for (const auto id : {row.operation, row.otherwise}) {
            const auto* op = find_operation(web::admin_operations(), id);
            if (!op || !console::find_parameter(*op, "all")) continue;
            INFO(row.words);
            CHECK_FALSE(row.everybody.empty());
        }
}

TEST_CASE("what must be there is known by its place, and all else by a name", "[commands]") {
    const auto& ops = web::admin_operations();
    const auto written = [&](std::string_view op, std::string_view name) {
        return console::written(*console::find_parameter(*find_operation(ops, op), name));
    };
    CHECK(written("read_connection", "id") == "ID");
    CHECK(written("roll_back_skill", "version") == "VERSION");
    CHECK(written("list_connections", "unused_since") == "--unused-since");
    CHECK(written("revoke_connections", "client_id") == "--client-id");
    CHECK(console::takes_condition(*find_operation(ops, "write_primer")));
    CHECK_FALSE(console::takes_condition(*find_operation(ops, "read_primer")));
    CHECK(console::can_follow(*find_operation(ops, "read_calls")));
    CHECK(console::takes_file(*find_operation(ops, "write_skill")));
}

TEST_CASE("a command's help tells no headers of HTTP", "[commands]") {
    for (const auto& row : console::commands()) {
        const auto help = console::help_of(row, web::admin_operations());
        INFO(help);
        CHECK(help.find("If-") == std::string::npos);
    }
}
