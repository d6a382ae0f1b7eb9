# fmt ≥ 9: text formatting, in every module (std::format is missing from g++ 12).
find_package(fmt 9 REQUIRED)
