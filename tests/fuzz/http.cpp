// What servers say in headers: ranges, pauses, redirections, and what is kept of them beside a part.
#include "exchange.hpp"
#include "fuzz.hpp"
#include "gopack/transport/retry.hpp"
#include "redirect.hpp"
#include "resume.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gopack;
  using namespace gopack::transport;
  const auto text = fuzz::text_of(data, size);
  if (const auto range = parse_content_range(text)) {
    fuzz::require(range->first <= range->last && range->last < range->total, "a range lies in its file");
  }
  const std::chrono::system_clock::time_point now(std::chrono::seconds(1'700'000'000));
  if (const auto pause = parse_retry_after(text, now)) {
    fuzz::require(pause->count() >= 0, "a pause is not negative");
    retry_delay({}, 2, 1, pause);
  }
  if (const auto sidecar = parse_sidecar(text)) {
    fuzz::require(parse_sidecar(print(*sidecar)) == sidecar, "a sidecar that is written reads the same");
    for (const auto& header : range_headers(*sidecar, 5)) {
      fuzz::require(header.find_first_of("\r\n") == std::string::npos, "no header becomes two");
    }
    ResponseHead head;
    take_header(head, text);
    plan_body(*sidecar, 5, head);
  }
  ResponseHead head;
  take_header(head, text);
  const auto from = Url::parse("https://user:word@example.org/a/b?c");
  fuzz::accepts([&] {
    const auto to = redirected(from, text);
    fuzz::require(to.scheme() == "https", "https stays https");
    const bool has_secret = to.secret().find("user:word@") != std::string::npos;
    fuzz::require(
        is_same_origin(from, to) || !has_secret || text.find("user:word@") != std::string_view::npos,
        "credentials stay with their origin");
  });
  if (const auto url = Url::try_parse(text)) {
    fuzz::require(Url::try_parse(url->secret()).has_value(), "a URL is a URL");
    fuzz::require(printable(url->text()) == url->text(), "a URL can be printed");
  }
  return 0;
}
