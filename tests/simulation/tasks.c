/* Commands and queries of departments: sent, sent again, answered; what each was told is kept for the proof. */
#include "simulation/sim.h"

#include <string.h>

#define TASKS_MAX    200000
#define ASK_AGAIN_US SIM_SECOND_US
#define TRIES_MAX    30
#define TRIES_CALM   8 /* what is not yet to be had when all is quiet is refused */

static const ProtobufCMethodDescriptor *
rpc_of(const struct sim_task *task)
{
    const ProtobufCMethodDescriptor *rpc = protobuf_c_service_descriptor_get_method_by_name(
        sim_parts[task->machine]->service->contract, task->generator->method);

    if (!rpc)
        rpc = protobuf_c_service_descriptor_get_method_by_name(&runtime__runtime__descriptor, task->generator->method);
    JN_ASSERT(rpc);
    return rpc;
}

static void
session_bytes(uint64_t session, uint8_t out[16])
{
    memset(out, 0, 16);
    memcpy(out, &session, sizeof(session));
}

static void
plan_again(struct sim *sim, const struct sim_task *task, int64_t after_us)
{
    sim_plan(sim, (struct sim_event){.at_us = sim->now_us + after_us, .what = SIM_ASK, .task = task->index});
}

static void
send_task(struct sim *sim, struct sim_task *task)
{
    Envelope__Request request = ENVELOPE__REQUEST__INIT;
    const struct jn_service *service = sim_parts[task->machine]->service;
    uint8_t session[16], *frame;
    size_t length;

    session_bytes(task->session, session);
    request.id = task->index + 1;
    request.service = (char *)(uintptr_t)service->name;
    request.method = (char *)(uintptr_t)task->generator->method;
    request.body = (ProtobufCBinaryData){task->length, task->body};
    if (task->sequence > 0) {
        request.session = (ProtobufCBinaryData){sizeof(session), session};
        request.sequence = task->sequence;
    }
    length = envelope__request__get_packed_size(&request);
    frame = malloc(length);
    JN_ASSERT(frame);
    envelope__request__pack(&request, frame);
    task->sent++;
    sim_send(sim,
             (struct sim_event){.what = SIM_REQUEST, .machine = task->machine, .connection = SIM_CLIENT + task->agency},
             task->agency, sim->machines[task->machine].agency, frame, length);
    free(frame);
    plan_again(sim, task, ASK_AGAIN_US);
}

static struct sim_task *
add_task(struct sim *sim)
{
    struct sim_task *task = calloc(1, sizeof(*task));

    JN_ASSERT(task && sim->tasks_count < TASKS_MAX);
    if (sim->tasks_count == sim->tasks_room) {
        sim->tasks_room = sim->tasks_room ? sim->tasks_room * 2 : 1024;
        sim->tasks = realloc(sim->tasks, sim->tasks_room * sizeof(struct sim_task *));
        JN_ASSERT(sim->tasks);
    }
    task->index = sim->tasks_count;
    sim->tasks[sim->tasks_count++] = task;
    sim->stats->tasks++;
    sim->tasks_open++;
    return task;
}

/* Commands that are left out keep their numbers, so that the others keep theirs. */
static bool
left_out(const struct sim *sim, uint32_t index)
{
    const char *list = sim->knobs.without;

    while (list && *list) {
        char *end;
        unsigned long from = strtoul(list, &end, 10), to = from;

        if (*end == '-')
            to = strtoul(end + 1, &end, 10);
        if (index >= from && index <= to)
            return true;
        list = *end == ',' ? end + 1 : "";
    }
    return false;
}

