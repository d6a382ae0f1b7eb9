// The body of a download on its way into its part, with everything that can be known to be wrong before
// its end.
#pragma once

#include <cstdint>
#include <optional>

#include "exchange.hpp"
#include "part_file.hpp"

namespace gopack::transport {

// Whether a file begins like a web page.
bool is_html(std::string_view beginning);

class DownloadBody final : public BodySink {
 public:
  DownloadBody(const DownloadRequest& request, PartFile& part, Reporter& reporter)
      : request_(request), part_(part), reporter_(reporter) {}

  // Throw Error (integrity): more bytes than expected or another size announced; (unreachable): more than the
  // largest size.
  bool begin(const ResponseHead& head) override;
  bool write(ByteView bytes) override;

  // The response does not fit the part: the whole file has to be asked for.
  bool is_unfit() const { return is_unfit_; }
  // The transfer ended well, but there must be more: not of a web page, which is another file.
  bool is_short() const { return !is_html_ && part_.size() < request_.size; }
  // The part is complete. Throws Error (integrity) when its size or digest is not the expected one; nothing
  // when that may be the fault of pieces that do not belong together.
  std::optional<Downloaded> finish();

 private:
  void inspect(ByteView beginning);
  // A web page in the file's place is a better reason than its size or digest.
  [[noreturn]] void refuse(const std::string& reason) const;

  const DownloadRequest& request_;
  PartFile& part_;
  Reporter& reporter_;
  std::optional<std::uint64_t> announced_;  // size of the whole file
  bool is_unfit_ = false;
  bool is_html_ = false;
};

}  // namespace gopack::transport
