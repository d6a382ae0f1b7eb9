// How this module says no: an Error (unsafe) that names the entry and the rule. unpack() adds the archive.
#pragma once

#include <string_view>

namespace gopack::archive {

struct EntryName {
  std::string_view text;
};

// `rule` goes on a sentence: "it is not …", "a component is …".
[[noreturn]] void refuse_archive(std::string_view rule);
[[noreturn]] void refuse_entry(EntryName entry, std::string_view rule);

}  // namespace gopack::archive
