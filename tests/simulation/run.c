/* A run: the city is founded, works for some weeks under all that can go wrong, is healed, ends what it began, and is
 * proven. */
#include "simulation/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "domain/date.h"

const struct sim_part *const sim_parts[SIM_SERVICES] = {&sim_enrollment, &sim_certification, &sim_subsidy, &sim_ledger,
                                                        &sim_notification};

/* 2019-10-28, the day after the plan came into force. */
#define FIRST_DAY 18197

void
sim_broken(struct sim *sim, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(sim->stats->failure, sizeof(sim->stats->failure), format, arguments);
    va_end(arguments);
    fprintf(stderr, "broken: %s\n", sim->stats->failure);
    _exit(3);
}

void
sim_tell(const struct sim *sim, const char *format, ...)
{
    va_list arguments;

    if (!sim->knobs.talk)
        return;
    fprintf(stderr, "%12.6f ", (double)(sim->now_us - sim->began_us) / 1e6);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

/* ---- What goes wrong by the hour ---- */

static void
cut_off(struct sim *sim)
{
    size_t i = rng_below(&sim->fate, sizeof(sim->apart) / sizeof(sim->apart[0]));
    int64_t seconds = rng_chance(&sim->fate, 2000) ? 6 * 3600 : 40;

    sim->apart[i].agency = (uint32_t)rng_below(&sim->fate, sim->config.agencies_count);
    sim->apart[i].until_us = sim->now_us + (int64_t)rng_below(&sim->fate, (uint64_t)(seconds * SIM_SECOND_US));
    sim->stats->cuts++;
}

static void
skew(struct sim *sim)
{
    struct sim_machine *machine = &sim->machines[rng_below(&sim->fate, SIM_SERVICES)];

    machine->skew_ms = rng_chance(&sim->fate, 3000)   ? 0
                       : rng_chance(&sim->fate, 1000) ? rng_between(&sim->fate, -86400000, 86400000)
                                                      : rng_between(&sim->fate, -20000, 20000);
    sim->stats->skews++;
}

static void
fill_disk(struct sim *sim)
{
    struct sim_machine *machine = &sim->machines[rng_below(&sim->fate, SIM_SERVICES)];

    machine->full_until_us = sim->now_us + (int64_t)rng_below(&sim->fate, 30 * SIM_SECOND_US);
    sim->stats->full_disks++;
}

static void
fate_of_the_hour(struct sim *sim)
{
    if (rng_chance(&sim->fate, sim->knobs.apart))
        cut_off(sim);
    if (rng_chance(&sim->fate, sim->knobs.skew))
        skew(sim);
    if (rng_chance(&sim->fate, sim->knobs.full))
        fill_disk(sim);
}

/* ---- Days ---- */

static bool
at_head(const struct sim *sim, const struct sim_machine *machine)
{
    const struct jn_fold *fold = machine->host->store.fold;

    for (size_t u = 0; u < machine->service->upstreams_count; u++) {
        for (uint32_t i = 0; i < SIM_SERVICES; i++) {
            if (strcmp(sim->machines[i].service->name, machine->service->upstreams[u].name) == 0 &&
                fold->upstreams[u].block != sim->machines[i].disk->log.head.block)
                return false;
        }
    }
    return true;
}

static const char *
who_lags(const struct sim *sim)
{
    for (uint32_t i = 0; i < SIM_SERVICES; i++) {
        if (!sim->machines[i].host)
            return "a service is down";
        if (!at_head(sim, &sim->machines[i]))
            return sim->machines[i].service->name;
    }
    return "all have read everything";
}

void
sim_settle_down(struct sim *sim)
{
    int64_t until_us = sim->now_us + 4 * 3600 * SIM_SECOND_US;
    unsigned quiet = 0;

    while (quiet < 8) {
        bool still = sim->tasks_open == 0;

        if (still && !sim->calm)
            return; /* among deaths nobody stands at a head for long */
        for (uint32_t i = 0; still && i < SIM_SERVICES; i++)
            still = sim->machines[i].host && at_head(sim, &sim->machines[i]);
        quiet = still ? quiet + 1 : 0;
        if (sim->now_us > until_us)
            sim_broken(sim, "it never becomes quiet: %u commands without an answer; %s", sim->tasks_open,
                       who_lags(sim));
        sim_step(sim);
    }
}

static void
begin_day(struct sim *sim)
{
    if (!sim->config.driven_clock)
        return;
    for (uint32_t m = 0; m < SIM_SERVICES; m++)
        sim_do(sim, m, sim_generator(m, "Advance"));
}

static void
work_day(struct sim *sim)
{
    int64_t morning_us = (sim->now_us / SIM_DAY_US + 1) * SIM_DAY_US + 3600 * SIM_SECOND_US;
    uint64_t left = rng_below(&sim->work, 2 * sim->knobs.work);

    sim_jump(sim, morning_us);
    begin_day(sim);
    while (left > 0) {
        uint64_t burst = 1 + rng_below(&sim->work, left < 12 ? left : 12);

        fate_of_the_hour(sim);
        for (uint64_t i = 0; i < burst; i++)
            sim_random_work(sim);
        sim_run_until(sim, sim->now_us + (int64_t)rng_below(&sim->work, 400000));
        left -= burst;
    }
    /* What is under way is mostly answered in the evening; the rest goes on tomorrow. */
    sim_run_until(sim, sim->now_us + rng_between(&sim->work, 0, 2 * SIM_SECOND_US));
}

static void
found(struct sim *sim)
{
    static const struct {
        uint32_t machine;
        const char *method;
        unsigned times;
    } begin_with[] = {
        {NOTIFICATION, "OpenInbox", 9},  {ENROLLMENT, "SetDivisions", 1}, {ENROLLMENT, "DesignateInstitutions", 1},
        {ENROLLMENT, "ListProjects", 1}, {SUBSIDY, "AdoptPack", 1},       {SUBSIDY, "ProposePack", 1},
        {SUBSIDY, "RecordCases", 1},     {SUBSIDY, "ApprovePack", 1},     {SUBSIDY, "SetStandards", 1},
        {SUBSIDY, "SetReferences", 1},   {CERTIFICATION, "SetBase", 1},   {LEDGER, "AppropriateAll", 2}};

    for (size_t i = 0; i < sizeof(begin_with) / sizeof(begin_with[0]); i++) {
        for (unsigned k = 0; k < begin_with[i].times; k++)
            sim_do(sim, begin_with[i].machine, sim_generator(begin_with[i].machine, begin_with[i].method));
        /* Inboxes first: who has none when something happens is not told. */
        sim_settle_down(sim);
    }
}

static void
heal(struct sim *sim)
{
    sim->calm = true;
    for (uint32_t i = 0; i < SIM_SERVICES; i++) {
        sim->machines[i].skew_ms = 0;
        sim->machines[i].replies_left = 0;
        sim->machines[i].disk->death = SIM_LIVES;
        if (!sim->machines[i].host)
            sim_plan(sim, (struct sim_event){.at_us = sim->now_us, .what = SIM_START, .machine = i});
    }
    sim_settle_down(sim);
}

/* ---- Birth and death ---- */

/* Each run has kinds of trouble of its own: what a run never meets it is spared in `off` of ten. */
static void
draw(uint32_t *knob, struct rng *rng, int64_t low, int64_t high, uint64_t off)
{
    uint32_t drawn = (uint32_t)rng_between(rng, low, high);
    bool spared = rng_below(rng, 10) < off;

    if (*knob == UINT32_MAX)
        *knob = spared ? 0 : drawn;
}

static void
draw_knobs(struct sim *sim)
{
    struct sim_knobs *k = &sim->knobs;
    struct rng rng = rng_of(k->seed, 9);
    bool large = k->seed % 4 == 0, closely = k->seed % 4 == 1; /* an audit looks at all there is */

    draw(&k->start, &rng, 0, 500, 0);
    draw(&k->days, &rng, large ? 15 : 8, large ? 70 : 25, 0);
    draw(&k->work, &rng, large ? 6 : 4, large ? 40 : 24, 0);
    draw(&k->people, &rng, 12, large ? 160 : 60, 0);
    draw(&k->drop, &rng, 1, 400, 2);
    draw(&k->repeat, &rng, 1, 400, 2);
    draw(&k->late, &rng, 1, 500, 2);
    draw(&k->crash, &rng, 1, 25, 3);
    draw(&k->power, &rng, 1000, 9000, 2);
    draw(&k->commit, &rng, 1, 60, 3);
    draw(&k->apart, &rng, 10, 900, 3);
    draw(&k->skew, &rng, 10, 900, 4);
    draw(&k->full, &rng, 10, 500, 5);
    draw(&k->tight, &rng, 1, 900, 5);
    draw(&k->driven, &rng, 1, 1, 7);
    draw(&k->audit, &rng, large ? 32 : closely ? 1 : 8, large ? 32 : closely ? 1 : 8, 0);
    if (k->audit == 0)
        k->audit = 1;
}

static void
open_sim(struct sim *sim)
{
    struct rng names = rng_of(sim->knobs.seed, 4);

    sim->work = rng_of(sim->knobs.seed, 1);
    sim->network = rng_of(sim->knobs.seed, 2);
    sim->fate = rng_of(sim->knobs.seed, 3);
    draw_knobs(sim);
    sim->now_us = sim->began_us = date_to_ms(FIRST_DAY + (int32_t)sim->knobs.start) * 1000 + 3600 * SIM_SECOND_US;
    snprintf(sim->dir, sizeof(sim->dir), "%s/jineng-sim-%d-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp",
             (int)getpid());
    JN_ASSERT(mkdtemp(sim->dir));
    jn_arena_open(&sim->arena, (size_t)64 << 20);
    sim->config.driven_clock = sim->knobs.driven != 0;
    sim->config.start_ms = sim->now_us / 1000;
    for (uint32_t i = 0; i < SIM_SERVICES; i++) {
        struct sim_machine *machine = &sim->machines[i];

        machine->sim = sim;
        machine->index = i;
        machine->service = sim_parts[i]->service;
        machine->disk = sim_log_new(sim, machine->service->name, &names);
        snprintf(machine->dir, sizeof(machine->dir), "%s/%s", sim->dir, machine->service->name);
    }
    city_found(sim);
    for (uint32_t i = 0; i < SIM_SERVICES; i++)
        sim_machine_start(&sim->machines[i]);
}

static void
close_sim(struct sim *sim)
{
    for (uint32_t i = 0; i < SIM_SERVICES; i++)
        sim_machine_free(&sim->machines[i]);
    for (size_t i = 0; i < sim->heap_count; i++)
        free(sim->heap[i].frame);
    free(sim->heap);
    sim_tasks_free(sim);
    jn_arena_close(&sim->arena);
    free(sim);
}

void
sim_run(const struct sim_knobs *knobs, struct sim_stats *stats)
{
    struct sim *sim = calloc(1, sizeof(*sim));

    JN_ASSERT(sim);
    sim->knobs = *knobs;
    sim->stats = stats;
    open_sim(sim);
    stats->runs++;
    found(sim);
    sim->founded = true;
    for (uint32_t day = 0; day < sim->knobs.days && !sim->calm; day++)
        work_day(sim);
    heal(sim);
    city_close(sim);
    sim_settle_down(sim);
    sim_prove(sim);
    stats->simulated_us += sim->now_us - sim->began_us;
    close_sim(sim);
}
