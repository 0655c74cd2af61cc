/* Steps of a service: calls, its upstreams' events, the clock. */
#include <string.h>

#include "fuzz.h"
#include "mutate.h"
#include "steps.h"

static const struct jn_service *service;

/* One of nothing but its head: what its message is to be is made up when it is changed. */
static struct step
new_step(void)
{
    static uint8_t bytes[8];
    struct step step = {.bytes = bytes};

    step.head[0] = (uint8_t)((mutate_below(6) ? mutate_below(service->upstreams_count ? 2 : 1) : ADVANCE) |
                             (mutate_below(8) ? 0u : STEP_AGAIN) | (mutate_below(6) ? 0u : STEP_GATHER));
    step.head[4] = (uint8_t)mutate_below(16);
    step.head[5] = (uint8_t)mutate_below((uint32_t)service->methods_count);
    if (step_kind(&step) == ADVANCE) {
        uint64_t ms = UINT64_C(86400000) * mutate_below(mutate_below(3) ? 20 : 400) + mutate_below(3) * 1000;

        memcpy(bytes, &ms, sizeof(ms));
        step.length = sizeof(bytes);
    }
    return step;
}

static void
change_head(struct step *step)
{
    switch (mutate_below(6)) {
    case 0: /* by somebody else */
        step->head[1] = step->head[2] = 0;
        step->head[mutate_below(2) + 1] = (uint8_t)(1u << mutate_below(8));
        return;
    case 1:
        step->head[1] = step->head[2] = 0;
        return;
    case 2:
        step->head[3] = (uint8_t)(mutate_below(10) | mutate_below(9) << 4);
        return;
    case 3:
        step->head[4] = (uint8_t)mutate_below(16);
        return;
    case 4:
        step->head[0] ^= mutate_below(2) ? STEP_AGAIN : STEP_GATHER;
        return;
    default:
        step->head[5] = (uint8_t)mutate_below((uint32_t)service->methods_count);
        return;
    }
}

static void
change_bytes(struct step *step, size_t most)
{
    mutate_step(step, step_message(service, step), most);
}

void
mutate_steps_of(const struct jn_service *of)
{
    static const struct mutate_steps how = {new_step, change_head, change_bytes};

    service = of;
    mutate_steps(&how);
}
