/* When all is healed and quiet: what was acknowledged is in the logs, once; what was refused is not; tables are what
 * their logs say; followers have read their upstreams to the end. */
#include "simulation/sim.h"

#include <stdio.h>
#include <string.h>

#include "runtime/history.h"

/* ---- Events ---- */

void
sim_events(struct sim *sim, uint32_t machine, sim_event_fn each, void *context)
{
    const struct sim_log *log = sim->machines[machine].disk;
    const ProtobufCMessageDescriptor *descriptor = sim->machines[machine].service->event;

    for (size_t b = 0; b < log->count; b++) {
        Envelope__Block *block = envelope__block__unpack(NULL, log->blocks[b].length, log->blocks[b].bytes);

        JN_ASSERT(block);
        for (size_t i = 0; i < block->n_records; i++) {
            Envelope__Record *record = envelope__record__unpack(NULL, block->records[i].len, block->records[i].data);
            ProtobufCMessage *event =
                protobuf_c_message_unpack(descriptor, NULL, record->event.len, record->event.data);
            const void *message;
            uint32_t type;

            memcpy(&type, (uint8_t *)event + descriptor->fields[0].quantifier_offset, sizeof(type));
            memcpy(&message, (uint8_t *)event + protobuf_c_message_descriptor_get_field(descriptor, type)->offset,
                   sizeof(message));
            each(context, b + 1, type, message);
            sim->stats->events++;
            if (!sim->tallied[machine])
                sim_tally_said(sim, machine, type);
            protobuf_c_message_free_unpacked(event, NULL);
            envelope__record__free_unpacked(record, NULL);
        }
        envelope__block__free_unpacked(block, NULL);
    }
    sim->tallied[machine] = true;
}

/* ---- Acknowledgements ---- */

/* A command of a log: who sent it, its number, what it was, what was answered, where it lies. */
struct kept {
    uint32_t agency;
    uint64_t session, sequence, block;
    uint8_t content[16];
    uint8_t *reply;
    size_t reply_length;
};
struct kept_list {
    struct kept *list;
    size_t count, room;
};

static uint32_t
agency_of(const struct sim *sim, const ProtobufCBinaryData *key)
{
    for (uint32_t i = 0; i < sim->config.agencies_count; i++) {
        if (key->len == JN_KEY_BYTES && memcmp(sim->config.agencies[i].key, key->data, JN_KEY_BYTES) == 0)
            return i;
    }
    return UINT32_MAX;
}

static void
keep(struct sim *sim, struct kept_list *all, const Envelope__Answer *answer, uint64_t block)
{
    struct kept *kept;

    if (all->count == all->room) {
        all->room = all->room ? all->room * 2 : 256;
        all->list = realloc(all->list, all->room * sizeof(*all->list));
        JN_ASSERT(all->list);
    }
    kept = &all->list[all->count++];
    *kept = (struct kept){.agency = agency_of(sim, &answer->key), .sequence = answer->sequence, .block = block};
    if (kept->agency == UINT32_MAX || answer->session.len != 16 || answer->content.len != 16)
        sim_broken(sim, "a command in a log has a key, a session or a content that nobody sent");
    memcpy(&kept->session, answer->session.data, sizeof(kept->session));
    memcpy(kept->content, answer->content.data, sizeof(kept->content));
    kept->reply_length = answer->reply.len;
    kept->reply = malloc(answer->reply.len + 1);
    JN_ASSERT(kept->reply);
    if (answer->reply.len > 0)
        memcpy(kept->reply, answer->reply.data, answer->reply.len);
}

