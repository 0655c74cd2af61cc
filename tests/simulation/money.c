/* The money, reckoned a second time from the events alone: every claim traced to its class, person and clause, paid
 * once or waiting or held; every account in balance after each event and never below zero. */
#include "simulation/money.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "jineng/v1/enrollment.pb-c.h"

const char *const standings[] = {"not heard of", "waiting", "committed",   "instructed",
                                 "paid",         "failed",  "misdirected", "released"};

/* ---- Who was trained ---- */

static void
hear_enrollment(void *context, uint64_t block, uint32_t type, const void *message)
{
    struct reckoning *r = context;

    (void)block;
    if (type == ENROLLMENT__EVENT__BODY_ENROLLED)
        r->enrolled += ((const Enrollment__Enrolled *)message)->n_rows;
    if (type == ENROLLMENT__EVENT__BODY_CLASS_FINISHED) {
        const Enrollment__ClassFinished *event = message;

        if (event->class_ > CITY_CLASSES)
            sim_broken(r->sim, "class %llu was never filed", (unsigned long long)event->class_);
        r->classes[event->class_] = true;
        for (size_t i = 0; i < event->n_rows; i++) {
            JN_ASSERT(r->seats_count < ROSTER_MAX);
            r->seats[r->seats_count++] = (struct seat){event->class_, event->rows[i]->person, event->rows[i]->seat, 0};
        }
    }
}

/* ---- The books ---- */

struct account *
earmarked_of(struct reckoning *r, uint32_t fund, uint32_t division, uint32_t year, uint32_t purpose)
{
    for (size_t i = 0; i < r->accounts_count; i++) {
        struct account *a = &r->accounts[i];

        if (a->fund == fund && a->division == division && a->year == year && a->purpose == purpose)
            return a;
    }
    JN_ASSERT(r->accounts_count < ACCOUNTS_MAX);
    r->accounts[r->accounts_count] =
        (struct account){.fund = fund, .division = division, .year = year, .purpose = purpose};
    return &r->accounts[r->accounts_count++];
}

struct account *
account_of(struct reckoning *r, uint32_t fund, uint32_t division, uint32_t year)
{
    return earmarked_of(r, fund, division, year, 0);
}

void
balanced(const struct reckoning *r, const struct account *a)
{
    if (a->appropriated + a->carried_in != a->available + a->committed + a->instructed + a->paid + a->advanced +
                                               a->carried_out + a->granted + a->grant_paid + a->pooled + a->receivable +
                                               a->written_off)
        sim_broken(r->sim, "the account of fund %u, division %u, year %u is not in balance", a->fund, a->division,
                   a->year);
    if (a->available < 0 || a->committed < 0 || a->instructed < 0 || a->paid < 0 || a->advanced < 0 || a->granted < 0 ||
        a->grant_paid < 0 || a->pooled < 0 || a->receivable < 0 || a->written_off < 0)
        sim_broken(r->sim,
                   "the account of fund %u, division %u, year %u is below zero: available %lld, committed %lld, "
                   "instructed %lld, paid %lld, advanced %lld, receivable %lld",
                   a->fund, a->division, a->year, (long long)a->available, (long long)a->committed,
                   (long long)a->instructed, (long long)a->paid, (long long)a->advanced, (long long)a->receivable);
}

/* What its bearers hold of the claim goes from one balance to another: of its account, or each source of its pool its
 * share. */
static void
bear(struct reckoning *r, const struct claim *claim, size_t from, size_t to)
{
    for (uint32_t fund = 1; fund < 6; fund++) {
        int64_t fen = claim->pooled         ? claim->shares[fund]
                      : fund == claim->fund ? claim->held_fen - claim->offset_fen
                                            : 0;
        struct account *account;

        if (fund != claim->fund && fen == 0)
            continue;
        account = earmarked_of(r, fund, claim->account_division, claim->year, claim->purpose);
        *(int64_t *)(void *)((char *)account + from) -= fen;
        *(int64_t *)(void *)((char *)account + to) += fen;
        balanced(r, account);
    }
}
#define BEAR(r, claim, from, to) bear(r, claim, offsetof(struct account, from), offsetof(struct account, to))

