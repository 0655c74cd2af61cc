/* The audit of what enterprises were paid (用人单位已享受补贴稽核): what stays due of each claim to an enterprise
 * stands in its row, what was imported stands beside it and adds up to what was noted, and nothing else does. */
#include <inttypes.h>

#include "subsidy/audit.h"

struct found {
    int64_t fen;
    uint32_t times;
};

static void
check_row(struct enterprise_proof *proof, const Subsidy__Settled *settled, int item, const struct found *found)
{
    const Subsidy__EnterpriseRow *row =
        jn_get(proof->audit->view, TABLE_ENTERPRISE,
               JN_KEY(settled->employer, day_up(settled->day), settled->settlement, (uint64_t)item));

    if (row ? row->fen != found->fen || row->times != found->times : found->times != 0)
        jn_finding(proof->audit, "settlement %" PRIu64 ": what the enterprise is due for item %d is not kept",
                   settled->settlement, item);
}

void
enterprise_prove_settled(struct enterprise_proof *proof, const Subsidy__Settled *settled)
{
    struct found found[ITEMS] = {{.fen = 0}};
    struct jn_key key;

    for (size_t i = 0; i < settled->n_claims; i++) {
        const Subsidy__SettledClaim *claim = settled->claims[i];

        if (claim->payee != COMMON__PAYEE__PAYEE_ENTERPRISE || claim->item >= ITEMS)
            continue;
        proof->fen[claim->item] += claim->amount_fen - change_of(proof->audit->view, claim->claim).taken_fen;
        found[claim->item].fen += claim->amount_fen;
        found[claim->item].times += claim->amount_fen > 0;
    }
    if (settled->reassessment ||
        jn_first(proof->audit->view, TABLE_ENTITLEMENT, JN_KEY(settled->class_), sizeof(uint64_t), &key))
        return;
    for (int item = 1; item < ITEMS; item++)
        check_row(proof, settled, item, &found[item]);
}

/* Told apart by its settlement: it has none. */
static void
take_imported(struct enterprise_proof *proof, const struct jn_key *key, const Subsidy__EnterpriseRow *row)
{
    uint64_t item = jn_key_number(key, 3);

    proof->imported_fen += row->fen;
    proof->imported_people += row->times;
    if (row->fen <= 0 || row->times == 0 || item == 0 || item >= ITEMS || jn_key_number(key, 1) > day_up(DAY_LAST) ||
        jn_key_number(key, 1) < day_up(DAY_FIRST))
        jn_finding(proof->audit, "enterprise %" PRIu64 ": what was imported of it cannot have been paid",
                   jn_key_number(key, 0));
}

static bool
take_row(void *context, const struct jn_key *key, const void *value)
{
    struct enterprise_proof *proof = context;
    const Subsidy__EnterpriseRow *row = value;
    uint64_t settlement = jn_key_number(key, 2), item = jn_key_number(key, 3);
    const Subsidy__PartRow *part = part_of(proof->audit->view, settlement);
    const Subsidy__ClassNoted *class = part ? class_find(proof->audit->view, part->class_) : NULL;

    if (settlement == 0) {
        take_imported(proof, key, row);
        return true;
    }
    proof->fen[item < ITEMS ? item : 0] -= row->fen;
    if (!class || class_enterprise(class) != jn_key_number(key, 0) || day_up(part->day) != jn_key_number(key, 1) ||
        row->fen <= 0 || row->times == 0 || row->times > part->rows)
        jn_finding(proof->audit, "settlement %" PRIu64 ": something is kept for an enterprise that is not due to it",
                   settlement);
    return true;
}

void
enterprise_prove(struct enterprise_proof *proof)
{
    struct totals totals;

    jn_scan(proof->audit->view, TABLE_ENTERPRISE, JN_KEY(0), 0, SIZE_MAX, take_row, proof);
    totals_load(proof->audit->view, &totals);
    if (totals.row.enterprise_fen != proof->imported_fen || totals.row.enterprise_people != proof->imported_people)
        jn_finding(proof->audit, "enterprises were paid %" PRIi64 " fen before the suite, %" PRIi64 " of them are kept",
                   totals.row.enterprise_fen, proof->imported_fen);
    for (int item = 0; item < ITEMS; item++)
        if (proof->fen[item] != 0)
            jn_finding(proof->audit, "item %d: enterprises are due %" PRIi64 " fen more than is kept of them", item,
                       proof->fen[item]);
}
