/* An answer held against what the ledger has of a batch (对账): what may be recorded, what is known, what needs a
 * person. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/parts.h"
#include "domain/money.h"

/* What the file says of one row of the batch. */
struct said {
    const struct bank_known *known;
    size_t line;
    unsigned paid, sent_back, failed, pending, named;
    unsigned silent;                          /* debits and credits without the bank's reference */
    struct bank_bookings booked, returned;    /* those that the ledger does not know */
    const char *code, *words;                 /* why it was not paid */
    const char *pending_code, *pending_words; /* why it is not decided */
    bool differs;
    int64_t amount_fen; /* the one that differs */
};

struct matching {
    struct jn_arena *arena;
    const struct bank_answer *answer;
    const struct bank_batch *batch;
    struct said *rows; /* by claim */
    struct bank_reconciled *out;
    bool whole; /* the answer is to an order of all rows */
};

/* ---- Rows found ---- */

static int
by_claim(const void *a, const void *b)
{
    uint64_t x = ((const struct said *)a)->known->claim, y = ((const struct said *)b)->known->claim;

    return x < y ? -1 : x > y;
}

static struct said *
find(const struct matching *m, uint64_t claim)
{
    const struct bank_known known = {.claim = claim};
    const struct said wanted = {.known = &known};

    return m->batch->rows_count ? bsearch(&wanted, m->rows, m->batch->rows_count, sizeof(wanted), by_claim) : NULL;
}

static struct bank_fault *
fault_of(struct matching *m, enum bank_class class, size_t line, uint64_t claim)
{
    struct bank_fault *fault = bank_fault_add(m->arena, &m->out->faults, class);

    fault->row = true;
    fault->line = line;
    fault->batch = m->batch->batch;
    fault->claim = claim;
    return fault;
}

static bool
lists(const struct bank_bookings *bookings, const char *booking)
{
    for (size_t i = 0; i < bookings->count; i++)
        if (!strcmp(bookings->list[i], booking))
            return true;
    return false;
}

/* Is it a debit or credit that was not heard of? One without a reference is taken for the one that is known; not so of
 * what failed, whose debit was given back. */
static bool
news(struct said *said, const struct bank_row *row, const struct bank_bookings *known, struct bank_bookings *heard)
{
    if (!*row->booking)
        return said->silent++ > 0 || known->count == 0 || said->known->state == BANK_WAS_FAILED;
    if (lists(known, row->booking) || lists(heard, row->booking))
        return false;
    if (heard->count < BANK_BOOKINGS_MAX)
        heard->list[heard->count++] = row->booking;
    return true;
}

static void
hear(struct matching *m, const struct bank_row *row)
{
    struct said *said = find(m, row->claim);
    bool bad = row->standing == BANK_FAILED || row->standing == BANK_SENT_BACK;

    if (!said) {
        fault_of(m, BANK_UNKNOWN_ROW, row->line, row->claim);
        return;
    }
    said->named++;
    if (!said->line)
        said->line = row->line;
    if (row->amount_fen >= 0 && row->amount_fen != said->known->amount_fen) {
        said->differs = true;
        said->amount_fen = row->amount_fen;
    }
    said->paid += row->standing == BANK_PAID && news(said, row, &said->known->booked, &said->booked);
    said->failed += row->standing == BANK_FAILED;
    said->sent_back += row->standing == BANK_SENT_BACK && news(said, row, &said->known->returned, &said->returned);
    said->pending += row->standing == BANK_PENDING;
    if (row->standing == BANK_PENDING) {
        said->pending_code = row->code;
        said->pending_words = row->words;
    }
    if (bad && !*said->code) {
        said->code = row->code;
        said->words = row->words;
    }
}

/* ---- The order that was answered ---- */

struct sum {
    int64_t count, total_fen;
};

static bool
fits(const struct bank_answer *answer, const struct sum *sum)
{
    return (answer->count < 0 || answer->count == sum->count) &&
           (answer->total_fen < 0 || answer->total_fen == sum->total_fen);
}

/* All rows that the bank was to pay; or, where some had been answered before the file was made, the others. */
static bool
total_fits(struct matching *m)
{
    struct sum all = {0, 0}, open = {0, 0};
    struct bank_fault *fault;

    for (size_t i = 0; i < m->batch->rows_count; i++) {
        const struct said *said = &m->rows[i];

        if (said->known->amount_fen == 0)
            continue;
        all.count++;
        all.total_fen += said->known->amount_fen;
        if (said->named == 0 && said->known->state != BANK_OPEN)
            continue;
        open.count++;
        open.total_fen += said->known->amount_fen;
    }
    m->whole = fits(m->answer, &all);
    if (m->whole || fits(m->answer, &open))
        return true;
    fault = bank_fault_add(m->arena, &m->out->faults, BANK_WRONG_TOTAL);
    fault->batch = m->batch->batch;
    if (m->answer->count >= 0 && m->answer->count != all.count)
        bank_fault_counts(fault, (uint64_t)m->answer->count, (uint64_t)all.count);
    else
        bank_fault_amounts(fault, m->answer->total_fen, all.total_fen);
    return false;
}