struct sim_task *
sim_do(struct sim *sim, uint32_t machine, const struct sim_generator *generator)
{
    struct sim_draft draft = {0};
    const struct jn_service *service = sim_parts[machine]->service;
    struct sim_task *task;

    jn_arena_reset(&sim->arena);
    if (!generator->make(sim, &draft))
        return NULL;
    task = add_task(sim);
    task->generator = generator;
    task->agency = draft.agency;
    task->machine = machine;
    memcpy(task->about, draft.about, sizeof(task->about));
    task->length = protobuf_c_message_get_packed_size(draft.message);
    task->body = malloc(task->length + 1);
    JN_ASSERT(task->body);
    protobuf_c_message_pack(draft.message, task->body);
    for (size_t i = 0; i < service->methods_count; i++) {
        if (strcmp(service->methods[i].name, generator->method) == 0 && service->methods[i].decide) {
            task->session = 1000; /* everybody chose the same */
            task->sequence = ++sim->sequence[draft.agency][machine];
            sim->stats->commands++;
        }
    }
    if (sim->founded && !sim->calm && left_out(sim, task->index)) {
        task->answered = task->given_up = true;
        sim->tasks_open--;
        return task;
    }
    sim_tell(sim, "%u: %s.%s", task->index, service->name, generator->method);
    send_task(sim, task);
    return task;
}

const struct sim_generator *
sim_generator(uint32_t machine, const char *method)
{
    const struct sim_generator *found = NULL;

    for (size_t i = 0; i < sim_parts[machine]->generators_count && !found; i++) {
        if (strcmp(sim_parts[machine]->generators[i].method, method) == 0)
            found = &sim_parts[machine]->generators[i];
    }
    JN_ASSERT(found);
    return found;
}

void
sim_task_again(struct sim *sim, uint32_t index)
{
    struct sim_task *task = sim->tasks[index];

    if (task->answered)
        return;
    /* What a campaign begins with is asked for until it is done. */
    if (++task->tries > TRIES_MAX && !sim->calm && sim->founded) {
        task->answered = task->given_up = true; /* nobody knows: the proof asks once more */
        sim->tasks_open--;
        return;
    }
    if (task->tries > 40 * TRIES_MAX)
        sim_broken(sim, "%s.%s (command %u) is never answered, last with %s", sim_parts[task->machine]->service->name,
                   task->generator->method, index,
                   protobuf_c_enum_descriptor_get_value(&envelope__code__descriptor, (int)task->code)->name);
    send_task(sim, task);
}

static bool
again_later(const struct sim *sim, const struct sim_task *task)
{
    return (task->code == JN_NOT_YET && !(sim->calm && task->tries > TRIES_CALM)) || task->code == JN_UNAVAILABLE ||
           task->code == JN_TOO_LATE;
}

static void
hear(struct sim *sim, struct sim_task *task, enum jn_code code, const Envelope__Reply *reply)
{
    const void *body = NULL;

    if (!task->generator->heard)
        return;
    jn_arena_reset(&sim->arena);
    if (code == JN_OK) {
        body =
            protobuf_c_message_unpack(rpc_of(task)->output, &sim->arena.allocator, reply->body.len, reply->body.data);
        if (!body)
            sim_broken(sim, "the reply to %s (command %u) cannot be read", task->generator->method, task->index);
    }
    task->generator->heard(sim, task, code, body);
}

/* Whatever was once answered with OK is answered so again, word for word. A refusal may still come in that was made
 * before, of an earlier copy: it names the block that the service stood at. */
static void
check_same(struct sim *sim, const struct sim_task *task, const Envelope__Reply *reply)
{
    if (task->sequence == 0 || reply->code == ENVELOPE__CODE__UNAVAILABLE ||
        (reply->code != ENVELOPE__CODE__OK && reply->block < task->block))
        return;
    if (reply->code != ENVELOPE__CODE__OK || reply->body.len != task->reply_length ||
        (reply->body.len > 0 && memcmp(reply->body.data, task->reply, reply->body.len) != 0))
        sim_broken(sim, "%s (command %u) was acknowledged and is answered otherwise now: code %d, %s",
                   task->generator->method, task->index, (int)reply->code, reply->reason);
}

static void
acknowledge(struct sim *sim, struct sim_task *task, const Envelope__Reply *reply)
{
    task->acknowledged = true;
    task->block = reply->block;
    task->reply_length = reply->body.len;
    task->reply = malloc(reply->body.len + 1);
    JN_ASSERT(task->reply);
    if (reply->body.len > 0)
        memcpy(task->reply, reply->body.data, reply->body.len);
    sim->stats->acknowledged += task->sequence > 0;
    sim_tally_accepted(sim, task, reply);
    if (task->sequence > 0 && !sim->calm && rng_chance(&sim->fate, 800)) {
        sim->stats->again++;
        send_task(sim, task); /* a client that did not hear the answer */
    }
}

