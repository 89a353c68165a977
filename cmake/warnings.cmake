# linecard_own(target): how our own targets are compiled: strict language, hidden symbols, warnings.
# All of it is private: whoever links us keeps his own flags.
function(linecard_own target)
  set_target_properties(${target} PROPERTIES
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>
    $<$<BOOL:${LINECARD_WERROR}>:-Werror>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # These misfire in GCC 12 on optimised code that is right: "text" + std::string (GCC bug 105651; with a precompiled
    # header as array bounds), and empty optionals and results. -Wrestrict says nothing else here; the others are kept
    # as warnings.
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-error=maybe-uninitialized -Wno-error=array-bounds)
  endif()
endfunction()
