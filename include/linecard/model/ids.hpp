// The nouns that have ids, and the number and word that mark each kind. Numbers are never reused.
#pragma once

#include <linecard/id.hpp>

#include <array>

namespace linecard {

struct platform;
struct container;
struct tenant;
struct identity;
struct user;
struct package;
struct grant;
struct message;
struct denial;
struct role;
struct delegate;
struct held_flag;
struct challenge;
struct session;
struct reset_request;
struct errand;
struct replacement;

template <> inline constexpr id_tag tag_of<platform>{1, "platform"};
template <> inline constexpr id_tag tag_of<container>{2, "container"};
template <> inline constexpr id_tag tag_of<tenant>{3, "tenant"};
template <> inline constexpr id_tag tag_of<identity>{4, "identity"};
template <> inline constexpr id_tag tag_of<user>{5, "user"};
template <> inline constexpr id_tag tag_of<package>{6, "package"};
template <> inline constexpr id_tag tag_of<grant>{7, "grant"};
template <> inline constexpr id_tag tag_of<message>{8, "message"};
template <> inline constexpr id_tag tag_of<denial>{9, "denial"};
template <> inline constexpr id_tag tag_of<role>{10, "role"};
template <> inline constexpr id_tag tag_of<delegate>{11, "delegate"};
template <> inline constexpr id_tag tag_of<held_flag>{12, "flag"};
template <> inline constexpr id_tag tag_of<challenge>{13, "challenge"};
template <> inline constexpr id_tag tag_of<session>{14, "session"};
template <> inline constexpr id_tag tag_of<reset_request>{15, "reset_request"};
template <> inline constexpr id_tag tag_of<errand>{16, "errand"};
template <> inline constexpr id_tag tag_of<replacement>{17, "replacement"};

inline constexpr std::array id_tags{tag_of<platform>,   tag_of<container>, tag_of<tenant>,        tag_of<identity>,
                                    tag_of<user>,       tag_of<package>,   tag_of<grant>,         tag_of<message>,
                                    tag_of<denial>,     tag_of<role>,      tag_of<delegate>,      tag_of<held_flag>,
                                    tag_of<challenge>,  tag_of<session>,   tag_of<reset_request>, tag_of<errand>,
                                    tag_of<replacement>};

} // namespace linecard
