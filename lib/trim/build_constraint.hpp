// Go's build constraints, by what is written in a file's name and head (golang/go src/go/build, "go help
// buildconstraint"), where not every tag is known: a program may still be built with or without it.
#pragma once

#include <functional>
#include <string_view>

namespace gopack::trim {

enum class Truth { no, maybe, yes };
Truth operator!(Truth a);
Truth both(Truth a, Truth b);
Truth either(Truth a, Truth b);

using TagTruth = std::function<Truth(std::string_view tag)>;

// By name: "exec_windows.go", "asm_linux_amd64.s". `is_system` and `is_architecture` say which words count.
struct KnownNames {
  std::function<bool(std::string_view)> is_system;
  std::function<bool(std::string_view)> is_architecture;
};
Truth evaluate_name(std::string_view file_name, const KnownNames& known, const TagTruth& tag);

// By the "//go:build" line or, where there is none, the "// +build" lines in the head of a source file. A
// malformed expression is `maybe`.
Truth evaluate_head(std::string_view head, const TagTruth& tag);

// The part of a source's start that evaluate_head() looks at: what stands before the package clause.
std::string_view constraint_part(std::string_view text);

}  // namespace gopack::trim
