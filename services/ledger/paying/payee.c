/* Payees (收款人): whom the bank pays, by the dense numbers of enrollment. Personal: finance alone sees it, in a batch.
 */
#include "ledger/ledger.h"

/* ---- Tables ---- */

const Ledger__NotedPayee *
payee_of(const struct jn_view *view, Common__Payee payee, uint64_t person, uint64_t institution)
{
    static const Ledger__NotedPayee nobody = LEDGER__NOTED_PAYEE__INIT;
    const Ledger__NotedPayee *row;

    row = payee == COMMON__PAYEE__PAYEE_PERSON ? jn_get(view, TABLE_PERSON, JN_KEY(person))
                                               : jn_get(view, TABLE_INSTITUTION, JN_KEY(institution));
    return row ? row : &nobody;
}

const char *
institution_name(const struct jn_view *view, uint64_t institution)
{
    return institution ? payee_of(view, COMMON__PAYEE__PAYEE_INSTITUTION, 0, institution)->name : "";
}

struct payee
claim_payee(const struct claim *claim)
{
    if (claim->payee == COMMON__PAYEE__PAYEE_PERSON)
        return (struct payee){PAYEE_IS_PERSON, claim->person};
    return institution_payee(claim->institution);
}

struct payee
institution_payee(uint64_t institution)
{
    return (struct payee){PAYEE_IS_INSTITUTION, institution};
}

struct payee
payee_named(uint64_t person, uint64_t institution)
{
    return institution ? institution_payee(institution) : (struct payee){PAYEE_IS_PERSON, person};
}

uint64_t
payee_person(struct payee payee)
{
    return payee.kind == PAYEE_IS_PERSON ? payee.number : 0;
}

uint64_t
payee_institution(struct payee payee)
{
    return payee.kind == PAYEE_IS_INSTITUTION ? payee.number : 0;
}

bool
payee_same(struct payee a, struct payee b)
{
    return a.kind == b.kind && a.number == b.number;
}

struct jn_key
payee_key(struct payee payee)
{
    return JN_KEY(payee.kind, payee.number);
}

struct jn_key
payee_key_of(struct payee payee, uint64_t number)
{
    return JN_KEY(payee.kind, payee.number, number);
}

/* ---- How enrollment moves it ---- */

static Ledger__NotedPayee *
noted(struct jn_decision *d, const char *name, const char *account, const char *bank)
{
    Ledger__NotedPayee *row = jn_take(d->view, sizeof(*row));

    ledger__noted_payee__init(row);
    row->name = (char *)(uintptr_t)name;
    row->account = (char *)(uintptr_t)account;
    row->bank = (char *)(uintptr_t)bank;
    return row;
}

enum jn_code
react_institutions_designated(struct jn_decision *d, const Enrollment__InstitutionsDesignated *event,
                              const struct jn_source *from)
{
    Ledger__PayeesNoted payees = LEDGER__PAYEES_NOTED__INIT;

    (void)from;
    payees.rows = jn_take(d->view, event->n_rows * sizeof(*payees.rows));
    for (size_t i = 0; i < event->n_rows; i++) {
        const Enrollment__Institution *facts = event->rows[i]->facts;

        if (!facts || event->rows[i]->institution == 0)
            continue;
        payees.rows[payees.n_rows] = noted(d, facts->name, facts->account, facts->bank);
        payees.rows[payees.n_rows++]->institution = event->rows[i]->institution;
    }
    return payees.n_rows ? jn_emit(d, LEDGER__EVENT__BODY_PAYEES_NOTED, &payees) : JN_OK;
}

enum jn_code
react_payees_registered(struct jn_decision *d, const Enrollment__PayeesRegistered *event, const struct jn_source *from)
{
    Ledger__PayeesNoted payees = LEDGER__PAYEES_NOTED__INIT;

    (void)from;
    payees.rows = jn_take(d->view, event->n_rows * sizeof(*payees.rows));
    for (size_t i = 0; i < event->n_rows; i++) {
        if (event->rows[i]->person == 0)
            continue;
        payees.rows[payees.n_rows] = noted(d, event->rows[i]->name, event->rows[i]->account, "");
        payees.rows[payees.n_rows++]->person = event->rows[i]->person;
    }
    return payees.n_rows ? jn_emit(d, LEDGER__EVENT__BODY_PAYEES_NOTED, &payees) : JN_OK;
}

/* The last account given is the one that is paid. */
void
apply_payees_noted(struct jn_tables *t, const Ledger__PayeesNoted *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__NotedPayee *row = event->rows[i];

        if (row->person)
            jn_put(t, TABLE_PERSON, JN_KEY(row->person), row);
        else
            jn_put(t, TABLE_INSTITUTION, JN_KEY(row->institution), row);
    }
}
