// Every scenario of Edgewise from C: copies of its world, stepped together in memory that both sides see.
//
// The library is `libEdgewiseEnvironments`. A caller opens a scenario, asks where the frame stands, writes actions
// into it, steps, and reads what came of them in the same memory:
//
//     int64_t worlds;
//     edgewise_open("Environments/classic-control/CartPole-v1.yaml", NULL, 0, 64, EDGEWISE_BEGINS_ANEW, &worlds);
//     edgewise_seed(worlds, EDGEWISE_EVALUATION, 7);
//     edgewise_reset(worlds, NULL, &layout);
//     edgewise_step(worlds, &layout, NULL);
//
// Functions return 0, or a code of sysexits and leave one sentence with `edgewise_error`. No input, null and closed
// handles included, ends the process.
//
// Memory: the frame belongs to the handle and stays where it is until the handle is closed. What is shown alternates
// between two places: `layout` says which of the frames 0 and 1 of `edgewise_frame` is the present one, so that what
// was shown before a step can still be read after it. Rows are ordered by environment, then by slot.

#ifndef EDGEWISE_H
#define EDGEWISE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The version of this interface; another one is not compatible.
#define EDGEWISE_INTERFACE_VERSION 1

/// What episodes are played for; their seeds never meet. Evaluation's are those of `edgewise evaluate`.
enum edgewise_purpose { EDGEWISE_TRAINING = 1, EDGEWISE_SELECTION = 2, EDGEWISE_EVALUATION = 3 };

/// An ended environment begins its next episode within the same step.
#define EDGEWISE_BEGINS_ANEW 1
/// Reward terms of each step and metrics of ended episodes are kept.
#define EDGEWISE_KEEPS_RECORDS 2

/// Where one group's part of the frame stands; a null pointer where there are no values.
typedef struct {
  /// environments × slots.
  int64_t rows;
  /// What is seen now, rows × fields.
  float *observations;
  /// Options permitted now, rows × options.
  bool *masks;
  /// Who is there now, rows.
  bool *active;
  /// Integers of the actions, rows × choices; the caller writes them.
  int32_t *choices;
  /// Real numbers of the actions, rows × dimensions; the caller writes them.
  float *numbers;
  /// Who was there in the last step, rows.
  bool *acted;
  /// Rewards of the last step, rows.
  double *rewards;
  /// Whose trajectory ended for good in the last step, rows.
  bool *terminated;
  /// Whose trajectory was cut short in the last step, rows.
  bool *truncated;
  /// With EDGEWISE_BEGINS_ANEW, where an episode ended: its true last observations, rows × fields.
  float *last_observations;
  /// With EDGEWISE_BEGINS_ANEW, where an episode ended: its last masks, rows × options.
  bool *last_masks;
} edgewise_group_frame;

/// Where what belongs to whole environments stands.
typedef struct {
  int64_t environments;
  int64_t groups;
  /// Whose episode ended in the last step, environments.
  bool *over;
  /// With EDGEWISE_KEEPS_RECORDS, the reward terms of the last step, environments × agents × terms; else null.
  double *terms;
} edgewise_shared_frame;

/// EDGEWISE_INTERFACE_VERSION of the library.
int32_t edgewise_interface_version(void);

/// The sentence of the last failure on this thread; valid until the next one on it.
const char *edgewise_error(void);

/// Opens `environments` copies of a scenario: of its file, or of its id where `Environments` lies above the working
/// folder.
///
/// `overrides` are `count` texts `key.path=value`, paths as in the scenario; `options` are the flags above.
int32_t edgewise_open(
    const char *path, const char *const *overrides, int32_t count, int64_t environments, int32_t options,
    int64_t *worlds);

/// Ends a handle; its memory is gone.
int32_t edgewise_close(int64_t worlds);

/// Where the scenario's groups, spaces, reward terms and rules are described, as JSON; belongs to the handle.
int32_t edgewise_describe(int64_t worlds, const char **json);

/// Where a group's part of the frame stands in layout 0 or 1.
int32_t edgewise_frame(int64_t worlds, int32_t layout, int32_t group, edgewise_group_frame *frame);

/// Where what belongs to whole environments stands.
int32_t edgewise_shared(int64_t worlds, edgewise_shared_frame *frame);

/// Environment i will play the episodes of a run's i-th environment, from the first.
int32_t edgewise_seed(int64_t worlds, int32_t purpose, uint64_t seed);

/// Environment i will play the episodes of the first environment of the run of `seeds[i]`, from the first.
int32_t edgewise_seed_each(int64_t worlds, int32_t purpose, const uint64_t *seeds, int64_t count);

/// Begins the next episode in every environment, or where `chosen` (environments) says so.
int32_t edgewise_reset(int64_t worlds, const bool *chosen, int32_t *layout);

/// Takes a step with the actions in the frame.
///
/// An integer that is no option and a number that is not finite are refused. A number outside its range becomes the
/// range's nearer end. A choice that the mask forbids becomes the idle one; `replaced` counts these, and may be null.
int32_t edgewise_step(int64_t worlds, int32_t *layout, int64_t *replaced);

/// Lets a rule, or the policy in a checkpoint, decide in `edgewise_act`.
int32_t edgewise_play(int64_t worlds, const char *policy);

/// Writes that policy's actions into the frame.
int32_t edgewise_act(int64_t worlds);

/// Writes the states of all environments that a central critic may see: environments × `state_count` of the
/// description, which `count` must be.
int32_t edgewise_state(int64_t worlds, float *values, int64_t count);

/// The metrics of an environment's episode as a JSON object; belongs to the handle, until the next call of this
/// function.
int32_t edgewise_metrics(int64_t worlds, int64_t environment, const char **json);

/// A number that no policy's return can exceed in an environment's episode; `known` says whether there is one.
int32_t edgewise_return_bound(int64_t worlds, int64_t environment, double *bound, bool *known);

#ifdef __cplusplus
}
#endif

#endif
