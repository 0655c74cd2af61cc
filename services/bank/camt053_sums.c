/* What a statement comes to: entries against their payments, sums and balances against the entries. A statement that
 * does not add up is not to be trusted in any row. */
#include <string.h>

#include "bank/camt053.h"
#include "bank/parts.h"
#include "domain/money.h"

static bool
too_much(struct camt053 *in)
{
    return bank_malformed(in->fault, in->entry.line, "the sum is too large 合计金额超限");
}

/* Booked alone is money that has moved; what is expected or only told of is not. */
static bool
standing_of(const struct camt053 *in, enum bank_standing *out)
{
    const char *status = in->entry.status;

    /* A debit that is a reversal: some banks mean a payment taken back, the standard a return taken back. */
    if (in->entry.reversal && in->detail.direction < 0)
        return false;
    if (!strcmp(status, "BOOK"))
        *out = in->detail.direction < 0 ? BANK_PAID : BANK_SENT_BACK;
    else if (!strcmp(status, "PDNG") || !strcmp(status, "FUTR") || !strcmp(status, "INFO"))
        *out = BANK_PENDING;
    else
        return false;
    return true;
}

static bool
other_movement(struct camt053 *in, int direction, int64_t amount_fen)
{
    int64_t *sum = direction < 0 ? &in->answer->others_out_fen : &in->answer->others_in_fen;

    if (strcmp(in->entry.status, "BOOK"))
        return true;
    in->answer->others_count++;
    return money_add(*sum, amount_fen, sum) || too_much(in);
}

/* What it shows stands in messages and goes into the ledger: plain characters alone. */
static const char *
shown(struct camt053 *in, const char *text)
{
    char *out = jn_arena_print(in->arena, "%.*s", BANK_BOOKING_BYTES - 1, text);

    for (char *c = out; *c; c++)
        *c = strchr("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.+-_:/@", *c) ? *c : '?';
    return out;
}

/* The bank's reference of what it has booked: the transaction's own; else the entry's; else the entry's number, which
 * is its day's alone. Where one entry has the same row twice, the second is another booking. */
static const char *
booking_of(struct camt053 *in, const struct bank_row *row, const char *servicer)
{
    const struct camt053_entry *entry = &in->entry;
    size_t before = 0;

    if (strcmp(entry->status, "BOOK"))
        return "";
    if (*servicer)
        return shown(in, servicer);
    for (size_t i = entry->first; i < in->answer->rows_count; i++)
        before += in->answer->rows[i].batch == row->batch && in->answer->rows[i].claim == row->claim;
    servicer = *entry->servicer ? entry->servicer
               : *entry->own    ? jn_arena_print(in->arena, "%s@%.10s", entry->own, entry->day)
                                : "";
    return shown(in, *servicer && before ? jn_arena_print(in->arena, "%s/%zu", servicer, before + 1) : servicer);
}

/* A payment among several of one entry must say its amount itself. */
static bool
release_held(struct camt053 *in, bool last)
{
    struct bank_fault *fault;

    if (!in->holds)
        return true;
    in->holds = false;
    if (last && in->entry.details == 1 && in->held.amount_fen < 0)
        in->held.amount_fen = in->entry.amount_fen;
    in->held.booking = booking_of(in, &in->held, in->held.booking);
    if (in->held.amount_fen >= 0)
        return bank_answer_add(in->arena, in->answer, &in->held, in->fault);
    fault = bank_fault_add(in->arena, &in->answer->faults, BANK_UNCLEAR);
    fault->row = true;
    fault->line = in->held.line;
    fault->batch = in->held.batch;
    fault->claim = in->held.claim;
    fault->what = "TxDtls/Amt";
    return true;
}

static bool
add_detail(struct camt053 *in)
{
    struct camt053_entry *entry = &in->entry;
    int64_t amount_fen = in->detail.amount_fen;

    entry->details++;
    entry->details_foreign = entry->details_foreign || in->detail.foreign != entry->foreign;
    if (amount_fen < 0)
        entry->silent++;
    else if (!money_add(entry->details_fen, in->detail.direction == entry->direction ? amount_fen : -amount_fen,
                        &entry->details_fen))
        return too_much(in);
    return true;
}

