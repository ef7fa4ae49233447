// The part of a request that a seizure list does not hold: header, grounds, justification, intended
// use, circumstances, searches, questions. It is checked whole before any row is looked at, and
// every request of the list is this part with weapons and a reference of its own.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "node/desk/seizure_rows.h"
#include "proto/record.pb.h"

namespace google::protobuf {
class Struct;
}

namespace focal::desk::seizure {

class Template {
 public:
  // own_party: who asks. kRecord with the path: not a record, a rule of the schema, weapons in it.
  // kUsage: a record of another kind.
  static Result<Template> read(const google::protobuf::Struct& json, const std::string& own_party);

  // Requests of one list, and of later lists with the same file, share their reference up to a
  // number: REF, REF/2, REF/3.
  const std::string& base() const { return record_.trace_request().case_ref_requester(); }
  std::string reference(std::uint32_t number) const;  // 1: the bare one

  // The request with these weapons, numbered from 1. Not checked.
  std::unique_ptr<focal::v1::Record> with(std::span<const Weapon* const> weapons,
                                          const std::string& reference) const;
  // Bytes of the part itself.
  std::size_t size() const { return record_.ByteSizeLong(); }
  std::string bytes() const { return record_.SerializeAsString(); }

  // Adds to the weapons what the rules of the record say against them. At most 200 at once.
  void check(std::span<Weapon* const> weapons, const std::vector<Column>& columns) const;

 private:
  Template() = default;
  focal::v1::Record record_;
  std::string own_party_;
};

// Bytes that a weapon adds to a request, its paths of unknown fields included.
std::size_t size_in_request(const Weapon& weapon);

}  // namespace focal::desk::seizure
