/* What the runs have tried: how often each method was accepted, and how often each kind of event was said. A method or
 * an event that no run ever reaches is proven by nothing here. */
#include "simulation/sim.h"

#include <stdio.h>
#include <string.h>

/* What is not reached, and why that is right. */
static const struct {
    const char *service, *name, *why;
} exceptions[] = {
    {"certification", "certificates_lapsed",
     "a certificate of a special operation is good for six years, a run for some months"},
    {"subsidy", "occupation_noted", "the city's occupations all have the form d-dd-dd-dd"},
    {"subsidy", "seats_unjudged", "enrollment and certification refuse what cannot be judged: unit/subsidy_hostile.c"},
    {"subsidy", "reckoning_begun", "the classes of a run are not so large: unit/subsidy_correction.c"},
    {"subsidy", "review_moved", "older logs alone have it: unit/subsidy_audit_spoiled.c"},
    {"subsidy", "late_moved", "likewise"},
    {"ledger", "misdirected", "every version of the pack names funds that may pay its items: unit/ledger_story.c"},
    {"ledger", "ignored", "subsidy settles nothing for what the ledger does not know"},
};

static const char *
excused(const char *service, const char *name)
{
    for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++)
        if (strcmp(exceptions[i].service, service) == 0 && strcmp(exceptions[i].name, name) == 0)
            return exceptions[i].why;
    return NULL;
}

/* Of a bulk command all of whose rows were refused nothing was done. */
static bool
nothing_done(const ProtobufCMethodDescriptor *rpc, const Envelope__Reply *reply)
{
    const ProtobufCFieldDescriptor *refused = protobuf_c_message_descriptor_get_field_by_name(rpc->output, "refused");
    const ProtobufCFieldDescriptor *done = protobuf_c_message_descriptor_get_field_by_name(rpc->output, "done");
    ProtobufCMessage *message;
    uint32_t rows;
    size_t refusals;

    if (!refused || refused->label != PROTOBUF_C_LABEL_REPEATED || !done || done->type != PROTOBUF_C_TYPE_UINT32)
        return false;
    message = protobuf_c_message_unpack(rpc->output, NULL, reply->body.len, reply->body.data);
    if (!message)
        return true;
    memcpy(&rows, (const uint8_t *)message + done->offset, sizeof(rows));
    memcpy(&refusals, (const uint8_t *)message + refused->quantifier_offset, sizeof(refusals));
    protobuf_c_message_free_unpacked(message, NULL);
    return rows == 0 && refusals > 0;
}

void
sim_tally_accepted(struct sim *sim, const struct sim_task *task, const Envelope__Reply *reply)
{
    const ProtobufCServiceDescriptor *contract = sim_parts[task->machine]->service->contract;

    JN_ASSERT(contract->n_methods <= SIM_METHODS_MAX);
    for (unsigned i = 0; i < contract->n_methods; i++)
        if (strcmp(contract->methods[i].name, task->generator->method) == 0 &&
            !nothing_done(&contract->methods[i], reply))
            sim->stats->accepted[task->machine][i]++;
}

void
sim_tally_said(struct sim *sim, uint32_t machine, uint32_t type)
{
    JN_ASSERT(type < SIM_EVENT_TYPES);
    sim->stats->said[machine][type]++;
}

/* ---- What came of it ---- */

static void
tell(bool all, const char *service, const char *name, uint64_t times)
{
    const char *why = excused(service, name);

    if (all)
        printf("  %-14s %-28s %10llu\n", service, name, (unsigned long long)times);
    else if (times == 0)
        printf("never: %s.%s%s%s\n", service, name, why ? ", as it should be: " : "", why ? why : "");
}

void
sim_tally_show(const struct sim_stats *stats, bool all)
{
    for (uint32_t m = 0; m < SIM_SERVICES; m++) {
        const struct jn_service *service = sim_parts[m]->service;
        const ProtobufCMessageDescriptor *event = service->event;

        for (unsigned i = 0; i < service->contract->n_methods; i++)
            tell(all, service->name, service->contract->methods[i].name, stats->accepted[m][i]);
        for (unsigned i = 0; i < event->n_fields; i++)
            tell(all, service->name, event->fields[i].name, stats->said[m][event->fields[i].id]);
    }
}

unsigned
sim_tally_missing(const struct sim_stats *stats)
{
    unsigned missing = 0;

    for (uint32_t m = 0; m < SIM_SERVICES; m++) {
        const struct jn_service *service = sim_parts[m]->service;

        for (unsigned i = 0; i < service->contract->n_methods; i++)
            missing += stats->accepted[m][i] == 0 && !excused(service->name, service->contract->methods[i].name);
    }
    return missing;
}
