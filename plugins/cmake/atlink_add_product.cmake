# SPDX-License-Identifier: Apache-2.0
# atlink_add_product(), for the bundled products and for those of others alike.
include_guard(GLOBAL)

option(ATLINK_PRODUCT_CHECKS "Let CTest run 'atlink plugin check' on every product of this build" ON)

# atlink_add_product(<id> [FOLDER <folder>] [NATIVE <source>...] [LIBRARIES <library>...])
#
# Makes a product plugin of a folder with a product.json, and with catalogue/, testdata/ and
# README.md where there are any.
#
#   <id>       the product's id, as in product.json
#   FOLDER     where product.json stands; by default <id> below the current source folder. Its own
#              name does not matter here.
#   NATIVE     C or C++ sources of a native extension. They become <id>.so, which shows exactly
#              atlink_plugin_entry. The target is atlink_product_<id>.
#   LIBRARIES  what the extension links beside atlink::plugin
#
# In the build tree the plugin lies at ATLINK_PLUGIN_BUILD_DIR/<id> (by default plugins/ in the build
# folder): the extension, and links to the rest, so that a change of those needs no build. It is
# installed to ATLINK_PLUGIN_INSTALL_DIR/<id>, by default the share/atlink/plugins of the prefix,
# which is where atlink looks when the prefix is its own, and in ~/.local.
#
# Where there is a program to do it (target atlink_program or variable ATLINK_PROGRAM), CTest checks the
# plugin as product/<id>, unless ATLINK_PRODUCT_CHECKS is off.
function(atlink_add_product id)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOLDER" "NATIVE;LIBRARIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "atlink_add_product(${id}): cannot read \"${arg_UNPARSED_ARGUMENTS}\"; it "
                        "takes FOLDER <folder>, NATIVE <source>... and LIBRARIES <library>...")
  endif()
  if(NOT id MATCHES "^[a-z][a-z0-9-]*$")
    message(FATAL_ERROR "atlink_add_product(${id}): an id is lower-case letters, digits and hyphens, "
                        "a letter first")
  endif()
  set(folder "${arg_FOLDER}")
  if(NOT folder)
    set(folder "${id}")
  endif()
  cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  if(NOT EXISTS "${folder}/product.json")
    message(FATAL_ERROR "atlink_add_product(${id}): there is no product.json in ${folder}; put one "
                        "there, or say with FOLDER where it is")
  endif()
  _atlink_product_places(build install)
  _atlink_product_data("${folder}" "${build}/${id}" "${install}/${id}")
  if(arg_NATIVE)
    _atlink_product_native("${id}" "${build}/${id}" "${install}/${id}" "${arg_NATIVE}" "${arg_LIBRARIES}")
  elseif(arg_LIBRARIES)
    message(FATAL_ERROR "atlink_add_product(${id}): LIBRARIES are for NATIVE sources, and there are none")
  else()
    file(REMOVE "${build}/${id}/${id}.so")
  endif()
  _atlink_product_check("${id}" "${build}/${id}")
endfunction()

# Where plugins lie in the build tree and, relative to the prefix, in an installation.
function(_atlink_product_places build install)
  set(${build} "${CMAKE_BINARY_DIR}/plugins" PARENT_SCOPE)
  if(ATLINK_PLUGIN_BUILD_DIR)
    set(${build} "${ATLINK_PLUGIN_BUILD_DIR}" PARENT_SCOPE)
  endif()
  set(${install} "share/atlink/plugins" PARENT_SCOPE)
  if(CMAKE_INSTALL_DATADIR)
    set(${install} "${CMAKE_INSTALL_DATADIR}/atlink/plugins" PARENT_SCOPE)
  endif()
  if(ATLINK_PLUGIN_INSTALL_DIR)
    set(${install} "${ATLINK_PLUGIN_INSTALL_DIR}" PARENT_SCOPE)
  endif()
endfunction()

# The description and what belongs to it, linked and installed.
function(_atlink_product_data folder build install)
  if(IS_SYMLINK "${build}")
    file(REMOVE "${build}")
  endif()
  file(MAKE_DIRECTORY "${build}")
  foreach(name product.json README.md catalogue testdata)
    file(REMOVE "${build}/${name}")
    # Found when the build begins, so that one that comes or goes is not missed.
    file(GLOB there CONFIGURE_DEPENDS "${folder}/${name}")
    if(NOT there)
      continue()
    endif()
    file(CREATE_LINK "${folder}/${name}" "${build}/${name}" SYMBOLIC)
    if(IS_DIRECTORY "${folder}/${name}")
      install(DIRECTORY "${folder}/${name}" DESTINATION "${install}")
    else()
      install(FILES "${folder}/${name}" DESTINATION "${install}")
    endif()
  endforeach()
endfunction()

# The shared object of a native extension.
function(_atlink_product_native id build install sources libraries)
  set(target atlink_product_${id})
  add_library(${target} MODULE ${sources})
  target_link_libraries(${target} PRIVATE atlink::plugin ${libraries})
  set_target_properties(
    ${target}
    PROPERTIES PREFIX ""
               SUFFIX ".so"
               OUTPUT_NAME "${id}"
               DEBUG_POSTFIX ""
               # The generator expression keeps generators with several configurations from adding
               # a folder of their own.
               LIBRARY_OUTPUT_DIRECTORY "${build}/$<0:>"
               # No path to look for libraries in, which atlink refuses; and an installation copies
               # the same bytes, so that who trusted them need not do so again.
               BUILD_WITH_INSTALL_RPATH ON
               INSTALL_RPATH ""
               INSTALL_RPATH_USE_LINK_PATH OFF
               C_VISIBILITY_PRESET hidden
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("C" IN_LIST languages)
    target_compile_features(${target} PRIVATE c_std_11)
  endif()
  if("CXX" IN_LIST languages)
    target_compile_features(${target} PRIVATE cxx_std_20)
  endif()
  # All is there, and nothing but the entry is seen.
  set(map "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/product.map")
  target_link_options(${target} PRIVATE "LINKER:--no-undefined" "LINKER:--version-script=${map}")
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${map}")
  install(TARGETS ${target} LIBRARY DESTINATION "${install}")
endfunction()

function(_atlink_product_check id build)
  set(program "${ATLINK_PROGRAM}")
  if(TARGET atlink_program)
    set(program atlink_program)
  endif()
  if(ATLINK_PRODUCT_CHECKS AND program)
    add_test(NAME product/${id} COMMAND ${program} plugin check "${build}")
  endif()
endfunction()
