#include "options.hpp"

#include <gtest/gtest.h>

#include "failure.hpp"

namespace gopack::launcher {
namespace {

TEST(Options, StandBeforeTheArgumentsForGo) {
  struct Row {
    std::vector<std::string> arguments;
    Options expected;
  };
  for (const auto& [arguments, expected] :
       {Row{{}, {false, "", "", 0}}, Row{{"version"}, {false, "", "", 0}},
        Row{{"--portable"}, {true, "", "", 1}},
        Row{{"--data-dir", "d", "run", "--portable"}, {false, "d", "", 2}},
        Row{{"--data-dir=d e", "--portable", "x"}, {true, "d e", "", 2}},
        Row{{"", "--portable"}, {false, "", "", 0}}, Row{{"--data-dir="}, {false, "", "", 0}},
        Row{{"--", "--portable"}, {false, "", "", 0}},
        Row{{"+1.22", "build", "+1.21"}, {false, "", "1.22", 1}}, Row{{"+"}, {false, "", "", 0}},
        Row{{"--portable", "+v_12", "--data-dir", "d", "x"}, {true, "d", "v_12", 4}}}) {
    const auto options = parse_options(arguments);
    EXPECT_EQ(options.portable, expected.portable);
    EXPECT_EQ(options.data_dir, expected.data_dir);
    EXPECT_EQ(options.tree, expected.tree);
    EXPECT_EQ(options.count, expected.count);
  }
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"--data-dir"}, {"--portable", "--data-dir", ""}}) {
    try {
      parse_options(arguments);
      ADD_FAILURE();
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status, 2);
    }
  }
}

TEST(Program, IsSaidByTheNameOfTheLauncher) {
  for (const char* name : {"gofmt", "gofmt.exe", "GOFMT.EXE", "gofmt-linux-amd64"})
    EXPECT_EQ(program_for(name), "gofmt");
  for (const char* name : {"go", "go.exe", "go-linux-amd64", "mygo", "", "gofm"})
    EXPECT_EQ(program_for(name), "go");
}

}  // namespace
}  // namespace gopack::launcher
