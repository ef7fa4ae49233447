// First byte: which message; the rest: its bytes. What the lint lets through, protobuf
// must parse and write back as the same bytes.
#include <memory>

#include "base/check.h"
#include "proto/envelope.pb.h"
#include "proto/lint.h"

namespace {

using focal::proto::Msg;

std::unique_ptr<google::protobuf::Message> make(Msg m) {
  namespace v1 = focal::v1;
  switch (m) {
    case Msg::kInner: return std::make_unique<v1::Inner>();
    case Msg::kItem: return std::make_unique<v1::Item>();
    case Msg::kApproval: return std::make_unique<v1::Approval>();
    case Msg::kManifest: return std::make_unique<v1::Manifest>();
    case Msg::kRef: return std::make_unique<v1::Ref>();
    case Msg::kAttachment: return std::make_unique<v1::Attachment>();
    case Msg::kBatchStmt: return std::make_unique<v1::BatchStmt>();
    case Msg::kReceiptBatch: return std::make_unique<v1::ReceiptBatch>();
    case Msg::kReceiptItem: return std::make_unique<v1::ReceiptItem>();
  }
  return nullptr;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto which = static_cast<Msg>(data[0] % focal::proto::kMsgCount);
  const focal::ByteView bytes(data + 1, size - 1);
  const auto version = focal::proto::peek_version(bytes);
  const focal::Status status = focal::proto::lint(which, bytes);
  if (!status.has_value()) {
    FOCAL_CHECK(!status.error().path.empty() && !status.error().message.empty());
    return 0;
  }
  if (which == Msg::kManifest || which == Msg::kBatchStmt)
    FOCAL_CHECK(version.has_value() && *version == 1);
  const auto message = make(which);
  FOCAL_CHECK(message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  FOCAL_CHECK(message->SerializeAsString() == focal::as_text(bytes));
  return 0;
}