static void
move_to(struct reckoning *r, uint64_t number, enum standing from, enum standing or_from, enum standing to)
{
    struct claim *claim = claim_of(r, number, standings[to]);

    if (claim->standing != from && claim->standing != or_from)
        sim_broken(r->sim, "claim %llu became %s when it was %s", (unsigned long long)number, standings[to],
                   standings[claim->standing]);
    claim->standing = to;
}

static struct advance *
advance_of(struct reckoning *r, uint64_t class, uint32_t fund, uint64_t institution)
{
    for (size_t i = 0; i < r->advances_count; i++) {
        struct advance *advance = &r->advances[i];

        if (advance->class == class && advance->fund == fund && advance->institution == institution)
            return advance;
    }
    sim_broken(r->sim, "an advance of class %llu was never given", (unsigned long long)class);
}

/* What is owed already can be earned, by a claim that comes late. */
static void
draw(struct reckoning *r, uint64_t class, uint32_t fund, uint64_t institution, int64_t fen)
{
    const struct advance *advance = fen ? advance_of(r, class, fund, institution) : NULL;
    struct account *account;

    if (!advance || !advance->settled)
        return;
    account = account_of(r, fund, advance->division, advance->year);
    account->receivable -= fen;
    account->advanced += fen;
    r->owed_advances -= fen;
    balanced(r, account);
}

/* Nobody overtakes for the same money: who was settled earlier, of the same fund and division, could have used it. What
 * is earmarked only claims of its item can use. */
static void
in_turn(const struct reckoning *r, uint64_t number, uint32_t purpose)
{
    const struct claim *claim = &r->claims[number];

    for (uint64_t other = 1; other < number; other++) {
        const struct claim *o = &r->claims[other];

        if (o->standing == WAITING && o->fund == claim->fund && o->division == claim->division &&
            (purpose == 0 || o->item == purpose))
            sim_broken(r->sim, "claim %llu overtakes claim %llu", (unsigned long long)number,
                       (unsigned long long)other);
    }
}

/* Those of its settlement that were committed have not overtaken it either. */
static void
queue_up(struct reckoning *r, const Ledger__Queued *event)
{
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__QueuedRow *row = event->rows[i];
        struct claim *claim = claim_of(r, row->claim, "queued");

        move_to(r, row->claim, NOT_HEARD, NOT_HEARD, WAITING);
        claim->offset_fen = row->offset_fen;
        claim->institution = row->institution;
        draw(r, event->class_, claim->fund, row->institution, row->offset_fen);
        for (uint64_t later = row->claim + 1; later < event->first_claim + event->claims; later++) {
            const struct claim *o = &r->claims[later];

            if (o->standing == COMMITTED && o->fund == claim->fund && (o->purpose == 0 || o->item == claim->item))
                sim_broken(r->sim, "claim %llu overtakes claim %llu", (unsigned long long)later,
                           (unsigned long long)row->claim);
        }
    }
}

static void
commit(struct reckoning *r, const Ledger__Committed *event)
{
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__CommittedRow *row = event->rows[i];
        struct claim *claim = claim_of(r, row->claim, "committed");

        move_to(r, row->claim, event->from_queue ? WAITING : NOT_HEARD, event->from_queue ? WAITING : NOT_HEARD,
                COMMITTED);
        if (row->amount_fen != claim->held_fen || (uint32_t)row->fund != claim->fund)
            sim_broken(r->sim, "claim %llu is committed with another amount or fund than is due",
                       (unsigned long long)row->claim);
        claim->account_division = row->account_division;
        claim->year = row->year;
        claim->purpose = row->earmarked ? claim->item : 0;
        in_turn(r, row->claim, claim->purpose);
        r->sim->stats->earmarked += row->earmarked ? 1 : 0;
        claim->held_fen = row->amount_fen;
        claim->offset_fen = row->offset_fen;
        claim->institution = row->institution;
        if (!event->from_queue)
            draw(r, event->class_, claim->fund, row->institution, row->offset_fen);
        shares_taken(r, claim, row);
        if (claim->pooled)
            BEAR(r, claim, pooled, committed);
        else
            BEAR(r, claim, available, committed);
    }
}

