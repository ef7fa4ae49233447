// Goal: an officer names a field as the screen shows it, and what the screen shows can be typed.
// Method: short and whole paths of a request whose weapons are numbered 3 and 7.
#include "node/desk/field_paths.h"

#include <gtest/gtest.h>

#include "proto/record.pb.h"

namespace focal::desk {
namespace {

class FieldPaths : public ::testing::Test {
 protected:
  FieldPaths() {
    request_.add_items()->set_item_no(3);
    request_.add_items()->set_item_no(7);
  }
  std::string full(std::string_view typed) {
    const auto path = full_path(typed, request_);
    return path ? *path : std::string(error_name(path.error().code)) + ": " + path.error().message;
  }
  focal::v1::TraceRequest request_;
};

TEST_F(FieldPaths, ShortOnesBecomeThoseOfTheRecord) {
  const std::string serial = "trace_request.items[1].serial_raw";
  for (const char* typed : {"item7.serial", "item7.serial_raw", "items[1].serial",
                            "trace_request.items[1].serial_raw", "trace_request.items[1].serial"})
    EXPECT_EQ(full(typed), serial) << typed;
  EXPECT_EQ(full("item3.country_of_import.year"), "trace_request.items[0].country_of_import.year");
  EXPECT_EQ(full("item3.markings"), "trace_request.items[0].markings");
  EXPECT_EQ(full("circumstances.narrative"), "trace_request.circumstances.narrative");
  EXPECT_EQ(full("items"), "trace_request.items");
}

TEST_F(FieldPaths, WhatIsNotThereIsNamed) {
  EXPECT_EQ(full("item1.serial"), "INVALID: 'item1.serial' names no weapon of this request");
  EXPECT_EQ(full_path("item1.serial", request_).error().hint,
            "The request has item3 to item7; 'focal trace show' lists them.");
  EXPECT_EQ(full("items[2].serial"),
            "INVALID: 'trace_request.items[2].serial_raw' names no weapon of this request");
  for (const char* typed :
       {"", "serial", "item7", "item7.", "item7.colour", "item7.serial.x", "item99999999999.serial",
        "item-1.serial", "header.subject", "..", "items[].serial", "items[99999999999].serial"})
    EXPECT_EQ(full(typed).substr(0, 8), "INVALID:") << typed << " " << full(typed);
  EXPECT_LT(full(std::string(5000, 'x')).size(), 300u);
}

TEST_F(FieldPaths, ShownAsTheyCanBeTyped) {
  for (const char* shown :
       {"item7.serial", "item3.country_of_import.year", "item3.calibre", "circumstances.narrative"})
    EXPECT_EQ(short_path(full(shown), request_), shown);
  for (const char* other :
       {"trace_request.items[2].serial_raw", "header.subject", "", "trace_request.items[x].make"})
    EXPECT_EQ(short_path(other, request_), other) << "not of this request: as it is";
}

}  // namespace
}  // namespace focal::desk
