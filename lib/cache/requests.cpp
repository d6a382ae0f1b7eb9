#include "requests.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gopack/base/error.hpp"
#include "gopack/base/json_fault.hpp"
#include "gopack/digest/base64.hpp"

namespace gopack::cache {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxLine = 64 << 10;

Error not_understood(std::string_view what) {
  return {ErrorKind::failed, fmt::format("cannot understand the go command: {}", what)};
}

digest::Sha256 read_id(const json& object, const char* name) {
  const auto bytes = digest::base64_decode(object.value(name, ""));
  std::array<std::uint8_t, digest::Sha256::kSize> id;
  if (!bytes || bytes->size() != id.size()) throw not_understood(fmt::format("{} is no SHA-256", name));
  std::copy(bytes->begin(), bytes->end(), id.begin());
  return digest::Sha256(id);
}

Request parse(const std::string& line) {
  const auto object = json::parse(line);
  const auto command = object.at("Command").get<std::string>();
  Request request;
  request.id = object.at("ID").get<std::int64_t>();
  request.verb = command == "get"     ? Verb::get
                 : command == "put"   ? Verb::put
                 : command == "close" ? Verb::close
                                      : Verb::unknown;
  if (request.verb == Verb::get || request.verb == Verb::put) request.action = read_id(object, "ActionID");
  if (request.verb == Verb::put) {
    request.output = read_id(object, "OutputID");
    request.size = object.value("BodySize", std::uint64_t{0});
  }
  return request;
}

// RFC 3339
std::string time_text(std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:09}Z", fmt::gmtime(static_cast<std::time_t>(seconds.count())),
                     (time - seconds).count());
}

}  // namespace

bool RequestReader::fill() {
  begin_ = 0;
  end_ = in_.read(buffer_);
  return end_ > 0;
}

std::string RequestReader::next_line() {
  std::string line;
  while (begin_ < end_ || fill()) {
    const auto text = rest();
    const auto end = text.find('\n');
    line += text.substr(0, end);
    if (line.size() > kMaxLine) throw not_understood("a line is too long");
    begin_ += std::min(text.size(), end == std::string_view::npos ? end : end + 1);
    if (end != std::string_view::npos && !line.empty()) return line;
  }
  return line;
}

std::optional<Request> RequestReader::next() {
  const auto line = next_line();
  if (line.empty()) return std::nullopt;
  try {
    return parse(line);
  } catch (const json::exception& error) {
    throw not_understood(json_fault(error.id, error.what()));
  }
}

char RequestReader::next_letter() {
  while (begin_ < end_ || fill()) {
    const auto letter = static_cast<char>(buffer_[begin_++]);
    if (letter != '\n') return letter;
  }
  throw not_understood("a body is missing");
}

bool RequestReader::read_body(const Request& put, ByteSink& to) {
  if (put.size == 0) return true;
  if (next_letter() != '"') throw not_understood("a body is not a string");
  digest::Base64Decoder decoder(to);
  while (begin_ < end_ || fill()) {
    const auto text = rest();
    const auto end = text.find('"');
    decoder.write(text.substr(0, end));
    begin_ += std::min(text.size(), end == std::string_view::npos ? end : end + 1);
    if (end != std::string_view::npos) return decoder.finish();
  }
  throw not_understood("a body is cut off");
}

void Answers::write(const std::string& line) {
  const std::lock_guard lock(mutex_);
  out_.write(as_bytes(line + "\n"));
}

void Answers::greet() {
  write(json{{"ID", 0}, {"KnownCommands", {"get", "put", "close"}}}.dump());
}

void Answers::hit(std::int64_t id, const Entry& entry, const std::filesystem::path& body) {
  write(json{{"ID", id},
             {"OutputID", digest::base64_encode(entry.output.bytes())},
             {"Size", entry.size},
             {"Time", time_text(entry.time)},
             {"DiskPath", body.string()}}
            .dump());
}

void Answers::miss(std::int64_t id) {
  write(json{{"ID", id}, {"Miss", true}}.dump());
}

void Answers::done(std::int64_t id) {
  write(json{{"ID", id}}.dump());
}

void Answers::stored(std::int64_t id, const std::filesystem::path& body) {
  write(json{{"ID", id}, {"DiskPath", body.string()}}.dump());
}

void Answers::failure(std::int64_t id, const std::string& reason) {
  write(json{{"ID", id}, {"Err", printable(reason)}}.dump());
}

}  // namespace gopack::cache