bool
camt053_detail_done(struct camt053 *in)
{
    const struct camt053_detail *detail = &in->detail;
    struct bank_row row = {.line = detail->line,
                           .amount_fen = detail->amount_fen,
                           .code = detail->code,
                           .words = detail->words,
                           .booking = detail->servicer};
    struct bank_fault *fault;

    if (!in->entry.amount || in->entry.direction == 0 || !*in->entry.status)
        return bank_malformed(in->fault, in->entry.line, "Ntry");
    if (!release_held(in, false) || !add_detail(in))
        return false;
    in->entry.other_silent = false;
    if (!bank_reference_row_read(detail->reference, &row.batch, &row.claim) && detail->amount_fen < 0) {
        in->entry.other_silent = true;
        return true;
    }
    if (!bank_reference_row_read(detail->reference, &row.batch, &row.claim))
        return other_movement(in, detail->direction, detail->amount_fen);
    if (detail->foreign || !standing_of(in, &row.standing)) {
        fault = bank_answer_fault(in->arena, in->answer, detail->foreign ? BANK_WRONG_CURRENCY : BANK_UNCLEAR,
                                  detail->line, detail->reference);
        bank_fault_show(fault->found, detail->foreign      ? detail->currency
                                      : in->entry.reversal ? "DBIT RvslInd"
                                                           : in->entry.status);
        return true;
    }
    in->held = row;
    in->holds = true;
    return true;
}

static bool
count_entry(struct camt053 *in)
{
    struct camt053_statement *statement = &in->statement;
    struct camt053_said *side = &statement->is[in->entry.direction < 0 ? CAMT053_DEBIT : CAMT053_CREDIT];
    struct camt053_said *all = &statement->is[CAMT053_ALL];

    all->count++;
    side->count++;
    if (!money_add(all->sum_fen, in->entry.amount_fen, &all->sum_fen) ||
        !money_add(side->sum_fen, in->entry.amount_fen, &side->sum_fen))
        return too_much(in);
    if (strcmp(in->entry.status, "BOOK"))
        return true;
    return money_add(statement->booked_fen, in->entry.direction * in->entry.amount_fen, &statement->booked_fen) ||
           too_much(in);
}

bool
camt053_entry_done(struct camt053 *in)
{
    const struct camt053_entry *entry = &in->entry;

    if (!release_held(in, true) || !count_entry(in))
        return false;
    if (entry->details == 0 || (entry->details == 1 && entry->other_silent))
        return other_movement(in, entry->direction, entry->amount_fen);
    if (entry->silent > 0 || entry->details_foreign || entry->details_fen == entry->amount_fen)
        return true;
    *in->fault = (struct bank_fault){.class = BANK_WRONG_TOTAL, .line = entry->line, .what = "Ntry/Amt"};
    bank_fault_amounts(in->fault, entry->amount_fen, entry->details_fen);
    return false;
}

static bool
said_wrong(struct camt053 *in, const char *what, int64_t found_fen, int64_t expected_fen)
{
    *in->fault = (struct bank_fault){.class = BANK_WRONG_TOTAL, .line = in->statement.line, .what = what};
    bank_fault_amounts(in->fault, found_fen, expected_fen);
    return false;
}

bool
camt053_statement_done(struct camt053 *in)
{
    static const char *const names[CAMT053_SUMS] = {"TtlNtries", "TtlCdtNtries", "TtlDbtNtries"};
    const struct camt053_statement *statement = &in->statement;
    int64_t closing_fen;

    for (size_t i = 0; i < CAMT053_SUMS; i++) {
        const struct camt053_said *said = &statement->said[i], *is = &statement->is[i];

        if (said->count >= 0 && said->count != is->count) {
            said_wrong(in, names[i], 0, 0);
            bank_fault_counts(in->fault, (uint64_t)said->count, (uint64_t)is->count);
            return false;
        }
        if (said->sum_fen >= 0 && said->sum_fen != is->sum_fen)
            return said_wrong(in, names[i], said->sum_fen, is->sum_fen);
    }
    if (statement->openings != 1 || statement->closings != 1)
        return true;
    if (!money_add(statement->opening_fen, statement->booked_fen, &closing_fen))
        return too_much(in);
    return closing_fen == statement->closing_fen || said_wrong(in, "CLBD", statement->closing_fen, closing_fen);
}