/* ---- What comes of a row ---- */

static void
offer(struct matching *m, const struct said *said, bool paid, const char *before)
{
    struct bank_offer *one = &m->out->offers[m->out->offers_count++];
    char text[BANK_REASON_BYTES];

    one->claim = said->known->claim;
    one->paid = paid;
    one->code = said->code;
    one->words = said->words;
    one->booked = said->booked;
    one->returned = said->returned;
    if (paid) {
        m->out->paid_fen += said->known->amount_fen;
        return;
    }
    m->out->failed_fen += said->known->amount_fen;
    bank_reason_text(text, said->code, said->words, &said->known->payee);
    snprintf(one->reason, sizeof(one->reason), "%s%s", before, text);
    bank_text_trim(one->reason);
}

/* The ledger hears of it; no money moves. */
static void
tell(struct matching *m, const struct said *said, bool paid, bool undecided, const char *before)
{
    struct bank_offer *one = &m->out->told[m->out->told_count++];
    char text[BANK_REASON_BYTES] = "";

    one->claim = said->known->claim;
    one->paid = paid;
    one->undecided = undecided;
    if (!undecided) {
        one->booked = said->booked;
        one->returned = said->returned;
    }
    one->code = undecided ? said->pending_code : said->code;
    one->words = undecided ? said->pending_words : said->words;
    if (!paid && (!undecided || *one->code || *one->words))
        bank_reason_text(text, one->code, one->words, &said->known->payee);
    snprintf(one->reason, sizeof(one->reason), "%s%s", before, text);
    bank_text_trim(one->reason);
}

static void
contradicted(struct matching *m, const struct said *said)
{
    static const char *const states[] = {"open", "paid", "failed"};
    struct bank_fault *fault = fault_of(m, BANK_CONTRADICTS, said->line, said->known->claim);
    const char *found = said->failed && said->paid ? "paid and failed" : said->paid ? "paid" : "failed";

    snprintf(fault->found, sizeof(fault->found), "%s", found);
    snprintf(fault->expected, sizeof(fault->expected), "%s", states[said->known->state]);
    if (!said->failed || (!said->paid && !said->sent_back))
        tell(m, said, said->paid > 0, false, "");
}

#define RETURNED "退汇 returned: "

/* The money went out and is back: a failed payment, where nobody has recorded it as paid. */
static void
came_back(struct matching *m, const struct said *said)
{
    struct bank_fault *fault;

    if (said->known->state == BANK_WAS_FAILED) {
        m->out->known++;
        return;
    }
    fault = fault_of(m, BANK_RETURNED, said->line, said->known->claim);
    bank_fault_show(fault->found, said->code);
    if (said->known->state == BANK_OPEN)
        offer(m, said, false, RETURNED);
    else
        tell(m, said, false, false, RETURNED);
}

/* With the references that the bank will be asked about. */
static void
double_debit(struct matching *m, const struct said *said, size_t debits)
{
    struct bank_fault *fault = fault_of(m, BANK_DOUBLE_DEBIT, said->line, said->known->claim);
    const char *text = "";

    for (size_t i = 0; i < said->known->booked.count; i++)
        text = jn_arena_print(m->arena, "%s %s", text, said->known->booked.list[i]);
    for (size_t i = 0; i < said->booked.count; i++)
        text = jn_arena_print(m->arena, "%s %s", text, said->booked.list[i]);
    bank_fault_counts(fault, debits, 1);
    if (*text)
        fault->what = jn_arena_print(m->arena, "记账流水 bookings%s", text);
}

static void
went_out(struct matching *m, const struct said *said)
{
    if (said->paid > said->sent_back + 1)
        double_debit(m, said, said->paid - said->sent_back);
    if (said->known->state == BANK_OPEN)
        offer(m, said, true, "");
    else if (said->known->state == BANK_WAS_PAID)
        m->out->known++;
    else
        contradicted(m, said);
}

/* Of what was answered before the statement brings debits or credits that nobody has heard of: a payment accounts for
 * one debit more than was given back, what failed for none. */
