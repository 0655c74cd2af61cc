/* The audit of later classes of enterprises: whichever may come out otherwise is listed until it was looked at, and no
 * other is. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/audit.h"
#include "subsidy/nouns.h"

void
later_class_prove_row(struct jn_audit *audit, uint64_t class, const Subsidy__ToReassessRow *row)
{
    const struct jn_view *view = audit->view;
    const Subsidy__ClassNoted *noted = class_find(view, class);
    const Subsidy__PartRow *part = part_of(view, row->settlement);
    const Subsidy__Reassessed *because = reassessment_of(view, row->because_class, row->reassessment);
    const Subsidy__ClassNoted *other = because ? class_find(view, row->because_class) : NULL;
    bool caused = row->because_class ? other && class_enterprise(other) == row->enterprise
                                     : !row->reassessment && jn_counter(view, COUNTER_ENTERPRISE_CHANGE);

    if (!noted || class_enterprise(noted) != row->enterprise || !part || part->class_ != class || !caused ||
        row->from_rank >= progress_of(view, class).judged)
        jn_finding(audit, "class %" PRIu64 " is to be reassessed for its enterprise, and nothing says so", class);
}

/* ---- Is whatever may differ on the list? ---- */

struct proving {
    struct jn_audit *audit;
    const Subsidy__EnterpriseChange *change;
    const Policy__Pack *pack; /* the last one read */
    uint64_t changes, parts, packs;
};

static const Policy__Pack *
pack_read(struct proving *proving, const char *id)
{
    if (!proving->pack || strcmp(proving->pack->id, id) != 0)
        proving->pack = pack_named(proving->audit->view, id);
    return proving->pack;
}

/* Of what another pack decides now its reassessment tells. */
static bool
prove_part(void *context, const struct jn_key *key, const void *value)
{
    struct proving *proving = context;
    const struct jn_view *view = proving->audit->view;
    const Subsidy__EnterpriseChange *change = proving->change;
    const Subsidy__EnterprisePartRow *row = value;
    uint64_t settlement = jn_key_number(key, 1);
    const Subsidy__PartRow *part = part_of(view, settlement);
    const Subsidy__ToReassessRow *listed;
    const Policy__Pack *pack;
    uint32_t rank;

    if (settlement > change->through_settlement)
        return false;
    if (!part || strcmp(row->pack, pack_decided_on(view, settlement, part->day, row->pack)) != 0)
        return true;
    pack = pack_read(proving, row->pack);
    if (!pack || !enterprise_counts(pack, part->day, change->items, change->first_day, change->last_day))
        return true;
    rank = later_class_unseen(view, change, settlement, part, SIZE_MAX);
    listed = jn_get(view, TABLE_TO_REASSESS, JN_KEY(part->class_, 0));
    if (rank < part->first_rank + part->rows && (!listed || listed->from_rank > rank))
        jn_finding(proving->audit,
                   "class %" PRIu64 " was held against what its enterprise was paid before change %" PRIu64
                   ", and is not listed",
                   part->class_, change->change);
    return true;
}

static bool
prove_change(void *context, const struct jn_key *key, const void *value)
{
    struct proving *proving = context;

    proving->change = value;
    proving->changes++;
    if (jn_key_number(key, 0) != proving->changes || proving->change->change != proving->changes ||
        !proving->change->done != (proving->change->due_ms != 0) || !proving->change->items)
        jn_finding(proving->audit, "change %" PRIu64 " of what an enterprise was paid: no step is set for it",
                   jn_key_number(key, 0));
    if (proving->change->done)
        jn_scan(proving->audit->view, TABLE_ENTERPRISE_PART,
                JN_KEY(proving->change->enterprise, proving->change->from_settlement), sizeof(uint64_t), SIZE_MAX,
                prove_part, proving);
    return true;
}

/* ---- Settlements by enterprise; packs ---- */

static bool
count_part(void *context, const struct jn_key *key, const void *value)
{
    struct proving *proving = context;
    const struct jn_view *view = proving->audit->view;
    const Subsidy__EnterprisePartRow *row = value;
    const Subsidy__PartRow *part = part_of(view, jn_key_number(key, 1));
    const Subsidy__ClassNoted *class = part ? class_find(view, part->class_) : NULL;

    proving->parts++;
    if (!class || class_enterprise(class) != jn_key_number(key, 0) || !pack_number(view, row->pack))
        jn_finding(proving->audit, "settlement %" PRIu64 " stands under an enterprise that it was not of",
                   jn_key_number(key, 1));
    return true;
}

static bool
count_settled(void *context, const struct jn_key *key, const void *value)
{
    (void)key;
    (void)value;
    (*(uint64_t *)context)++;
    return true;
}

static bool
count_pack(void *context, const struct jn_key *key, const void *value)
{
    struct proving *proving = context;

    (void)key;
    proving->packs += enterprise_asked(value);
    return true;
}

void
later_class_audit(struct jn_audit *audit)
{
    struct proving proving = {.audit = audit};
    uint64_t settled = 0;

    jn_scan(audit->view, TABLE_ENTERPRISE_CHANGE, JN_KEY(0), 0, SIZE_MAX, prove_change, &proving);
    jn_scan(audit->view, TABLE_ENTERPRISE_PART, JN_KEY(0), 0, SIZE_MAX, count_part, &proving);
    jn_scan(audit->view, TABLE_PART, JN_KEY(0), 0, SIZE_MAX, count_settled, &settled);
    jn_scan(audit->view, TABLE_PACK, JN_KEY(0), 0, SIZE_MAX, count_pack, &proving);
    if (proving.parts != settled || proving.changes != jn_counter(audit->view, COUNTER_ENTERPRISE_CHANGE) ||
        proving.packs != jn_counter(audit->view, COUNTER_ENTERPRISE_PACKS))
        jn_finding(audit, "settlements, changes or packs that look at enterprises are not as many as were counted");
}
