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
endfunction()
