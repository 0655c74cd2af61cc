/* The services prove themselves, side by side; then each is asked about what its followers saw of it. */
#include "cli/proof.h"

#include <ctype.h>
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/program.h"
#include "cli/suite.h"
#include "runtime/proof.h"

#define LINE_MAX_BYTES 1400
#define DESCRIPTORS    16

struct prover {
    const struct proof_plan *plan;
    struct proof *proof;
    char scratch[JN_PATH_MAX];
    struct program programs[JN_PEERS_MAX];
    uint64_t cursors, heads, unsigned_heads;
    size_t elsewhere; /* followers here whose upstream's log is on another machine */
};

static void
found(struct prover *prover, const char *service, const char *sentence)
{
    printf("  FOUND  %s: %s\n", service, sentence);
    prover->proof->findings++;
}

/* ---- The scratch folder ---- */

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *walk)
{
    (void)st;
    (void)flag;
    (void)walk;
    return remove(path);
}

static bool
make_scratch(struct prover *prover)
{
    const char *parent = prover->plan->scratch ? prover->plan->scratch : getenv("TMPDIR");

    snprintf(prover->scratch, sizeof(prover->scratch), "%.900s/jineng-verify-XXXXXX",
             parent && *parent ? parent : "/var/tmp");
    if (mkdtemp(prover->scratch))
        return true;
    suite_say("%s: %s: name a folder with room with --scratch", prover->scratch, strerror(errno));
    return false;
}

/* ---- Each for itself ---- */

static bool
start(struct prover *prover, size_t i)
{
    const char *name = prover->plan->names[i];
    struct program *program = &prover->programs[i];
    char folder[JN_PATH_MAX + 64], error[JN_CONFIG_ERROR] = "";
    const char *const arguments[] = {"--verify", "--scratch", folder, NULL};

    program->service = name;
    snprintf(folder, sizeof(folder), "%s/%s", prover->scratch, name);
    snprintf(program->out, sizeof(program->out), "%s/%s.out", prover->scratch, name);
    if (mkdir(folder, 0700) == 0 &&
        program_start(program, prover->plan->bin, prover->plan->config->path, arguments, error))
        return true;
    suite_say("%s: %s", folder, *error ? error : strerror(errno));
    return false;
}

static void
print_figures(const char *name, const char *line, int64_t took_ms)
{
    printf("%-14s ", name);
    if (!program_figure(line, "started"))
        printf("has not been started yet\n");
    else if (!program_figure(line, "compared"))
        printf("%" PRIu64 " blocks, %" PRIu64 " events replayed; no tables yet, the start makes them  (%" PRId64
               " ms)\n",
               program_figure(line, "blocks"), program_figure(line, "events"), took_ms);
    else
        printf("%" PRIu64 " blocks, %" PRIu64 " events replayed; %" PRIu64 " rows compared at block %" PRIu64
               "  (%" PRId64 " ms)\n",
               program_figure(line, "blocks"), program_figure(line, "events"), program_figure(line, "rows"),
               program_figure(line, "stood_at"), took_ms);
}

static void
take_figures(struct proof_service *service, const char *line)
{
    const char *hash = strstr(line, " hash=");

    service->started = program_figure(line, "started");
    service->blocks = program_figure(line, "blocks");
    service->time_ms = (int64_t)program_figure(line, "time_ms");
    snprintf(service->hash, sizeof(service->hash), "%s", hash ? hash + 6 : "");
}

/* The findings, then the line of figures, which a program that crashed does not reach. */
static void
read_out(struct prover *prover, const struct program *program, const char *last, char figures[LINE_MAX_BYTES])
{
    char line[LINE_MAX_BYTES], text[JN_CONFIG_ERROR];
    FILE *out = fopen(program->out, "r");
    const char *sentence = NULL, *fault = program_fault(program, text);

    figures[0] = '\0';
    sentence = out ? program_line(out, last, line, sizeof(line)) : NULL;
    if (sentence)
        snprintf(figures, LINE_MAX_BYTES, "%s", sentence);
    if (out)
        rewind(out);
    while (out && (sentence = program_line(out, "finding", line, sizeof(line))))
        found(prover, program->service, sentence);
    if (out)
        fclose(out);
    if (fault)
        found(prover, program->service, fault);
    else if (!*figures)
        found(prover, program->service, "its program left before it was done");
}

static bool
each_for_itself(struct prover *prover)
{
    bool started = true;

    for (size_t i = 0; i < prover->plan->count; i++)
        started = started && start(prover, i);
    for (size_t i = 0; i < prover->plan->count; i++) {
        struct program *program = &prover->programs[i];
        char figures[LINE_MAX_BYTES];

        if (!program->pid || !program_wait(program, -1) || !started)
            continue;
        read_out(prover, program, "verified", figures);
        if (*figures) {
            take_figures(&prover->proof->services[i], figures);
            print_figures(program->service, figures, program->took_ms);
        }
        fflush(stdout);
    }
    return started && !program_interrupted();
}

/* ---- What followers saw ---- */

bool
proof_elsewhere(const struct jn_config *config, const char *service)
{
    char folder[JN_PATH_MAX + 64], key[JN_PATH_MAX + 64];

    snprintf(folder, sizeof(folder), "%s/%s", config->data, service);
    snprintf(key, sizeof(key), "%s/keys/%s.key", config->data, service);
    return access(folder, F_OK) != 0 && access(key, F_OK) != 0;
}

