/* Events in the order of their time, and a network that loses, repeats and delays. */
#include "simulation/sim.h"

#include <string.h>

#define EVENTS_MAX 2000000

static bool
before(const struct sim_event *a, const struct sim_event *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

void
sim_plan(struct sim *sim, struct sim_event event)
{
    size_t i = sim->heap_count++;

    JN_ASSERT(sim->heap_count < EVENTS_MAX);
    if (sim->heap_count > sim->heap_room) {
        sim->heap_room = sim->heap_room ? sim->heap_room * 2 : 1024;
        sim->heap = realloc(sim->heap, sim->heap_room * sizeof(*sim->heap));
        JN_ASSERT(sim->heap);
    }
    event.order = sim->order++;
    while (i > 0 && before(&event, &sim->heap[(i - 1) / 2])) {
        sim->heap[i] = sim->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    sim->heap[i] = event;
}

static void
sink(struct sim *sim, size_t i, struct sim_event event)
{
    size_t child;

    while ((child = 2 * i + 1) < sim->heap_count) {
        if (child + 1 < sim->heap_count && before(&sim->heap[child + 1], &sim->heap[child]))
            child++;
        if (!before(&sim->heap[child], &event))
            break;
        sim->heap[i] = sim->heap[child];
        i = child;
    }
    sim->heap[i] = event;
}

/* Nobody works at night: what was planned for then happens in the morning. */
void
sim_jump(struct sim *sim, int64_t to_us)
{
    if (to_us <= sim->now_us)
        return;
    sim->now_us = to_us;
    for (size_t i = 0; i < sim->heap_count; i++) {
        if (sim->heap[i].at_us < to_us)
            sim->heap[i].at_us = to_us;
    }
    for (size_t i = sim->heap_count / 2; i-- > 0;)
        sink(sim, i, sim->heap[i]);
    for (uint32_t i = 0; i < SIM_SERVICES; i++) {
        if (sim->machines[i].turn_us != 0 && sim->machines[i].turn_us < to_us)
            sim->machines[i].turn_us = to_us;
    }
}

static struct sim_event
take_first(struct sim *sim)
{
    struct sim_event first = sim->heap[0];

    sim->heap_count--;
    sink(sim, 0, sim->heap[sim->heap_count]);
    return first;
}

/* ---- Queues ---- */

void
sim_push(struct sim_queue *queue, struct sim_frame *frame)
{
    if (!queue->first)
        queue->last = &queue->first;
    frame->next = NULL;
    *queue->last = frame;
    queue->last = &frame->next;
}

struct sim_frame *
sim_pop(struct sim_queue *queue)
{
    struct sim_frame *frame = queue->first;

    if (frame)
        queue->first = frame->next;
    return frame;
}

void
sim_queue_clear(struct sim_queue *queue)
{
    for (struct sim_frame *frame = sim_pop(queue); frame; frame = sim_pop(queue))
        free(frame);
}

/* ---- Sending ---- */

bool
sim_apart(const struct sim *sim, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < sizeof(sim->apart) / sizeof(sim->apart[0]); i++) {
        if (sim->apart[i].until_us > sim->now_us && (sim->apart[i].agency == a) != (sim->apart[i].agency == b))
            return true;
    }
    return false;
}

static int64_t
delay_us(struct sim *sim)
{
    int64_t us = rng_between(&sim->network, 50, 1500);

    if (sim->calm || !rng_chance(&sim->network, sim->knobs.late))
        return us;
    sim->stats->late++;
    return us +
           (int64_t)rng_below(&sim->network, rng_chance(&sim->network, 500) ? 90 * SIM_SECOND_US : 4 * SIM_SECOND_US);
}

void
sim_send(struct sim *sim, struct sim_event event, uint32_t agency_from, uint32_t agency_to, const void *bytes,
         size_t length)
{
    unsigned copies = 1;

    if (!sim->calm) {
        if (sim_apart(sim, agency_from, agency_to) || rng_chance(&sim->network, sim->knobs.drop))
            copies = 0;
        else if (rng_chance(&sim->network, sim->knobs.repeat))
            copies = 2;
    }
    sim->stats->dropped += copies == 0;
    sim->stats->repeated += copies == 2;
    for (unsigned i = 0; i < copies; i++) {
        event.frame = malloc(sizeof(*event.frame) + length);
        JN_ASSERT(event.frame);
        event.frame->from = event.connection;
        event.frame->agency = agency_from;
        event.frame->length = length;
        memcpy(event.frame->bytes, bytes, length);
        event.at_us = sim->now_us + delay_us(sim);
        sim_plan(sim, event);
    }
}

/* ---- A step ---- */

static void
turn_soon(struct sim *sim, struct sim_machine *machine)
{
    int64_t at_us = sim->now_us + (int64_t)rng_below(&sim->network, 300);

    if (!machine->host || (machine->turn_us != 0 && machine->turn_us <= at_us))
        return;
    machine->turn_us = at_us;
    sim_plan(sim,
             (struct sim_event){
                 .at_us = at_us, .what = SIM_TURN, .machine = machine->index, .incarnation = machine->incarnation});
}

static void
arrive_request(struct sim *sim, const struct sim_event *event)
{
    struct sim_machine *machine = &sim->machines[event->machine];

    sim->stats->messages++;
    if (!machine->host) {
        free(event->frame);
        return;
    }
    sim_push(&machine->requests, event->frame);
    turn_soon(sim, machine);
}

static void
arrive_reply(struct sim *sim, const struct sim_event *event)
{
    struct sim_machine *machine;

    sim->stats->messages++;
    if (event->connection >= SIM_CLIENT) {
        sim_task_reply(sim, event->frame);
        free(event->frame);
        return;
    }
    machine = &sim->machines[event->connection / 16];
    if (!machine->host || (uint16_t)machine->incarnation != event->incarnation) {
        free(event->frame); /* the connection died with its process */
        return;
    }
    sim_push(&machine->answers[event->connection % 16], event->frame);
    turn_soon(sim, machine);
}

static void
take_turn(struct sim *sim, const struct sim_event *event)
{
    struct sim_machine *machine = &sim->machines[event->machine];

    if (!machine->host || machine->incarnation != event->incarnation)
        return;
    if (machine->turn_us == event->at_us)
        machine->turn_us = 0;
    sim_machine_turn(machine);
    if (machine->host && (machine->requests.first || machine->host->intake.count > 0))
        turn_soon(sim, machine);
}

bool
sim_step(struct sim *sim)
{
    struct sim_event event;

    if (sim->heap_count == 0)
        return false;
    event = take_first(sim);
    if (event.at_us > sim->now_us)
        sim->now_us = event.at_us;
    switch (event.what) {
    case SIM_REQUEST:
        arrive_request(sim, &event);
        break;
    case SIM_REPLY:
        arrive_reply(sim, &event);
        break;
    case SIM_TURN:
        take_turn(sim, &event);
        break;
    case SIM_START:
        if (!sim->machines[event.machine].host)
            sim_machine_start(&sim->machines[event.machine]);
        break;
    case SIM_ASK:
        sim_task_again(sim, event.task);
        break;
    }
    if (sim->knobs.most_messages && sim->stats->messages > sim->knobs.most_messages && !sim->calm)
        sim->calm = true;
    return true;
}

void
sim_run_until(struct sim *sim, int64_t until_us)
{
    while (sim->heap_count > 0 && sim->heap[0].at_us <= until_us)
        sim_step(sim);
    if (sim->now_us < until_us)
        sim->now_us = until_us;
}