/* The same number with other content: somebody's mistake, or worse. It must not be done, nor told what the first was.
 */
static void
try_conflict(struct sim *sim, const struct sim_task *of)
{
    struct sim_task *task = add_task(sim);
    uint32_t index = task->index;

    *task = *of;
    task->index = index;
    task->length = of->length + 2;
    task->body = malloc(task->length);
    JN_ASSERT(task->body);
    memcpy(task->body, of->body, of->length);
    memcpy(task->body + of->length, "\xf8\x7f", 2); /* content that no message has: field 2047, and it breaks off */
    task->answered = task->acknowledged = false;
    task->expects_conflict = true;
    task->reply = NULL;
    task->sent = task->tries = 0;
    sim->stats->conflicts++;
    send_task(sim, task);
}

void
sim_task_reply(struct sim *sim, const struct sim_frame *frame)
{
    Envelope__Reply *reply = envelope__reply__unpack(NULL, frame->length, frame->bytes);
    struct sim_task *task;
    bool first;

    if (!reply || reply->id == 0 || reply->id > sim->tasks_count)
        sim_broken(sim, "a reply that nobody asked for");
    task = sim->tasks[reply->id - 1];
    task->code = (enum jn_code)reply->code;
    first = !task->answered;
    if (task->expects_conflict && !again_later(sim, task) && task->code != JN_CONFLICT)
        sim_broken(sim, "a used command number with other content (command %u) is answered with code %d", task->index,
                   (int)task->code);
    if (task->acknowledged) {
        check_same(sim, task, reply);
    } else if (!again_later(sim, task) && (first || (task->given_up && task->sent > 0) || task->code == JN_OK)) {
        task->given_up = false;
        if (task->code == JN_OK)
            acknowledge(sim, task, reply);
        else
            sim->stats->refused += task->sequence > 0 && first;
        if (first) {
            task->answered = true;
            sim->tasks_open--;
        }
        sim_tell(sim, "%u: code %d %s", task->index, (int)task->code, reply->reason);
        hear(sim, task, task->code, reply);
        if (task->code == JN_OK && task->sequence > 0 && !sim->calm && rng_chance(&sim->fate, 300))
            try_conflict(sim, task);
    }
    envelope__reply__free_unpacked(reply, NULL);
}

void
sim_tasks_free(struct sim *sim)
{
    for (uint32_t i = 0; i < sim->tasks_count; i++) {
        free(sim->tasks[i]->body);
        free(sim->tasks[i]->reply);
        free(sim->tasks[i]);
    }
    free(sim->tasks);
}

/* ---- Work at random ---- */

static bool
wanted(const struct sim *sim, const char *method)
{
    const char *at = sim->knobs.only ? strstr(sim->knobs.only, method) : method;
    size_t length = strlen(method);

    while (sim->knobs.only && at && ((at > sim->knobs.only && at[-1] != ',') || (at[length] && at[length] != ',')))
        at = strstr(at + 1, method);
    return at != NULL;
}

void
sim_random_work(struct sim *sim)
{
    uint64_t sum = 0, at;

    for (uint32_t m = 0; m < SIM_SERVICES; m++) {
        for (size_t i = 0; i < sim_parts[m]->generators_count; i++)
            sum += sim_parts[m]->generators[i].weight;
    }
    at = rng_below(&sim->work, sum);
    for (uint32_t m = 0; m < SIM_SERVICES; m++) {
        for (size_t i = 0; i < sim_parts[m]->generators_count; i++) {
            const struct sim_generator *generator = &sim_parts[m]->generators[i];

            if (at < generator->weight) {
                if (wanted(sim, generator->method))
                    sim_do(sim, m, generator);
                return;
            }
            at -= generator->weight;
        }
    }
}
