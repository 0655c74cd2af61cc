/* Messages changed by structure: a field set to a value at a limit, to one that is known from elsewhere, a row more, a
 * row less, a message left out. And inputs of steps: a step more, less, elsewhere, by somebody else. */
#ifndef TESTS_FUZZ_MUTATE_H
#define TESTS_FUZZ_MUTATE_H

#include "runtime/fold.h"

/* The values of a message's fields will be put where fields of the same name are. Nothing where it is none. */
void mutate_learn(const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t length);

/* A message of the descriptor, changed in a field or a few; made up where the bytes are none. The bytes it has become,
 * good until the next call; a byte more or less where it does not fit into `most`. */
const uint8_t *mutate_message(const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t length,
                              size_t most, size_t *out);

/* What LLVMFuzzerCustomMutator makes of steps: a new one of nothing but its head; another head; other bytes, at most so
 * many, good until the next call. */
struct step;
struct mutate_steps {
    struct step (*make)(void);
    void (*change_head)(struct step *step);
    void (*change_bytes)(struct step *step, size_t most);
};
void mutate_steps(const struct mutate_steps *how);
/* The bytes by their descriptor; NULL: as mere bytes, eight at most. */
void mutate_step(struct step *step, const ProtobufCMessageDescriptor *message, size_t most);
/* Those of a service. */
void mutate_steps_of(const struct jn_service *service);

/* The numbers to choose by: the same from the same seed. */
void mutate_seed(unsigned seed);
uint32_t mutate_below(uint32_t limit);

#endif
