/* Messages of a play: many in flight, each done once however often the play is started. */
#include "cli/play/play.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "domain/date.h"
#include "runtime/chain.h"

#define WINDOW 256
/* Commands that share a session: far fewer than the 4,096 that a service remembers. */
#define SESSION_COMMANDS 1024
/* A service that has not heard yet what a command refers to is asked again; what it keeps refusing stops the play. */
#define TRIES_MAX      60
#define TRIES_REFUSED  5
#define WAIT_ANSWER_MS 15000
#define GIVE_UP_MS     120000

static const char *const service_names[PLAY_SERVICES] = {"enrollment", "certification", "subsidy", "ledger",
                                                         "notification"};

extern const ProtobufCServiceDescriptor enrollment__enrollment__descriptor, certification__certification__descriptor,
    subsidy__subsidy__descriptor, ledger__ledger__descriptor, notification__notification__descriptor;

static const ProtobufCServiceDescriptor *const contracts[PLAY_SERVICES] = {
    &enrollment__enrollment__descriptor, &certification__certification__descriptor, &subsidy__subsidy__descriptor,
    &ledger__ledger__descriptor, &notification__notification__descriptor};

int64_t
play_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void
play_fail(struct play *play, const char *format, ...)
{
    va_list arguments;

    if (play->failed)
        return;
    play->failed = true;
    va_start(arguments, format);
    vsnprintf(play->failure, sizeof(play->failure), format, arguments);
    va_end(arguments);
}

struct jn_client *
play_client(struct play *play, enum play_agent agent, enum play_service service)
{
    struct jn_client **place = &play->client[agent][service];
    const struct jn_peer *peer = jn_config_peer(play->config, service_names[service]);
    char error[JN_CONFIG_ERROR] = "the service is not in the configuration";
    struct jn_keypair key;

    if (*place)
        return *place;
    if (peer && jn_keypair_load(play->config->data, play_agents[agent].name, &key, error))
        *place = jn_client_open(play->clients, peer, contracts[service], &key, WINDOW);
    if (!*place)
        play_fail(play, "%s cannot ask %s: %s", play_agents[agent].name, service_names[service], error);
    return *place;
}

void *
play_take(struct play *play, size_t bytes)
{
    return jn_arena_take(&play->arena, bytes ? bytes : 1);
}

char *
play_text(const char *text)
{
    return (char *)(uintptr_t)text;
}

void
tasks_add_as(struct tasks *tasks, const struct step *step, enum play_agent agent, uint64_t index, uint32_t part,
             int32_t day, uint64_t sequence)
{
    if (tasks->count == tasks->room) {
        tasks->room = tasks->room ? tasks->room * 2 : 64;
        tasks->list = realloc(tasks->list, tasks->room * sizeof(*tasks->list));
        JN_ASSERT(tasks->list);
    }
    tasks->list[tasks->count++] =
        (struct task){.step = step, .index = index, .part = part, .day = day, .sequence = sequence, .agent = agent};
}

void
tasks_add(struct tasks *tasks, const struct step *step, uint64_t index, uint32_t part, int32_t day, uint64_t sequence)
{
    tasks_add_as(tasks, step, step->agent, index, part, day, sequence);
}

/* The session follows from folder, step and day, so that a play that is started again repeats its own numbers. */
static void
name_session(const struct play *play, const struct task *task, uint8_t out[JN_SESSION_BYTES])
{
    uint8_t text[CAMPAIGN_DIGEST_BYTES + 80];
    struct jn_hash hash;
    int length = snprintf((char *)text + CAMPAIGN_DIGEST_BYTES, 80, "%s %d %llu", task->step->name, task->day,
                          (unsigned long long)(task->sequence / SESSION_COMMANDS));

    memcpy(text, play->digest, CAMPAIGN_DIGEST_BYTES);
    jn_sm3(text, CAMPAIGN_DIGEST_BYTES + (size_t)length, &hash);
    memcpy(out, hash.bytes, JN_SESSION_BYTES);
}

/* Sends one task; false where the window is full. A task that has nothing to say is done. */
static bool
send_task(struct play *play, struct task *task, bool *nothing)
{
    struct jn_client *client = play_client(play, task->agent, task->step->service);
    struct jn_request request = {
        .method = task->step->method, .sequence = task->sequence % SESSION_COMMANDS + 1, .tag = task};
    uint8_t session[JN_SESSION_BYTES];
    Envelope__Cursor list[PLAY_SERVICES], *cursors[PLAY_SERVICES];
    enum jn_code code;

    *nothing = false;
    request.after = cursors;
    request.not_before_ms = task->day > 0 ? date_to_ms(task->day) : 0;
    if (!client)
        return true;
    if (jn_client_room(client) == 0)
        return false;
    jn_arena_reset(&play->arena);
    request.request = task->step->build(play, task->index, task->part);
    if (!request.request) {
        *nothing = true;
        return true;
    }
    request.after_count = play_heads(play, task->step->after, list, cursors);
    name_session(play, task, session);
    jn_client_session(client, session, request.sequence);
    code = jn_client_send(client, &request, NULL);
    if (code == JN_UNAVAILABLE)
        return false;
    if (code != JN_OK)
        play_fail(play, "%s.%s cannot be sent: code %d", service_names[task->step->service], task->step->method, code);
    play->commands++;
    return true;
}

