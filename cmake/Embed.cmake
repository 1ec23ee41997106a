# Every embedded file's header, for tools that read sources without building them.
add_custom_target(embedded)

# embed(TARGET FILE): compiles a text file into the program. FILE "store/schema.sql" becomes
# the header "embedded/store_schema_sql.hpp" with `std::string_view embedded::store_schema_sql`.
function(embed target file)
  string(MAKE_C_IDENTIFIER ${file} name)
  set(header ${PROJECT_BINARY_DIR}/generated/embedded/${name}.hpp)
  set(source ${PROJECT_SOURCE_DIR}/${file})
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${source} -DOUTPUT=${header} -DNAME=${name}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
    DEPENDS ${source} ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
    VERBATIM)
  add_custom_target(embed_${name} DEPENDS ${header})
  add_dependencies(${target} embed_${name})
  add_dependencies(embedded embed_${name})
endfunction()

# embed_folder(TARGET FOLDER SUFFIX): every FOLDER/*.SUFFIX, as embed() does, and one table of them.
# FOLDER "crm/tools" becomes the header "embedded/crm_tools.hpp" with `embedded::crm_tools`: pairs
# of a file's name, without folder and suffix, and its text.
function(embed_folder target folder suffix)
  string(MAKE_C_IDENTIFIER ${folder} table)
  file(GLOB found CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
       ${PROJECT_SOURCE_DIR}/${folder}/*.${suffix})
  set(includes "")
  set(rows "")
  foreach(file ${found})
    embed(${target} ${file})
    string(MAKE_C_IDENTIFIER ${file} name)
    get_filename_component(stem ${file} NAME_WE)
    string(APPEND includes "#include \"embedded/${name}.hpp\"\n")
    string(APPEND rows "    {\"${stem}\", ${name}},\n")
  endforeach()
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/generated/embedded/${table}.hpp CONTENT
"#pragma once
${includes}#include <string_view>
#include <utility>
namespace embedded {
inline constexpr std::pair<std::string_view, std::string_view> ${table}[] = {
${rows}};
}
")
endfunction()
