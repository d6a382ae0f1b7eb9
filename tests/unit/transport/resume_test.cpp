#include "resume.hpp"

#include <gtest/gtest.h>

#include "download_body.hpp"

namespace gopack::transport {
namespace {

const Sidecar kSidecar{.url = "https://host.example/a.zip",
                       .etag = "\"tag\"",
                       .last_modified = "Tue, 02 Jul 2024 16:00:00 GMT",
                       .total = 1000,
                       .sha256 = std::string(64, 'a')};

DownloadRequest request() {
  return {.url = Url::parse("https://me:pw@host.example/a.zip?token=x"),
          .file = "a.zip",
          .size = 1000,
          .sha256 = digest::Sha256::try_parse(std::string(64, 'a'))};
}

TEST(Resume, ASidecarSurvivesWritingAndReading) {
  EXPECT_EQ(parse_sidecar(print(kSidecar)), kSidecar);
}

TEST(Resume, ADamagedSidecarIsNone) {
  for (const char* text : {"", "{", "[]", "null", "{\"url\": \"x\"}",
                           "{\"url\":1,\"etag\":2,\"last_modified\":3,\"total\":\"4\",\"sha256\":5}"}) {
    EXPECT_FALSE(parse_sidecar(text)) << text;
  }
  const auto text = print(kSidecar);
  for (const char* total : {"-1", "1000.0", "1e300", "18446744073709551615"}) {
    EXPECT_FALSE(parse_sidecar(std::string(text).replace(text.find("1000"), 4, total))) << total;
  }
}

TEST(Resume, ASidecarAddsNoHeaderLines) {
  for (const char* value : {"\"a\"\r\nX-Evil: 1", "\"a\nb\"", "\"\x7f\""}) {
    auto evil = kSidecar;
    evil.etag = value;
    EXPECT_FALSE(parse_sidecar(print(evil))) << value;
    std::swap(evil.etag, evil.last_modified);
    EXPECT_FALSE(parse_sidecar(print(evil))) << value;
  }
}

TEST(Resume, ASidecarHoldsNoSecrets) {
  ResponseHead head;
  head.status = 200;
  head.length = 1000;
  head.etag = kSidecar.etag;
  head.last_modified = kSidecar.last_modified;
  EXPECT_EQ(describe(request(), head), kSidecar);
}

TEST(Resume, OnlyAPartOfTheSameFileIsTakenUp) {
  EXPECT_TRUE(belongs_to(kSidecar, request()));
  const std::pair<const char*, std::function<void(Sidecar&)>> cases[] = {
      {"other URL", [](Sidecar& s) { s.url = "https://other.example/a.zip"; }},
      {"other digest", [](Sidecar& s) { s.sha256 = std::string(64, 'b'); }},
      {"no digest", [](Sidecar& s) { s.sha256.clear(); }},
      {"other size", [](Sidecar& s) { s.total = 1001; }},
      {"no size", [](Sidecar& s) { s.total = 0; }},
  };
  for (const auto& [what, change] : cases) {
    auto sidecar = kSidecar;
    change(sidecar);
    EXPECT_FALSE(belongs_to(sidecar, request())) << what;
  }
}

TEST(Resume, WithoutADigestAValidatorIsNeeded) {
  auto asked = request();
  asked.sha256.reset();
  auto sidecar = kSidecar;
  sidecar.sha256.clear();
  EXPECT_TRUE(belongs_to(sidecar, asked));
  sidecar.last_modified.clear();
  for (const char* etag : {"", "W/\"tag\""}) {
    sidecar.etag = etag;
    EXPECT_FALSE(belongs_to(sidecar, asked)) << etag;
    auto proved = sidecar;
    proved.sha256 = kSidecar.sha256;
    EXPECT_TRUE(belongs_to(proved, request())) << etag;
  }
}

TEST(Resume, AsksByAStrongTagOrByTime) {
  EXPECT_EQ(range_headers(kSidecar, 400),
            (std::vector<std::string>{"Range: bytes=400-", "If-Range: \"tag\""}));
  auto weak = kSidecar;
  weak.etag = "W/\"tag\"";
  EXPECT_EQ(range_headers(weak, 400)[1], "If-Range: Tue, 02 Jul 2024 16:00:00 GMT");
  auto none = weak;
  none.last_modified.clear();
  EXPECT_EQ(range_headers(none, 400), std::vector<std::string>{"Range: bytes=400-999"});
}

TEST(Resume, ReadsContentRange) {
  EXPECT_EQ(parse_content_range("bytes 5-9/10"), (ContentRange{5, 9, 10}));
  for (const char* value :
       {"", "bytes", "bytes 5-9", "bytes 5-9/*", "bytes */10", "bytes 9-5/10", "bytes 5-10/10",
        "bytes 5-9/10x", "items 5-9/10", "bytes -9/10", "bytes 5-9/99999999999999999999"}) {
    EXPECT_FALSE(parse_content_range(value)) << value;
  }
}

TEST(Resume, AppendsOnlyWhatFits) {
  const auto head = [](long status, const char* range, std::optional<std::uint64_t> length,
                       const char* etag = "\"tag\"") {
    ResponseHead made;
    made.status = status;
    made.content_range = range;
    made.length = length;
    made.etag = etag;
    return made;
  };
  const struct {
    const char* what;
    ResponseHead response;
    BodyUse expected;
  } cases[] = {
      {"the rest", head(206, "bytes 400-999/1000", 600), BodyUse::append},
      {"the rest, chunked", head(206, "bytes 400-999/1000", {}), BodyUse::append},
      {"some of the rest", head(206, "bytes 400-899/1000", 500), BodyUse::append},
      {"the rest, nothing said of the tag", head(206, "bytes 400-999/1000", 600, ""), BodyUse::append},
      {"the whole", head(200, "", 1000), BodyUse::restart},
      {"a changed file", head(200, "", 2000, "\"new\""), BodyUse::restart},
      {"wrong start", head(206, "bytes 401-999/1000", 599), BodyUse::start_over},
      {"from the start", head(206, "bytes 0-999/1000", 1000), BodyUse::start_over},
      {"other total", head(206, "bytes 400-1000/1001", 601), BodyUse::start_over},
      {"unknown total", head(206, "bytes 400-999/*", 600), BodyUse::start_over},
      {"no range", head(206, "", 600), BodyUse::start_over},
      {"the whole body", head(206, "bytes 400-999/1000", 1000), BodyUse::start_over},
      {"another tag", head(206, "bytes 400-999/1000", 600, "\"new\""), BodyUse::start_over},
  };
  for (const auto& one : cases) EXPECT_EQ(plan_body(kSidecar, 400, one.response), one.expected) << one.what;
}

TEST(Response, HeadersAreFoundWhateverTheirCase) {
  ResponseHead head;
  take_header(head, "ETAG:\"a\"\r\n");
  take_header(head, "last-modified:  yesterday \r\n");
  take_header(head, "Content-Type: text/plain\r\n");
  take_header(head, "no header\r\n");
  take_header(head, "\r\n");
  EXPECT_EQ(head.etag, "\"a\"");
  EXPECT_EQ(head.last_modified, "yesterday");
}

TEST(Response, WebPagesAreRecognised) {
  for (const char* text : {"<!DOCTYPE html>", "<!doctype html>", "<html>", "\r\n  <HTML lang=en>",
                           "\xef\xbb\xbf<!DOCTYPE html>"}) {
    EXPECT_TRUE(is_html(text)) << text;
  }
  for (const char* text : {"", " ", "\x1f\x8b\x08", "PK\x03\x04", "<htm", "<?xml?>", "html"})
    EXPECT_FALSE(is_html(text)) << text;
}

}  // namespace
}  // namespace gopack::transport
