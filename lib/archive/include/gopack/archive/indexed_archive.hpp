// An archive whose index is known: its files without a pass over it.
#pragma once

#include <functional>
#include <stop_token>

#include "gopack/archive/index.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::archive {

// The archive and its index do not belong together (any more): one of them has changed.
class IndexMismatch final : public Error {
 public:
  explicit IndexMismatch(const Error& error) : Error(error) {}
};

// Which contents a sink is going to read: they are inflated before it does, by some threads. It may read
// others, or not all of them, as well.
struct ReadPlan {
  std::function<bool(const IndexedFile&)> is_wanted;
  unsigned threads = 1;  // at most 4 are used; each takes about 12 MiB
};

// Gives every file of the index to `sink`, in the archive's order, with its digest and head. Content is
// inflated only where `sink` reads it, from `open()`, which is called at the first need, and what is read to
// its end is compared with the index. A `plan` is for tar.gz; in zips every content stands for itself. Throws
// IndexMismatch; Error (interrupted); what `sink` and `open` throw.
void replay(const Index& index, const std::function<File()>& open, tree::TreeSink& sink,
            const std::stop_token& stop, const ReadPlan* plan = nullptr);

// The same for a sink that reads no content.
void list(const Index& index, tree::TreeSink& sink);

}  // namespace gopack::archive
