// Boost.JSON is compiled in here and nowhere else: Debian's libboost_json.a is not position independent and cannot
// go into liblinecard.so.
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#include <boost/json/src.hpp>
