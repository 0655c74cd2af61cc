/* What one service says and another writes down of it: each once, none missing, none invented. A line a pair.
 *
 * A list of fields names a row's values: "class" is the event's own, "rows.seat" one of a row of its list `rows`,
 * "seats" one of a list of numbers; lists of one line have the same length. "kind=2" keeps only what has that value. */
#include "simulation/sim.h"

#include <stdio.h>
#include <string.h>

#define FIELDS_MAX 8
#define ROWS_MAX   200000

struct side {
    uint32_t machine;
    const char *events; /* "committed|queued" */
    const char *fields;
};
static const struct mirror {
    struct side said, written;
} mirrors[] = {
    {{ENROLLMENT, "people_registered", "rows.person"}, {CERTIFICATION, "people_noted", "rows.person"}},
    {{ENROLLMENT, "class_filed", "class division end_day"},
     {CERTIFICATION, "class_noted", "class division end_day stage=1"}},
    {{ENROLLMENT, "class_opened", "class"}, {CERTIFICATION, "class_noted", "class stage=2"}},
    {{ENROLLMENT, "class_stopped", "class"}, {CERTIFICATION, "class_noted", "class stage=4"}},
    {{ENROLLMENT, "enrolled", "class rows.seat rows.person"}, {CERTIFICATION, "roster_noted", "class seats people"}},
    {{ENROLLMENT, "class_filed", "class start_day end_day cost_fen level provider employer"},
     {SUBSIDY, "class_noted", "class start_day end_day cost_fen level provider employer"}},
    {{ENROLLMENT, "class_finished", "class rows.seat rows.person rows.rank rows.days rows.groups"},
     {SUBSIDY, "roster_noted", "class rows.seat rows.person rows.rank rows.days rows.groups"}},
    {{ENROLLMENT, "class_stopped", "class"}, {SUBSIDY, "stop_noted", "class"}},
    {{ENROLLMENT, "class_opened", "class"}, {SUBSIDY, "opening_noted", "class"}},
    {{ENROLLMENT, "attested", "class department rows.seat rows.group rows.answer"},
     {SUBSIDY, "attestation_noted", "class department seats groups answers"}},
    {{ENROLLMENT, "class_cancelled", "class"}, {SUBSIDY, "cancellation_noted", "class"}},
    {{ENROLLMENT, "attendance_corrected", "class rows.seat rows.days"},
     {SUBSIDY, "correction_noted", "class rows.seat rows.days cause=5"}},
    {{ENROLLMENT, "attestation_withdrawn", "class department rows.seat rows.group rows.answer rows.groups rows.denied"},
     {SUBSIDY, "correction_noted",
      "class department rows.seat rows.group rows.answer rows.groups rows.denied cause=4"}},
    {{CERTIFICATION, "certificate_corrected", "class seat now.certificate now.kind now.level now.day"},
     {SUBSIDY, "correction_noted",
      "class rows.seat rows.result.certificate rows.result.kind rows.result.level rows.result.day cause=3"}},
    {{ENROLLMENT, "history_imported", "rows.person rows.item rows.day rows.months"},
     {SUBSIDY, "history_noted", "rows.person rows.paid.item rows.paid.day rows.paid.months rows.paid.claim=0"}},
    {{ENROLLMENT, "history_imported",
      "enterprises.enterprise enterprises.item enterprises.day enterprises.amount_fen enterprises.people"},
     {SUBSIDY, "enterprise_history_noted", "rows.enterprise rows.item rows.day rows.amount_fen rows.people"}},
    {{CERTIFICATION, "results_recorded", "class rows.seat rows.certificate rows.kind rows.level rows.day"},
     {SUBSIDY, "results_noted", "class rows.seat rows.certificate rows.kind rows.level rows.day"}},
    {{CERTIFICATION, "results_closed", "class count"}, {SUBSIDY, "results_closed_noted", "class count"}},
    {{CERTIFICATION, "certificate_revoked", "class seat certificate"},
     {SUBSIDY, "revocation_noted", "class seat certificate"}},
    {{SUBSIDY, "settled", "settlement claims.claim claims.amount_fen claims.fund claims.item claims.payee"},
     {LEDGER, "committed|queued|misdirected",
      "settlement rows.claim rows.amount_fen rows.fund rows.item rows.payee from_queue=0"}},
    {{ENROLLMENT, "attestation_requested", "request"}, {NOTIFICATION, "delivered", "item.reference item.kind=1"}},
    {{ENROLLMENT, "class_filed", "class"}, {NOTIFICATION, "delivered", "item.class item.kind=2"}},
    {{ENROLLMENT, "class_opened", "class"}, {NOTIFICATION, "delivered", "item.class item.kind=3"}},
    {{ENROLLMENT, "class_stopped", "class"}, {NOTIFICATION, "delivered", "item.class item.kind=5"}},
    {{CERTIFICATION, "results_closed", "class"}, {NOTIFICATION, "delivered", "item.class item.kind=6"}},
    {{CERTIFICATION, "certificate_revoked", "certificate"}, {NOTIFICATION, "delivered", "item.reference item.kind=7"}},
    {{ENROLLMENT, "enrolled", "class rows.seat rows.person"}, {SUBSIDY, "seats_noted", "class open.seat open.person"}},
    {{SUBSIDY, "warned", "class"}, {NOTIFICATION, "delivered", "item.class item.kind=36"}},
    {{SUBSIDY, "published", "settlement"}, {NOTIFICATION, "delivered", "item.reference item.kind=8"}},
    {{SUBSIDY, "held", "claim"}, {NOTIFICATION, "delivered", "item.reference item.kind=10"}},
    {{SUBSIDY, "released", "claim"}, {NOTIFICATION, "delivered", "item.reference item.kind=11"}},
    {{SUBSIDY, "claim_returned", "claim"}, {NOTIFICATION, "delivered", "item.reference item.kind=51"}},
    {{SUBSIDY, "objected", "claim"}, {NOTIFICATION, "delivered", "item.reference item.kind=53"}},
    {{SUBSIDY, "case_decided", "case"}, {NOTIFICATION, "delivered", "item.reference item.kind=57"}},
    {{SUBSIDY, "reassessed", "reassessment class"},
     {NOTIFICATION, "delivered", "item.reference item.class item.kind=60"}},
    {{ENROLLMENT, "class_cancelled", "class"}, {NOTIFICATION, "delivered", "item.class item.kind=61"}},
    {{SUBSIDY, "seats_unjudged", "settlement seats"},
     {NOTIFICATION, "delivered", "item.reference item.count item.kind=62"}},
    {{LEDGER, "shortfall_foreseen", "fund division days available_fen"},
     {NOTIFICATION, "delivered", "item.reference item.division item.count item.amount_fen item.kind=35"}},
    {{LEDGER, "instructed", "batch"}, {NOTIFICATION, "delivered", "item.reference item.kind=15"}},
};

