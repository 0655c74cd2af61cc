/* The block interface a third time: a log in memory, which keeps what was appended whatever happens to its service. A
 * death inside append is one before the block lies there or one after it. */
#include "simulation/sim.h"

#include <string.h>

static enum jn_appended
append(struct jn_log *base, const struct jn_hash *after, const void *block, size_t length, const struct jn_hash *hash,
       int64_t time_ms)
{
    struct sim_log *log = (struct sim_log *)base;
    enum sim_death death = log->death;

    if (memcmp(after, &base->head.hash, sizeof(*after)) != 0)
        return JN_STALE;
    log->death = SIM_LIVES;
    if (death == SIM_DIES_BEFORE)
        longjmp(*log->dying, 1);
    if (log->full)
        return JN_FULL;
    if (log->count == log->room) {
        log->room = log->room ? log->room * 2 : 256;
        log->blocks = realloc(log->blocks, log->room * sizeof(*log->blocks));
        JN_ASSERT(log->blocks);
    }
    log->blocks[log->count] = (struct sim_block){malloc(length), length};
    JN_ASSERT(log->blocks[log->count].bytes);
    memcpy(log->blocks[log->count++].bytes, block, length);
    base->head.block++;
    base->head.hash = *hash;
    base->head.time_ms = time_ms;
    if (death == SIM_DIES_AFTER)
        longjmp(*log->dying, 1);
    return JN_APPENDED;
}

static bool
read_block(struct jn_log *base, uint64_t number, const void **block, size_t *length)
{
    struct sim_log *log = (struct sim_log *)base;

    if (number == 0 || number > log->count)
        return false;
    *block = log->blocks[number - 1].bytes;
    *length = log->blocks[number - 1].length;
    return true;
}

static void
nothing(struct jn_log *base)
{
    (void)base;
}

static bool
nearly_full(const struct jn_log *base)
{
    return ((const struct sim_log *)base)->full;
}

static const char *
no_fault(struct jn_log *base)
{
    (void)base;
    return NULL;
}

static const char *
no_copy(struct jn_log *base, const char *dir)
{
    (void)base;
    (void)dir;
    return "a log in memory is not copied";
}

struct sim_log *
sim_log_new(struct sim *sim, const char *service, struct rng *rng)
{
    struct sim_log *log = calloc(1, sizeof(*log));

    JN_ASSERT(log);
    log->sim = sim;
    for (size_t i = 0; i < sizeof(log->log.head.log); i++)
        log->log.head.log[i] = (uint8_t)(rng_next(rng) >> 32);
    for (size_t i = 0; i < sizeof(log->log.head.secret); i++)
        log->log.head.secret[i] = (uint8_t)((rng_next(rng) >> 32) + (uint8_t)service[0]);
    log->log.append = append;
    log->log.read = read_block;
    log->log.end_read = log->log.tidy = log->log.close = nothing;
    log->log.nearly_full = nearly_full;
    log->log.fault = no_fault;
    log->log.copy = no_copy;
    return log;
}

void
sim_log_free(struct sim_log *log)
{
    for (size_t i = 0; i < log->count; i++)
        free(log->blocks[i].bytes);
    free(log->blocks);
    free(log);
}
