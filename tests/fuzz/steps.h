/* What a fuzzer of a service eats: a byte that says where the world stands at first, then steps.
 *
 *   step    8 bytes: kind and flags, roles (2), department and scope, name or upstream, method, length (2); then so
 * many bytes: the request as it would come over the wire, the upstream's Event, its Record, or how far the clock goes
 * (8 bytes, milliseconds). What is cut short ends the input. */
#ifndef TESTS_FUZZ_STEPS_H
#define TESTS_FUZZ_STEPS_H

#include "runtime/world.h"

/* After 24 steps nothing new comes of a story, and each costs an audit. */
#define STEPS_MAX   24
#define GIVEN_MAX   8
#define HEAD_BYTES  8
#define INPUT_BYTES (64 * 1024)

enum kind { CALL, EVENT, RECORD, ADVANCE, KINDS };
#define STEP_AGAIN  0x10 /* a call that is sent a second time, under its number */
#define STEP_GATHER 0x20 /* into one block with what follows */

struct step {
    uint8_t head[HEAD_BYTES];
    const uint8_t *bytes;
    size_t length;
};

/* False at the end. */
bool step_next(const uint8_t **at, const uint8_t *end, struct step *out);
/* How many bytes it takes; nothing is written where `size` is less. */
size_t step_write(const struct step *step, uint8_t *out, size_t size);

enum kind step_kind(const struct step *step);
/* Indexes within the service. */
size_t step_method(const struct jn_service *service, const struct step *step);
size_t step_upstream(const struct jn_service *service, const struct step *step);
int64_t step_ms(const struct step *step);

/* Who a call's head says, and the head's bytes for somebody (roles, name, department, scope as far as they can be
 * said).
 */
struct jn_agency step_agency(const struct step *step);
void step_agency_set(struct step *step, const struct jn_agency *who);

/* What the bytes are a message of: NULL for a clock's and for what is no message. */
const ProtobufCMessageDescriptor *step_message(const struct jn_service *service, const struct step *step);

void step_do(struct jn_world *world, const struct jn_service *service, const struct step *step);

#endif
