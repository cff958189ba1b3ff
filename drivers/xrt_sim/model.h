/* SPDX-License-Identifier: Apache-2.0 */
/* In: what stands at the ports of a card's design in one cycle of its clock. Out: the cycle is
 * simulated. The table of functions between ridley-card-sim and a design: the BITSTREAM section of
 * an xclbin for the simulated card is an ELF shared object that exports the two functions at the
 * end. One thread. */
#ifndef RIDLEY_MODEL_H
#define RIDLEY_MODEL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes with anything below. */
#define RIDLEY_MODEL_ABI 1u

#define RIDLEY_MODEL_PORTS 2
/* One beat of the design's AXI4 writes. */
#define RIDLEY_MODEL_WRITE_BYTES 64

/* What the MAC of one port gives in one cycle; 32-bit streams use the lower half. */
struct ridley_model_beat {
  uint64_t data;
  uint8_t keep;
  uint8_t valid;
  uint8_t last;
  uint8_t bad;
};

struct ridley_model_cycle {
  uint64_t time_ns;
  struct ridley_model_beat beats[RIDLEY_MODEL_PORTS];
};

/* One transfer on the AXI4-Lite port. */
struct ridley_model_access {
  uint32_t address;
  uint32_t value;
  uint32_t is_write;
};

struct ridley_model_answer {
  uint32_t value;
  uint32_t response; /* AXI: 0 is good, 2 the slave's error */
};

/* Where the design's AXI4 writes go. Gives the AXI response: 0 good, 3 nothing is there. Bit n of
 * strobe: byte n is written. */
struct ridley_model_memory {
  void* owner;
  uint32_t (*write)(void* owner, uint64_t address, const uint8_t* bytes, uint64_t strobe);
};

/* Bits of what a cycle gives. */
enum {
  RIDLEY_MODEL_ANSWERED = 1, /* the access that was begun is over: see answer() */
  RIDLEY_MODEL_WRITES = 2    /* something stands in the AXI4 port, or waits for its answer */
};

struct ridley_model {
  uint32_t abi;
  uint32_t stream_bits; /* 64 or 32 */
  uint32_t clock_hz;
  uint32_t reserved;
  void* self;
  void (*destroy)(void* self);
  /* An access runs beside the frames, in the cycles that follow. 0; -1: another is under way. */
  int (*begin_access)(void* self, const struct ridley_model_access* access);
  void (*answer)(void* self, struct ridley_model_answer* answer);
  /* Gives up what was begun: the design did not answer. */
  void (*abandon_access)(void* self);
  uint32_t (*cycle)(void* self, const struct ridley_model_cycle* inputs);
};

typedef uint32_t (*ridley_model_abi_function)(void);
typedef const struct ridley_model* (*ridley_model_create_function)(
    const struct ridley_model_memory* memory);

/* Asked first; what has another number is not created. */
uint32_t ridley_model_abi(void);
/* The design after its reset. NULL when there is no memory for it. */
const struct ridley_model* ridley_model_create(const struct ridley_model_memory* memory);

#ifdef __cplusplus
}
#endif

#endif
