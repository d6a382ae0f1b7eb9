#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "checks.hpp"
#include "gopack/prove/prove.hpp"

namespace gopack::prove {

std::string_view to_string(Result result) {
  switch (result) {
    case Result::same:
      return "same";
    case Result::different:
      return "different";
    case Result::not_tried:
      return "not tried";
  }
  return "different";
}

std::size_t Proof::count(Result result) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [result](const Row& row) { return row.result == result; }));
}

std::string Proof::to_json(const std::string& id, const std::string& release) const {
  nlohmann::ordered_json json{{"schema", 1},        {"id", id},
                              {"release", release}, {"host", release::Platform::host().text()},
                              {"proved", holds()},  {"checks", nlohmann::ordered_json::array()}};
  for (const auto& row : rows) {
    json["checks"].push_back({{"capability", row.capability},
                              {"check", row.check},
                              {"target", row.target},
                              {"result", to_string(row.result)},
                              {"detail", row.detail}});
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::optional<std::string> summarize(std::string_view text) {
  try {
    const auto json = nlohmann::json::parse(text);
    const auto& checks = json.at("checks");
    std::size_t same = 0;
    for (const auto& check : checks)
      same += check.at("result").get<std::string>() == to_string(Result::same) ? 1 : 0;
    return fmt::format("{} of {} checks proved on {}", same, checks.size(),
                       json.at("host").get<std::string>());
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

std::vector<std::string> provable_capabilities() {
  std::vector<std::string> names;
  for (const auto& check : checks()) {
    if (std::find(names.begin(), names.end(), check.capability) == names.end())
      names.emplace_back(check.capability);
  }
  return names;
}

}  // namespace gopack::prove