/* ---- Paid, or not ---- */

static void
instruct(struct reckoning *r, const Ledger__Instructed *event)
{
    struct batch *batch = batch_of(r, event->batch);

    *batch = (struct batch){.draft = event->draft, .rows = (uint32_t)event->n_rows};
    for (size_t i = 0; i < event->n_rows; i++) {
        struct claim *claim = claim_of(r, event->rows[i]->claim, "instructed");

        move_to(r, event->rows[i]->claim, COMMITTED, FAILED, INSTRUCTED);
        if (!claim->approved || claim->ledger_held)
            sim_broken(r->sim, "claim %llu goes to the bank and is %s", (unsigned long long)event->rows[i]->claim,
                       claim->approved ? "held" : "not approved");
        if (event->rows[i]->amount_fen != claim->held_fen || event->rows[i]->offset_fen != claim->offset_fen ||
            event->rows[i]->setoff_fen != claim->setoff_fen)
            sim_broken(r->sim, "claim %llu goes to the bank with another amount",
                       (unsigned long long)event->rows[i]->claim);
        if (frozen(r, claim))
            sim_broken(r->sim, "claim %llu is put into a batch and its payee is frozen",
                       (unsigned long long)event->rows[i]->claim);
        claim->batch = event->batch;
        batch->fen += claim->held_fen - claim->offset_fen - claim->setoff_fen;
        claim->kept = false;
        BEAR(r, claim, committed, instructed);
    }
}

static void
withdraw(struct reckoning *r, const Ledger__ClaimsWithdrawn *event)
{
    struct batch *batch = batch_of(r, event->batch);

    if (*batch->maker || batch->released)
        sim_broken(r->sim, "batch %llu is declared, and loses a row", (unsigned long long)event->batch);
    for (size_t i = 0; i < event->n_rows; i++) {
        struct claim *claim = claim_of(r, event->rows[i]->claim, "withdrawn");

        if (claim->batch != event->batch)
            sim_broken(r->sim, "claim %llu leaves a batch that it is not in",
                       (unsigned long long)event->rows[i]->claim);
        move_to(r, event->rows[i]->claim, INSTRUCTED, INSTRUCTED, event->rows[i]->failed ? FAILED : COMMITTED);
        claim->batch = 0;
        batch->rows--;
        batch->fen -= claim->held_fen - claim->offset_fen - claim->setoff_fen;
        claim->setoff_fen = 0; /* owed as before */
        BEAR(r, claim, instructed, committed);
    }
}

/* What was earned of the class's advance moves in the account that advanced it. */
static void
earn(struct reckoning *r, const struct claim *claim)
{
    const struct advance *advance = advance_of(r, claim->class, claim->fund, claim->institution);
    struct account *account = account_of(r, advance->fund, advance->division, advance->year);

    account->advanced -= claim->offset_fen;
    account->paid += claim->offset_fen;
    balanced(r, account);
}

static void
pay(struct reckoning *r, const Ledger__Paid *event)
{
    at_bank(r, event->batch);
    for (size_t i = 0; i < event->n_rows; i++) {
        struct claim *claim = claim_of(r, event->rows[i]->claim, "paid");

        move_to(r, event->rows[i]->claim, INSTRUCTED, INSTRUCTED, PAID);
        if (event->rows[i]->amount_fen != claim->held_fen)
            sim_broken(r->sim, "claim %llu is paid another amount than is due",
                       (unsigned long long)event->rows[i]->claim);
        BEAR(r, claim, instructed, paid);
        if (claim->offset_fen > 0)
            earn(r, claim);
        r->sim->stats->paid++;
        r->sim->stats->paid_fen += claim->held_fen;
    }
}

