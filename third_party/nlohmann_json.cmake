# nlohmann-json ≥ 3.11: reads the release index, reads and writes manifests, records and --json, writes reports.
find_package(nlohmann_json 3.11 REQUIRED)