static int
by_number(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;

    if (x->agency != y->agency)
        return x->agency < y->agency ? -1 : 1;
    if (x->session != y->session)
        return x->session < y->session ? -1 : 1;
    return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

static struct kept_list
commands_of(struct sim *sim, uint32_t machine)
{
    const struct sim_log *log = sim->machines[machine].disk;
    struct kept_list all = {0};

    for (size_t b = 0; b < log->count; b++) {
        Envelope__Block *block = envelope__block__unpack(NULL, log->blocks[b].length, log->blocks[b].bytes);
        Envelope__BlockPrivate *private =
            envelope__block_private__unpack(NULL, block->private_.len, block->private_.data);

        JN_ASSERT(private);
        for (size_t i = 0; i < private->n_answers; i++)
            keep(sim, &all, private->answers[i], b + 1);
        envelope__block_private__free_unpacked(private, NULL);
        envelope__block__free_unpacked(block, NULL);
    }
    if (all.count > 0)
        qsort(all.list, all.count, sizeof(*all.list), by_number);
    for (size_t i = 1; i < all.count; i++) {
        if (by_number(&all.list[i - 1], &all.list[i]) == 0)
            sim_broken(sim, "%s did command %llu of %s twice, in blocks %llu and %llu",
                       sim->machines[machine].service->name, (unsigned long long)all.list[i].sequence,
                       sim->config.agencies[all.list[i].agency].name, (unsigned long long)all.list[i - 1].block,
                       (unsigned long long)all.list[i].block);
    }
    return all;
}

static void
content_of(const struct sim_task *task, uint8_t out[16])
{
    size_t name = strlen(task->generator->method) + 1;
    uint8_t *bytes = malloc(name + task->length);
    struct jn_hash whole;

    JN_ASSERT(bytes);
    memcpy(bytes, task->generator->method, name);
    memcpy(bytes + name, task->body, task->length);
    jn_sm3(bytes, name + task->length, &whole);
    free(bytes);
    memcpy(out, whole.bytes, 16);
}

static void
prove_task(struct sim *sim, const struct sim_task *task, const struct kept_list *all)
{
    struct kept key = {.agency = task->agency, .session = task->session, .sequence = task->sequence};
    const struct kept *found = all->count ? bsearch(&key, all->list, all->count, sizeof(*all->list), by_number) : NULL;
    const char *service = sim->machines[task->machine].service->name;
    uint8_t content[16];

    if (task->acknowledged != (found != NULL))
        sim_broken(sim,
                   task->acknowledged ? "%s.%s (command %u) was acknowledged and is not in the log"
                                      : "%s.%s (command %u) was refused and is in the log",
                   service, task->generator->method, task->index);
    if (!found)
        return;
    content_of(task, content);
    if (memcmp(content, found->content, sizeof(content)) != 0)
        sim_broken(sim, "%s did something else for command %u than was sent", service, task->index);
    if (found->block != task->block || found->reply_length != task->reply_length ||
        memcmp(found->reply, task->reply, task->reply_length) != 0)
        sim_broken(sim, "%s.%s (command %u) was answered otherwise than its log says (block %llu, told %llu)", service,
                   task->generator->method, task->index, (unsigned long long)found->block,
                   (unsigned long long)task->block);
}

static bool
to_be_proven(const struct sim_task *task)
{
    return task->sequence > 0 && !task->expects_conflict && task->sent > 0;
}

/* Who was never answered, or refused, asks once more: what he is told now must be what the log says. */
static void
ask_once_more(struct sim *sim)
{
    for (uint32_t i = 0; i < sim->tasks_count; i++) {
        struct sim_task *task = sim->tasks[i];

        if (!to_be_proven(task) || task->acknowledged)
            continue;
        task->answered = task->given_up = false;
        task->tries = 0;
        sim->tasks_open++;
        sim_task_again(sim, i);
        if (sim->tasks_open >= 64)
            sim_settle_down(sim);
    }
    sim_settle_down(sim);
}

static void
prove_commands(struct sim *sim)
{
    for (uint32_t m = 0; m < SIM_SERVICES; m++) {
        struct kept_list all = commands_of(sim, m);

        for (uint32_t i = 0; i < sim->tasks_count; i++) {
            if (sim->tasks[i]->machine == m && to_be_proven(sim->tasks[i]))
                prove_task(sim, sim->tasks[i], &all);
        }
        for (size_t i = 0; i < all.count; i++)
            free(all.list[i].reply);
        free(all.list);
    }
}

/* ---- Tables and cursors ---- */

static void
prove_cursors(struct sim *sim, const struct sim_machine *machine)
{
    for (size_t u = 0; u < machine->service->upstreams_count; u++) {
        const struct jn_standing *standing = &machine->host->store.fold->upstreams[u];

        for (uint32_t i = 0; i < SIM_SERVICES; i++) {
            const struct jn_log_head *head = &sim->machines[i].disk->log.head;

            if (strcmp(sim->machines[i].service->name, machine->service->upstreams[u].name) != 0)
                continue;
            if (standing->block != head->block || standing->taken != 0 || machine->host->followers[u].broken ||
                (head->block > 0 && memcmp(&standing->hash, &head->hash, sizeof(head->hash)) != 0))
                sim_broken(sim, "%s stands at block %llu of %s, which ends at %llu", machine->service->name,
                           (unsigned long long)standing->block, machine->service->upstreams[u].name,
                           (unsigned long long)head->block);
        }
    }
}

/* What heads are signed over, and a block's way there: as one gets it from the blocks themselves. */
static void
prove_history(struct sim *sim, struct sim_machine *machine)
{
    const struct jn_history history = {machine->host->store.tables, machine->host->store.log};
    const struct sim_log *log = machine->disk;
    struct jn_hash root, hash, of, path[JN_PATH_MAX_HASHES];
    struct jn_merkle tree = {0};
    size_t length, header_length;
    const uint8_t *header;

    if (log->count == 0)
        return;
    jn_tables_begin(history.tables);
    for (size_t b = 0; b < log->count; b++) {
        JN_ASSERT(jn_block_header(log->blocks[b].bytes, log->blocks[b].length, &header, &header_length));
        jn_hash_header(header, header_length, &hash);
        jn_merkle_add(JN_NODE_HISTORY, &tree, &hash);
    }
    if (!jn_history_agrees(&history, &tree) || !jn_history_root(&history, log->count, &root) ||
        !jn_history_path(&history, log->count, log->count, path, &length) ||
        !jn_merkle_root_of_path(JN_NODE_HISTORY, &hash, log->count - 1, log->count, path, length, &of) ||
        memcmp(&of, &root, sizeof(of)) != 0)
        sim_broken(sim, "the history of %s is not that of its %zu blocks", machine->service->name, log->count);
    jn_tables_abort(history.tables);
    jn_arena_reset(&machine->host->store.fold->message);
}

static void
prove_machine(struct sim *sim, struct sim_machine *machine)
{
    prove_cursors(sim, machine);
    prove_history(sim, machine);
    machine->audited = 0;
    sim_machine_audit(machine);
    sim_machine_compare(machine);
    /* What a power cut leaves: the log alone. */
    sim_machine_die(machine, true);
    sim_machine_start(machine);
    prove_history(sim, machine);
    sim_machine_audit(machine);
    machine->compared = 0;
    sim_machine_compare(machine);
}

void
sim_prove(struct sim *sim)
{
    ask_once_more(sim);
    for (uint32_t m = 0; m < SIM_SERVICES; m++)
        prove_machine(sim, &sim->machines[m]);
    prove_commands(sim);
    sim_prove_mirrors(sim);
    sim_prove_money(sim);
    sim_prove_debts(sim);
    sim_prove_limits(sim);
}
