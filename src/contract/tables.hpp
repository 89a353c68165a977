// The tables that the contract is tried on: one with an integer key and every kind of column, one with a key of two
// columns and nullable indexes, and the first again as a later version of it would be.
#pragma once

#include <linecard/record.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace linecard::contract {

enum class form_of { letter, box, pallet };
BOOST_DESCRIBE_ENUM(form_of, letter, box, pallet)

struct parcel {
  std::int64_t id{};
  std::string name{};
  form_of kind{};
  bool fragile{};
  std::optional<std::int64_t> weight{};
  std::optional<std::string> note{};
  bytes seal{};
  std::optional<bytes> stamp{};
};
BOOST_DESCRIBE_STRUCT(parcel, (), (id, name, kind, fragile, weight, note, seal, stamp))

struct later_parcel {
  std::int64_t id{};
  std::string name{};
  form_of kind{};
  bool fragile{};
  std::optional<std::int64_t> weight{};
  std::optional<std::string> note{};
  bytes seal{};
  std::optional<bytes> stamp{};
  std::optional<std::int64_t> due{};
  std::string depot{};
  bool insured{};
  form_of outer{};
  bytes mark{};
};
BOOST_DESCRIBE_STRUCT(later_parcel, (),
                      (id, name, kind, fragile, weight, note, seal, stamp, due, depot, insured, outer, mark))

struct place {
  std::string shelf{};
  std::int32_t number{};
  std::optional<std::int64_t> owner{};
  std::optional<std::string> tag{};
  std::string label{};
  std::int64_t count{};
};
BOOST_DESCRIBE_STRUCT(place, (), (shelf, number, owner, tag, label, count))

} // namespace linecard::contract

namespace linecard {

template <>
inline constexpr auto table<contract::parcel> = record<contract::parcel>(
    "contract_parcels", key<&contract::parcel::id>, index<&contract::parcel::kind, &contract::parcel::name>,
    index<&contract::parcel::weight>, unique<&contract::parcel::note>);

template <>
inline constexpr auto table<contract::later_parcel> = record<contract::later_parcel>(
    "contract_parcels", key<&contract::later_parcel::id>,
    index<&contract::later_parcel::kind, &contract::later_parcel::name>, index<&contract::later_parcel::weight>,
    unique<&contract::later_parcel::note>, index<&contract::later_parcel::depot, &contract::later_parcel::due>);

template <>
inline constexpr auto table<contract::place> =
    record<contract::place>("contract_places", key<&contract::place::shelf, &contract::place::number>,
                            index<&contract::place::owner, &contract::place::tag>, unique<&contract::place::label>,
                            index<&contract::place::count, &contract::place::shelf>, index<&contract::place::tag>);

} // namespace linecard
