#include "render/flashed.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gopack/flash/disk.hpp"
#include "render/table.hpp"

namespace gopack::app {

namespace {

using Align = Table::Align;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

double rate(const flash::Outcome& outcome) {  // MB a second
  return outcome.seconds > 0 ? static_cast<double>(outcome.bytes) / 1e6 / outcome.seconds : 0;
}

std::string proof_line(const workflow::FlashOptions& options, const workflow::FlashedDisks& flashed,
                       const digest::Sha256& sha256) {
  const auto image = printable(options.image);
  switch (flashed.proof) {
    case flash::Proof::block_map:
      return fmt::format("{} is what its block map says: {} of {} were to be written\n", image,
                         human_bytes(flashed.mapped_bytes), human_bytes(flashed.bytes));
    case flash::Proof::sha256:
      return fmt::format("{} is what its .sha256 says: {}\n", image, sha256.hex());
    case flash::Proof::nothing:
      return fmt::format("{} has the SHA-256 {}; nothing beside it says which one it should have\n", image,
                         sha256.hex());
  }
  return {};
}

}  // namespace

std::string describe(const Disk& disk) {
  return printable(human_bytes(disk.bytes) + (disk.model.empty() ? "" : " " + disk.model));
}

std::string disk_table(const std::vector<Disk>& disks) {
  if (disks.empty()) return "No disk was found.\n";
  Table table({Align::left, Align::right, Align::left, Align::left, Align::left, Align::left});
  table.add({"device", "size", "bus", "serial", "model", ""});
  for (const auto& disk : disks) {
    const auto objection = flash::find_objection(disk);
    table.add({disk.device, human_bytes(disk.bytes), disk.bus, printable(disk.serial), printable(disk.model),
               objection ? "not written: " + printable(*objection) : "can be written"});
  }
  return table.text();
}

Json to_json(const std::vector<Disk>& disks) {
  Json json = Json::array();
  for (const auto& disk : disks) {
    const auto objection = flash::find_objection(disk);
    json.push_back({{"device", disk.device},
                    {"bytes", disk.bytes},
                    {"model", disk.model},
                    {"serial", disk.serial},
                    {"bus", disk.bus},
                    {"uses", disk.uses},
                    {"confirm", flash::confirmation_of(disk)},
                    {"candidate", !objection},
                    {"objection", objection.value_or("")}});
  }
  return {{"disks", json}};
}

std::string outcome_table(const workflow::FlashOptions& options, const workflow::FlashedDisks& flashed) {
  Table table({Align::left, Align::left, Align::left, Align::right, Align::right, Align::left});
  for (std::size_t i = 0; i < flashed.outcomes.size(); ++i) {
    const auto& outcome = flashed.outcomes[i];
    const auto& disk = flashed.disks[i];
    table.add({printable(outcome.target), disk ? printable(disk->serial) : "",
               std::string(flash::to_string(outcome.result)), human_bytes(outcome.bytes),
               fmt::format("{:.1f} MB/s", rate(outcome)),
               outcome.result == flash::Result::whole ? "" : "not whole: " + printable(outcome.reason)});
  }
  return table.text() + (flashed.sha256 ? proof_line(options, flashed, *flashed.sha256) : "");
}

Json to_json(const workflow::FlashOptions& options, const workflow::FlashedDisks& flashed) {
  const bool is_of_map = flashed.proof == flash::Proof::block_map;
  const auto digest = flashed.sha256 ? Json(flashed.sha256->hex()) : Json();
  const auto sha256 = is_of_map ? Json() : digest;
  Json devices = Json::array();
  for (std::size_t i = 0; i < flashed.outcomes.size(); ++i) {
    const auto& outcome = flashed.outcomes[i];
    const auto& disk = flashed.disks[i];
    const bool is_whole = outcome.result == flash::Result::whole;
    devices.push_back({{"device", outcome.target},
                       {"serial", disk ? text_or_null(disk->serial) : Json()},
                       {"model", disk ? text_or_null(disk->model) : Json()},
                       {"result", flash::to_string(outcome.result)},
                       {"reason", outcome.reason},
                       {"bytes", outcome.bytes},
                       {"seconds", outcome.seconds},
                       {"megabytes_per_second", rate(outcome)},
                       {"sha256", is_whole ? sha256 : Json()}});
  }
  return {{"image", std::filesystem::absolute(options.image).string()},
          {"bytes", flashed.bytes},
          {"mapped_bytes", flashed.mapped_bytes},
          {"proved_by", flash::to_string(flashed.proof)},
          {"sha256", sha256},
          {"bmap_sha256", is_of_map ? digest : Json()},
          {"devices", devices}};
}

}  // namespace gopack::app