static void
fail(struct reckoning *r, const Ledger__Failed *event)
{
    at_bank(r, event->batch);
    for (size_t i = 0; i < event->n_rows; i++) {
        struct claim *claim = claim_of(r, event->rows[i]->claim, "failed");

        move_to(r, event->rows[i]->claim, INSTRUCTED, INSTRUCTED, FAILED);
        BEAR(r, claim, instructed, committed);
        claim->setoff_fen = 0; /* owed as before */
    }
}

static void
give_back(struct reckoning *r, struct account *from, struct account *to, int64_t fen)
{
    if (from == to) {
        from->available += fen;
    } else {
        from->carried_out += fen;
        to->carried_in += fen;
        to->available += fen;
    }
    balanced(r, from);
    balanced(r, to);
}

/* Back to what is available: this year's, over a year's end. */
void
return_to(struct reckoning *r, struct account *from, int64_t *balance, uint32_t to_year, int64_t fen)
{
    struct account *to =
        from->year == to_year ? from : earmarked_of(r, from->fund, from->division, to_year, from->purpose);

    *balance -= fen;
    from->carried_out += from == to ? 0 : fen;
    to->carried_in += from == to ? 0 : fen;
    to->available += fen;
    balanced(r, from);
    balanced(r, to);
}

/* Once its class is settled what was not earned after all is owed. */
static void
unearn(struct reckoning *r, uint64_t class, const struct claim *claim, int64_t fen)
{
    struct advance *advance = advance_of(r, class, claim->fund, claim->institution);
    struct account *account = account_of(r, advance->fund, advance->division, advance->year);

    if (!advance->settled)
        return;
    account->advanced -= fen;
    account->receivable += fen;
    r->owed_advances += fen;
    balanced(r, account);
}

/* What will not be paid of a claim; what it had earned of an advance is left to be earned or recovered again. */
static void
release_claims(struct reckoning *r, const Ledger__CommitmentReleased *event)
{
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__ReleasedRow *row = event->rows[i];
        struct claim *claim = claim_of(r, row->claim, "released");
        struct account *account;

        if (row->amount_fen <= 0 || row->amount_fen > claim->held_fen || row->offset_fen > claim->offset_fen ||
            row->whole != (row->amount_fen == claim->held_fen) || row->waiting != (claim->standing == WAITING))
            sim_broken(r->sim, "claim %llu gives back what it has not", (unsigned long long)row->claim);
        if (!event->lapsed && !claim->ledger_held && claim->standing != FAILED && claim->to_fen < 0)
            sim_broken(r->sim, "claim %llu was released, and nobody held it", (unsigned long long)row->claim);
        r->sim->stats->released++;
        r->sim->stats->unqueued += row->waiting ? 1 : 0;
        if (row->whole)
            move_to(r, row->claim, row->waiting ? WAITING : COMMITTED, row->waiting ? WAITING : FAILED, RELEASED);
        else
            claim->held_fen -= row->amount_fen;
        if (claim->pooled) {
            shares_returned(r, claim, row, event->to_year);
        } else if (!row->waiting) {
            account = earmarked_of(r, claim->fund, claim->account_division, claim->year, claim->purpose);
            return_to(r, account, &account->committed, event->to_year, row->amount_fen - row->offset_fen);
        }
        if (row->offset_fen > 0)
            unearn(r, event->class_, claim, row->offset_fen);
        if (!row->whole)
            claim->offset_fen -= row->offset_fen;
        money_lessened(r, claim, row->claim);
    }
}

static void
recover(struct reckoning *r, const Ledger__Recovered *event)
{
    const struct advance *advance = advance_of(r, event->class_, (uint32_t)event->fund, event->institution);
    struct account *from = account_of(r, (uint32_t)event->fund, event->account_division, event->from_year);
    struct account *to = account_of(r, (uint32_t)event->fund, event->account_division, event->to_year);

    *(advance->settled ? &from->receivable : &from->advanced) -= event->amount_fen;
    r->owed_advances -= advance->settled ? event->amount_fen : 0;
    give_back(r, from, to, event->amount_fen);
}