static void
booked_again(struct matching *m, const struct said *said)
{
    const struct bank_known *known = said->known;
    size_t debits = known->booked.count + said->paid, credits = known->returned.count + said->sent_back;
    size_t due = known->state == BANK_WAS_PAID ? 1 : 0;

    if (debits == 0)
        debits = due; /* it has a reference that the ledger never heard */
    if (debits > credits + due && due) {
        double_debit(m, said, debits - credits);
        if (said->booked.count > 0)
            tell(m, said, true, false, "");
    } else if (debits > credits + due) {
        contradicted(m, said);
    } else if (debits < credits + due) {
        came_back(m, said);
    } else {
        m->out->known++;
        tell(m, said, due == 1, false, RETURNED);
    }
}

/* Nothing of it is new; but what is known may not add up, which is a person's until the bank has put it right. */
static void
known_before(struct matching *m, const struct said *said)
{
    size_t debits = said->known->booked.count, credits = said->known->returned.count;

    if (said->known->state == BANK_WAS_PAID && debits > credits + 1)
        double_debit(m, said, debits - credits);
    else
        m->out->known++;
}

static bool
has_references(const struct said *said)
{
    return said->booked.count + said->returned.count > 0 ||
           (said->paid + said->sent_back > 0 && said->known->booked.count + said->known->returned.count > 0);
}

static void
failed(struct matching *m, const struct said *said)
{
    if (said->known->state == BANK_OPEN)
        offer(m, said, false, "");
    else if (said->known->state == BANK_WAS_FAILED)
        m->out->known++;
    else
        contradicted(m, said);
}

static void
judge(struct matching *m, struct said *said)
{
    const struct bank_known *known = said->known;

    if (said->differs) {
        bank_fault_amounts(fault_of(m, BANK_AMOUNT_DIFFERS, said->line, known->claim), said->amount_fen,
                           known->amount_fen);
    } else if (known->amount_fen == 0) {
        /* The payee had it all as an advance: the bank had nothing to do. */
        if (known->state == BANK_OPEN)
            offer(m, said, true, "");
        else
            m->out->known++;
    } else if (said->failed && (said->paid || said->sent_back)) {
        contradicted(m, said);
    } else if (known->state != BANK_OPEN && has_references(said)) {
        booked_again(m, said);
    } else if (said->sent_back && said->sent_back >= said->paid) {
        came_back(m, said);
    } else if (said->paid) {
        went_out(m, said);
    } else if (said->failed) {
        failed(m, said);
    } else if (known->state == BANK_OPEN) {
        m->out->pending++;
        if (said->pending)
            tell(m, said, false, true, "");
    } else if (said->named) {
        known_before(m, said);
    }
}

/* What the answer says of all rows holds for those that it does not name. */
static void
hear_rest(struct matching *m, struct said *said)
{
    const struct bank_answer *answer = m->answer;

    if (said->named || answer->batch != m->batch->batch || (!m->whole && said->known->state != BANK_OPEN))
        return;
    said->paid = answer->rest == BANK_PAID;
    said->failed = answer->rest == BANK_FAILED;
    said->code = answer->rest_code;
    said->words = answer->rest_words;
}

void
bank_reconcile(struct jn_arena *arena, const struct bank_answer *answer, const struct bank_batch *batch,
               struct bank_reconciled *out)
{
    struct matching m = {arena, answer, batch, jn_arena_take(arena, batch->rows_count * sizeof(*m.rows)), out, true};

    *out = (struct bank_reconciled){.offers = jn_arena_take(arena, batch->rows_count * sizeof(*out->offers)),
                                    .told = jn_arena_take(arena, batch->rows_count * sizeof(*out->told))};
    for (size_t i = 0; i < batch->rows_count; i++)
        m.rows[i] =
            (struct said){.known = &batch->rows[i], .code = "", .words = "", .pending_code = "", .pending_words = ""};
    qsort(m.rows, batch->rows_count, sizeof(*m.rows), by_claim);
    for (size_t i = 0; i < answer->rows_count; i++)
        if (answer->rows[i].batch == batch->batch)
            hear(&m, &answer->rows[i]);
    /* A row that could not be used is named all the same: what is said of the others does not hold for it. */
    for (size_t i = 0; i < answer->faults.count; i++) {
        const struct bank_fault *fault = &answer->faults.list[i];
        struct said *said = fault->row && fault->batch == batch->batch ? find(&m, fault->claim) : NULL;

        if (said)
            said->named++;
    }
    out->refused = answer->batch == batch->batch && !total_fits(&m);
    for (size_t i = 0; i < batch->rows_count && !out->refused; i++) {
        hear_rest(&m, &m.rows[i]);
        judge(&m, &m.rows[i]);
    }
}
