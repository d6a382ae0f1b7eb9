#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <memory>

#include "commands/commands.hpp"
#include "commands/content.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/standard_streams.hpp"
#include "gopack/workflow/image.hpp"
#include "render/table.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

constexpr const char* kTime = "SOURCE_DATE_EPOCH";  // https://reproducible-builds.org/specs/source-date-epoch

// What the command line says, before it is understood.
struct ImageArguments {
  ContentArguments content;
  std::string out;
  bool is_compressed = false;
  std::string filesystem = "exfat";
  std::string partition_table = "mbr";
  std::string cluster_size = "4K";
  std::string size = "+1G";
  std::string label = "GOPACK";
};

std::optional<std::int64_t> chosen_time() {
  const auto text = environment_variable(kTime);
  if (!text) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (error == std::errc() && end == text->data() + text->size() && seconds >= 0) return seconds;
  throw Error(ErrorKind::usage,
              fmt::format("{} is \"{}\", expected seconds since 1970", kTime, printable(*text)))
      .with_hint(fmt::format("correct {}, or unset it", kTime));
}

workflow::ImageOptions read_options(const ImageArguments& arguments) {
  workflow::ImageOptions options;
  read_content(arguments.content, options);
  options.out = arguments.out;
  options.is_compressed = arguments.is_compressed;
  options.parameters = {.filesystem = image::parse_filesystem(arguments.filesystem),
                        .partition_table = image::parse_partition_table(arguments.partition_table),
                        .cluster_size = image::parse_cluster_size(arguments.cluster_size),
                        .size = image::parse_size(arguments.size),
                        .label = image::parse_label(arguments.label)};
  options.time = chosen_time();
  return options;
}

std::string image_summary(const workflow::ImageOptions& options, const workflow::Imaged& imaged) {
  const auto& outline = imaged.outline;
  return fmt::format(
      "{}: {}, of which {} are to be written; {} ({}) on {}, clusters of {} bytes\n"
      "sha256 {}\n"
      "It starts {} for {}\n",
      printable(options.out), human_bytes(outline.bytes), human_bytes(outline.mapped_bytes()),
      count_of(imaged.files, "file"), human_bytes(imaged.bytes),
      image::to_string(options.parameters.filesystem), options.parameters.cluster_size,
      imaged.digests.whole.hex(), describe(imaged.current),
      fmt::join(imaged.current.manifest.platforms, ", "));
}

Json image_document(const workflow::ImageOptions& options, const workflow::Imaged& imaged) {
  auto document = Json::parse(workflow::describe(options, imaged));
  document.erase("schema");  // which printing puts in front
  document["image"] = std::filesystem::absolute(options.out).string();
  return document;
}

int run(Program& program, const ImageArguments& arguments) {
  auto options = read_options(arguments);
  if (arguments.out == "-") {
    if (options.is_compressed) {
      throw Error(ErrorKind::usage, "cannot write the image to standard output with --zstd")
          .with_hint("pass it on to zstd: gopack image --out - | zstd >stick.img.zst");
    }
    if (program.json() || is_terminal(Stream::output)) {
      throw Error(ErrorKind::usage, fmt::format("cannot write the image to standard output: {}",
                                                program.json() ? "--json has it" : "it is a terminal"))
          .with_hint("pass it on to a program, without --json: gopack image --out - | sha256sum");
    }
    auto out = take_stream(Stream::output);
    FileSink sink(out);
    options.pipe = &sink;
    workflow::image(program.session(Access::write), options);
    out.close();
    return 0;
  }
  const auto imaged = workflow::image(program.session(Access::write), options);
  program.print_outcome(image_summary(options, imaged), image_document(options, imaged));
  return 0;
}

}  // namespace

void add_image(Command root) {
  auto command = root.add_command("image", "Put trees with launchers into a filesystem image for sticks");
  auto arguments = std::make_shared<ImageArguments>();
  command.add_option("--out", arguments->out, "the image, such as stick.img; - for standard output",
                     Occurrence::required);
  add_content(command, arguments->content);
  command.add_choice("--fs", arguments->filesystem, {"exfat", "fat32"}, "exfat, fat32 (exfat)");
  command.add_choice("--partition", arguments->partition_table, {"mbr", "gpt", "none"},
                     "mbr, gpt, none (mbr)");
  command.add_option("--cluster", arguments->cluster_size, "bytes of a cluster (4K)");
  command.add_option("--size", arguments->size, "bytes of the image: 8GB; min; +1G: that much room (+1G)");
  command.add_option("--label", arguments->label, "name of the filesystem (GOPACK)");
  command.add_flag("--zstd", arguments->is_compressed, "also write FILE.zst, in frames with a seek table");
  command.set_help({.group = Group::everyday,
                    .examples = {"gopack image --out stick.img",
                                 "gopack image 1.26 --size 8GB --label CLASS --out class.img"},
                    .statuses = {{3}, {4}, {5}, {7}}});
  command.set_run([arguments](Program& program) { return run(program, *arguments); });
}

}  // namespace gopack::app
