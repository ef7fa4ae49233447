// From what an officer typed to the record that is sent: one function for each act. What they
// share (header, references, guards, sending) stands in acts.cc.
#pragma once

#include <string_view>

#include "node/desk/own_records.h"
#include "node/desk/views.h"

namespace google::protobuf {
class Descriptor;
class Message;
}  // namespace google::protobuf

namespace focal::desk {

// A case somebody acts in.
struct Scene {
  store::View* view;  // never null
  node::OpenedCase opened;
  record::CheckedRecord request;  // the root
  Route route;
};

struct ActForm {
  std::string_view kind;
  // Fills the message of the kind from the fields of the request; null: such a record has too
  // much structure for fields and comes whole. kInvalid: path of the field.
  Status (*fill)(const google::protobuf::Message& request, const Scene& scene,
                 focal::v1::Record* record);
};

// request: the descriptor of one of the acts' messages in proto/api.proto.
const ActForm& form_of(const google::protobuf::Descriptor* request);

}  // namespace focal::desk
