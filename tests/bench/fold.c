/* Postings of the ledger's fold by itself: no socket, no client, nothing synced; what deciding, booking, hashing and
 * writing a posting costs of the processor.
 *
 *   bench-fold FOLDER BLOCKS RUN...     a run is KIND:ACCOUNTS:BATCH - `appropriate` or `grant`, over so many accounts,
 * so many postings in a command; so many blocks of it, as many commands as a block takes
 *
 * A grant is a commitment: its amount goes from `available` into `granted` of the account that bears it, where the pack
 * lists the fund for its purpose, the institution is designated, no claim waits for the money and the account has it.
 * Prints the run, microseconds a posting (median and least of the blocks). Where the processor
 * does not count its instructions, valgrind does: --tool=callgrind --toggle-collect=jn_fold_command
 * --toggle-collect=jn_fold_commit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "domain/date.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "ledger/ledger.h"
#include "runtime/engine.h"

#define MAP_GIB     16
#define INSTITUTION 7
#define BLOCKS_MAX  100000
/* A command's postings, a block's commands: what a turn of the service takes. */
#define COMMANDS (JN_BLOCK_RECORDS)

struct bench {
    struct jn_log *log;
    struct jn_tables *tables;
    struct jn_fold *fold;
    struct jn_agency finance;
    uint64_t sequence, number;
    int64_t now_ms;
};

struct run {
    bool grants;
    unsigned accounts, batch;
};

static double
cpu_us(void)
{
    struct timespec spent;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return (double)spent.tv_sec * 1e6 + (double)spent.tv_nsec / 1e3;
}

/* ---- The service ---- */

static void
start(struct bench *b, const char *dir)
{
    char path[512], error[JN_ERROR_TEXT];

    snprintf(path, sizeof(path), "%s/log", dir);
    b->log = jn_log_open(path, "ledger", MAP_GIB, JN_LOG_UNSYNCED, error);
    snprintf(path, sizeof(path), "%s/tables", dir);
    b->tables = b->log ? jn_tables_open(path, &ledger_service, MAP_GIB, false, error) : NULL;
    if (!b->tables) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    b->fold = jn_fold_open(&ledger_service, b->log, b->tables, false);
    b->finance = (struct jn_agency){.name = "finance", .roles = ROLE_FINANCE};
    b->now_ms = (int64_t)time(NULL) * 1000;
}

static void
hear(struct bench *b, const char *upstream, uint32_t type, const void *event)
{
    const struct jn_source source = {.upstream = upstream, .block = 1, .time_ms = b->now_ms};

    for (size_t i = 0; i < ledger_service.reactions_count; i++) {
        const struct jn_reaction *reaction = &ledger_service.reactions[i];

        if (strcmp(reaction->upstream, upstream) != 0 || reaction->type != type)
            continue;
        jn_fold_begin(b->fold, b->now_ms);
        JN_ASSERT(jn_fold_react(
            b->fold, (enum jn_code(*)(struct jn_decision *, const void *, const struct jn_source *))reaction->react,
            event, &source));
        JN_ASSERT(jn_fold_commit(b->fold, true) == JN_COMMITTED);
        return;
    }
    JN_ASSERT(false);
}

