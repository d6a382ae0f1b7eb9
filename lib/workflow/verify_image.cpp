#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <set>

#include "gopack/base/error.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/bundle/checksums.hpp"
#include "gopack/image/reader.hpp"
#include "gopack/prove/prove.hpp"
#include "gopack/store/pointer.hpp"
#include "gopack/workflow/verify.hpp"

namespace gopack::workflow {

namespace {

using image::StoredFile;
using store::Problem;

constexpr std::uint64_t kLargestText = 32 << 20;  // bytes of a manifest or proof

// A file of a tree whose content is to be read.
struct Unread {
  const StoredFile* file = nullptr;
  digest::Sha256 sha256;
  std::size_t tree = 0;  // of what is verified
};

class ImageVerifier {
 public:
  ImageVerifier(const std::filesystem::path& path, store::Depth depth, const Run& run)
      : task_(path.filename().string()), depth_(depth), run_(run), reader_(File::open(path), run.stop) {}

  std::vector<Verified> verify() {
    verify_filesystem();
    const auto trees = bundle::trees_of(reader_);
    for (const auto& id : trees) try_reading(id.text(), [&] { verify_tree(id); });
    read_contents();
    try_reading(bundle::kChecksums, [&] {
      if (auto beside = bundle::verify_beside(reader_))
        verified_.push_back(
            {bundle::kChecksums, beside->files, beside->bytes, std::move(beside->problems), {}, {}});
    });
    try_reading("current", [&] {
      if (const auto lost = lost_current(!trees.empty()))
        verified_.push_back({"current", 0, 0, {{Problem::Kind::missing, *lost, {}, {}}}, {}, {}});
    });
    return std::move(verified_);
  }

 private:
  // What the pointer names and the image lacks; "current" where it names none.
  std::optional<std::string> lost_current(bool has_trees) const;
  bool has_manifest(const tree::StoreId& id) const { return reader_.find(id.text() + ".json") != nullptr; }
  // What cannot be read of `name`, since the medium ends or fails, has changed.
  void try_reading(const std::string& name, const std::function<void()>& read);
  void verify_filesystem();
  void verify_tree(const tree::StoreId& id);
  void compare(const std::string& name, const std::vector<tree::ManifestFile>& files, Verified& verified);
  void compare_file(const tree::ManifestFile& expected, const StoredFile* found, Verified& verified);
  void read_contents();

  std::string task_;
  store::Depth depth_;
  Run run_;
  image::Reader reader_;
  std::vector<Verified> verified_;
  std::vector<Unread> unread_;
};

void ImageVerifier::try_reading(const std::string& name, const std::function<void()>& read) {
  try {
    read();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed) throw;
    verified_.push_back(
        {name, 0, 0, {{Problem::Kind::changed, name, "a readable file", error.text()}}, {}, {}});
  }
}

std::optional<std::string> ImageVerifier::lost_current(bool has_trees) const {
  const auto named = bundle::current_of(reader_);
  if (!named)
    return has_trees && reader_.find(store::kPointerText) ? std::optional<std::string>("current")
                                                          : std::nullopt;
  if (has_manifest(*named)) return std::nullopt;
  return reader_.find(named->text()) != nullptr ? named->text() + ".json" : named->text();
}

void ImageVerifier::verify_filesystem() {
  const auto filesystem = reader_.filesystem();
  Verified verified{
      filesystem ? fmt::format("{} filesystem", to_string(*filesystem)) : "filesystem", 0, 0, {}, {}, {}};
  for (const auto& file : reader_.files()) {
    if (file.is_directory) continue;
    ++verified.files;
    verified.bytes += file.bytes;
  }
  for (const auto& fault : reader_.faults())
    verified.problems.push_back({Problem::Kind::changed, fault.where, fault.expected, fault.found});
  for (const auto& note : reader_.notes()) run_.reporter.note(note);
  verified_.push_back(std::move(verified));
}

void ImageVerifier::verify_tree(const tree::StoreId& id) {
  Verified verified{id.text(), 0, 0, {}, {}, {}};
  const auto manifest = id.text() + ".json";
  const auto* directory = reader_.find(id.text());
  if (directory == nullptr || !directory->is_directory) {
    verified.problems.push_back({Problem::Kind::missing, id.text(), {}, {}});
  } else if (const auto text = reader_.find_text(manifest, kLargestText)) {
    try {
      auto parsed = store::parse_manifest(*text, id);
      verified.files = parsed.files.size();
      verified.bytes = parsed.bytes();
      compare(id.text(), parsed.files, verified);
      parsed.files = {};
      verified.tree = Tree{id, std::move(parsed)};
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::integrity) throw;
      verified.problems.push_back({Problem::Kind::changed, manifest, "a manifest of the tree", error.text()});
    }
    const auto proof = reader_.find_text(id.text() + ".proof.json", kLargestText);
    if (proof) verified.proof = prove::summarize(*proof).value_or("");
  } else {
    verified.problems.push_back({Problem::Kind::changed, manifest, {}, {}});
  }
  verified_.push_back(std::move(verified));
}