/* False where it could not be asked. */
static bool
hold_against(struct prover *prover, const char *upstream, const char *follower, const char *cursors)
{
    struct program program = {.service = upstream};
    char figures[LINE_MAX_BYTES], error[JN_CONFIG_ERROR];
    const char *const arguments[] = {"--witness", cursors, "--follower", follower, NULL};

    snprintf(program.out, sizeof(program.out), "%s/witness.out", prover->scratch);
    if (!program_start(&program, prover->plan->bin, prover->plan->config->path, arguments, error)) {
        suite_say("%s", error);
        return false;
    }
    if (!program_wait(&program, -1))
        return false;
    read_out(prover, &program, "witnessed", figures);
    prover->cursors += program_figure(figures, "cursors");
    prover->heads += program_figure(figures, "heads");
    prover->unsigned_heads += program_figure(figures, "unsigned_heads");
    return true;
}

/* For the machine where the upstream's log is. */
static bool
give(const struct prover *prover, const char *cursors, const char *follower, const char *upstream)
{
    char path[JN_PATH_MAX + 128], block[4096];
    FILE *from = fopen(cursors, "r"), *to;
    bool good = from != NULL;
    size_t length;

    snprintf(path, sizeof(path), "%s/%s.%s", prover->plan->witness, follower, upstream);
    to = fopen(path, "w");
    while (good && to && (length = fread(block, 1, sizeof(block), from)) > 0)
        good = fwrite(block, 1, length, to) == length;
    good = good && to && !ferror(from);
    if (from)
        fclose(from);
    if (to && fclose(to) == 0 && good)
        return true;
    suite_say("%s: %s: name a folder that can be written with --witness", path, strerror(errno));
    return false;
}

/* The newest head that the upstream has signed and the follower kept, as a file for jineng proof. */
static bool
save_head(const struct prover *prover, const char *cursors, const char *follower, const char *upstream)
{
    char path[JN_PATH_MAX + 128], line[4 * JN_HEAD_BYTES_MAX], last[4 * JN_HEAD_BYTES_MAX] = "";
    FILE *from = fopen(cursors, "r"), *to;

    while (from && fgets(line, sizeof(line), from))
        if (strncmp(line, "head ", 5) == 0)
            memcpy(last, line, sizeof(last));
    if (from)
        fclose(from);
    if (!*last)
        return true;
    snprintf(path, sizeof(path), "%s/%s.%s.head", prover->plan->heads, follower, upstream);
    to = fopen(path, "w");
    if (to)
        fputs(JN_HEAD_LINE, to);
    for (const char *at = last + 5; to && isxdigit((unsigned char)at[0]) && isxdigit((unsigned char)at[1]); at += 2)
        fputc((int)strtoul((const char[]){at[0], at[1], '\0'}, NULL, 16), to);
    if (to && fclose(to) == 0)
        return true;
    suite_say("%s: %s: name a folder that can be written with --heads", path, strerror(errno));
    return false;
}

static bool
ask_about(struct prover *prover, const char *follower, const char *upstream)
{
    char cursors[JN_PATH_MAX + 128];

    snprintf(cursors, sizeof(cursors), "%s/%s/cursors.%s", prover->scratch, follower, upstream);
    if (access(cursors, F_OK) != 0)
        return true;
    if (prover->plan->heads && !save_head(prover, cursors, follower, upstream))
        return false;
    if (!proof_elsewhere(prover->plan->config, upstream))
        return hold_against(prover, upstream, follower, cursors);
    prover->elsewhere++;
    return !prover->plan->witness || give(prover, cursors, follower, upstream);
}

/* What a follower on another machine has seen of a log that is here. */
static bool
ask_what_was_given(struct prover *prover, const char *upstream, const char *follower)
{
    char path[JN_PATH_MAX + 128];

    if (!prover->plan->witness || !proof_elsewhere(prover->plan->config, follower))
        return true;
    snprintf(path, sizeof(path), "%s/%s.%s", prover->plan->witness, follower, upstream);
    return access(path, F_OK) != 0 || hold_against(prover, upstream, follower, path);
}

static bool
what_followers_saw(struct prover *prover)
{
    const struct jn_config *config = prover->plan->config;

    for (size_t i = 0; i < prover->plan->count; i++)
        for (size_t u = 0; u < config->peers_count; u++)
            if (!ask_about(prover, prover->plan->names[i], config->peers[u].name) ||
                !ask_what_was_given(prover, prover->plan->names[i], config->peers[u].name))
                return false;
    if (prover->cursors > 0)
        printf("%-14s %" PRIu64 " cursors held against the logs that they name\n", "witnesses", prover->cursors);
    if (prover->heads > 0)
        printf("%-14s %" PRIu64 " signed heads held against the logs that they name, %" PRIu64
               " of them signed with a key that is not there now\n",
               "witnesses", prover->heads, prover->unsigned_heads);
    if (prover->elsewhere > 0)
        printf("%-14s of %zu logs on other machines: %s\n", "witnesses", prover->elsewhere,
               prover->plan->witness ? "written to the folder, to be held against them there"
                                     : "not compared; jineng verify --witness DIR, here and there, does it");
    return true;
}

int
proof_run(const struct proof_plan *plan, struct proof *out)
{
    struct prover prover = {.plan = plan, .proof = out};
    bool done;

    memset(out, 0, sizeof(*out));
    if (!make_scratch(&prover))
        return CLI_CONFIGURATION;
    program_listen();
    done = each_for_itself(&prover) && what_followers_saw(&prover);
    nftw(prover.scratch, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
    if (program_interrupted()) {
        suite_say("interrupted: nothing is proven");
        return CLI_REFUSED;
    }
    if (!done)
        return CLI_CONFIGURATION;
    if (out->findings)
        printf("%zu found\n", out->findings);
    else
        printf("sound: nothing was found\n");
    return out->findings ? CLI_REFUSED : CLI_OK;
}