static void
owe(struct reckoning *r, const Ledger__AdvanceSettled *event)
{
    struct advance *advance = advance_of(r, event->class_, (uint32_t)event->fund, event->institution);
    struct account *account = account_of(r, advance->fund, advance->division, advance->year);

    if (advance->settled)
        return;
    advance->settled = true;
    account->advanced -= event->debt_fen;
    account->receivable += event->debt_fen;
    r->owed_advances += event->debt_fen;
    balanced(r, account);
}

/* A claim's money must come back to the accounts that paid it, and to no others. */
static void
reverse(struct reckoning *r, const Ledger__Reversed *event)
{
    struct claim *claim;

    if (event->grant)
        return;
    claim = claim_of(r, event->claim, "reversed");
    if (claim->standing != PAID)
        sim_broken(r->sim, "claim %llu is reversed and was never paid", (unsigned long long)event->claim);
    for (size_t i = 0; i < event->n_parts; i++) {
        const Ledger__ReversedPart *part = event->parts[i];
        struct account *account = earmarked_of(r, part->fund ? (uint32_t)part->fund : claim->fund,
                                               part->account_division, part->year, (uint32_t)part->item);

        if (part->fund) {
            claim->reversed[part->fund] += part->amount_fen;
            if (claim->reversed[part->fund] > claim->shares[part->fund])
                sim_broken(r->sim, "claim %llu: fund %u is owed more than its share", (unsigned long long)event->claim,
                           (uint32_t)part->fund);
        }
        if (claim->pooled && !part->fund && claim->offset_fen == 0)
            sim_broken(r->sim, "claim %llu is paid back to no source of its pool", (unsigned long long)event->claim);
        if (part->account_division != claim->account_division && claim->offset_fen == 0)
            sim_broken(r->sim, "claim %llu is paid back to an account that did not pay it",
                       (unsigned long long)event->claim);
        account->paid -= part->amount_fen;
        account->receivable += part->amount_fen;
        balanced(r, account);
    }
    claim->reversed_fen += event->amount_fen;
    money_lessened(r, claim, event->claim);
}

static void
come_back(struct reckoning *r, const Ledger__Returned *event)
{
    for (size_t i = 0; i < event->n_parts; i++) {
        const Ledger__ReturnedPart *part = event->parts[i];
        uint32_t fund = (uint32_t)(part->fund ? part->fund : event->fund);
        uint32_t purpose = (uint32_t)part->item + (uint32_t)part->purpose;
        struct account *from = earmarked_of(r, fund, part->account_division, part->from_year, purpose);

        from->receivable -= part->amount_fen;
        r->owed_advances -= event->kind == LEDGER__DEBT_KIND__DEBT_ADVANCE ? part->amount_fen : 0;
        give_back(r, from, earmarked_of(r, fund, part->account_division, part->to_year, purpose), part->amount_fen);
    }
}

static void
give_up(struct reckoning *r, const Ledger__WrittenOff *event)
{
    for (size_t i = 0; i < event->n_parts; i++) {
        const Ledger__WrittenOffPart *part = event->parts[i];
        uint32_t fund = (uint32_t)(part->fund ? part->fund : event->fund);
        struct account *account =
            earmarked_of(r, fund, part->account_division, part->year, (uint32_t)part->item + (uint32_t)part->purpose);

        account->receivable -= part->amount_fen;
        account->written_off += part->amount_fen;
        r->owed_advances -= event->rule ? part->amount_fen : 0; /* a rule gives up of an advance alone */
        balanced(r, account);
    }
}

