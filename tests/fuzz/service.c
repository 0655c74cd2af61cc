/* A service under whatever comes: commands, queries, upstreams' events and the clock, from states that stories reached.
 * After every block the world audits, replays it on a replica and compares both; a command that is sent again must be
 * told the same. FUZZ_SERVICE is the service, FUZZ_GIVEN the folder of its states. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/date.h"
#include "fuzz.h"
#include "mutate.h"
#include "steps.h"

extern const struct jn_service FUZZ_SERVICE;

static struct jn_world *given[GIVEN_MAX];
static size_t given_count;

/* A world for the steps of a file, from an empty one on the day that its name says: "2020-06-15.fresh". */
static struct jn_world *
world_of(const char *path, const char *name)
{
    size_t size;
    uint8_t *bytes = file_read(path, &size);
    const uint8_t *at = bytes;
    struct jn_world *world;
    struct step step;
    char day[11];
    int32_t start;

    snprintf(day, sizeof(day), "%.10s", name);
    JN_ASSERT(date_parse(day, &start));
    world = jn_world_open(&FUZZ_SERVICE, date_to_ms(start));
    while (step_next(&at, bytes + size, &step)) {
        step_do(world, &FUZZ_SERVICE, &step);
        mutate_learn(step_message(&FUZZ_SERVICE, &step), step.bytes, step.length);
    }
    jn_world_gather(world, false);
    JN_ASSERT(at == bytes + size);
    free(bytes);
    return world;
}

static void
close_given(void)
{
    for (size_t i = 0; i < given_count; i++)
        jn_world_close(given[i]);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char names[GIVEN_MAX][FILE_NAME_MAX];
    size_t count = folder_list(FUZZ_GIVEN, names, GIVEN_MAX);

    (void)argc;
    (void)argv;
    fuzz_use_memory();
    mutate_steps_of(&FUZZ_SERVICE);
    JN_ASSERT(count > 0);
    for (size_t i = 0; i < count; i++) {
        char path[FILE_PATH_MAX];

        snprintf(path, sizeof(path), "%s/%s", FUZZ_GIVEN, names[i]);
        given[given_count++] = world_of(path, names[i]);
    }
    atexit(close_given);
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *at = data + 1;
    struct jn_world *world;
    struct step step;

    if (size < 1 + HEAD_BYTES || size > INPUT_BYTES)
        return -1;
    world = jn_world_like(given[data[0] % given_count]);
    for (size_t i = 0; i < STEPS_MAX && step_next(&at, data + size, &step); i++)
        step_do(world, &FUZZ_SERVICE, &step);
    jn_world_close(world);

    return 0;
}
