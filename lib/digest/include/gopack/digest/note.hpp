// Signed notes: a text and Ed25519 signatures below it, as the Go checksum database publishes its
// tree heads. Format: golang.org/x/mod/sumdb/note.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace gopack::digest {

// The public key of somebody who signs notes.
class NoteVerifier {
 public:
  // "<name>+<8 hex digits>+<base64>": the digits are the key's id, the base64 holds the algorithm (1,
  // Ed25519) and 32 bytes of key. Throws Error (usage) when it is not such a key or the id is another key's.
  static NoteVerifier parse(std::string_view key);

  const std::string& name() const { return name_; }
  // The text of `note`, up to and with its last newline, without the signatures. Signatures of others are
  // passed over. Throws Error (integrity) when the note is malformed, carries no signature by this key, or
  // one that does not hold.
  std::string open(std::string_view note) const;

 private:
  using KeyId = std::array<std::uint8_t, 4>;
  NoteVerifier() = default;

  std::string name_;
  KeyId id_{};
  std::array<std::uint8_t, 32> key_{};
};

}  // namespace gopack::digest
