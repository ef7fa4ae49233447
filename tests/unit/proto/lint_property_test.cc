// Goal: the lint and protobuf agree. What protobuf writes for a valid message passes;
// whatever passes is parsed by protobuf and written back as the same bytes; no input
// crashes the lint; the table names the fields of the .proto.
// Method: messages filled at random through reflection from the lint's own table, then
// mutated; the descriptors of the generated code as the second opinion.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <random>

#include "proto/envelope.pb.h"
#include "proto/lint.h"

namespace focal::proto {
namespace {

namespace pb = google::protobuf;
using pb::FieldDescriptor;

const pb::Message& prototype(Msg m) {
  switch (m) {
    case Msg::kInner: return v1::Inner::default_instance();
    case Msg::kItem: return v1::Item::default_instance();
    case Msg::kApproval: return v1::Approval::default_instance();
    case Msg::kManifest: return v1::Manifest::default_instance();
    case Msg::kRef: return v1::Ref::default_instance();
    case Msg::kAttachment: return v1::Attachment::default_instance();
    case Msg::kBatchStmt: return v1::BatchStmt::default_instance();
    case Msg::kReceiptBatch: return v1::ReceiptBatch::default_instance();
    case Msg::kReceiptItem: return v1::ReceiptItem::default_instance();
  }
  abort();
}

std::vector<Msg> all_messages() {
  std::vector<Msg> out;
  for (std::size_t i = 0; i < kMsgCount; ++i) out.push_back(static_cast<Msg>(i));
  return out;
}

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  void fill(Msg m, pb::Message& out) {
    for (const FieldRule& rule : rules_of(m)) {
      if (!rule.required && below(2) == 0) continue;
      const std::uint64_t count =
          rule.max_count == 1 ? 1 : 1 + below(std::min<int>(rule.max_count, 4));
      for (std::uint64_t i = 0; i < count; ++i) add(rule, out);
    }
    settle(m, out);
  }

  Bytes mutate(std::string_view valid) {
    Bytes out = to_bytes(valid);
    for (std::uint64_t n = 1 + below(3); n > 0 && !out.empty(); --n) {
      const std::size_t at = below(out.size());
      switch (below(5)) {
        case 0: out[at] = static_cast<std::uint8_t>(below(256)); break;
        case 1: out[at] = static_cast<std::uint8_t>(out[at] ^ (1u << below(8))); break;
        case 2: out.erase(out.begin() + static_cast<std::ptrdiff_t>(at)); break;
        case 3:
          out.insert(out.begin() + static_cast<std::ptrdiff_t>(at),
                     static_cast<std::uint8_t>(below(256)));
          break;
        default: out.resize(at); break;
      }
    }
    return out;
  }

 private:
  void add(const FieldRule& rule, pb::Message& out) {
    const FieldDescriptor* f = out.GetDescriptor()->FindFieldByNumber(rule.number);
    const pb::Reflection* r = out.GetReflection();
    const bool many = f->is_repeated();
    if (rule.type == FieldType::kMessage) {
      fill(rule.message, many ? *r->AddMessage(&out, f) : *r->MutableMessage(&out, f));
    } else if (rule.type == FieldType::kBytes || rule.type == FieldType::kString) {
      const std::uint64_t spread = std::min<std::uint64_t>(rule.max - rule.min, 200);
      std::string text(rule.min + below(spread + 1), 'A');
      for (char& c : text)
        c = static_cast<char>(rule.type == FieldType::kString ? 'A' + below(26) : below(256));
      many ? r->AddString(&out, f, text) : r->SetString(&out, f, text);
    } else {
      const std::uint64_t value = 1 + below(rule.max);
      if (rule.type == FieldType::kUint32) {
        r->SetUInt32(&out, f, static_cast<std::uint32_t>(value));
      } else {
        r->SetUInt64(&out, f, value);
      }
    }
  }

