/* The clock of a rehearsal: moved through the campaign's days, all services together. */
#include "cli/play/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jineng/v1/runtime.pb-c.h"

#define AWAIT_MS 2000
/* A service that runs answers within milliseconds; one that is starting reads its log first. */
#define REACH_MS     2000
#define REACH_MAX_MS 120000
/* Rounds in which something still moves before the play gives up: a chain of five services settles in a handful. */
#define ROUNDS_MAX 2000

static const char *const names[PLAY_SERVICES] = {"enrollment", "certification", "subsidy", "ledger", "notification"};

struct stands {
    uint64_t block[PLAY_SERVICES];
    uint64_t read[PLAY_SERVICES][PLAY_SERVICES]; /* by reader and upstream; UINT64_MAX: it does not follow that one */
    int64_t time_ms[PLAY_SERVICES];
    int64_t next_timer_ms;
};

static void
note_standing(struct stands *stands, enum play_service service, const Runtime__Standing *standing)
{
    stands->block[service] = standing->block;
    stands->time_ms[service] = standing->time_ms;
    if (standing->next_timer_ms > 0 && (stands->next_timer_ms == 0 || standing->next_timer_ms < stands->next_timer_ms))
        stands->next_timer_ms = standing->next_timer_ms;
    memset(stands->read[service], 0xff, sizeof(stands->read[service]));
    for (size_t i = 0; i < standing->n_cursors; i++) {
        for (int upstream = 0; upstream < PLAY_SERVICES; upstream++) {
            if (strcmp(standing->cursors[i]->upstream, names[upstream]) == 0)
                stands->read[service][upstream] = standing->cursors[i]->block;
        }
    }
}

static bool
ask_all(struct play *play, struct stands *stands)
{
    memset(stands, 0, sizeof(*stands));
    for (int service = 0; service < PLAY_SERVICES; service++) {
        Runtime__StandRequest request = RUNTIME__STAND_REQUEST__INIT;
        struct jn_answer answer;

        if (!play_ask(play, AGENT_OPERATOR, (enum play_service)service, "Stand", &request, &answer))
            return false;
        note_standing(stands, (enum play_service)service, answer.reply);
    }
    return true;
}

bool
clock_reach(struct play *play)
{
    for (int service = 0; service < PLAY_SERVICES; service++) {
        struct jn_client *client = play_client(play, AGENT_OPERATOR, (enum play_service)service);
        Runtime__StandRequest request = RUNTIME__STAND_REQUEST__INIT;
        struct jn_answer answer;
        int waited_ms = 0;

        while (client && !jn_client_call(client, "Stand", &request, REACH_MS, &answer)) {
            waited_ms += REACH_MS;
            if (waited_ms >= REACH_MAX_MS) {
                play_fail(play, "%s", answer.reason);
                return false;
            }
            if (waited_ms == REACH_MS)
                fprintf(stderr, "jineng play: %s 服务未响应; waiting for it, %d seconds at most\n", answer.reason,
                        REACH_MAX_MS / 1000);
        }
        if (!client)
            return false;
    }
    return true;
}

bool
clock_standing(struct play *play, int64_t *earliest_ms)
{
    struct stands stands;

    if (!ask_all(play, &stands))
        return false;
    *earliest_ms = stands.time_ms[0];
    for (int service = 1; service < PLAY_SERVICES; service++) {
        if (stands.time_ms[service] < *earliest_ms)
            *earliest_ms = stands.time_ms[service];
    }
    return true;
}

int64_t
clock_next_timer(struct play *play)
{
    struct stands stands;

    return ask_all(play, &stands) ? stands.next_timer_ms : 0;
}

static const void *
build_advance(struct play *play, uint64_t index, uint32_t part)
{
    Runtime__AdvanceTo *to = play_take(play, sizeof(*to));

    (void)part;
    runtime__advance_to__init(to);
    to->time_ms = (int64_t)index;
    return to;
}

