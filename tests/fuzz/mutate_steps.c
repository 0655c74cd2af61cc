/* Inputs of steps, changed step by step. */
#include <string.h>

#include "fuzz.h"
#include "mutate.h"
#include "steps.h"

static const struct mutate_steps *steps;

void
mutate_steps(const struct mutate_steps *how)
{
    steps = how;
}

struct input {
    uint8_t given;
    struct step steps[STEPS_MAX + 1];
    size_t count;
};

static void
input_read(struct input *input, const uint8_t *data, size_t size)
{
    const uint8_t *at = data + 1;

    input->given = size ? data[0] : 0;
    input->count = 0;
    while (size > 0 && input->count < STEPS_MAX && step_next(&at, data + size, &input->steps[input->count]))
        input->count++;
}

static size_t
input_write(const struct input *input, uint8_t *out, size_t size)
{
    size_t at = 1;

    out[0] = input->given;
    for (size_t i = 0; i < input->count && i < STEPS_MAX; i++)
        at += step_write(&input->steps[i], out + at, size - at);
    return at;
}

/* ---- Steps ---- */

static void
put_in(struct input *input, size_t at, const struct step *step)
{
    if (input->count >= STEPS_MAX)
        return;
    memmove(&input->steps[at + 1], &input->steps[at], (input->count - at) * sizeof(*step));
    input->steps[at] = *step;
    input->count++;
}

static void
take_out(struct input *input, size_t at)
{
    input->count--;
    memmove(&input->steps[at], &input->steps[at + 1], (input->count - at) * sizeof(input->steps[0]));
}

void
mutate_step(struct step *step, const ProtobufCMessageDescriptor *message, size_t most)
{
    static uint8_t kept[INPUT_BYTES];
    const uint8_t *bytes;

    if (most > UINT16_MAX)
        most = UINT16_MAX;
    if (message) {
        bytes = mutate_message(message, step->bytes, step->length, most, &step->length);
        memcpy(kept, bytes, step->length);
    } else {
        if (step->length > 0)
            memcpy(kept, step->bytes, step->length);
        step->length = LLVMFuzzerMutate(kept, step->length < most ? step->length : most, most < 8 ? most : 8);
    }
    step->bytes = kept;
}

static void
change(struct input *input, size_t room)
{
    size_t at = input->count ? mutate_below((uint32_t)input->count) : 0;
    struct step step;

    switch (input->count ? mutate_below(16) : 0) {
    case 0:
    case 1:
        step = steps->make();
        if (step.length == 0)
            steps->change_bytes(&step, room);
        put_in(input, at, &step);
        return;
    case 2:
        take_out(input, at);
        return;
    case 3:
        step = input->steps[at];
        put_in(input, mutate_below((uint32_t)input->count + 1), &step);
        return;
    case 4:
        step = input->steps[at];
        take_out(input, at);
        put_in(input, mutate_below((uint32_t)input->count + 1), &step);
        return;
    case 5:
        steps->change_head(&input->steps[at]);
        return;
    case 6:
        if (mutate_below(4) == 0)
            input->given = (uint8_t)mutate_below(GIVEN_MAX);
        return;
    default:
        steps->change_bytes(&input->steps[at], room + input->steps[at].length);
        return;
    }
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static uint8_t out[INPUT_BYTES];
    struct input input;
    size_t length;

    mutate_seed(seed);
    input_read(&input, data, size);
    if (max_size > sizeof(out))
        max_size = sizeof(out);
    length = size < max_size ? max_size - size : 0;
    change(&input, length > HEAD_BYTES ? length - HEAD_BYTES : 0);
    length = input_write(&input, out, max_size);
    memcpy(data, out, length);
    return length;
}

/* Steps of the one, then steps of the other. */
size_t
LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                          size_t out_size, unsigned seed)
{
    struct input first, second;
    size_t from;

    mutate_seed(seed);
    input_read(&first, a, a_size);
    input_read(&second, b, b_size);
    first.count = mutate_below((uint32_t)first.count + 1);
    from = mutate_below((uint32_t)second.count + 1);
    for (size_t i = from; i < second.count; i++)
        put_in(&first, first.count, &second.steps[i]);
    return input_write(&first, out, out_size);
}
