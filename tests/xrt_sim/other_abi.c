/* SPDX-License-Identifier: Apache-2.0 */
/* A bitstream of tomorrow. */
#include <stddef.h>

#include "xrt_sim/model.h"

uint32_t ridley_model_abi(void) { return RIDLEY_MODEL_ABI + 1; }

const struct ridley_model* ridley_model_create(const struct ridley_model_memory* memory) {
  (void)memory;
  return NULL;
}