void
clock_add(struct tasks *tasks, int64_t to_ms)
{
    static const struct step steps[PLAY_SERVICES] = {
        {"advance", AGENT_OPERATOR, ENROLLMENT, "Advance", build_advance, NULL, 0},
        {"advance", AGENT_OPERATOR, CERTIFICATION, "Advance", build_advance, NULL, 0},
        {"advance", AGENT_OPERATOR, SUBSIDY, "Advance", build_advance, NULL, 0},
        /* What was settled is committed on its own day, before anything of the next reaches the ledger. */
        {"advance", AGENT_OPERATOR, LEDGER, "Advance", build_advance, NULL, 1 << SUBSIDY},
        /* What was answered in time is not called late. */
        {"advance", AGENT_OPERATOR, NOTIFICATION, "Advance", build_advance, NULL, 1 << ENROLLMENT},
    };

    for (int service = 0; service < PLAY_SERVICES; service++)
        tasks_add(tasks, &steps[service], (uint64_t)to_ms, 0, 0, 0);
}

bool
clock_advance(struct play *play, int64_t to_ms)
{
    struct tasks tasks = {0};
    int64_t began = play_now_us();
    bool done;

    clock_add(&tasks, to_ms);
    done = tasks_run(play, &tasks);
    free(tasks.list);
    play->clock_us += play_now_us() - began;
    return done;
}

static bool
await(struct play *play, enum play_service service, size_t count, Envelope__Cursor **cursors)
{
    Runtime__AwaitCursors request = RUNTIME__AWAIT_CURSORS__INIT;
    struct jn_answer answer;

    request.cursors = cursors;
    request.n_cursors = count;
    request.wait_ms = AWAIT_MS;
    for (int tries = 0; tries < 30 && !play->failed; tries++) {
        if (play_ask(play, AGENT_OPERATOR, service, "Await", &request, &answer))
            return true;
    }
    play_fail(play, "%s does not catch up with what the others said; see its log", names[service]);
    return false;
}

size_t
play_heads(const struct play *play, unsigned services, Envelope__Cursor list[PLAY_SERVICES],
           Envelope__Cursor *cursors[PLAY_SERVICES])
{
    size_t count = 0;

    for (int upstream = 0; upstream < PLAY_SERVICES; upstream++) {
        if (!(services >> upstream & 1))
            continue;
        envelope__cursor__init(&list[count]);
        list[count].upstream = play_text(names[upstream]);
        list[count].block = play->head[upstream];
        cursors[count] = &list[count];
        count++;
    }
    return count;
}

bool
clock_await(struct play *play, enum play_service service, unsigned upstreams)
{
    Envelope__Cursor list[PLAY_SERVICES], *cursors[PLAY_SERVICES];

    return await(play, service, play_heads(play, upstreams, list, cursors), cursors);
}

/* Has this service read everything that its upstreams had? If not, wait for it. */
static bool
catch_up(struct play *play, const struct stands *stands, enum play_service service, bool *moved)
{
    Envelope__Cursor list[PLAY_SERVICES], *cursors[PLAY_SERVICES];
    size_t count = 0;

    for (int upstream = 0; upstream < PLAY_SERVICES; upstream++) {
        uint64_t read = stands->read[service][upstream];

        if (read == UINT64_MAX || read >= stands->block[upstream])
            continue;
        envelope__cursor__init(&list[count]);
        list[count].upstream = play_text(names[upstream]);
        list[count].block = stands->block[upstream];
        cursors[count] = &list[count];
        count++;
    }
    if (count == 0)
        return true;
    *moved = true;
    return await(play, service, count, cursors);
}

bool
clock_quiet(struct play *play)
{
    struct stands before = {0}, now;
    int64_t began = play_now_us();

    for (int round = 0; round < ROUNDS_MAX; round++) {
        bool moved = false;

        if (!ask_all(play, &now))
            return false;
        for (int service = 0; service < PLAY_SERVICES; service++) {
            if (!catch_up(play, &now, (enum play_service)service, &moved))
                return false;
        }
        if (!moved && round > 0 && memcmp(before.block, now.block, sizeof(now.block)) == 0) {
            memcpy(play->head, now.block, sizeof(play->head));
            play->clock_us += play_now_us() - began;
            return true;
        }
        before = now;
    }
    play_fail(play, "the services do not come to rest; see their logs");
    return false;
}
