// libcurl's handles as owners, and its failures as Errors.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string_view>

namespace gopack::transport {

struct CurlDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(CURLU* parts) const { curl_url_cleanup(parts); }
  void operator()(char* text) const { curl_free(text); }
};
// CURL and CURLM are both void to the compiler.
struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

using Easy = std::unique_ptr<CURL, CurlDeleter>;
using Multi = std::unique_ptr<CURLM, MultiDeleter>;
using HeaderList = std::unique_ptr<curl_slist, CurlDeleter>;
using UrlParts = std::unique_ptr<CURLU, CurlDeleter>;
using CurlText = std::unique_ptr<char, CurlDeleter>;

// libcurl's own preparation; it counts, so any number of them may live at a time.
class CurlLibrary {
 public:
  CurlLibrary();
  ~CurlLibrary();
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
};

// Each throws "cannot <what>: <libcurl's reason>" (failed) unless the call went well.
void check(CURLcode code, std::string_view what);
void check(CURLMcode code, std::string_view what);
void check(CURLUcode code, std::string_view what);

template <typename Handle>
Handle made(Handle handle) {
  check(handle ? CURLE_OK : CURLE_OUT_OF_MEMORY, "prepare a transfer");
  return handle;
}

}  // namespace gopack::transport
