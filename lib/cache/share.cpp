#include "share.hpp"

#include "share_work.hpp"

namespace gopack::cache {

Share::Share(std::filesystem::path path, std::shared_ptr<const Layer> local, Reporter& reporter,
             std::chrono::milliseconds patience)
    : work_(std::make_shared<Work>(std::move(path), std::move(local), reporter, patience)) {}

Share::~Share() {
  work_->finish(std::chrono::milliseconds(0));
}

void Share::fetch(const digest::Sha256& action, Fetched done) {
  work_->fetch(action, std::move(done));
}

void Share::push(const Entry& entry) {
  work_->push(entry);
}

bool Share::finish(std::chrono::milliseconds longest) {
  return work_->finish(longest);
}

}  // namespace gopack::cache