/* A pack that lists training bases for every fund, and who runs one. */
static void
tell_what_grants_need(struct bench *b)
{
    Subsidy__PackAdopted adopted = SUBSIDY__PACK_ADOPTED__INIT;
    Policy__Pack pack = POLICY__PACK__INIT;
    Policy__GrantUse bases = POLICY__GRANT_USE__INIT;
    Enrollment__InstitutionsDesignated designated = ENROLLMENT__INSTITUTIONS_DESIGNATED__INIT;
    Enrollment__DesignatedInstitution one = ENROLLMENT__DESIGNATED_INSTITUTION__INIT;
    Enrollment__Institution facts = ENROLLMENT__INSTITUTION__INIT;

    bases.purpose = COMMON__PURPOSE__TRAINING_BASE;
    bases.funds = UINT32_MAX << 1;
    bases.clause = (char *)(uintptr_t) "2.4-c";
    pack.id = (char *)(uintptr_t) "bench";
    pack.n_grants = 1;
    pack.grants = (Policy__GrantUse *[]){&bases};
    adopted.pack = &pack;
    hear(b, "subsidy", SUBSIDY__EVENT__BODY_PACK_ADOPTED, &adopted);
    one.institution = INSTITUTION;
    one.facts = &facts;
    designated.n_rows = 1;
    designated.rows = (Enrollment__DesignatedInstitution *[]){&one};
    hear(b, "enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, &designated);
}

/* ---- Commands ---- */

/* Not one account after another: a step that has no factor in common with 5,000. */
static uint64_t
place_of(const struct run *run, uint64_t number)
{
    return number * 2741 % run->accounts;
}

static struct jn_slice
appropriations(struct bench *b, const struct run *run, struct jn_arena *arena, int64_t fen)
{
    Ledger__AppropriateAll all = LEDGER__APPROPRIATE_ALL__INIT;

    all.rows = jn_arena_take(arena, run->batch * sizeof(*all.rows));
    for (; all.n_rows < run->batch; all.n_rows++) {
        Ledger__Appropriate *row = all.rows[all.n_rows] = jn_arena_take(arena, sizeof(*row));
        uint64_t place = place_of(run, b->number++);

        ledger__appropriate__init(row);
        row->fund = (Common__Fund)(1 + place % 5);
        row->division = (uint32_t)(130100 + place / 5);
        row->amount_fen = fen ? fen : (int64_t)(1 + b->number % 1000);
        row->day = date_of_ms(b->now_ms);
    }
    return jn_message_pack(arena, &all.base);
}

static struct jn_slice
grants(struct bench *b, const struct run *run, struct jn_arena *arena)
{
    Ledger__Grant all = LEDGER__GRANT__INIT;

    all.rows = jn_arena_take(arena, run->batch * sizeof(*all.rows));
    for (; all.n_rows < run->batch; all.n_rows++) {
        Ledger__GrantAsked *row = all.rows[all.n_rows] = jn_arena_take(arena, sizeof(*row));
        uint64_t place = place_of(run, b->number++);

        ledger__grant_asked__init(row);
        row->id = jn_arena_print(arena, "G%llu", (unsigned long long)b->number);
        row->fund = (Common__Fund)(1 + place % 5);
        row->division = (uint32_t)(130100 + place / 5);
        row->purpose = COMMON__PURPOSE__TRAINING_BASE;
        row->institution = INSTITUTION;
        row->amount_fen = (int64_t)(1 + b->number % 1000);
        row->document = (char *)(uintptr_t) "石财社〔2019〕7号";
    }
    return jn_message_pack(arena, &all.base);
}

static void
command(struct bench *b, const char *name, struct jn_slice body)
{
    const ProtobufCMethodDescriptor *descriptor;
    struct jn_call call = {.who = &b->finance,
                           .session = {(const uint8_t *)"bench-fold 16 by", 16},
                           .sequence = ++b->sequence,
                           .method = jn_fold_method(b->fold, name, &descriptor),
                           .body = body};
    struct jn_result result;

    call.input = descriptor->input;
    jn_fold_command(b->fold, &call, &result);
    /* A reply that lists no row that was refused has two bytes or three: how many were done. */
    if (result.code != JN_OK || result.body.length > 3) {
        fprintf(stderr, "not posted: %s\n", result.code != JN_OK ? result.reason : "a row was refused");
        exit(1);
    }
    jn_arena_reset(&b->fold->message);
}

/* ---- Runs ---- */

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Each account is given enough for all that is granted from it. */
static void
give_money(struct bench *b, struct jn_arena *arena, const struct run *run)
{
    const struct run giving = {.accounts = run->accounts, .batch = 1};

    for (unsigned i = 0; i < run->accounts;) {
        jn_fold_begin(b->fold, b->now_ms);
        for (; i < run->accounts && jn_fold_roomy(b->fold); i++)
            command(b, "AppropriateAll", appropriations(b, &giving, arena, INT64_C(10000000000)));
        JN_ASSERT(jn_fold_commit(b->fold, false) == JN_COMMITTED);
        jn_arena_reset(arena);
    }
}

/* Microseconds of the block's postings; what a client would do lies outside. */
static double
one_block(struct bench *b, struct jn_arena *arena, const struct run *run, uint64_t *postings)
{
    static struct jn_slice bodies[COMMANDS];
    size_t count = 0, most = JN_BLOCK_RECORDS / run->batch;
    double began;

    most = most > JN_BLOCK_ANSWERS_MAX ? JN_BLOCK_ANSWERS_MAX : most;
    for (; count < most; count++)
        bodies[count] = run->grants ? grants(b, run, arena) : appropriations(b, run, arena, 0);
    b->now_ms++;
    began = cpu_us();
    jn_fold_begin(b->fold, b->now_ms);
    for (size_t i = 0; i < count; i++)
        command(b, run->grants ? "Grant" : "AppropriateAll", bodies[i]);
    JN_ASSERT(jn_fold_commit(b->fold, false) == JN_COMMITTED);
    began = cpu_us() - began;
    *postings = count * run->batch;
    jn_arena_reset(arena);
    return began;
}

static void
run_one(struct bench *b, const char *name, unsigned blocks)
{
    double *us = calloc(blocks, sizeof(*us));
    struct run run = {.grants = false};
    struct jn_arena arena;
    char kind[16];

    JN_ASSERT(us);
    if (sscanf(name, "%15[a-z]:%u:%u", kind, &run.accounts, &run.batch) != 3 || run.accounts < 1 ||
        run.accounts > 5000 || run.batch < 1 || run.batch > JN_ROWS_MAX ||
        (strcmp(kind, "grant") != 0 && strcmp(kind, "appropriate") != 0)) {
        fprintf(stderr, "%s: a run is appropriate|grant:ACCOUNTS:BATCH\n", name);
        exit(2);
    }
    run.grants = strcmp(kind, "grant") == 0;
    jn_arena_open(&arena, (size_t)64 << 20);
    if (run.grants)
        give_money(b, &arena, &run);
    for (unsigned i = 0; i < blocks; i++) {
        uint64_t postings;
        double spent = one_block(b, &arena, &run, &postings);

        us[i] = spent / (double)postings;
    }
    qsort(us, blocks, sizeof(*us), by_size);
    printf("%s %.3f %.3f\n", name, us[blocks / 2], us[0]);
    fflush(stdout);
    jn_arena_close(&arena);
    free(us);
}

int
main(int argc, char **argv)
{
    struct bench b = {.sequence = 0};
    long blocks = argc > 2 ? strtol(argv[2], NULL, 10) : 0;

    if (argc < 4 || blocks < 1 || blocks > BLOCKS_MAX) {
        fprintf(stderr, "usage: bench-fold FOLDER BLOCKS RUN...\n");
        return 2;
    }
    start(&b, argv[1]);
    tell_what_grants_need(&b);
    for (int i = 3; i < argc; i++)
        run_one(&b, argv[i], (unsigned)blocks);
    jn_fold_close(b.fold);
    jn_tables_close(b.tables);
    b.log->close(b.log);
    return 0;
}