  // The rules between fields.
  void settle(Msg m, pb::Message& out) {
    if (m == Msg::kBatchStmt) {
      auto& stmt = static_cast<v1::BatchStmt&>(out);
      if (stmt.purpose() == 1) stmt.set_size(1 + static_cast<std::uint32_t>(below(256)));
    }
    if (m == Msg::kItem) {
      auto& item = static_cast<v1::Item&>(out);
      if (item.manifest().empty() || item.salt().empty()) {
        item.Clear();
        item.set_leaf(std::string(32, 'l'));
      } else {
        item.clear_leaf();
      }
    }
    if (m == Msg::kInner) {
      auto& inner = static_cast<v1::Inner&>(out);
      const bool batch = !inner.stmt().empty() && !inner.sig().empty() && inner.item_size() > 0;
      if (batch) {
        inner.clear_receipts();
      } else {
        inner.Clear();
        fill(Msg::kReceiptBatch, *inner.mutable_receipts());
      }
    }
  }

  std::mt19937_64 random_;
};

TEST(LintProperty, TableNamesTheFieldsOfTheProto) {
  for (Msg m : all_messages()) {
    const pb::Descriptor* d = prototype(m).GetDescriptor();
    EXPECT_EQ(d->name(), name_of(m));
    ASSERT_EQ(static_cast<std::size_t>(d->field_count()), rules_of(m).size()) << d->name();
    for (const FieldRule& rule : rules_of(m)) {
      const FieldDescriptor* f = d->FindFieldByNumber(rule.number);
      ASSERT_NE(f, nullptr) << d->name() << "." << rule.name;
      EXPECT_EQ(f->name(), rule.name);
      EXPECT_EQ(f->is_repeated(), rule.max_count > 1) << f->full_name();
      switch (rule.type) {
        case FieldType::kUint32: EXPECT_EQ(f->type(), FieldDescriptor::TYPE_UINT32); break;
        case FieldType::kUint64: EXPECT_EQ(f->type(), FieldDescriptor::TYPE_UINT64); break;
        case FieldType::kTimeMs: EXPECT_EQ(f->type(), FieldDescriptor::TYPE_FIXED64); break;
        case FieldType::kBytes: EXPECT_EQ(f->type(), FieldDescriptor::TYPE_BYTES); break;
        case FieldType::kString: EXPECT_EQ(f->type(), FieldDescriptor::TYPE_STRING); break;
        case FieldType::kMessage:
          ASSERT_EQ(f->type(), FieldDescriptor::TYPE_MESSAGE);
          EXPECT_EQ(f->message_type()->name(), name_of(rule.message));
          break;
      }
      EXPECT_EQ(std::string_view(rule.name).ends_with("_ms"), rule.type == FieldType::kTimeMs);
    }
  }
}

TEST(LintProperty, WhatProtobufWritesForValidMessagesPasses) {
  Maker maker(1);
  for (Msg m : all_messages()) {
    for (int i = 0; i < 300; ++i) {
      std::unique_ptr<pb::Message> message(prototype(m).New());
      maker.fill(m, *message);
      const Status s = lint(m, as_bytes(message->SerializeAsString()));
      ASSERT_TRUE(s.has_value()) << s.error().message << "\n" << message->ShortDebugString();
    }
  }
}

TEST(LintProperty, WhatPassesIsTheOnlyEncoding) {
  Maker maker(2);
  int passed = 0;
  int refused = 0;
  for (Msg m : all_messages()) {
    for (int i = 0; i < 200; ++i) {
      std::unique_ptr<pb::Message> message(prototype(m).New());
      maker.fill(m, *message);
      const std::string valid = message->SerializeAsString();
      for (int k = 0; k < 20; ++k) {
        const Bytes bytes = maker.mutate(valid);
        if (!lint(m, bytes)) {
          ++refused;
          continue;
        }
        ++passed;
        std::unique_ptr<pb::Message> again(prototype(m).New());
        ASSERT_TRUE(again->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
        ASSERT_EQ(again->SerializeAsString(), to_string(bytes)) << again->ShortDebugString();
      }
    }
  }
  EXPECT_GT(passed, 1000);   // changed content
  EXPECT_GT(refused, 1000);  // changed structure
}

TEST(LintProperty, NoiseIsRefusedWithoutCrashing) {
  std::mt19937_64 random(3);
  for (Msg m : all_messages()) {
    for (int i = 0; i < 20000; ++i) {
      Bytes noise(random() % 80);
      for (auto& b : noise) b = static_cast<std::uint8_t>(random());
      EXPECT_FALSE(lint(m, noise).has_value());
    }
  }
}

}  // namespace
}  // namespace focal::proto
