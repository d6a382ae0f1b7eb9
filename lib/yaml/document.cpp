#include "gopack/yaml/document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <utility>

namespace gopack::yaml {

namespace {

constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kMaxNodes = 100'000;

Position position_of(const YAML::Mark& mark) {
  return mark.is_null() ? Position{} : Position{mark.line + 1, mark.column + 1};
}

// YAML that is sound, but more than a document may hold.
class Refused : public YAML::ParserException {
 public:
  using YAML::ParserException::ParserException;
};

// Builds the tree from the parser's events.
class TreeBuilder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) refuse(mark, "a second YAML document begins here; one is allowed");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    auto node = make(Value::Kind::null, mark);
    // Where nothing is written, the parser's mark is that of what follows.
    if (expects_value()) node.position = open_.back().keys.back().position;
    attach(std::move(node));
  }
  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    refuse(mark, "anchors are not allowed");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse(mark, "aliases are not allowed"); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& text) override {
    refuse_tag(mark, tag);
    auto node = make(Value::Kind::text, mark);
    node.text = text;
    attach(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(make(Value::Kind::list, mark), mark);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(make(Value::Kind::map, mark), mark);
  }
  void OnMapEnd() override { close(); }

  std::optional<Value> take_root() { return std::move(root_); }

 private:
  [[noreturn]] static void refuse(const YAML::Mark& mark, const std::string& reason) {
    throw Refused(mark, reason);
  }
  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    const bool plain = tag.empty() || tag == "?" || tag == "!";  // the marks of plain and quoted values
    if (!plain) refuse(mark, "tags are not allowed");
  }

  Value make(Value::Kind kind, const YAML::Mark& mark) {
    if (++count_ > kMaxNodes) refuse(mark, fmt::format("there are more than {} values", kMaxNodes));
    Value node;
    node.kind = kind;
    node.position = position_of(mark);
    return node;
  }
  void open(Value node, const YAML::Mark& mark) {
    if (open_.size() == kMaxDepth)
      refuse(mark, fmt::format("values are nested more than {} deep", kMaxDepth));
    open_.push_back(std::move(node));
  }
  void close() {
    auto node = std::move(open_.back());
    open_.pop_back();
    attach(std::move(node));
  }
  void attach(Value node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    auto& parent = open_.back();
    (expects_key() ? parent.keys : parent.items).push_back(std::move(node));
  }
  bool expects_key() const {
    const auto& parent = open_.back();
    return parent.kind == Value::Kind::map && parent.keys.size() == parent.items.size();
  }
  bool expects_value() const {
    return !open_.empty() && open_.back().kind == Value::Kind::map && !expects_key();
  }

  std::vector<Value> open_;  // the chain of lists and maps that lead to the next value
  std::optional<Value> root_;
  std::size_t count_ = 0;
};

// Whether the line where the parser stopped, or the one before it, is indented with a tab.
bool tab_near(const std::string& text, int line) {
  std::istringstream lines(text);
  std::string current;
  for (int number = 1; number <= line && std::getline(lines, current); ++number) {
    const auto indent = current.substr(0, current.find_first_not_of(" \t"));
    if (number >= line - 1 && indent.find('\t') != std::string::npos) return true;
  }
  return false;
}

}  // namespace

std::variant<std::optional<Value>, Fault> parse(const std::string& text) {
  TreeBuilder builder;
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) continue;
  } catch (const Refused& e) {
    return Fault{position_of(e.mark), e.msg, {}};
  } catch (const YAML::Exception& e) {
    const auto position = position_of(e.mark);
    const auto* hint = tab_near(text, position.line)
                           ? "indent with blanks: YAML does not allow tabs there"
                           : "quote texts that begin with one of > * & ! % @ ` { [ | # \" '";
    return Fault{position, "this is not valid YAML", hint};
  }
  return builder.take_root();
}

}  // namespace gopack::yaml
