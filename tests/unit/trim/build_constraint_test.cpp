#include "build_constraint.hpp"

#include <gtest/gtest.h>

namespace gopack::trim {
namespace {

// linux, amd64 and gc are set, cgo may be, nothing else is.
Truth tag(std::string_view name) {
  if (name == "cgo") return Truth::maybe;
  return name == "linux" || name == "amd64" || name == "gc" ? Truth::yes : Truth::no;
}

Truth head(std::string_view text) {
  return evaluate_head(text, tag);
}

Truth expression(const std::string& text) {
  return head("//go:build " + text + "\n\npackage p\n");
}

const KnownNames kKnown{[](std::string_view word) { return word == "linux" || word == "windows"; },
                        [](std::string_view word) { return word == "amd64" || word == "arm64"; }};

Truth name(std::string_view text) {
  return evaluate_name(text, kKnown, tag);
}

TEST(BuildConstraint, ExpressionsAreEvaluatedWithUnknownTags) {
  EXPECT_EQ(expression("linux"), Truth::yes);
  EXPECT_EQ(expression("!linux"), Truth::no);
  EXPECT_EQ(expression("linux && cgo"), Truth::maybe);
  EXPECT_EQ(expression("linux || cgo"), Truth::yes);
  EXPECT_EQ(expression("windows && !cgo"), Truth::no);
  EXPECT_EQ(expression("!cgo"), Truth::maybe);
  EXPECT_EQ(expression("(windows||linux)&&!(arm64 || windows)"), Truth::yes);
  EXPECT_EQ(expression("windows && arm64 || linux && amd64"), Truth::yes);
  EXPECT_EQ(expression("!!linux"), Truth::yes);
}

TEST(BuildConstraint, WhatIsMalformedMayHold) {
  for (const char* text :
       {"windows &&", "(windows", "windows)", "windows arm64", "&& windows", "windows & arm64"}) {
    EXPECT_EQ(expression(text), Truth::maybe) << text;
  }
}

TEST(BuildConstraint, WhatNestsWithoutEndMayHold) {
  for (const char* start : {"(", "!", "!("}) {
    std::string text;
    for (int i = 0; i < 200'000; ++i) text += start;
    EXPECT_EQ(expression(text + "windows"), Truth::maybe) << start;
  }
}

TEST(BuildConstraint, TheLineStandsBeforeThePackageClause) {
  EXPECT_EQ(head("// Copyright\n\n//go:build windows\n\npackage p\n"), Truth::no);
  EXPECT_EQ(head("/* Copyright\n//go:build linux\n*/\n//go:build windows\npackage p\n"), Truth::no);
  EXPECT_EQ(head("package p\n\n//go:build windows\n"), Truth::yes);
  EXPECT_EQ(head("/* not closed //go:build windows\n"), Truth::yes);
  EXPECT_EQ(head("//go:buildwindows\n\npackage p\n"), Truth::yes);
  EXPECT_EQ(head("//go:build windows\r\n\r\npackage p\r\n"), Truth::no);
  EXPECT_EQ(head("#include \"textflag.h\"\n//go:build windows\n"), Truth::yes);
  EXPECT_EQ(head(""), Truth::yes);
}

TEST(BuildConstraint, OldLinesCountWhenABlankLineFollowsAndThereIsNoNewOne) {
  EXPECT_EQ(head("// +build windows\n\npackage p\n"), Truth::no);
  EXPECT_EQ(head("// +build windows\npackage p\n"), Truth::yes);
  EXPECT_EQ(head("// +build linux\n// +build !amd64\n\npackage p\n"), Truth::no);
  EXPECT_EQ(head("// +build windows linux,!arm64\n\npackage p\n"), Truth::yes);
  EXPECT_EQ(head("// +build linux,arm64 windows\n\npackage p\n"), Truth::no);
  EXPECT_EQ(head("//go:build linux\n// +build windows\n\npackage p\n"), Truth::yes);
}

TEST(BuildConstraint, NamesBindToSystemsAndArchitectures) {
  EXPECT_EQ(name("file.go"), Truth::yes);
  EXPECT_EQ(name("linux.go"), Truth::yes);
  EXPECT_EQ(name("windows.go"), Truth::yes);
  EXPECT_EQ(name("exec_linux.go"), Truth::yes);
  EXPECT_EQ(name("exec_windows.go"), Truth::no);
  EXPECT_EQ(name("exec_windows_test.go"), Truth::no);
  EXPECT_EQ(name("asm_linux_arm64.s"), Truth::no);
  EXPECT_EQ(name("asm_windows_amd64.s"), Truth::no);
  EXPECT_EQ(name("asm_linux_amd64.s"), Truth::yes);
  EXPECT_EQ(name("exec_windows_more.go"), Truth::yes);
  EXPECT_EQ(name("race_linux_arm64.syso"), Truth::no);
  EXPECT_EQ(name("exec_windows.pb.go"), Truth::no);
}

}  // namespace
}  // namespace gopack::trim
