#include "gopack/flash/flash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "image_stream.hpp"
#include "job.hpp"

namespace gopack::flash {

namespace {

namespace fs = std::filesystem;

// What the threads share. It lives until the last of them has ended: one that waits for a device that never
// answers outlives flash().
struct Group {
  Group(std::vector<std::unique_ptr<Job>> opened, std::chrono::milliseconds limit, const Run& run)
      : jobs(std::move(opened)),
        stall_limit(limit),
        feed(
            jobs.size(),
            [this](std::size_t taker) { return jobs[taker]->watch().give_up_after(stall_limit); }, run.stop),
        has_ended(jobs.size(), false) {}

  void wait() {
    std::unique_lock lock(mutex);
    const auto is_over = [this] {
      for (std::size_t i = 0; i < jobs.size(); ++i)
        if (!has_ended[i] && !jobs[i]->watch().give_up_after(stall_limit)) return false;
      return true;
    };
    while (!changed.wait_for(lock, kLookForStalls, is_over)) continue;
  }

  std::vector<std::unique_ptr<Job>> jobs;
  std::chrono::milliseconds stall_limit;
  Feed feed;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<bool> has_ended;  // guarded by mutex
};

// Reads the image into the feed; its first MiB stays here until the end. Returns whether all of it was read.
bool read_into(Feed& feed, ImageStream& image) {
  auto head = std::make_shared<Head>();
  std::ranges::fill(head->content.bytes(), std::byte{0});
  while (auto chunk = image.next()) {
    const auto content = std::as_const(chunk->content).bytes();
    if (chunk->begin < kChunk) {
      std::ranges::copy(content, head->content.bytes().begin() + static_cast<std::ptrdiff_t>(chunk->begin));
      head->bytes += content.size();
    } else if (!feed.push(std::move(chunk))) {
      return false;
    }
  }
  feed.end(std::move(head));
  return true;
}

void try_read_into(Feed& feed, ImageStream& image, Flashed& flashed) {
  try {
    if (read_into(feed, image)) flashed.sha256 = image.sha256();
  } catch (const Error& error) {
    feed.fail(std::current_exception());
    if (error.kind() != ErrorKind::interrupted) flashed.image_failure = error;
  } catch (const std::exception&) {
    feed.fail(std::make_exception_ptr(Error(ErrorKind::failed, "cannot read the image: out of memory")));
  }
}

void tell_end(const Outcome& outcome, const Run& run) {
  run.reporter.on(Finished{outcome.target});
  if (outcome.result == Result::whole)
    run.reporter.note(fmt::format("{}: whole", outcome.target));
  else
    run.reporter.warning(fmt::format("{}: not whole: {}", outcome.target, outcome.reason));
}

std::vector<std::thread> start(const std::shared_ptr<Group>& group, std::uint64_t mapped_bytes,
                               const Run& run) {
  for (const auto& job : group->jobs) run.reporter.on(Started{job->outcome().target, 2 * mapped_bytes});
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < group->jobs.size(); ++i) {
    threads.emplace_back([group, i, mapped_bytes, run] {
      auto& job = *group->jobs[i];
      job.run(group->feed, i, mapped_bytes, run);
      if (job.watch().is_given_up()) return;
      tell_end(job.outcome(), run);
      const std::lock_guard lock(group->mutex);
      group->has_ended[i] = true;
      group->changed.notify_all();
    });
  }
  return threads;
}

}  // namespace

std::string_view to_string(Result result) {
  switch (result) {
    case Result::whole:
      return "whole";
    case Result::failed:
      return "failed";
    case Result::stalled:
      return "stalled";
    case Result::damaged:
      return "damaged";
    case Result::fake:
      return "fake";
    case Result::image:
      return "image";
    case Result::interrupted:
      return "interrupted";
  }
  return {};
}

std::string_view to_string(Proof proof) {
  return proof == Proof::block_map ? "block map" : proof == Proof::sha256 ? "sha256" : "nothing";
}

void require_image(const fs::path& image) {
  open_image_file(image);
}

Flashed flash(const fs::path& image, const std::vector<fs::path>& targets,
              std::chrono::milliseconds stall_limit, const Run& run) {
  ImageStream stream(image, run);
  std::vector<std::unique_ptr<Job>> jobs;
  for (const auto& target : targets) jobs.push_back(std::make_unique<Job>(target, stream.bytes()));
  const auto group = std::make_shared<Group>(std::move(jobs), stall_limit, run);
  auto threads = start(group, stream.mapped_bytes(), run);
  Flashed flashed{.bytes = stream.bytes(),
                  .mapped_bytes = stream.mapped_bytes(),
                  .proof = stream.proof(),
                  .sha256 = {},
                  .outcomes = {},
                  .image_failure = {}};
  try_read_into(group->feed, stream, flashed);
  group->wait();
  for (std::size_t i = 0; i < threads.size(); ++i) {
    const auto outcome = group->jobs[i]->outcome();
    if (outcome.result == Result::stalled) {
      threads[i].detach();
      tell_end(outcome, run);
    } else {
      threads[i].join();
    }
    flashed.outcomes.push_back(outcome);
  }
  return flashed;
}

}  // namespace gopack::flash
