# OpenSSL ≥ 3.0: SHA-256 (with SHA-NI) and Ed25519; used by digest alone.
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
