// Goal: a directory has one accepted form under the introducer's root; what it introduces needs
// k introducers that agree. Method: one compared with the same note made by an independent
// program, then damaged and signed again; policies counted by hand.
#include "node/exchange/directory.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/note.h"
#include "tests/support/notes_fixture.h"

namespace focal::exchange {
namespace {

using test::TestParty;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

class DirectoryTest : public ::testing::Test {
 protected:
  DirectoryFields fields() const {
    DirectoryFields f;
    f.introducer = "XA";
    f.serial = 2;
    f.prev = crypto::sha256(std::string_view("the one before"));
    f.entries = {{"XA-ITI", party_.next_root.pk, 1}, {"XB", other_.root.pk, 12}};
    return f;
  }
  std::string sign_text(const std::string& text) const {
    crypto::Note note{text, {}};
    crypto::sign_note(note, "focal/XA/root", party_.root);
    return crypto::format_note(note);
  }
  void refuses_note(const std::string& note, ErrorCode code, std::string_view path = {}) const {
    const auto d = parse_directory(note, party_.root.pk);
    ASSERT_FALSE(d.has_value()) << note;
    EXPECT_EQ(d.error().code, code) << d.error().message << "\n" << note;
    if (!path.empty()) {
      EXPECT_EQ(d.error().path, path) << d.error().message;
    }
  }
  void refuses_change(std::string_view from, std::string_view to, std::string_view path) const {
    refuses_note(sign_text(replaced(text_, from, to)), ErrorCode::kCard, path);
  }

  TestParty party_;
  TestParty other_{"XB", 51};
  std::string text_ = directory_text(fields());
  std::string note_ = TestParty::must(make_directory(fields(), party_.root));
};

TEST_F(DirectoryTest, IsTheNoteAnIndependentProgramMakes) {
  // Made by Python: hashlib and cryptography's Ed25519, from the seeds of TestParty and the
  // format in docs/protocol.md; SHA-256 of the note and of its text.
  EXPECT_EQ(hex(crypto::sha256(std::string_view(note_))),
            "8a66cdd1441409d6b4e0b323c03aa5076f2a9230f4a4b4e82b802c6a0b9a75b9");
  EXPECT_EQ(hex(parse_directory(note_, party_.root.pk)->directory_id),
            "8de78438fc6fdb62737cfd1f66417eb72f6b88519857ce276d429cca98232279");
}

TEST_F(DirectoryTest, FieldsComeBack) {
  const Directory d = TestParty::must(parse_directory(note_, party_.root.pk));
  EXPECT_EQ(d.introducer, "XA");
  EXPECT_EQ(d.serial, 2u);
  EXPECT_EQ(d.prev, fields().prev);
  ASSERT_EQ(d.entries.size(), 2u);
  ASSERT_NE(d.find("XB"), nullptr);
  EXPECT_EQ(d.find("XB")->root, other_.root.pk);
  EXPECT_EQ(d.find("XB")->card_serial, 12u);
  EXPECT_EQ(d.find("XA"), nullptr);
  EXPECT_EQ(d.find("XC"), nullptr);
  EXPECT_EQ(d.note, note_);
  DirectoryFields empty;
  empty.introducer = "XA";
  const auto first = parse_directory(TestParty::must(make_directory(empty, party_.root)),
                                     party_.root.pk);
  ASSERT_TRUE(first.has_value()) << "nobody is listed, which may be";
  EXPECT_FALSE(first->prev);
}

TEST_F(DirectoryTest, N009_N010_N011_LinesMovedRepeatedOrUnknownAreRefused) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text_.size(); at = text_.find('\n', at) + 1)
    lines.push_back(text_.substr(at, text_.find('\n', at) + 1 - at));
  ASSERT_EQ(lines.size(), 6u);
  const auto refuses = [&](const std::vector<std::string>& changed) {
    std::string text;
    for (const std::string& line : changed) text.append(line);
    refuses_note(sign_text(text), ErrorCode::kCard);
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto changed = lines;
    if (i < 4) {  // an entry may be missing
      changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
      refuses(changed);
    }
    changed = lines;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    refuses(changed);
    changed = lines;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), "colour blue\n");
    refuses(changed);
    for (std::size_t j = 0; j < i; ++j) {  // two entries swapped are out of order
      changed = lines;
      std::swap(changed[i], changed[j]);
      refuses(changed);
    }
  }
}

TEST_F(DirectoryTest, ValuesHaveOneForm) {
  refuses_change("introducer XA", "introducer xa", "directory.introducer");
  refuses_change("serial 2", "serial 02", "directory.serial");
  refuses_change("serial 2", "serial 0", "directory.serial");
  refuses_change("serial 2", "serial 1", "directory.prev");
  refuses_change("serial 2", "serial 9223372036854775808", "directory.serial");
  refuses_change("prev " + base64(*fields().prev), "prev none", "directory.prev");
  refuses_change(" 12\n", " 0\n", "directory.entry");
  refuses_change(" 12\n", " 012\n", "directory.entry");
  refuses_change(" 12\n", "\n", "directory.entry");
  refuses_change(" 12\n", "  12\n", "directory.entry");
  refuses_change("entry XB ", "entry X ", "directory.entry");
  refuses_change("entry XB ", "entry XA ", "directory.entry");  // not in order
  refuses_change("entry XB ", "entry XA-ITI ", "directory.entry");
}

