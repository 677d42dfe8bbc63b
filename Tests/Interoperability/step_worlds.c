// The interface as C sees it: plays CartPole by a rule of thumb and prints the first episode's return.
//   cc -I Sources/CEnvironmentInterface step_worlds.c -L .build/release -lEdgewiseEnvironments
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "edgewise.h"

static int told(const char *what, int32_t status) {
  if (status != 0) fprintf(stderr, "failed: %s: %s (%d)\n", what, edgewise_error(), status);
  return status;
}

int main(int count, char **arguments) {
  int64_t worlds = 0;
  int32_t layout = 0;
  edgewise_group_frame frames[2];
  const char *overrides[] = {"time_limit_steps=300"};
  if (count < 2 || edgewise_interface_version() != EDGEWISE_INTERFACE_VERSION) return 64;
  if (edgewise_open("no-such-file.yaml", NULL, 0, 1, 0, &worlds) != 66 || !strstr(edgewise_error(), "no such file")) {
    return 1;
  }
  if (told("open", edgewise_open(arguments[1], overrides, 1, 1, 0, &worlds))) return 1;
  for (int32_t side = 0; side < 2; side++) {
    if (told("frame", edgewise_frame(worlds, side, 0, &frames[side]))) return 1;
  }
  if (told("seed", edgewise_seed(worlds, EDGEWISE_EVALUATION, 0))) return 1;
  if (told("reset", edgewise_reset(worlds, NULL, &layout))) return 1;
  double total = 0;
  int steps = 0;
  bool is_over = false;
  while (!is_over) {
    const float *seen = frames[layout].observations;  // position, velocity, angle, angular velocity
    frames[layout].choices[0] = seen[2] + 0.5F * seen[3] + 0.02F * seen[0] + 0.05F * seen[1] > 0;
    if (told("step", edgewise_step(worlds, &layout, NULL))) return 1;
    total += frames[layout].rewards[0];
    is_over = frames[layout].terminated[0] || frames[layout].truncated[0];
    steps++;
  }
  printf("ok: from C, %d steps of CartPole return %g\n", steps, total);
  if (steps != 300 || total != 300) return 1;
  return told("close", edgewise_close(worlds));
}