#define MIRRORS (sizeof(mirrors) / sizeof(mirrors[0]))

struct row {
    int64_t values[FIELDS_MAX];
};
struct rows {
    struct sim *sim;
    const struct side *side;
    const ProtobufCMessageDescriptor *event;
    struct row *list;
    size_t count;
};

static int64_t
number_at(const ProtobufCFieldDescriptor *field, const void *at)
{
    int64_t number = 0;
    int32_t small;

    if (field->type == PROTOBUF_C_TYPE_INT64 || field->type == PROTOBUF_C_TYPE_SINT64 ||
        field->type == PROTOBUF_C_TYPE_UINT64) {
        memcpy(&number, at, sizeof(number));
        return number;
    }
    memcpy(&small, at, sizeof(small)); /* the other numbers of the contract, enums and truths have four bytes */
    return small;
}

/* The value of a field's path in the index-th row; *count is how many rows the path has, 1 where it names no list.
 * False where there is no such row. */
static bool
value_of(const ProtobufCMessageDescriptor *type, const void *message, const char *path, size_t index, int64_t *value,
         size_t *count)
{
    char name[64];
    size_t length = strcspn(path, ".");
    const ProtobufCFieldDescriptor *field;
    const uint8_t *at;

    snprintf(name, sizeof(name), "%.*s", (int)length, path);
    field = protobuf_c_message_descriptor_get_field_by_name(type, name);
    if (!field)
        return false;
    at = (const uint8_t *)message + field->offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        const uint8_t *list;

        memcpy(count, (const uint8_t *)message + field->quantifier_offset, sizeof(*count));
        memcpy(&list, at, sizeof(list));
        if (index >= *count)
            return false;
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            at = list + index * sizeof(void *);
        else
            at = list + index * (field->type == PROTOBUF_C_TYPE_UINT64 || field->type == PROTOBUF_C_TYPE_INT64 ? 8 : 4);
    }
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        const void *inner;
        size_t inner_count = 1;

        memcpy(&inner, at, sizeof(inner));
        return inner && value_of(field->descriptor, inner, path + length + 1, 0, value, &inner_count);
    }
    *value = number_at(field, at);
    return true;
}

/* One row's values; false where it is not kept, or there is none of that index. */
static bool
read_row(const struct rows *rows, const ProtobufCMessageDescriptor *type, const void *message, size_t index,
         struct row *out, size_t *count)
{
    const char *at = rows->side->fields;
    bool kept = true, there = true;
    size_t fields = 0;

