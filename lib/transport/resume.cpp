#include "resume.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "gopack/base/json_size.hpp"

namespace gopack::transport {

namespace {

using Json = nlohmann::json;

// Takes a decimal number from the start of `text`.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take_text(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

// It becomes part of a header line, and must not end it.
bool has_controls(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

bool agrees(const std::string& remembered, const std::string& received) {
  return remembered.empty() || received.empty() || remembered == received;
}

}  // namespace

bool Sidecar::can_prove() const {
  return !sha256.empty() || !validator().empty();
}

std::string Sidecar::validator() const {
  return etag.starts_with('"') ? etag : last_modified;
}

Sidecar describe(const DownloadRequest& request, const ResponseHead& head) {
  return {.url = request.url.text(),
          .etag = head.etag,
          .last_modified = head.last_modified,
          .total = head.length.value_or(0),
          .sha256 = request.sha256 ? request.sha256->hex() : ""};
}

std::string print(const Sidecar& sidecar) {
  const Json json{{"url", sidecar.url},
                  {"etag", sidecar.etag},
                  {"last_modified", sidecar.last_modified},
                  {"total", sidecar.total},
                  {"sha256", sidecar.sha256}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<Sidecar> parse_sidecar(std::string_view json) {
  try {
    const auto parsed = Json::parse(json);
    const auto total = find_size(parsed.at("total"));
    if (!total) return std::nullopt;
    Sidecar sidecar{.url = parsed.at("url"),
                    .etag = parsed.at("etag"),
                    .last_modified = parsed.at("last_modified"),
                    .total = *total,
                    .sha256 = parsed.at("sha256")};
    if (has_controls(sidecar.etag) || has_controls(sidecar.last_modified)) return std::nullopt;
    return sidecar;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

bool belongs_to(const Sidecar& sidecar, const DownloadRequest& request) {
  return sidecar.url == request.url.text() &&
         sidecar.sha256 == (request.sha256 ? request.sha256->hex() : "") && sidecar.total != 0 &&
         (request.size == 0 || sidecar.total == request.size) && sidecar.can_prove();
}

std::optional<ContentRange> parse_content_range(std::string_view value) {
  if (!take_text(value, "bytes ")) return std::nullopt;
  const auto first = take_number(value);
  if (!first || !take_text(value, "-")) return std::nullopt;
  const auto last = take_number(value);
  if (!last || !take_text(value, "/")) return std::nullopt;
  const auto total = take_number(value);
  if (!total || !value.empty() || *first > *last || *last >= *total) return std::nullopt;
  return ContentRange{*first, *last, *total};
}

std::vector<std::string> range_headers(const Sidecar& sidecar, std::uint64_t offset) {
  const auto validator = sidecar.validator();
  if (validator.empty()) return {fmt::format("Range: bytes={}-{}", offset, sidecar.total - 1)};
  return {fmt::format("Range: bytes={}-", offset), fmt::format("If-Range: {}", validator)};
}

BodyUse plan_body(const Sidecar& sidecar, std::uint64_t offset, const ResponseHead& head) {
  if (head.status == 200) return BodyUse::restart;
  const auto range = parse_content_range(head.content_range);
  const bool is_the_rest =
      head.status == 206 && range && range->first == offset && range->total == sidecar.total &&
      head.length.value_or(range->last - range->first + 1) == range->last - range->first + 1 &&
      agrees(sidecar.etag, head.etag) && agrees(sidecar.last_modified, head.last_modified);
  return is_the_rest ? BodyUse::append : BodyUse::start_over;
}

}  // namespace gopack::transport
