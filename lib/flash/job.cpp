#include "job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "end_probe.hpp"

namespace gopack::flash {

namespace {

constexpr std::size_t kReadBack = 256 << 10;  // bytes of memory that each target takes to be read back

// Ends a job with a result of its own.
struct Ended {
  Verdict verdict;
};

Block block_of_zeros() {
  Block zeros(kChunk);
  std::ranges::fill(zeros.bytes(), std::byte{0});
  return zeros;
}

bool is_filled_with(ByteView bytes, std::byte value) {
  return std::all_of(bytes.begin(), bytes.end(), [value](std::byte each) { return each == value; });
}

// Of what is there instead of zeros: of as much of it as the last piece has, where that is what is there.
digest::Sha256 digest_of(ByteView found, const std::vector<Expected>& expected) {
  if (!expected.empty() && expected.back().bytes < found.size()) {
    const auto start = digest::hash(found.first(expected.back().bytes));
    if (start == expected.back().sha256) return start;
  }
  return digest::hash(found);
}

double seconds_since(Watch::Clock::time_point start) {
  return std::chrono::duration<double>(Watch::Clock::now() - start).count();
}

}  // namespace

Job::Job(const std::filesystem::path& target, std::uint64_t bytes)
    : name_(target.string()), device_(target), start_(Watch::Clock::now()) {
  if (device_.bytes() >= bytes) return;
  throw Error(ErrorKind::noroom, fmt::format("cannot write {}: it has {} bytes, the image has {}",
                                             printable(name_), device_.bytes(), bytes))
      .with_hint("take a larger one, or make a smaller image");
}

std::size_t Job::head_bytes() const {
  return static_cast<std::size_t>(std::min(kChunk, device_.bytes()));
}

void Job::tell(const Run& run, std::uint64_t bytes) {
  done_ += bytes;
  run.reporter.on(Progressed{name_, done_, total_});
}

void Job::probe() {
  std::optional<std::string> fault;
  watch_.over([&] { fault = probe_end(device_); });
  if (fault) throw Ended{{Result::fake, std::move(*fault)}};
}

void Job::wipe_head() {
  static const Block zeros = block_of_zeros();  // one for all devices
  watch_.over([&] { device_.write_at(zeros.bytes().first(head_bytes()), 0); });
  watch_.over([&] { device_.sync(); });
}

// What came there, if only by wrapping around. Why it is wiped is told, not what else fails then.
void Job::wipe_head_again() {
  try {
    wipe_head();
  } catch (const Error&) {  // nothing more can be done
  }
}

std::shared_ptr<const Chunk> Job::take(Feed& feed, std::size_t taker) {
  try {
    return feed.next(taker);
  } catch (const Error& error) {
    const bool is_interrupted = error.kind() == ErrorKind::interrupted;
    throw Ended{{is_interrupted ? Result::interrupted : Result::image, error.text()}};
  }
}

void Job::write_pieces(Feed& feed, std::size_t taker, const Run& run) {
  while (const auto chunk = take(feed, taker)) {
    const auto content = std::as_const(chunk->content).bytes();
    watch_.over([&] { device_.write_at(content, chunk->begin); });
    written_ += content.size();
    tell(run, content.size());
  }
  watch_.over([&] { device_.sync(); });
}

ReadBack Job::read_pieces(const Feed& feed, const Run& run) {
  ReadBack result;
  Block block(kReadBack);
  const auto& expected = feed.expected();
  digest::Hasher hasher;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto& piece = expected[i];
    bool is_blank = true;
    std::byte first{};
    for (std::uint64_t at = 0; at < piece.bytes; at += kReadBack) {
      throw_if_stopped(run.stop);
      const auto part = block.bytes().first(std::min<std::uint64_t>(kReadBack, piece.bytes - at));
      watch_.over([&] { device_.read_at(part, piece.begin + at); });
      hasher.write(part);
      if (at == 0) first = part[0];
      is_blank = is_blank && is_filled_with(part, first);
    }
    tell(run, piece.bytes);
    const auto found = hasher.finish();
    if (found == piece.sha256) {
      result.bad_at_end = 0;
      continue;
    }
    if (result.misreads.size() < ReadBack::kKept) result.misreads.push_back({i, found, is_blank});
    ++result.count;
    ++result.bad_at_end;
  }
  return result;
}

void Job::read_back(const Feed& feed, const Run& run) {
  auto result = read_pieces(feed, run);
  Block head(head_bytes());
  watch_.over([&] { device_.read_at(head.bytes(), 0); });
  const auto content = std::as_const(head).bytes();
  if (!is_filled_with(content, std::byte{0})) result.wiped = digest_of(content, feed.expected());
  if (auto verdict = judge(feed.expected(), result)) {
    wipe_head_again();
    throw Ended{std::move(*verdict)};
  }
}

// From here on nothing interrupts it: it is the shortest part. A first MiB that may be wrong does not stay.
void Job::write_head(const Head& head) {
  const auto content = head.content.bytes().first(head_bytes());
  Block found(content.size());
  try {
    watch_.over([&] { device_.write_at(content, 0); });
    watch_.over([&] { device_.sync(); });
    watch_.over([&] { device_.read_at(found.bytes(), 0); });
  } catch (const Error&) {
    wipe_head_again();
    throw;
  }
  if (!std::ranges::equal(std::as_const(found).bytes(), content)) {
    wipe_head_again();
    throw Ended{{Result::damaged, "its first MiB does not keep what is written"}};
  }
  written_ += head.bytes;
}

void Job::do_all(Feed& feed, std::size_t taker, const Run& run) {
  probe();
  wipe_head();
  write_pieces(feed, taker, run);
  read_back(feed, run);
  write_head(feed.head());
  tell(run, 2 * feed.head().bytes);
  watch_.over([&] { device_.rescan(); });
}

void Job::end(Result result, std::string reason) {
  outcome_.result = result;
  outcome_.reason = std::move(reason);
}

void Job::run(Feed& feed, std::size_t taker, std::uint64_t mapped_bytes, const Run& run) noexcept {
  total_ = 2 * mapped_bytes;
  try {
    do_all(feed, taker, run);
  } catch (const Ended& ended) {
    end(ended.verdict.result, ended.verdict.reason);
  } catch (const Watch::GivenUp&) {
    return;
  } catch (const Error& error) {
    end(error.kind() == ErrorKind::interrupted ? Result::interrupted : Result::failed, error.text());
  } catch (const std::exception& error) {
    end(Result::failed, error.what());
  }
  feed.leave(taker);
  outcome_.seconds = seconds_since(start_);
}

Outcome Job::outcome() const {
  Outcome outcome;
  if (watch_.is_given_up()) {
    outcome.result = Result::stalled;
    outcome.reason = "it does not answer";
    outcome.seconds = seconds_since(start_);
  } else {
    outcome = outcome_;
  }
  outcome.target = name_;
  outcome.bytes = written_;
  return outcome;
}

}  // namespace gopack::flash