    memset(out, 0, sizeof(*out));
    while (*at) {
        size_t length = strcspn(at, " "), path = strcspn(at, " ="), own = 1;
        char name[96];
        int64_t value = 0;

        snprintf(name, sizeof(name), "%.*s", (int)path, at);
        if (!value_of(type, message, name, index, &value, &own)) {
            /* `from_queue=0` is said of one of several events: the others have no such field. */
            there = there && at[path] == '=' && !protobuf_c_message_descriptor_get_field_by_name(type, name);
        } else if (at[path] == '=') {
            kept = kept && value == strtoll(at + path + 1, NULL, 10);
        } else {
            JN_ASSERT(fields < FIELDS_MAX);
            out->values[fields++] = value;
        }
        if (own > *count)
            *count = own;
        at += length + (at[length] == ' ');
    }
    return kept && there;
}

static bool
names(const char *list, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = strstr(list, name); at; at = strstr(at + 1, name)) {
        if ((at == list || at[-1] == '|') && (at[length] == '\0' || at[length] == '|'))
            return true;
    }
    return false;
}

static void
gather(struct rows *rows, uint32_t type, const void *message)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(rows->event, type);
    size_t count = 1;

    if (!names(rows->side->events, field->name))
        return;
    for (size_t i = 0; i < count; i++) {
        struct row row;

        if (!read_row(rows, field->descriptor, message, i, &row, &count))
            continue;
        JN_ASSERT(rows->count < ROWS_MAX);
        rows->list[rows->count++] = row;
    }
}

/* What a service said, and wrote down, for each mirror. */
struct gathering {
    uint32_t machine;
    struct rows said[MIRRORS], written[MIRRORS];
};

static void
gather_all(void *context, uint64_t block, uint32_t type, const void *message)
{
    struct gathering *all = context;

    (void)block;
    for (size_t i = 0; i < MIRRORS; i++) {
        if (mirrors[i].said.machine == all->machine)
            gather(&all->said[i], type, message);
        if (mirrors[i].written.machine == all->machine)
            gather(&all->written[i], type, message);
    }
}

static int
by_values(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    for (size_t i = 0; i < FIELDS_MAX; i++) {
        if (x->values[i] != y->values[i])
            return x->values[i] < y->values[i] ? -1 : 1;
    }
    return 0;
}

static struct rows
rows_of(struct sim *sim, const struct side *side)
{
    struct rows rows = {sim, side, sim->machines[side->machine].service->event, NULL, 0};

    rows.list = calloc(ROWS_MAX, sizeof(*rows.list));
    JN_ASSERT(rows.list);
    return rows;
}

static void
differ(struct sim *sim, const struct mirror *mirror, const struct row *row, const char *what)
{
    sim_broken(sim, "%s says %s (%s) = %lld %lld %lld %lld %lld %lld, and %s has %s %s (%s)",
               sim_parts[mirror->said.machine]->service->name, mirror->said.events, mirror->said.fields,
               (long long)row->values[0], (long long)row->values[1], (long long)row->values[2],
               (long long)row->values[3], (long long)row->values[4], (long long)row->values[5],
               sim_parts[mirror->written.machine]->service->name, what, mirror->written.events, mirror->written.fields);
}

static void
prove_mirror(struct sim *sim, const struct mirror *mirror, struct rows *said, struct rows *written)
{
    size_t s = 0, w = 0;

    qsort(said->list, said->count, sizeof(*said->list), by_values);
    qsort(written->list, written->count, sizeof(*written->list), by_values);
    while (s < said->count || w < written->count) {
        int order = s == said->count ? 1 : w == written->count ? -1 : by_values(&said->list[s], &written->list[w]);

        if (order < 0)
            differ(sim, mirror, &said->list[s], "no");
        if (order > 0)
            differ(sim, mirror, &written->list[w], "one too many");
        s++;
        w++;
    }
    sim->stats->mirrored += said->count;
    free(said->list);
    free(written->list);
}

void
sim_prove_mirrors(struct sim *sim)
{
    struct gathering all;

    for (size_t i = 0; i < MIRRORS; i++) {
        all.said[i] = rows_of(sim, &mirrors[i].said);
        all.written[i] = rows_of(sim, &mirrors[i].written);
    }
    for (all.machine = 0; all.machine < SIM_SERVICES; all.machine++)
        sim_events(sim, all.machine, gather_all, &all);
    for (size_t i = 0; i < MIRRORS; i++)
        prove_mirror(sim, &mirrors[i], &all.said[i], &all.written[i]);
}
