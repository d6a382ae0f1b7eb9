#include "settings.hpp"

#include <gtest/gtest.h>

#include "failure.hpp"

namespace gopack::launcher {
namespace {

std::string shown(const Settings& settings) {
  std::string text = settings.data_dir + "|" + std::to_string(static_cast<int>(settings.stage));
  for (const auto& [name, value] : settings.variables) text += "|" + name + "=" + value;
  return text;
}

std::string shown(std::string_view text, SettingsFormat format) {
  return shown(parse_settings(text, format, "f"));
}

TEST(Settings, OfYaml) {
  const std::string text =
      "# comment\n; comment\n---\n\ndata_dir:  'my data'   # where\ngoproxy: "
      "\"off\"\ngoprivate:\texample.test,a#b  # more\n"
      "gosumdb:\ngotoolchain: local+path\nstage: always\nenv.GOFLAGS: -ldflags=-s # small\nenv.EMPTY: ''\n";
  const std::string expected =
      "my data|2|GOPROXY=off|GOPRIVATE=example.test,a#b|GOTOOLCHAIN=local+path|GOFLAGS=-ldflags=-s";
  EXPECT_EQ(shown(text, SettingsFormat::yaml), expected);
  std::string crlf = "\xEF\xBB\xBF";
  for (const char c : text) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(shown(crlf, SettingsFormat::yaml), expected);
}

TEST(Settings, OfIni) {
  EXPECT_EQ(
      shown(
          "; comment\r\n# comment\r\n\r\ndata_dir=E:\\my data\r\ngoproxy = off\r\ngosumdb=\r\nstage=never\r\n"
          "env.X=a=b;c#d\r\nenv.Q=\"quoted \"",
          SettingsFormat::ini),
      "E:\\my data|1|GOPROXY=off|X=a=b;c#d|Q=quoted ");
}

TEST(Settings, AreEmptyByDefault) {
  for (const auto format : {SettingsFormat::yaml, SettingsFormat::ini}) EXPECT_EQ(shown("", format), "|0");
  EXPECT_EQ(shown("stage:\ndata_dir:\n", SettingsFormat::yaml), "|0");
}

TEST(Settings, NameTheLineOfAMistake) {
  struct Row {
    SettingsFormat format;
    const char* text;
    const char* message;
  };
  for (const auto& [format, text, message] :
       {Row{SettingsFormat::yaml, "goproxy: off\n$(x): 1\n", "f, line 2: unknown setting '$(x)'"},
        Row{SettingsFormat::yaml, "\ngoproxy\n", "f, line 2: not of the form 'key: value': goproxy"},
        Row{SettingsFormat::yaml, "stage: soon", "f, line 1: stage is auto, never or always, not 'soon'"},
        Row{SettingsFormat::yaml, "env.: x", "f, line 1: unknown setting 'env.'"},
        Row{SettingsFormat::yaml, "env.A B: x", "f, line 1: unknown setting 'env.A B'"},
        Row{SettingsFormat::ini, "env.1=x", "f, line 1: unknown setting 'env.1'"},
        Row{SettingsFormat::ini, "x", "f, line 1: not of the form key=value: x"}}) {
    try {
      parse_settings(text, format, "f");
      ADD_FAILURE() << text;
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.message, message);
      EXPECT_EQ(failure.status, 2);
    }
  }
}

}  // namespace
}  // namespace gopack::launcher
