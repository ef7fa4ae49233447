// XA with an officer who has a seizure list; XB and XC are verified, XD is not met.
#pragma once

#include "node/desk/seizure.h"
#include "node/store/leaf.h"
#include "proto/seizure.pb.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {

class SeizureWorld : public DeskWorld {
 protected:
  void SetUp() override {
    DeskWorld::SetUp();
    w.add("XC");
    w.verify_both("XA", "XC");
  }

  static std::string file(const std::string& name) {
    std::ifstream in(test::in_tree("tests/vectors/seizure/" + name), std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  static v1::TraceImportRequest request(const std::string& csv) {
    v1::TraceImportRequest out;
    out.set_csv(csv);
    EXPECT_TRUE(json::read(file("request.json"), *out.mutable_record()).has_value());
    return out;
  }
  // The dirty list, with its map.
  static v1::TraceImportRequest dirty() {
    auto out = request(file("dirty_200.csv"));
    std::stringstream map(file("map.txt"));
    for (std::string line; std::getline(map, line);) {
      const auto at = line.find(" = ");
      if (at == std::string::npos || line.front() == '#') continue;
      auto* column = out.add_columns();
      column->set_title(line.substr(0, at));
      column->set_field(line.substr(at + 3));
    }
    return out;
  }

  // What the loop would do; each turn is one group.
  OnLoop on_loop() {
    return [this](const std::function<Status(const Now&)>& act,
                  const std::function<void(const Now&)>& after) -> Status {
      ++turns_;
      if (before_) before_();
      if (Status done = act(w.now()); !done) return done;
      if (after) {
        w.run();
        after(w.now());
      }
      return {};
    };
  }
  Result<v1::TraceImportResponse> import(v1::TraceImportRequest request, const char* mode) {
    request.set_mode(mode);
    By nobody;
    return import_list(w.node("XA"), on_loop(), request, nobody);
  }
  v1::TraceImportResponse preview(const v1::TraceImportRequest& request) {
    const auto shown = import(request, "PREVIEW");
    EXPECT_TRUE(shown.has_value()) << shown.error().message << " " << shown.error().path;
    return shown ? *shown : v1::TraceImportResponse{};
  }
  // What was shown is sent.
  Result<v1::TraceImportResponse> send(v1::TraceImportRequest request) {
    const auto shown = preview(request);
    request.set_plan(shown.plan());
    *request.mutable_columns() = shown.columns();
    return import(request, "SEND");
  }
  std::size_t sent_by_us() { return w.leaves("XA", store::LeafType::kSent); }

  int turns_ = 0;
  std::function<void()> before_;  // each turn
};

}  // namespace focal::desk
