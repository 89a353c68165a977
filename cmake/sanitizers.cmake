# LINECARD_SANITIZE=address,undefined or thread: for everything built here, libraries, tests and examples alike.
if(LINECARD_SANITIZE)
  set(flags -fsanitize=${LINECARD_SANITIZE} -fno-sanitize-recover=all)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND LINECARD_SANITIZE MATCHES "undefined")
    # Before Clang 17 this check compares type descriptions by address, so that every callback that crosses
    # from a program into liblinecard.so, whose symbols are local, would be reported.
    list(APPEND flags -fno-sanitize=function)
  endif()
  add_compile_options(${flags} -fno-omit-frame-pointer -g)
  add_link_options(${flags})
endif()

# A C program that loads our C++ library needs the C++ part of the sanitizer's run-time library as well.
function(linecard_c_program target)
  if(LINECARD_SANITIZE)
    set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
  endif()
endfunction()
