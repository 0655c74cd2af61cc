/* Checks of people (核验), 2.8-a, 2.12-d: who sits there is who the roster says, seen with the card; the account that
 * he gives is kept as on a roster. Others are told that it was done, and that there is an account; not which. */
#include "enrollment/enrollment.h"
#include "enrollment/text.h"

#define DOCUMENT_MAX 100

struct checking {
    struct jn_decision *d;
    struct roster roster;
    struct persons persons;
    uint64_t checked[JN_ROWS_MAX], with_account[JN_ROWS_MAX];
    size_t checked_count, with_account_count;
};

static enum jn_code
check_row(const struct checking *c, const Enrollment__PersonCheck *row)
{
    if (row->seat < 1 || row->seat > c->roster.count)
        return jn_refuse(c->d, JN_NOT_FOUND, "the class has no seat %u: look at its roster", row->seat);
    for (size_t i = 0; i < c->checked_count; i++)
        if (c->checked[i] == c->roster.seats[row->seat - 1]->person)
            return jn_refuse(c->d, JN_ALREADY_EXISTS, "the seat comes twice in this command: the first row stands");
    if (*row->account && !text_account(row->account))
        return jn_refuse(c->d, JN_MALFORMED, "the account 账号 is 8 to 34 letters and digits: give another");
    return JN_OK;
}

static void
take_row(struct checking *c, const Enrollment__PersonCheck *row)
{
    uint64_t person = c->roster.seats[row->seat - 1]->person;

    persons_pay_to(&c->persons, person, person_get(c->d->view, person)->name, row->account);
    c->checked[c->checked_count++] = person;
    if (*row->account || jn_has(c->d->view, TABLE_PAYEE, JN_KEY(person)))
        c->with_account[c->with_account_count++] = person;
}

enum jn_code
decide_verify_people(struct jn_decision *d, const Enrollment__VerifyPeople *cmd)
{
    Enrollment__PeopleChecked event = ENROLLMENT__PEOPLE_CHECKED__INIT;
    struct checking *c = jn_take(d->view, sizeof(*c));
    struct class class;
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, NULL);

    if (code == JN_OK && !text_fits(cmd->document, 1, DOCUMENT_MAX))
        code = jn_refuse(d, JN_MALFORMED, "name the record 核验记录: UTF-8 text of 1 to %d bytes", DOCUMENT_MAX);
    if (code == JN_OK)
        code = class_find(d, cmd->class_no, &class);
    if (code != JN_OK)
        return code;
    c->d = d;
    c->roster = roster_of(d->view, class.number);
    persons_open(&c->persons, d);
    for (size_t i = 0; i < cmd->n_rows; i++) {
        jn_bulk_begin(&bulk);
        if (jn_bulk_end(&bulk, i, check_row(c, cmd->rows[i])))
            take_row(c, cmd->rows[i]);
    }

    /* Decided. */
    persons_emit(&c->persons);
    event.person = c->checked;
    event.n_person = c->checked_count;
    event.with_account = c->with_account;
    event.n_with_account = c->with_account_count;
    event.class_ = class.number;
    event.document = cmd->document;
    event.day = d->today;
    event.by = (char *)(uintptr_t)d->who->name;
    if (event.n_person > 0)
        jn_emit(d, ENROLLMENT__EVENT__BODY_PEOPLE_CHECKED, &event);
    return bulk_reply(&bulk);
}

/* The log says when and by whom; nothing here asks for it again. */
void
apply_people_checked(struct jn_tables *t, const Enrollment__PeopleChecked *event, const struct jn_stamp *stamp)
{
    (void)t;
    (void)event;
    (void)stamp;
}

/* The account itself came with the payee. */
void
apply_accounts_given(struct jn_tables *t, const Enrollment__AccountsGiven *event, const struct jn_stamp *stamp)
{
    (void)t;
    (void)event;
    (void)stamp;
}
