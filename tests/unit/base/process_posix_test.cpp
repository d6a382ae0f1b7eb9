#include "gopack/base/process.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>

#include "support/child.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack {
namespace {

const Environment kPath = {{"PATH", "/usr/bin:/bin"}};

ProcessResult shell(const std::string& line, const std::string& input = {}) {
  return run_process(shell_command(line), kPath, {.input = input});
}

TEST(RunProcess, PassesInputOutputAndStatus) {
  const auto result = shell("read -r word; echo \"got $word\"; exit 7", "hello\n");
  EXPECT_EQ(result.status, 7);
  EXPECT_EQ(result.output, "got hello\n");
  EXPECT_EQ(shell("kill -TERM $$").status, 128 + SIGTERM);
  EXPECT_EQ(shell("cat").output, "");  // without input, stdin is at its end
}

TEST(RunProcess, LargeInputAndOutputDoNotBlockEachOther) {
  std::string input;
  while (input.size() < 1024 * 1024) input += std::to_string(input.size()) + "\n";
  input.resize(1024 * 1024);
  EXPECT_EQ(shell("cat", input).output, input);
}

TEST(RunProcess, KeepsAMebibyteOfOutputAndReadsTheRest) {
  const auto result = shell("head -c 3000001 /dev/zero");
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output.size(), 1024u * 1024u);
}

TEST(RunProcess, AProgramMayLeaveItsInputUnread) {
  EXPECT_TRUE(test::in_child([] {
    std::signal(SIGPIPE, SIG_IGN);
    return shell("exit 3", std::string(1024 * 1024, 'x')).status == 3;
  }));
}

TEST(RunProcess, TheEnvironmentIsTheGivenOneAndSignalsAreTheDefaults) {
  EXPECT_EQ(run_process({"env"}, {{"PATH", "/usr/bin:/bin"}, {"GOROOT", "a b"}}).output,
            "GOROOT=a b\nPATH=/usr/bin:/bin\n");
  EXPECT_TRUE(test::in_child([] {
    std::signal(SIGPIPE, SIG_IGN);
    return shell("kill -PIPE $$; echo survived").output.empty();
  }));
}

TEST(RunProcess, EndsWithAllThatItHasStartedWhenToldToStop) {
  std::stop_source source;
  source.request_stop();
  const auto status = [&](const char* line) {
    return run_process(shell_command(line), kPath, {.stop = source.get_token()}).status;
  };
  EXPECT_EQ(status("sleep 600"), 128 + SIGTERM);
  EXPECT_EQ(status("sleep 600 & wait"), 128 + SIGTERM);
  EXPECT_TRUE(test::in_child([&] {
    std::signal(SIGTERM, SIG_IGN);
    return status("sleep 600") == 128 + SIGKILL;
  }));
}

TEST(RunProcess, EndsWithTheProgramAndNotWithItsPipes) {
  const auto begin = std::chrono::steady_clock::now();
  const auto result = shell("sleep 600 & echo $!");
  EXPECT_EQ(::kill(std::stoi(result.output), SIGKILL), 0);  // it was left running
  EXPECT_EQ(result.status, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST(RunProcess, CanBeStoppedWhenItHasClosedItsOutput) {
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(run_process(shell_command("exec sleep 600 >&-"), kPath, {.stop = source.get_token()}).status,
            128 + SIGTERM);
}

TEST(RunProcess, CanBeGivenATimeLimit) {
  const auto result =
      run_process(shell_command("sleep 600"), kPath, {.time_limit = std::chrono::milliseconds(20)});
  EXPECT_TRUE(result.is_overdue);
  EXPECT_EQ(result.status, 128 + SIGTERM);
  EXPECT_FALSE(run_process(shell_command("exit"), kPath, {.time_limit = std::chrono::minutes(5)}).is_overdue);
}

TEST(RunProcess, KeepsTheEndOfTheOutputWhereThatIsWanted) {
  const auto result =
      run_process(shell_command("head -c 3000001 /dev/zero; echo end"), kPath, {.keep = OutputPart::end});
  EXPECT_EQ(result.output.size(), 1024u * 1024u);
  EXPECT_TRUE(result.output.ends_with("end\n"));
}

TEST(RunProcess, LeadsAProcessGroupOfItsOwn) {
  EXPECT_EQ(shell("test $(cut -d' ' -f5 /proc/$$/stat) = $$").status, 0);
}

TEST(RunProcess, NamesTheProgramThatIsNotThere) {
  const auto error = test::thrown([] { run_process({"/no/such/program"}, kPath); });
  EXPECT_EQ(error.text(), "cannot run /no/such/program: No such file or directory");
}

TEST(FindProgram, TakesTheFirstExecutableFile) {
  const test::TempDir temp;
  temp.write("plain/go", "");
  std::filesystem::create_directories(temp.path() / "directory" / "go");
  for (const char* name : {"first/go", "second/go"}) {
    std::filesystem::permissions(temp.write(name, ""), std::filesystem::perms::all);
  }
  const auto in = [&](const char* name) { return (temp.path() / name).string(); };
  EXPECT_EQ(find_program("go", in("plain") + "::" + in("directory") + ":" + in("first") + ":" + in("second")),
            temp.path() / "first" / "go");
  EXPECT_EQ(find_program("go", in("plain")), std::nullopt);
  EXPECT_EQ(find_program("go", ""), std::nullopt);
}

TEST(HasCCompiler, LooksForTheOneThatCgoCalls) {
  const test::TempDir temp;
  for (const char* name : {"bin/gcc", "other/clang"})
    std::filesystem::permissions(temp.write(name, ""), std::filesystem::perms::all);
  const auto bin = (temp.path() / "bin").string();
  const auto clang = (temp.path() / "other/clang").string();
  EXPECT_TRUE(has_c_compiler({{"PATH", bin}}));
  EXPECT_TRUE(has_c_compiler({{"PATH", bin}, {"CC", "gcc -m64"}}));
  EXPECT_TRUE(has_c_compiler({{"CC", clang + " -m64"}}));
  EXPECT_FALSE(has_c_compiler({{"PATH", bin}, {"CC", "clang"}}));
  EXPECT_FALSE(has_c_compiler({{"PATH", (temp.path() / "other").string()}}));
  EXPECT_FALSE(has_c_compiler({}));
}

TEST(EnvironmentVariable, AnEmptyOneCountsAsUnset) {
  EXPECT_TRUE(test::in_child([] {
    ::setenv("GOPACK_TEST", "a=b", 1);
    const bool set =
        environment_variable("GOPACK_TEST") == "a=b" && current_environment().at("GOPACK_TEST") == "a=b";
    ::setenv("GOPACK_TEST", "", 1);
    return set && !environment_variable("GOPACK_TEST") && current_environment().at("GOPACK_TEST").empty();
  }));
}

}  // namespace
}  // namespace gopack
