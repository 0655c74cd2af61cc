/* What is due, reckoned from what subsidy says: each claim traced to its seat and clause; published, approved, ended;
 * each once, and nothing approved that was not published. */
#include "simulation/money.h"

#include "jineng/v1/subsidy.pb-c.h"
#include "subsidy/policy/pack.h"

static bool
trained(const struct reckoning *r, const struct claim *claim)
{
    for (size_t i = 0; i < r->seats_count; i++) {
        if (r->seats[i].class == claim->class && r->seats[i].seat == claim->seat)
            return r->seats[i].person == claim->person;
    }
    return false;
}

/* ---- What is due ---- */

struct claim *
claim_of(struct reckoning *r, uint64_t number, const char *what)
{
    if (number == 0 || number >= CITY_CLAIMS || !r->claims[number].settled)
        sim_broken(r->sim, "claim %llu is %s and was never settled", (unsigned long long)number, what);
    return &r->claims[number];
}

static void
settle(struct reckoning *r, const Subsidy__Settled *event)
{
    for (size_t i = 0; i < event->n_claims; i++) {
        const Subsidy__SettledClaim *from = event->claims[i];
        struct claim *claim = &r->claims[from->claim];
        const Policy__Rule *rule;

        JN_ASSERT(from->claim < CITY_CLAIMS);
        if (claim->settled || from->claim != r->claims_count + 1)
            sim_broken(r->sim, "claim %llu was settled twice or out of turn", (unsigned long long)from->claim);
        r->claims_count = from->claim;
        *claim = (struct claim){.settled = true, .settlement = event->settlement, .class = event->class_, .to_fen = -1};
        claim->tops = from->tops;
        claim->seat = from->seat;
        claim->person = from->person;
        claim->item = (uint32_t)from->item;
        claim->fund = (uint32_t)from->fund;
        claim->payee = (uint32_t)from->payee;
        claim->amount_fen = claim->held_fen = from->amount_fen;
        claim->division = event->division;
        rule = pack_rule_numbered(r->pack, from->rule);
        if (!rule || !rule->clause || !*rule->clause || (uint32_t)rule->item != claim->item)
            sim_broken(r->sim, "claim %llu names no clause that grants it", (unsigned long long)from->claim);
        if (from->amount_fen <= 0 || !trained(r, claim))
            sim_broken(r->sim, "claim %llu is for nothing, or for somebody who was not trained in that seat",
                       (unsigned long long)from->claim);
        money_once(r, from->claim, event->reassessment != 0);
    }
}

static bool
named(const uint64_t *list, size_t count, uint64_t claim)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == claim)
            return true;
    return false;
}

/* 3.4-c: nothing is published or approved twice, and nothing approved whose notice is not over. */
static void
publish(struct reckoning *r, const Subsidy__Published *event)
{
    for (uint64_t number = event->first_claim; number < event->first_claim + event->claims; number++) {
        struct claim *claim = claim_of(r, number, "published");

        if (named(event->apart, event->n_apart, number))
            continue;
        if (claim->notice_to_day)
            sim_broken(r->sim, "claim %llu is published twice", (unsigned long long)number);
        claim->notice_to_day = event->to_day;
    }
}

static void
approve(struct reckoning *r, const Subsidy__Approved *event)
{
    for (uint64_t number = event->first_claim; number < event->first_claim + event->claims; number++) {
        struct claim *claim = claim_of(r, number, "approved");

        if (named(event->held, event->n_held, number)) {
            claim->kept_back = claim->kept_back || claim->notice_to_day;
            continue;
        }
        if (claim->approved || !claim->notice_to_day)
            sim_broken(r->sim, "claim %llu is approved twice, or was never published", (unsigned long long)number);
        claim->approved = true;
    }
}

static void
end(struct reckoning *r, const Subsidy__ClaimsEnded *event)
{
    for (size_t i = 0; i < event->n_claims; i++) {
        struct claim *claim = claim_of(r, event->claims[i], "ended");

        claim->held = claim->kept_back = claim->ended = true;
    }
}

void
money_hear_subsidy(void *context, uint64_t block, uint32_t type, const void *message)
{
    struct reckoning *r = context;

    (void)block;
    if (type == SUBSIDY__EVENT__BODY_SETTLED)
        settle(r, message);
    if (type == SUBSIDY__EVENT__BODY_REASSESSED)
        money_reassess(r, message);
    if (type == SUBSIDY__EVENT__BODY_HELD)
        claim_of(r, ((const Subsidy__Held *)message)->claim, "held")->held = true;
    if (type == SUBSIDY__EVENT__BODY_RELEASED) {
        const Subsidy__Released *event = message;
        struct claim *claim = claim_of(r, event->claim, "released");

        claim->held = false;
        claim->approved = claim->approved || event->approved;
    }
    if (type == SUBSIDY__EVENT__BODY_PUBLISHED)
        publish(r, message);
    if (type == SUBSIDY__EVENT__BODY_APPROVED)
        approve(r, message);
    if (type == SUBSIDY__EVENT__BODY_CLAIMS_ENDED)
        end(r, message);
    cases_hear_subsidy(r, type, message);
    seats_hear(r, type, message);
}
