// Which disks are candidates, and what is told of the others.
#include "gopack/flash/disk.hpp"

#include <gtest/gtest.h>

namespace gopack::flash {
namespace {

Disk stick() {
  return {.device = "/dev/sdb",
          .bytes = 31'914'983'424,
          .model = "SanDisk Ultra",
          .serial = "4C530001230607117294",
          .bus = "usb",
          .is_removable = true,
          .is_hot_pluggable = true,
          .uses = {}};
}

TEST(Disk, SticksAndCardsAreCandidates) {
  EXPECT_EQ(find_objection(stick()), std::nullopt);
  auto usb_disk = stick();  // says that its medium cannot be taken out
  usb_disk.is_removable = false;
  EXPECT_EQ(find_objection(usb_disk), std::nullopt);
  auto card_in_reader = stick();
  card_in_reader.is_hot_pluggable = false;
  EXPECT_EQ(find_objection(card_in_reader), std::nullopt);
}

TEST(Disk, WhatElseThereIsIsNoCandidate) {
  const auto objection = [](auto change) {
    auto disk = stick();
    change(disk);
    return find_objection(disk).value_or("none");
  };
  EXPECT_EQ(objection([](Disk& disk) { disk.is_whole = false; }), "it is not a whole disk");
  EXPECT_EQ(objection([](Disk& disk) { disk.is_removable = disk.is_hot_pluggable = false; }),
            "it is built in");
  EXPECT_EQ(objection([](Disk& disk) { disk.bytes = 0; }), "it has no medium");
  EXPECT_EQ(objection([](Disk& disk) { disk.is_read_only = true; }), "it is write-protected");
  EXPECT_EQ(objection([](Disk& disk) {
              disk.uses = {"/media/you/STICK", "swap"};
            }),
            "it is in use: /media/you/STICK, swap");
  // A system that was started from a stick.
  EXPECT_EQ(objection([](Disk& disk) {
              disk.is_system = true;
              disk.uses = {"/"};
            }),
            "it is the system's disk");
}

TEST(Disk, OneWithoutASerialNumberIsConfirmedByItsName) {
  EXPECT_EQ(confirmation_of(stick()), "4C530001230607117294");
  auto nameless = stick();
  nameless.serial.clear();
  EXPECT_EQ(confirmation_of(nameless), "sdb");
  nameless.device = R"(\\.\PhysicalDrive1)";
  EXPECT_EQ(confirmation_of(nameless), "PhysicalDrive1");
}

}  // namespace
}  // namespace gopack::flash
