/* Steps: bytes that a world is driven by. */
#include "steps.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS       INT64_C(86400000)
#define ADVANCE_DAYS 400

static const char *const names[] = {
    "human_resources.administration",
    "human_resources.employment",
    "human_resources.appraisal",
    "operator",
    "auditor",
    "finance",
    "veterans",
    "education",
    "disabled_federation",
    "agriculture",
    "civil_affairs",
    "womens_federation",
    "human_resources",
    "emergency_management",
    "reviewer",
    "stranger",
};
#define NAMES (sizeof(names) / sizeof(names[0]))

/* What an agency may be confined to. */
static const struct scope {
    uint32_t division, groups;
} scopes[] = {
    {0, 0},      {130102, 0},  {130104, 0},   {130123, 0},       {130100, 0},
    {130181, 0}, {0, 1u << 5}, {0, 1u << 13}, {130102, 1u << 5},
};
#define SCOPES (sizeof(scopes) / sizeof(scopes[0]))

/* ---- Bytes ---- */

bool
step_next(const uint8_t **at, const uint8_t *end, struct step *out)
{
    if (end - *at < HEAD_BYTES)
        return false;
    memcpy(out->head, *at, HEAD_BYTES);
    *at += HEAD_BYTES;
    out->length = (size_t)out->head[6] | (size_t)out->head[7] << 8;
    if (out->length > (size_t)(end - *at))
        return false;
    out->bytes = *at;
    *at += out->length;
    return true;
}

size_t
step_write(const struct step *step, uint8_t *out, size_t size)
{
    if (step->length > UINT16_MAX || HEAD_BYTES + step->length > size)
        return 0;
    memcpy(out, step->head, HEAD_BYTES);
    out[6] = (uint8_t)step->length;
    out[7] = (uint8_t)(step->length >> 8);
    if (step->length > 0)
        memcpy(out + HEAD_BYTES, step->bytes, step->length);
    return HEAD_BYTES + step->length;
}

enum kind
step_kind(const struct step *step)
{
    return (enum kind)(step->head[0] % KINDS);
}

size_t
step_method(const struct jn_service *service, const struct step *step)
{
    return step->head[5] % service->methods_count;
}

size_t
step_upstream(const struct jn_service *service, const struct step *step)
{
    return service->upstreams_count ? step->head[4] % service->upstreams_count : 0;
}

int64_t
step_ms(const struct step *step)
{
    uint64_t ms = 0;

    memcpy(&ms, step->bytes, step->length < sizeof(ms) ? step->length : sizeof(ms));
    return (int64_t)(ms % (uint64_t)(ADVANCE_DAYS * DAY_MS));
}

/* ---- Who ---- */

struct jn_agency
step_agency(const struct step *step)
{
    struct jn_agency who =
        jn_world_agency(names[step->head[4] % NAMES], (uint32_t)step->head[1] | (uint32_t)(step->head[2] & 0x0f) << 8);
    const struct scope *scope = &scopes[(step->head[3] >> 4) % SCOPES];

    who.department = step->head[3] & 0x0f;
    who.groups = scope->groups;
    who.divisions[0] = scope->division;
    who.divisions_count = scope->division != 0;
    return who;
}

void
step_agency_set(struct step *step, const struct jn_agency *who)
{
    uint8_t scope = 0, name = 0;

    for (uint8_t i = 0; i < SCOPES; i++) {
        if (scopes[i].groups == who->groups && scopes[i].division == (who->divisions_count ? who->divisions[0] : 0))
            scope = i;
    }
    for (uint8_t i = 0; i < NAMES; i++) {
        if (strcmp(names[i], who->name) == 0)
            name = i;
    }
    step->head[1] = (uint8_t)who->roles;
    step->head[2] = (uint8_t)(who->roles >> 8 & 0x0f);
    step->head[3] = (uint8_t)((who->department & 0x0f) | (uint32_t)scope << 4);
    step->head[4] = name;
}

/* ---- What it means to the service ---- */

const ProtobufCMessageDescriptor *
step_message(const struct jn_service *service, const struct step *step)
{
    switch (step_kind(step)) {
    case CALL:
        return protobuf_c_service_descriptor_get_method_by_name(service->contract,
                                                                service->methods[step_method(service, step)].name)
            ->input;
    case EVENT:
        return service->upstreams_count ? service->upstreams[step_upstream(service, step)].event : NULL;
    case RECORD:
        return &envelope__record__descriptor;
    case ADVANCE:
    case KINDS:
        break;
    }
    return NULL;
}

static void
call(struct jn_world *world, const struct jn_service *service, const struct step *step)
{
    const struct jn_method *method = &service->methods[step_method(service, step)];
    struct jn_agency who = step_agency(step);
    bool same = true, again = method->decide && (step->head[0] & STEP_AGAIN);

    /* Else nothing but refusals would come of most heads. */
    if (step->head[1] == 0 && step->head[2] == 0)
        who.roles = method->roles;
    jn_world_send(world, &who, method->name, step->bytes, step->length, again ? &same : NULL);
    JN_ASSERT(same);
}

static void
event(struct jn_world *world, const struct jn_service *service, const struct step *step)
{
    Envelope__Record record = ENVELOPE__RECORD__INIT;
    static uint8_t packed[INPUT_BYTES + 64];
    ProtobufCBinaryData bytes = {step->length, (uint8_t *)(uintptr_t)step->bytes};

    if (service->upstreams_count == 0)
        return;
    if (step_kind(step) == EVENT) {
        record.time_ms = jn_world_now(world);
        record.event = bytes;
        bytes = (ProtobufCBinaryData){envelope__record__pack(&record, packed), packed};
    }
    jn_world_feed(world, step_upstream(service, step), &bytes, 1);
}

void
step_do(struct jn_world *world, const struct jn_service *service, const struct step *step)
{
    jn_world_gather(world, step->head[0] & STEP_GATHER);
    switch (step_kind(step)) {
    case CALL:
        call(world, service, step);
        return;
    case EVENT:
    case RECORD:
        event(world, service, step);
        return;
    case ADVANCE:
        jn_world_advance(world, jn_world_now(world) + step_ms(step));
        return;
    case KINDS:
        break;
    }
}