TEST_F(DirectoryTest, N001_N002_N003_N004_N005_NoOtherEncodingIsAccepted) {
  refuses_note(replaced(note_, "serial 2", "serial 2\x01"), ErrorCode::kNote);
  std::string crlf;
  for (const char c : note_) crlf.append(c == '\n' ? "\r\n" : std::string(1, c));
  refuses_note(crlf, ErrorCode::kNote);
  const std::string root = base64(other_.root.pk);
  refuses_change(root, root.substr(0, root.size() - 1), "directory.entry");
  std::string bits = root;
  bits[bits.size() - 2] = static_cast<char>(bits[bits.size() - 2] + 1);
  refuses_change(root, bits, "directory.entry");
  refuses_note(replaced(note_, "\n\n", "\n"), ErrorCode::kNote);
  refuses_note(replaced(note_, "\n\n", "\n\n\n"), ErrorCode::kNote);
}

TEST_F(DirectoryTest, N006_N007_N008_SignaturesAndSizes) {
  EXPECT_EQ(parse_directory(note_, other_.root.pk).error().code, ErrorCode::kSignature);
  crypto::Note note = crypto::parse_note(note_).value();
  note.signatures[0].signature[5] ^= 1;
  refuses_note(crypto::format_note(note), ErrorCode::kSignature);
  note = crypto::parse_note(note_).value();
  for (int i = 0; i < 33; ++i) crypto::sign_note(note, "somebody", other_.sign);
  refuses_note(crypto::format_note(note), ErrorCode::kLimit);
  refuses_note(note_ + std::string(kMaxDirectorySize, 'x'), ErrorCode::kLimit);
}

TEST_F(DirectoryTest, AsManyEntriesAsTheNoteHolds) {
  DirectoryFields f;
  f.introducer = "XA";
  for (std::size_t i = 0; i < kMaxDirectoryEntries; ++i)
    f.entries.push_back({"X" + std::to_string(1000 + i), other_.root.pk, 1});
  EXPECT_TRUE(make_directory(f, party_.root).has_value());
  f.entries.push_back({"X9999", other_.root.pk, 1});
  EXPECT_FALSE(make_directory(f, party_.root).has_value());
}

TEST_F(DirectoryTest, N024_TwoOfOneSerialContradictEachOther) {
  const Directory held = TestParty::must(parse_directory(note_, party_.root.pk));
  DirectoryFields f = fields();
  f.entries.pop_back();
  const auto order = [&] {
    return compare_directories(held, TestParty::must(parse_directory(
                                         TestParty::must(make_directory(f, party_.root)),
                                         party_.root.pk)));
  };
  EXPECT_EQ(order(), DirectoryOrder::kFork);
  f.serial = 3;
  EXPECT_EQ(order(), DirectoryOrder::kNewer);
  f.serial = 1;
  f.prev.reset();
  EXPECT_EQ(order(), DirectoryOrder::kOlder);
  EXPECT_EQ(compare_directories(held, held), DirectoryOrder::kSame);
}

class Introducing : public ::testing::Test {
 protected:
  // What each of UNODA, OSCE, ECOWAS lists for XB.
  std::optional<Introduced> ask(std::size_t k, const std::vector<std::pair<int, std::uint64_t>>& lists,
                                std::vector<std::string> policy = {"UNODA", "OSCE", "ECOWAS"}) {
    static const char* const kNames[] = {"UNODA", "OSCE", "ECOWAS"};
    directories_.clear();
    Directories counted;
    for (std::size_t i = 0; i < lists.size(); ++i) {
      Directory d;
      d.introducer = kNames[i];
      if (lists[i].first >= 0)
        d.entries = {{"XB", roots_[static_cast<std::size_t>(lists[i].first)], lists[i].second}};
      directories_.push_back(d);
    }
    for (const Directory& d : directories_) counted[d.introducer] = &d;
    root_ = introduced_root({k, policy}, counted, "XB");
    return introduced({k, policy}, counted, "XB", roots_[0]);
  }
  std::vector<crypto::PublicKey> roots_{test::signing_key(1).pk, test::signing_key(2).pk};
  std::vector<Directory> directories_;
  std::optional<crypto::PublicKey> root_;
};

TEST_F(Introducing, KOfThemHaveToAgree) {
  EXPECT_FALSE(ask(2, {{0, 1}}));
  EXPECT_FALSE(ask(2, {{0, 1}, {1, 1}}));
  EXPECT_FALSE(root_);
  const auto two = ask(2, {{0, 5}, {1, 1}, {0, 9}});
  ASSERT_TRUE(two);
  EXPECT_EQ(two->by, (std::vector<std::string>{"UNODA", "ECOWAS"}));
  EXPECT_EQ(two->card_serial, 5u) << "two of them have seen at least card 5";
  EXPECT_EQ(root_, roots_[0]);
  EXPECT_EQ(ask(1, {{0, 5}, {-1, 1}, {0, 9}})->card_serial, 9u);
}

TEST_F(Introducing, NobodyIsIntroducedWithoutAPolicy) {
  EXPECT_FALSE(ask(0, {{0, 1}, {0, 1}, {0, 1}}));
  EXPECT_FALSE(root_);
  EXPECT_FALSE(ask(1, {{0, 1}}, {"OSCE"})) << "UNODA is not in the policy";
  EXPECT_FALSE(ask(2, {{0, 1}}, {"UNODA", "UNODA"})) << "nobody counts twice";
}

TEST_F(Introducing, WhereTheyContradictEachOtherAPersonDecides) {
  EXPECT_FALSE(ask(1, {{0, 1}, {1, 1}}));
  EXPECT_FALSE(root_);
}

}  // namespace
}  // namespace focal::exchange
