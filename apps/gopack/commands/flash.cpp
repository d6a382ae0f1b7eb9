#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/standard_streams.hpp"
#include "gopack/flash/disk.hpp"
#include "gopack/workflow/flash.hpp"
#include "render/flashed.hpp"

namespace gopack::app {

namespace {

// What the command line says, before it is understood.
struct FlashArguments {
  std::string image;
  std::vector<std::string> devices;
  std::vector<std::string> confirmed;
  bool is_list = false;
  bool allow_files = false;
  std::string stall_timeout = "60";
};

std::chrono::seconds parse_seconds(const std::string& text) {
  constexpr int kLongest = 24 * 60 * 60;
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc() && end == text.data() + text.size() && seconds > 0 && seconds <= kLongest)
    return std::chrono::seconds(seconds);
  throw Error(ErrorKind::usage, fmt::format("--stall-timeout is \"{}\", expected seconds", printable(text)))
      .with_hint("such as --stall-timeout 120");
}

std::string ask_for(const Disk& disk, const std::stop_token& stop) {
  if (!is_terminal(Stream::input) || !is_terminal(Stream::error)) return {};
  std::fputs(fmt::format("{}: {}\nEverything on it will be lost. Type {} to go on: ", printable(disk.device),
                         describe(disk), printable(flash::confirmation_of(disk)))
                 .c_str(),
             stderr);
  return read_answer(stop);
}

// Of several results, what has to be told first.
int exit_status(const workflow::FlashedDisks& flashed) {
  const auto has = [&](std::initializer_list<flash::Result> results) {
    return std::any_of(flashed.outcomes.begin(), flashed.outcomes.end(), [&](const auto& outcome) {
      return std::find(results.begin(), results.end(), outcome.result) != results.end();
    });
  };
  using flash::Result;
  if (has({Result::interrupted})) return static_cast<int>(ErrorKind::interrupted);
  if (flashed.image_failure) return static_cast<int>(flashed.image_failure->kind());
  if (has({Result::damaged, Result::fake})) return static_cast<int>(ErrorKind::integrity);
  return has({Result::failed, Result::stalled}) ? static_cast<int>(ErrorKind::failed) : 0;
}

int run(Program& program, const FlashArguments& arguments) {
  if (arguments.is_list) {
    const auto disks = list_disks();
    program.print(disk_table(disks), to_json(disks));
    return 0;
  }
  if (arguments.image.empty() || arguments.devices.empty()) {
    throw Error(ErrorKind::usage, "cannot write an image: its name or the device's is missing")
        .with_hint("gopack flash IMAGE DEVICE…; --list names the devices");
  }
  const workflow::FlashOptions options{.image = arguments.image,
                                       .targets = {arguments.devices.begin(), arguments.devices.end()},
                                       .confirmed = arguments.confirmed,
                                       .ask = [&](const Disk& disk) { return ask_for(disk, program.stop()); },
                                       .allow_files = arguments.allow_files,
                                       .stall_limit = parse_seconds(arguments.stall_timeout)};
  const auto flashed = workflow::flash(options, {program.reporter(), program.stop()});
  auto document = to_json(options, flashed);
  if (flashed.image_failure) document["error"] = to_json(*flashed.image_failure);
  const int status = exit_status(flashed);
  if (flashed.image_failure)
    program.reporter().warning(flashed.image_failure->text(), flashed.image_failure->hint());
  if (status == 0)
    program.print_outcome(outcome_table(options, flashed), document);
  else
    program.print(outcome_table(options, flashed), document);
  return status;
}

}  // namespace

void add_flash(Command root) {
  auto command =
      root.add_command("flash", "Write an image to several sticks at once, and read all of it back");
  auto arguments = std::make_shared<FlashArguments>();
  command.add_option("image", arguments->image, "the image, raw or compressed with zstd");
  command.add_option("device", arguments->devices, "whole disks, such as /dev/sdb: all on them is lost");
  command.add_flag("--list", arguments->is_list, "only list the disks, and which of them can be written");
  command.add_repeated("--yes", arguments->confirmed,
                       "the serial number of a disk that will be erased; once for each disk");
  command.add_flag("--allow-file", arguments->allow_files, "write to regular files and loop devices too");
  command.add_option("--stall-timeout", arguments->stall_timeout,
                     "seconds after which a device that does not answer is given up (60)");
  command.set_help(
      {.group = Group::everyday,
       .examples = {"gopack flash --list", "sudo gopack flash stick.img /dev/sdb --yes 4C530001230607117294"},
       .statuses = {{1, "a device could not be written or read; those named whole are whole"},
                    {3, "a device does not keep what is written, or the image is damaged"},
                    {5, "a device is in use"},
                    {7, "a device is too small"},
                    {130, "interrupted; no device that is not named whole looks whole"}}});
  command.set_run([arguments](Program& program) { return run(program, *arguments); });
}

}  // namespace gopack::app