static void
hear_recovery(struct reckoning *r, uint32_t type, const void *message)
{
    if (type == LEDGER__EVENT__BODY_RECOVERED)
        recover(r, message);
    if (type == LEDGER__EVENT__BODY_ADVANCE_SETTLED)
        owe(r, message);
    if (type == LEDGER__EVENT__BODY_REVERSED)
        reverse(r, message);
    if (type == LEDGER__EVENT__BODY_RETURNED)
        come_back(r, message);
    if (type == LEDGER__EVENT__BODY_WRITTEN_OFF)
        give_up(r, message);
    if (type == LEDGER__EVENT__BODY_SETOFF_TAKEN) {
        const Ledger__SetoffTaken *event = message;

        for (size_t i = 0; i < event->n_rows; i++)
            claim_of(r, event->claim, "taken from")->setoff_fen += event->rows[i]->amount_fen;
    }
    if (type == LEDGER__EVENT__BODY_PAYMENTS_STOPPED) {
        const Ledger__PaymentsStopped *event = message;

        for (size_t i = 0; i < event->n_claims; i++)
            claim_of(r, event->claims[i], "kept")->kept = event->change == LEDGER__STOP_CHANGE__STOP_KEPT;
    }
}

static void
hear_account(struct reckoning *r, uint32_t type, const void *message)
{
    struct account *account;

    if (type == LEDGER__EVENT__BODY_APPROPRIATED) {
        const Ledger__Appropriated *event = message;

        account = earmarked_of(r, (uint32_t)event->fund, event->division, event->year,
                               (uint32_t)event->item + (uint32_t)event->purpose);
        account->appropriated += event->amount_fen;
        account->available += event->amount_fen;
        balanced(r, account);
    } else if (type == LEDGER__EVENT__BODY_ADVANCE_PAID && !((const Ledger__AdvancePaid *)message)->refused) {
        const Ledger__AdvancePaid *event = message;

        account = account_of(r, (uint32_t)event->fund, event->account_division, event->year);
        account->available -= event->amount_fen;
        account->advanced += event->amount_fen;
        balanced(r, account);
        *batch_of(r, event->batch) = (struct batch){.draft = event->draft, .rows = 1, .fen = event->amount_fen};
        if (institution_frozen(r, event->institution))
            sim_broken(r->sim, "an institution that is frozen is advanced money");
        JN_ASSERT(r->advances_count < ADVANCES_MAX);
        r->advances[r->advances_count++] = (struct advance){
            event->class_, event->institution, (uint32_t)event->fund, event->account_division, event->year, false};
    } else if (type == LEDGER__EVENT__BODY_CARRIED_OVER) {
        const Ledger__CarriedOver *event = message;

        uint32_t purpose = (uint32_t)event->item + (uint32_t)event->purpose;

        account = earmarked_of(r, (uint32_t)event->fund, event->division, event->from_year, purpose);
        account->available -= event->amount_fen;
        account->carried_out += event->amount_fen;
        balanced(r, account);
        account = earmarked_of(r, (uint32_t)event->fund, event->division, event->to_year, purpose);
        account->available += event->amount_fen;
        account->carried_in += event->amount_fen;
        balanced(r, account);
    }
}

