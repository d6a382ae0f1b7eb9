#include "gopack/base/process.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack {
namespace {

ProcessResult shell(const std::string& line, ProcessOptions options = {}) {
  return run_process(shell_command(line), current_environment(), options);
}

TEST(RunProcess, PassesInputOutputAndStatus) {
  const auto result = shell("set /p word= & call echo got %^word% & exit 7", {.input = "hello\r\n"});
  EXPECT_EQ(result.status, 7);
  EXPECT_NE(result.output.find("got hello"), std::string::npos) << result.output;
}

TEST(RunProcess, LargeInputAndOutputDoNotBlockEachOther) {
  std::string input;
  while (input.size() < 1024 * 1024) input += std::to_string(input.size()) + " find me\r\n";
  const auto result = shell(R"(find "me")", {.input = input});
  EXPECT_EQ(result.output.size(), 1024U * 1024U);
}

TEST(RunProcess, AProgramMayLeaveItsInputUnread) {
  EXPECT_EQ(shell("exit 3", {.input = std::string(1024 * 1024, 'x')}).status, 3);
}

TEST(RunProcess, GivesTheEnvironmentAndTheDirectory) {
  const test::TempDir temp;
  auto environment = current_environment();
  environment["GOPACK_TEST"] = "a b ä中";
  const auto result = run_process(shell_command(R"(cd& if "%gopack_test%"=="a b ä中" exit 7)"), environment,
                                  {.directory = temp.path()});
  EXPECT_EQ(result.status, 7);
  EXPECT_EQ(result.output, temp.path().string() + "\r\n");
}

TEST(RunProcess, EndsWithAllThatItHasStartedWhenToldToStop) {
  std::stop_source source;
  source.request_stop();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_NE(shell("cmd /c pause", {.stop = source.get_token()}).status, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST(RunProcess, CanBeGivenATimeLimit) {
  const auto result = shell("ping -n 600 127.0.0.1 >NUL", {.time_limit = std::chrono::milliseconds(20)});
  EXPECT_TRUE(result.is_overdue);
  EXPECT_FALSE(shell("exit", {.time_limit = std::chrono::minutes(5)}).is_overdue);
}

TEST(RunProcess, NamesTheProgramThatIsNotThere) {
  const auto error = test::thrown([] { run_process({R"(C:\no\such\program)"}, current_environment()); });
  EXPECT_EQ(error.text(), R"(cannot run C:\no\such\program: No such file or directory)");
}

TEST(FindProgram, TakesTheEndingsOfPrograms) {
  const test::TempDir temp;
  temp.write("plain/go", "");
  temp.write("first/go.exe", "");
  temp.write("second/go.cmd", "");
  const auto in = [&](const char* name) { return (temp.path() / name).string(); };
  EXPECT_EQ(find_program("go", in("plain") + ";;" + in("first") + ";" + in("second")),
            temp.path() / "first" / "go.exe");
  EXPECT_EQ(find_program("go", "\"" + in("second") + "\""), temp.path() / "second" / "go.cmd");
  EXPECT_EQ(find_program("go.exe", in("first")), temp.path() / "first" / "go.exe");
  EXPECT_EQ(find_program("go", in("plain")), std::nullopt);
}

TEST(CurrentEnvironment, NamesAreTheSameInAnyCase) {
  const auto environment = current_environment();
  ASSERT_TRUE(environment.contains("PATH"));
  EXPECT_EQ(environment.at("path"), environment.at("PATH"));
  EXPECT_EQ(environment_variable("pAtH"), environment.at("Path"));
}

}  // namespace
}  // namespace gopack
