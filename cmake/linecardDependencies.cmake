# What linecard::linecard needs, for our own build and, installed beside linecardConfig.cmake, for whoever links it.
# Finds everything and sets linecard_missing to a list of plain words; the caller decides what a gap means. libpq,
# libcurl and zxcvbn are no gaps: linecard_postgres, linecard_smtp and linecard_zxcvbn say whether they are there. An
# installed library needs them when it was built with them.
set(linecard_missing)
set(linecard_postgres FALSE)
set(linecard_smtp FALSE)
set(linecard_zxcvbn FALSE)

find_package(Boost 1.81 QUIET)
if(NOT Boost_FOUND OR NOT TARGET Boost::headers)
  list(APPEND linecard_missing "Boost headers >= 1.81 (Debian: libboost1.81-dev)")
endif()

find_package(SQLite3 3.35 QUIET)
if(NOT SQLite3_FOUND)
  list(APPEND linecard_missing "SQLite >= 3.35 (Debian: libsqlite3-dev)")
endif()

find_package(Threads QUIET)
if(NOT Threads_FOUND)
  list(APPEND linecard_missing "a thread library")
endif()

find_path(cctz_include cctz/time_zone.h) # local time by IANA's names; neither a .pc file nor a CMake package on Debian
find_library(cctz_library cctz)
mark_as_advanced(cctz_include cctz_library)
if(NOT cctz_include OR NOT cctz_library)
  list(APPEND linecard_missing "CCTZ (Debian: libcctz-dev)")
elseif(NOT TARGET cctz::cctz)
  add_library(cctz::cctz UNKNOWN IMPORTED GLOBAL)
  set_target_properties(cctz::cctz PROPERTIES IMPORTED_LOCATION "${cctz_library}"
                                              INTERFACE_INCLUDE_DIRECTORIES "${cctz_include}")
endif()

find_path(zxcvbn_include zxcvbn.h) # zxcvbn-c, which has neither a .pc file nor a CMake package
find_library(zxcvbn_library zxcvbn)
mark_as_advanced(zxcvbn_include zxcvbn_library)
if(zxcvbn_include AND zxcvbn_library)
  set(linecard_zxcvbn TRUE)
  if(NOT TARGET zxcvbn::zxcvbn)
    add_library(zxcvbn::zxcvbn UNKNOWN IMPORTED GLOBAL)
    set_target_properties(zxcvbn::zxcvbn PROPERTIES IMPORTED_LOCATION "${zxcvbn_library}"
                                                    INTERFACE_INCLUDE_DIRECTORIES "${zxcvbn_include}")
  endif()
endif()

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(libsodium QUIET IMPORTED_TARGET GLOBAL libsodium>=1.0.18)
  pkg_check_modules(libutf8proc QUIET IMPORTED_TARGET GLOBAL libutf8proc>=2.5)
  pkg_check_modules(libcrypt QUIET IMPORTED_TARGET GLOBAL libcrypt)
  pkg_check_modules(libpq QUIET IMPORTED_TARGET GLOBAL libpq>=14)
  set(linecard_postgres ${libpq_FOUND})
  pkg_check_modules(libcurl QUIET IMPORTED_TARGET GLOBAL libcurl>=7.74)
  set(linecard_smtp ${libcurl_FOUND})
  if(NOT libsodium_FOUND)
    list(APPEND linecard_missing "libsodium >= 1.0.18 (Debian: libsodium-dev)")
  endif()
  if(NOT libutf8proc_FOUND)
    list(APPEND linecard_missing "utf8proc >= 2.5 (Debian: libutf8proc-dev)")
  endif()
  if(NOT libcrypt_FOUND)
    list(APPEND linecard_missing "libxcrypt (Debian: libcrypt-dev)")
  endif()
else()
  list(APPEND linecard_missing "pkg-config, to find libsodium, utf8proc and libxcrypt (Debian: pkg-config libsodium-dev libutf8proc-dev libcrypt-dev)")
endif()