static void
hear_paying(struct reckoning *r, uint32_t type, const void *message)
{
    if (type == LEDGER__EVENT__BODY_BATCH_MOVED)
        hands_move_batch(r, message);
    if (type == LEDGER__EVENT__BODY_CLAIMS_WITHDRAWN)
        withdraw(r, message);
    if (type == LEDGER__EVENT__BODY_THAW_ASKED)
        hands_ask_thaw(r, message);
    if (type == LEDGER__EVENT__BODY_PAYEE_FROZEN)
        hands_freeze_or_thaw(r, message);
    if (type == LEDGER__EVENT__BODY_ADVANCE_SENT) {
        const Ledger__AdvanceSent *event = message;

        *batch_of(r, event->batch) = (struct batch){.draft = event->draft, .rows = 1, .fen = event->amount_fen};
    }
    if (type == LEDGER__EVENT__BODY_ADVANCE_ANSWERED)
        at_bank(r, ((const Ledger__AdvanceAnswered *)message)->batch);
    if (type == LEDGER__EVENT__BODY_BANK_UNDECIDED)
        at_bank(r, ((const Ledger__BankUndecided *)message)->batch);
    if (type == LEDGER__EVENT__BODY_BOOKED)
        at_bank(r, ((const Ledger__Booked *)message)->batch);
    if (type == LEDGER__EVENT__BODY_BANK_DISAGREED) {
        const Ledger__Disagreement *what = ((const Ledger__BankDisagreed *)message)->what;

        r->sim->stats->debited_twice += what->what == LEDGER__CONTRADICTION__DOUBLE_DEBIT;
        money_contradict(r, (struct told){what->batch, what->claim, what->disbursement, (uint32_t)what->what, false},
                         1);
    }
    if (type == LEDGER__EVENT__BODY_DISAGREEMENT_SETTLED) {
        const Ledger__DisagreementSettled *what = message;

        money_contradict(r, (struct told){what->batch, what->claim, what->disbursement, (uint32_t)what->what, false},
                         -1);
    }
}

static void
hear_ledger(void *context, uint64_t block, uint32_t type, const void *message)
{
    struct reckoning *r = context;

    (void)block;
    if (type == LEDGER__EVENT__BODY_COMMITTED)
        commit(r, message);
    if (type == LEDGER__EVENT__BODY_INSTRUCTED)
        instruct(r, message);
    if (type == LEDGER__EVENT__BODY_PAID)
        pay(r, message);
    if (type == LEDGER__EVENT__BODY_FAILED)
        fail(r, message);
    if (type == LEDGER__EVENT__BODY_HOLD_NOTED) {
        const Ledger__HoldNoted *event = message;

        claim_of(r, event->claim, "held")->ledger_held = event->held;
    }
    if (type == LEDGER__EVENT__BODY_QUEUED)
        queue_up(r, message);
    if (type == LEDGER__EVENT__BODY_MISDIRECTED) {
        const Ledger__Misdirected *event = message;

        for (size_t i = 0; i < event->n_rows; i++)
            move_to(r, event->rows[i]->claim, NOT_HEARD, NOT_HEARD, MISDIRECTED);
    }
    if (type == LEDGER__EVENT__BODY_COMMITMENT_RELEASED)
        release_claims(r, message);
    if (type == LEDGER__EVENT__BODY_CLAIMS_REDUCED)
        money_reduce(r, message);
    grants_hear(r, r->grants, type, message);
    r->sim->stats->shortfalls += type == LEDGER__EVENT__BODY_SHORTFALL_FORESEEN;
    hear_account(r, type, message);
    hear_paying(r, type, message);
    hear_recovery(r, type, message);
    cases_hear_ledger(r, type, message);
}

/* ---- At the end ---- */

void
sim_prove_money(struct sim *sim)
{
    struct reckoning *r = calloc(1, sizeof(*r));
    char fault[512];

    JN_ASSERT(r);
    r->sim = sim;
    r->grants = grants_new(sim);
    r->pack = pack_load(JN_SOURCE_DIR "/deploy/policy/shijiazhuang-2019.yaml", fault, sizeof(fault));
    JN_ASSERT(r->pack);
    sim_do(sim, LEDGER, sim_generator(LEDGER, "Totals"));
    sim->city.funnel_asked = true;
    sim_do(sim, SUBSIDY, sim_generator(SUBSIDY, "Funnel"));
    sim_settle_down(sim);
    sim_events(sim, ENROLLMENT, hear_enrollment, r);
    sim_events(sim, SUBSIDY, money_hear_subsidy, r);
    sim_events(sim, LEDGER, hear_ledger, r);
    cases_prove(r);
    money_prove_claims(r);
    money_prove_totals(r);
    seats_prove(r);
    grants_prove(r->grants);
    pack_free(r->pack);
    free(r->grants);
    free(r);
}
