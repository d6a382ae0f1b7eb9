# libcurl ≥ 7.85 (for CURLOPT_PROTOCOLS_STR): HTTP, TLS, proxies; used by transport alone.
find_package(CURL 7.85 REQUIRED)
