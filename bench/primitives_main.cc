// bench_primitives [FOLDER]: one JSON line with what the libraries cost on this
// machine, and the rate they would allow on two processors.
#include <cstdio>

#include "bench/primitives.h"

int main(int argc, char** argv) {
  const char* folder = argc > 1 ? argv[1] : ".";
  FocalPrimitives p{};
  char error[200] = "";
  if (focal_measure_primitives(folder, &p, error, sizeof error) != 0) {
    std::fprintf(stderr, "bench_primitives: %s\n", error);
    return 1;
  }
  std::printf(
      "{\"bench\":\"primitives\",\"sha256_1k_cpu_us\":%.3f,\"sha256_node_cpu_us\":%.3f,"
      "\"aead_seal_1k_cpu_us\":%.3f,\"aead_open_1k_cpu_us\":%.3f,\"rest_seal_1k_cpu_us\":%.3f,"
      "\"ed25519_sign_cpu_us\":%.2f,\"ed25519_verify_cpu_us\":%.2f,\"x25519_cpu_us\":%.2f,"
      "\"sqlite_row_cpu_us\":%.2f,\"sqlite_group_wait_us\":%.1f,\"sqlite_single_us\":%.1f,"
      "\"curve_1k_cpu_us\":%.2f,\"curve_1k_us\":%.2f,\"curve_round_trip_us\":%.1f,"
      "\"ideal_records_per_s\":%.0f,\"ideal_round_trip_us\":%.0f}\n",
      p.sha256_1k_cpu_us, p.sha256_node_cpu_us, p.aead_seal_1k_cpu_us, p.aead_open_1k_cpu_us,
      p.rest_seal_1k_cpu_us, p.ed25519_sign_cpu_us, p.ed25519_verify_cpu_us, p.x25519_cpu_us,
      p.sqlite_row_cpu_us, p.sqlite_group_wait_us, p.sqlite_single_us, p.curve_1k_cpu_us,
      p.curve_1k_us, p.curve_round_trip_us, focal_ideal_records_per_s(&p, 2, 64, 256),
      focal_ideal_round_trip_us(&p));
  return 0;
}