// What is in the tree's directory beside what its manifest says. Both are in bytewise order; what is below a
// foreign directory is not told.
void ImageVerifier::compare(const std::string& name, const std::vector<tree::ManifestFile>& files,
                            Verified& verified) {
  std::set<std::string_view> planned{""};
  for (const auto& file : files) {
    for (auto directory = file.path.parent(); planned.insert(directory).second;)
      directory = tree::parent_of(directory);
  }
  const auto top = name + "/";
  const auto& stored = reader_.files();
  auto found =
      std::lower_bound(stored.begin(), stored.end(), top,
                       [](const StoredFile& file, const std::string& path) { return file.path < path; });
  auto expected = files.begin();
  const auto skip_to = [&](std::string_view path) {
    for (; expected != files.end() && expected->path.text() < path; ++expected)
      compare_file(*expected, nullptr, verified);
  };
  for (; found != stored.end() && found->path.starts_with(top); ++found) {
    const auto path = std::string_view(found->path).substr(top.size());
    skip_to(path);
    if (expected != files.end() && expected->path.text() == path) {
      compare_file(*expected++, &*found, verified);
    } else if (!planned.contains(path) && planned.contains(tree::parent_of(path))) {
      verified.problems.push_back({Problem::Kind::foreign, std::string(path), "", ""});
    }
  }
  for (; expected != files.end(); ++expected) compare_file(*expected, nullptr, verified);
}

void ImageVerifier::compare_file(const tree::ManifestFile& expected, const StoredFile* found,
                                 Verified& verified) {
  const auto changed = [&](std::string wanted, std::string is) {
    verified.problems.push_back(
        {Problem::Kind::changed, expected.path.text(), std::move(wanted), std::move(is)});
  };
  if (found == nullptr) {
    verified.problems.push_back({Problem::Kind::missing, expected.path.text(), "", ""});
  } else if (found->is_directory) {
    changed("a regular file", "something else");
  } else if (found->bytes != expected.size) {
    changed(fmt::format("{} bytes", expected.size), fmt::format("{} bytes", found->bytes));
  } else if (depth_ != store::Depth::names) {
    unread_.push_back({found, expected.sha256, verified_.size()});
  }
}

// In the order in which they lie on the medium, by all threads from one end to the other.
void ImageVerifier::read_contents() {
  std::sort(unread_.begin(), unread_.end(),
            [](const Unread& a, const Unread& b) { return a.file->first_cluster < b.file->first_cluster; });
  std::uint64_t total = 0;
  for (const auto& one : unread_) total += one.file->bytes;
  std::atomic<std::uint64_t> done{0};
  std::mutex mutex;  // of the problems
  run_parallel(unread_.size(), run_.jobs, [&](std::size_t i) {
    const auto& [file, sha256, tree] = unread_[i];
    auto problem = store::verify_content(file->path.substr(verified_[tree].name.size() + 1), sha256,
                                         [&, &stored = *file] { return reader_.hash(stored); });
    if (problem) {
      const std::lock_guard lock(mutex);
      verified_[tree].problems.push_back(std::move(*problem));
    }
    run_.reporter.on(Progressed{task_, done += file->bytes, total});
  });
  run_.reporter.on(Finished{task_});
  for (std::size_t i = 1; i < verified_.size(); ++i) {
    std::sort(verified_[i].problems.begin(), verified_[i].problems.end(),
              [](const Problem& a, const Problem& b) { return a.path < b.path; });
  }
}

}  // namespace

bool is_image(const std::filesystem::path& path) {
  const auto type = std::filesystem::status(path).type();
  if (type != std::filesystem::file_type::regular && type != std::filesystem::file_type::block) return false;
  return image::is_image(File::open(path), path.filename().string());
}

std::vector<Verified> verify_image(const std::filesystem::path& path, store::Depth depth, const Run& run) {
  return in_context(fmt::format("reading {}", printable(path)),
                    [&] { return ImageVerifier(path, depth, run).verify(); });
}

}  // namespace gopack::workflow
