// Disks, and what was written to them, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "gopack/workflow/flash.hpp"
#include "program.hpp"

namespace gopack::app {

// "31.9 GB SanDisk Ultra", for people who are to recognize it.
std::string describe(const Disk& disk);

std::string disk_table(const std::vector<Disk>& disks);
Json to_json(const std::vector<Disk>& disks);

std::string outcome_table(const workflow::FlashOptions& options, const workflow::FlashedDisks& flashed);
Json to_json(const workflow::FlashOptions& options, const workflow::FlashedDisks& flashed);

}  // namespace gopack::app