static bool
again_later(enum jn_code code)
{
    return code == JN_NOT_YET || code == JN_UNAVAILABLE || code == JN_TOO_LATE;
}

/* Done, or to be sent again. */
static bool
task_answered(struct play *play, struct task *task, const struct jn_answer *answer)
{
    /* Older than what is remembered: it was done in an earlier life of this play. */
    if (answer->code == JN_OK || answer->code == JN_TOO_OLD) {
        if (answer->code == JN_OK && task->step->answered)
            task->step->answered(play, task->index, task->part, answer);
        if (answer->code == JN_OK && answer->block > play->head[task->step->service])
            play->head[task->step->service] = answer->block;
        return true;
    }
    task->tries++;
    if (task->tries < (again_later(answer->code) ? TRIES_MAX : TRIES_REFUSED)) {
        task->not_before_us = play_now_us() + (task->tries < 10 ? 2000 : 1000000);
        return false;
    }
    play_fail(play, "%s asked %s.%s and was refused: %s", play_agents[task->agent].name,
              service_names[task->step->service], task->step->method, answer->reason);
    return true;
}

/* Answers that are there, or the first within wait_ms. */
static bool
receive(struct play *play, int wait_ms, size_t *done, struct tasks *again)
{
    struct jn_answer answer;

    if (!jn_clients_receive(play->clients, wait_ms, &answer))
        return false;
    do {
        struct task *task = answer.tag;

        if (!task)
            continue;
        if (task_answered(play, task, &answer)) {
            (*done)++;
        } else {
            tasks_add_as(again, task->step, task->agent, task->index, task->part, task->day, task->sequence);
            again->list[again->count - 1].tries = task->tries;
            again->list[again->count - 1].not_before_us = task->not_before_us;
        }
    } while (!play->failed && jn_clients_receive(play->clients, 0, &answer));
    return true;
}

/* Services that are started again answer when they are back: what was asked is asked again by itself. */
static void
receive_patiently(struct play *play, size_t *done, struct tasks *again)
{
    for (int waited_ms = 0; waited_ms < GIVE_UP_MS; waited_ms += WAIT_ANSWER_MS) {
        if (receive(play, WAIT_ANSWER_MS, done, again))
            return;
        fprintf(stderr, "jineng play: no answer for %d seconds; waiting for the services\n",
                (waited_ms + WAIT_ANSWER_MS) / 1000);
    }
    play_fail(play,
              "no answer for %d seconds: does the suite run? try jineng stats; then start the play again, it goes on "
              "where it was",
              GIVE_UP_MS / 1000);
}

static bool
run_once(struct play *play, struct tasks *tasks, struct tasks *again)
{
    size_t sent = 0, done = 0, in_flight = 0;

    while ((sent < tasks->count || done + again->count < tasks->count) && !play->failed) {
        bool full = false, nothing;

        while (sent < tasks->count && !full && !play->failed) {
            struct task *task = &tasks->list[sent];
            int64_t wait_us = task->not_before_us - play_now_us();

            if (wait_us > 0)
                usleep((useconds_t)wait_us);
            full = !send_task(play, task, &nothing);
            if (!full)
                sent++;
            if (!full && nothing)
                done++;
        }
        in_flight = sent - done - again->count;
        if (in_flight > 0 && !play->failed)
            receive_patiently(play, &done, again);
    }
    return !play->failed;
}

bool
tasks_run(struct play *play, struct tasks *tasks)
{
    struct tasks again = {0};

    while (tasks->count > 0 && run_once(play, tasks, &again)) {
        struct tasks swap = *tasks;

        *tasks = again;
        again = swap;
        again.count = 0;
    }
    free(again.list);
    tasks->count = 0;
    return !play->failed;
}

bool
play_ask(struct play *play, enum play_agent agent, enum play_service service, const char *method, const void *request,
         struct jn_answer *answer)
{
    struct jn_client *client = play_client(play, agent, service);

    if (!client)
        return false;
    if (!jn_client_call(client, method, request, GIVE_UP_MS, answer)) {
        play_fail(play, "%s.%s: %s", service_names[service], method, answer->reason);
        return false;
    }
    if (answer->code == JN_OK)
        return true;
    if (answer->code != JN_NOT_YET)
        play_fail(play, "%s asked %s.%s and was refused: %s", play_agents[agent].name, service_names[service], method,
                  answer->reason);
    return false;
}

/* The sheets were checked before; what a service refuses all the same is said aloud and counted. */
void
play_outcomes(struct play *play, const char *what, size_t count, Common__Outcome **refused)
{
    for (size_t i = 0; i < count; i++) {
        play->refused_rows++;
        if (play->refused_rows <= 20)
            fprintf(stderr, "jineng play: %s: row %u was refused: %s\n", what, refused[i]->row + 1, refused[i]->reason);
    }
}
