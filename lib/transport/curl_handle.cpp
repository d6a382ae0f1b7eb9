#include "curl_handle.hpp"

#include <fmt/format.h>

#include "authorities.hpp"
#include "gopack/base/error.hpp"

namespace gopack::transport {

namespace {

[[noreturn]] void fail(std::string_view what, const char* reason) {
  throw Error(ErrorKind::failed, fmt::format("cannot {}: {}", what, reason));
}

}  // namespace

CurlLibrary::CurlLibrary() {
  choose_tls();
  check(curl_global_init(CURL_GLOBAL_DEFAULT), "prepare libcurl");
}

CurlLibrary::~CurlLibrary() {
  curl_global_cleanup();
}

void check(CURLcode code, std::string_view what) {
  if (code != CURLE_OK) fail(what, curl_easy_strerror(code));
}

void check(CURLMcode code, std::string_view what) {
  if (code != CURLM_OK) fail(what, curl_multi_strerror(code));
}

void check(CURLUcode code, std::string_view what) {
  if (code != CURLUE_OK) fail(what, curl_url_strerror(code));
}

}  // namespace gopack::transport
