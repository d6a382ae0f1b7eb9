# GoogleTest ≥ 1.12: unit tests.
find_package(GTest 1.12 REQUIRED)
include(GoogleTest)
