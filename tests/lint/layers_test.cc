// Goal: the layers and library walls of docs/architecture.md hold.
// Method: the real tree must have no finding; for each rule a tree with one
// planted defect must have exactly one, so that no rule can be asleep.
#include "tests/lint/layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/paths.h"

namespace focal::lint {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Tree& project() {
  static const Tree tree = read_tree(test::in_tree());
  return tree;
}

Tree with(std::string path, std::string text) { return {{{std::move(path), std::move(text)}}}; }

TEST(Layers, TheProjectKeepsItsArrows) { EXPECT_THAT(check_arrows(project()), IsEmpty()); }
TEST(Layers, TheProjectKeepsItsWalls) { EXPECT_THAT(check_walls(project()), IsEmpty()); }
TEST(Layers, DiffieHellmanIsDoneByTheKemAlone) { EXPECT_THAT(check_dh(project()), IsEmpty()); }
TEST(Layers, TheProjectsDecidingLayersArePure) { EXPECT_THAT(check_pure(project()), IsEmpty()); }

// An empty or half-read tree would pass every lint.
TEST(Layers, TheProjectIsReallyRead) {
  const auto& files = project().files;
  for (const Layer& layer : layers()) {
    EXPECT_TRUE(std::any_of(files.begin(), files.end(), [&](const File& f) {
      return has_prefix(f.path, layer.path);
    })) << layer.path;
  }
}

// A table that lets two layers include each other would allow a cycle.
TEST(Layers, TheTableIsOrdered) {
  std::vector<std::string_view> lower;
  for (const Layer& layer : layers()) {
    for (const auto name : split_words(layer.may)) {
      EXPECT_NE(std::find(lower.begin(), lower.end(), name), lower.end())
          << layer.path << " names " << name << ", which does not stand above it";
    }
    lower.push_back(layer.path);
  }
}

TEST(Layers, AnArrowUpIsRefused) {
  EXPECT_THAT(check_arrows(with("node/record/label.cc", "\n#include \"node/desk/desk.h\"\n")),
              ElementsAre(HasSubstr("node/record/label.cc:2: node/record must not include")));
  EXPECT_THAT(check_arrows(with("base/log.cc", "#  include <crypto/hash.h>\n")),
              ElementsAre(HasSubstr("base must not include crypto")));
}

TEST(Layers, AnArrowSidewaysIsRefused) {
  EXPECT_THAT(check_arrows(with("node/exchange/inbound.h", "#include \"node/casework/fold.h\"\n")),
              ElementsAre(HasSubstr("node/exchange must not include node/casework")));
  EXPECT_THAT(check_arrows(with("node/ledger/store.cc", "#include \"node/exchange/party.h\"\n")),
              ElementsAre(HasSubstr("must not include")));
  EXPECT_THAT(check_arrows(with("node/gate/frames.h", "#include \"config/config.h\"\n")),
              ElementsAre(HasSubstr("it may include: base proto crypto")));
  EXPECT_THAT(check_arrows(with("node/cli/main.cc", "#include \"node/node/node.h\"\n")),
              ElementsAre(HasSubstr("node/cli must not include node/node")));
  EXPECT_THAT(check_arrows(with("node/cli/print.cc", "#include \"node/ledger/verify.h\"\n")),
              ElementsAre(HasSubstr("node/cli must not include node/ledger")));
}

TEST(Layers, AnArrowDownAndOneInsideAreAllowed) {
  EXPECT_THAT(check_arrows(with("node/record/label.cc",
                                "#include \"node/record/label.h\"\n#include \"base/result.h\"\n"
                                "#include <vector>\n#include \"proto/trace.pb.h\"\n")),
              IsEmpty());
}

TEST(Layers, AFolderOutsideTheTableIsRefused) {
  EXPECT_THAT(check_arrows(with("node/extra/new.cc", "")), ElementsAre(HasSubstr("in no layer")));
  EXPECT_THAT(check_arrows(with("node/desk/desk.cc", "#include \"node/extra/new.h\"\n")),
              ElementsAre(HasSubstr("stands in no layer")));
  // A name that only begins like a layer is not that layer.
  EXPECT_THAT(check_arrows(with("node/recorder/a.cc", "")), ElementsAre(HasSubstr("in no layer")));
}

TEST(Layers, RelativePathsAndTestCodeAreRefusedInPrograms) {
  EXPECT_THAT(check_arrows(with("crypto/sign.cc", "#include \"../base/bytes.h\"\n")),
              ElementsAre(HasSubstr("from the root")));
  EXPECT_THAT(check_arrows(with("crypto/sign.cc", "#include \"tests/support/keys.h\"\n")),
              ElementsAre(HasSubstr("a program includes")));
}

// Each row of the table, so that none has a misspelt header or room.
TEST(Layers, EachLibraryIsRefusedOutsideItsRoom) {
  for (const Wall& wall : walls()) {
    const std::string include = "#include <" + std::string(wall.header) + "x>\n";
    EXPECT_THAT(check_walls(with("node/desk/desk.cc", include)),
                ElementsAre(HasSubstr("may be included only in " + std::string(wall.room))));
    std::string room(wall.room);
    if (has_suffix(room, "/")) room += "inside.cc";
    EXPECT_THAT(check_walls(with(room, include)), IsEmpty()) << room;
    EXPECT_THAT(check_walls(with("tests/attack/raw_test.cc", include)), IsEmpty());
  }
}

TEST(Layers, TheWallsNameTheHeadersThatTheLibrariesHave) {
  for (const std::string_view name :
       {"sodium.h", "openssl/evp.h", "sqlite3.h", "zmq.h", "zmq.hpp", "microhttpd.h", "curl/curl.h",
        "CLI/CLI.hpp", "spdlog/spdlog.h", "toml++/toml.h", "unicode/unistr.h"}) {
    EXPECT_EQ(check_walls(with("node/desk/a.h", "#include <" + std::string(name) + ">\n")).size(),
              1u)
        << name;
  }
}

TEST(Layers, AKeyOfTwoKeysThatLastIsRefused) {
  for (const char* line : {"const auto k = crypto::dh(own.sk, peer.pk);\n", "dh(a, b);\n",
                           "crypto_box_beforenm(k, pk, sk);\n", "crypto_scalarmult(q, n, p);\n"}) {
    EXPECT_THAT(check_dh(with("node/exchange/pair.cc", line)),
                ElementsAre(HasSubstr("crypto/dhkem.cc alone"))) << line;
    EXPECT_THAT(check_dh(with("crypto/dhkem.cc", line)), IsEmpty());
    EXPECT_THAT(check_dh(with("tests/unit/crypto/x_test.cc", line)), IsEmpty());
  }
  EXPECT_THAT(check_dh(with("node/node/keys.cc", "width(x); make_width(y); // dh\n")), IsEmpty());
}

TEST(Layers, AClockOrASocketInAPureLayerIsRefused) {
  EXPECT_THAT(check_pure(with("node/exchange/stream.cc", "#include <thread>\n")),
              ElementsAre(HasSubstr("only decides")));
  EXPECT_THAT(check_pure(with("node/record/label.h", "t = std::chrono::system_clock::now();\n")),
              ElementsAre(HasSubstr("handed its Now")));
  EXPECT_THAT(check_pure(with("node/casework/fold.cc", "  const Now now = read_clocks();\n")),
              ElementsAre(HasSubstr("handed its Now")));
  EXPECT_THAT(check_pure(with("node/node/loop.cc", "#include <thread>\n")), IsEmpty());
}

}  // namespace
}  // namespace focal::lint
