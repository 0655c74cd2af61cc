/* One evaluation as data (policy.Case): read back and put to a pack again, here or by whoever checks it. */
#ifndef POLICY_CASE_H
#define POLICY_CASE_H

#include "subsidy/policy/evaluate.h"

/* The facts; history and enterprise, of POLICY_HISTORY_MAX entries each, become theirs. False where a number does not
 * fit its fact. */
bool case_facts(const Policy__Case *one, struct facts *facts, struct paid_before *history,
                struct paid_before *enterprise);

/* The pack with the figures that the case lists: what it does not list is not in force. */
struct case_figures {
    const Policy__Case *one;
    const Policy__Pack *pack;
};
struct policy_view case_view(const Policy__Case *one, const Policy__Pack *pack, struct case_figures *figures);

#endif
