/* Bookings (记账流水): the bank's own reference of each debit of a row, and of each credit that took one back, as its
 * statements have them. A statement read twice brings nothing new; another debit of a row that is paid is a double
 * debit, in whatever file it comes; 2.12-c. */
#include "ledger/paying/paying.h"

#include <string.h>

/* The bank's of one row: what is more is a person's. */
#define BOOKINGS_MAX 8

/* ---- Table ---- */

const Ledger__BookingRow *
booking_get(const struct jn_view *view, uint64_t batch, uint64_t number)
{
    return jn_get(view, TABLE_BOOKING, JN_KEY(batch, number));
}

static bool
lists(char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i], text) == 0)
            return true;
    }
    return false;
}

/* ---- Judgement ---- */

static bool
list_fits(char *const *list, size_t count)
{
    if (count > BOOKINGS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!text_fits(list[i], TEXT_BYTES_MAX) || lists(list, i, list[i]))
            return false;
    }
    return true;
}

const char *
booking_fault(const Ledger__BankResult *result)
{
    if (result->unknown && (result->n_booked || result->n_returned))
        return "what the bank has not decided has no booking";
    if (!list_fits(result->booked, result->n_booked) || !list_fits(result->returned, result->n_returned))
        return "a row has at most 8 booking references of debits and 8 of credits, 1 to 120 bytes, each once";
    return NULL;
}

/* Those of the list that are not among the known; false where there would be too many. */
static bool
news_of(const struct jn_view *view, char *const *list, size_t count, char *const *known, size_t known_count,
        char ***out, size_t *out_count)
{
    *out = jn_take(view, (count + 1) * sizeof(**out));
    for (size_t i = 0; i < count; i++) {
        if (!lists(known, known_count, list[i]))
            (*out)[(*out_count)++] = list[i];
    }
    return known_count + *out_count <= BOOKINGS_MAX;
}

enum jn_code
booking_news(struct jn_decision *d, uint64_t batch, const Ledger__BankResult *result, const Ledger__BookedRow **out)
{
    static const Ledger__BookingRow none = LEDGER__BOOKING_ROW__INIT;
    uint64_t number = row_number(result->claim, result->disbursement);
    const Ledger__BookingRow *known = booking_get(d->view, batch, number);
    Ledger__BookedRow *row = jn_take(d->view, sizeof(*row));

    *out = NULL;
    if (result->n_booked + result->n_returned == 0)
        return JN_OK;
    if (!known)
        known = &none;
    ledger__booked_row__init(row);
    row->claim = row_claim(number);
    row->disbursement = row_disbursement(number);
    if (!news_of(d->view, result->booked, result->n_booked, known->booked, known->n_booked, &row->booked,
                 &row->n_booked) ||
        !news_of(d->view, result->returned, result->n_returned, known->returned, known->n_returned, &row->returned,
                 &row->n_returned))
        return jn_refuse(d, JN_OUT_OF_LIMITS, "2.12-c: the bank has booked it more than %d times; ask it why",
                         BOOKINGS_MAX);
    if (row->n_booked + row->n_returned > 0)
        *out = row;
    return JN_OK;
}

struct bookings
bookings_of(const struct jn_view *view, uint64_t batch, uint64_t number, const Ledger__BookedRow *news)
{
    const Ledger__BookingRow *known = booking_get(view, batch, number);

    return (struct bookings){(known ? known->n_booked : 0) + news->n_booked,
                             (known ? known->n_returned : 0) + news->n_returned};
}

/* ---- What then happens ---- */

static void
join(const struct jn_view *view, char ***list, size_t *count, char *const *more, size_t more_count)
{
    char **all = jn_take(view, (*count + more_count) * sizeof(*all));

    for (size_t i = 0; i < *count; i++)
        all[i] = (*list)[i];
    for (size_t i = 0; i < more_count; i++)
        all[*count + i] = more[i];
    *list = all;
    *count += more_count;
}

void
apply_booked(struct jn_tables *t, const Ledger__Booked *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__BookedRow *news = event->rows[i];
        uint64_t number = row_number(news->claim, news->disbursement);
        const Ledger__BookingRow *old = booking_get(view, event->batch, number);
        Ledger__BookingRow row = LEDGER__BOOKING_ROW__INIT;

        if (old)
            row = *old;
        join(view, &row.booked, &row.n_booked, news->booked, news->n_booked);
        join(view, &row.returned, &row.n_returned, news->returned, news->n_returned);
        jn_put(t, TABLE_BOOKING, JN_KEY(event->batch, number), &row);
    }
}
