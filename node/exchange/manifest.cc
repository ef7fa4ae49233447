#include "node/exchange/manifest.h"

#include <algorithm>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "node/exchange/party.h"
#include "proto/envelope.pb.h"
#include "proto/lint.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kBodyLabel{"focal/body/v1\0", 14};

void put_ref(const store::RecordRef& from, v1::Ref* to) {
  to->set_rid(to_string(from.rid));
  to->set_created_ms(from.created_ms);
}

store::RecordRef get_ref(const v1::Ref& from) {
  return {*fixed<32>(as_bytes(from.rid())), from.created_ms()};  // sizes: lint
}

}  // namespace

void encode_manifest(Manifest& m) {
  v1::Manifest out;
  out.set_v(m.v);
  out.set_msg_id(to_string(m.msg_id));
  out.set_from(m.from);
  out.set_from_card(to_string(m.from_card));
  for (const auto& party : m.to) out.add_to(party);
  out.set_kind(m.kind);
  if (m.thread) put_ref(*m.thread, out.mutable_thread());
  if (m.reply_to) put_ref(*m.reply_to, out.mutable_reply_to());
  out.set_created_ms(m.created_ms);
  out.set_expires_ms(m.expires_ms);
  out.set_body_commit(to_string(m.body_commit));
  out.set_body_len(m.body_len);
  for (const auto& hash : m.approver) out.add_approver(to_string(hash));
  m.bytes = to_bytes(out.SerializeAsString());
  m.rid = crypto::merkle_leaf(m.bytes);
}

Result<Manifest> parse_manifest(ByteView bytes) {
  FOCAL_TRY(proto::lint(proto::Msg::kManifest, bytes));
  v1::Manifest in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(ErrorCode::kLint, "the manifest does not parse", {}, "Manifest");
  Manifest m;
  m.v = in.v();
  m.msg_id = *fixed<16>(as_bytes(in.msg_id()));
  m.from = in.from();
  m.from_card = *fixed<32>(as_bytes(in.from_card()));
  m.to.assign(in.to().begin(), in.to().end());
  m.kind = in.kind();
  if (in.has_thread()) m.thread = get_ref(in.thread());
  if (in.has_reply_to()) m.reply_to = get_ref(in.reply_to());
  m.created_ms = in.created_ms();
  m.expires_ms = in.expires_ms();
  m.body_commit = *fixed<32>(as_bytes(in.body_commit()));
  m.body_len = in.body_len();
  m.attachments = static_cast<std::size_t>(in.att_size());
  for (const auto& hash : in.approver()) m.approver.push_back(*fixed<32>(as_bytes(hash)));
  if (!is_party(m.from))
    return fail(ErrorCode::kLint, "the sender is not a party code", {}, "Manifest.from");
  if (!is_kind(m.kind)) return fail(ErrorCode::kLint, "not a kind", {}, "Manifest.kind");
  FOCAL_TRY(check_audience(m.to));
  m.bytes = to_bytes(bytes);
  m.rid = crypto::merkle_leaf(bytes);
  return m;
}

Hash32 body_commitment(const Hash32& salt, ByteView body) {
  return crypto::sha256({as_bytes(kBodyLabel), salt, body});
}

}  // namespace focal::exchange
