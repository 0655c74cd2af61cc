/* A person (人员): the id number becomes a dense number here and nowhere else; name, phone and account.
 *
 * Other services know a person by the number, the outside by the pseudonym, an HMAC under this service's own key. A
 * person is met first on a roster or in the history. Names and phones: the last ones given. 2.8-a. */
#include "enrollment/enrollment.h"

#include <string.h>

#include "domain/date.h"

#define ID17_DIGITS     17
#define PSEUDONYM_BYTES 16

uint64_t
person_id17(const char *id_number)
{
    uint64_t value = 0;

    for (size_t i = 0; i < ID17_DIGITS; i++)
        value = value * 10 + (uint64_t)(id_number[i] - '0');
    return value; /* below 10^17 */
}

bool
person_woman(const char *id_number)
{
    return (id_number[ID17_DIGITS - 1] - '0') % 2 == 0;
}

/* Digits 7 to 14 are the date of birth. Who was born on 29 February is a year older on 1 March. */
uint32_t
person_age(uint64_t id17, int32_t day)
{
    uint32_t birth = (uint32_t)(id17 / 1000 % 100000000);
    struct date today = date_of(day);
    int years = today.year - (int)(birth / 10000);
    bool before = (uint32_t)(today.month * 100 + today.day) < birth % 10000;

    years -= before;
    return id17 && birth / 10000 && years > 0 && years <= 150 ? (uint32_t)years : 0;
}

const Enrollment__KnownPerson *
person_get(const struct jn_view *view, uint64_t person)
{
    static const Enrollment__KnownPerson none = ENROLLMENT__KNOWN_PERSON__INIT;
    const Enrollment__KnownPerson *row = jn_get(view, TABLE_PERSON, JN_KEY(person));

    return row ? row : &none;
}

uint64_t
person_find(const struct jn_view *view, uint64_t id17)
{
    const Enrollment__Interned *row = jn_get(view, TABLE_PERSON_BY_ID, JN_KEY(id17));

    return row ? row->number : 0;
}

/* ---- Meeting people ---- */

void
persons_open(struct persons *p, struct jn_decision *d)
{
    *p = (struct persons){.d = d, .next = jn_counter(d->view, COUNTER_PEOPLE) + 1};
}

static void
register_person(struct persons *p, uint64_t person, uint64_t id17, const char *id_number, const char *name,
                const char *phone)
{
    Enrollment__RegisteredPerson *row = jn_take(p->d->view, sizeof(*row));

    enrollment__registered_person__init(row);
    row->person = person;
    row->id_number = jn_arena_copy(p->d->arena, id_number, CITIZEN_TEXT);
    row->name = (char *)(uintptr_t)name;
    row->phone = (char *)(uintptr_t)phone;
    row->pseudonym.data = jn_take(p->d->view, PSEUDONYM_BYTES);
    row->pseudonym.len = PSEUDONYM_BYTES;
    jn_pseudonym(p->d, id_number, row->pseudonym.data);
    p->new_id17[p->new_count] = id17;
    p->new_people[p->new_count++] = row;
}

/* A name or a phone that is given replaces the one before; an empty one does not. */
static void
renew_person(struct persons *p, uint64_t person, uint64_t id17, const char *name, const char *phone)
{
    const Enrollment__KnownPerson *known = person_get(p->d->view, person);
    const char *now_name = *name ? name : known->name;
    const char *now_phone = *phone ? phone : known->phone;

    if (strcmp(now_name, known->name) != 0 || strcmp(now_phone, known->phone) != 0)
        register_person(p, person, id17, known->id_number, now_name, now_phone);
}

/* At most 200 in a command: looking through them costs less than a lookup in a table. */
static uint64_t
met_before(const struct persons *p, uint64_t id17)
{
    for (size_t i = 0; i < p->new_count; i++)
        if (p->new_id17[i] == id17)
            return p->new_people[i]->person;
    return 0;
}

uint64_t
persons_meet(struct persons *p, const char id_number[CITIZEN_TEXT], const char *name, const char *phone)
{
    uint64_t id17 = person_id17(id_number);
    uint64_t person = met_before(p, id17);

    if (person)
        return person;
    person = person_find(p->d->view, id17);
    if (person)
        renew_person(p, person, id17, name, phone);
    else
        register_person(p, person = p->next++, id17, id_number, name, phone);
    return person;
}

void
persons_pay_to(struct persons *p, uint64_t person, const char *name, const char *account)
{
    const Enrollment__KnownPayee *known;
    Enrollment__RegisteredPayee *row;

    if (!*account)
        return;
    known = jn_get(p->d->view, TABLE_PAYEE, JN_KEY(person));
    if (known && strcmp(known->account, account) == 0)
        return;
    row = jn_take(p->d->view, sizeof(*row));
    enrollment__registered_payee__init(row);
    row->person = person;
    row->name = (char *)(uintptr_t)name;
    row->account = (char *)(uintptr_t)account;
    p->payees[p->payees_count++] = row;
    if (!known && person <= jn_counter(p->d->view, COUNTER_PEOPLE))
        p->first[p->first_count++] = person;
}

void
persons_emit(struct persons *p)
{
    Enrollment__PeopleRegistered people = ENROLLMENT__PEOPLE_REGISTERED__INIT;
    Enrollment__PayeesRegistered payees = ENROLLMENT__PAYEES_REGISTERED__INIT;
    Enrollment__AccountsGiven given = ENROLLMENT__ACCOUNTS_GIVEN__INIT;

    people.rows = p->new_people;
    people.n_rows = p->new_count;
    payees.rows = p->payees;
    payees.n_rows = p->payees_count;
    if (people.n_rows > 0)
        jn_emit(p->d, ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED, &people);
    if (payees.n_rows > 0)
        jn_emit(p->d, ENROLLMENT__EVENT__BODY_PAYEES_REGISTERED, &payees);
    given.person = p->first;
    given.n_person = p->first_count;
    if (given.n_person > 0)
        jn_emit(p->d, ENROLLMENT__EVENT__BODY_ACCOUNTS_GIVEN, &given);
}

static void
apply_registered(struct jn_tables *t, const Enrollment__RegisteredPerson *row)
{
    const struct jn_view *view = jn_view_of(t);
    bool fresh = row->person > jn_counter(view, COUNTER_PEOPLE);
    const Enrollment__KnownPerson *before = fresh ? NULL : person_get(view, row->person);
    Enrollment__KnownPerson person = ENROLLMENT__KNOWN_PERSON__INIT;
    Enrollment__Interned interned = ENROLLMENT__INTERNED__INIT;

    person.id_number = row->id_number;
    person.name = row->name;
    person.phone = row->phone;
    person.pseudonym = row->pseudonym;
    jn_put(t, TABLE_PERSON, JN_KEY(row->person), &person);
    if (*row->name && (!before || !*before->name))
        jn_counter_set(t, COUNTER_NAMED, jn_counter(view, COUNTER_NAMED) + 1);
    if (!fresh)
        return;
    interned.number = row->person;
    jn_put(t, TABLE_PERSON_BY_ID, JN_KEY(person_id17(row->id_number)), &interned);
    jn_counter_set(t, COUNTER_PEOPLE, row->person);
}

void
apply_people_registered(struct jn_tables *t, const Enrollment__PeopleRegistered *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++)
        apply_registered(t, event->rows[i]);
}

void
apply_payees_registered(struct jn_tables *t, const Enrollment__PayeesRegistered *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        Enrollment__KnownPayee payee = ENROLLMENT__KNOWN_PAYEE__INIT;

        payee.account = event->rows[i]->account;
        jn_put(t, TABLE_PAYEE, JN_KEY(event->rows[i]->person), &payee);
    }
}

/* ---- Audit ---- */

struct people_seen {
    struct jn_audit *audit;
    uint64_t people, named, interned;
};

static bool
check_person(void *context, const struct jn_key *key, const void *row)
{
    struct people_seen *seen = context;
    const Enrollment__KnownPerson *person = row;
    uint64_t number = jn_key_number(key, 0);
    char id_number[CITIZEN_TEXT];
    bool mended;

    if (number != ++seen->people)
        jn_finding(seen->audit, "person %llu is not numbered in order", (unsigned long long)number);
    if (*person->name)
        seen->named++;
    if (person->pseudonym.len != PSEUDONYM_BYTES)
        jn_finding(seen->audit, "person %llu has no pseudonym", (unsigned long long)number);
    if (citizen_number(person->id_number, id_number, &mended) != IDENTIFIER_OK || mended)
        jn_finding(seen->audit, "person %llu has an unusable id number", (unsigned long long)number);
    else if (person_find(seen->audit->view, person_id17(id_number)) != number)
        jn_finding(seen->audit, "person %llu is not found by the id number", (unsigned long long)number);
    return true;
}

static bool
count_interned(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    (void)row;
    ((struct people_seen *)context)->interned++;
    return true;
}

static bool
check_payee(void *context, const struct jn_key *key, const void *row)
{
    struct jn_audit *audit = ((struct people_seen *)context)->audit;

    (void)row;
    if (!jn_has(audit->view, TABLE_PERSON, *key))
        jn_finding(audit, "an account belongs to nobody: person %llu", (unsigned long long)jn_key_number(key, 0));
    return true;
}

void
audit_count(struct jn_audit *audit, const char *what, uint64_t found, unsigned counter)
{
    if (found != jn_counter(audit->view, counter))
        jn_finding(audit, "%llu %s, but %llu are counted", (unsigned long long)found, what,
                   (unsigned long long)jn_counter(audit->view, counter));
}

void
audit_people(struct jn_audit *audit)
{
    struct people_seen seen = {.audit = audit};

    jn_scan(audit->view, TABLE_PERSON, JN_KEY(0), 0, SIZE_MAX, check_person, &seen);
    jn_scan(audit->view, TABLE_PERSON_BY_ID, JN_KEY(0), 0, SIZE_MAX, count_interned, &seen);
    jn_scan(audit->view, TABLE_PAYEE, JN_KEY(0), 0, SIZE_MAX, check_payee, &seen);
    audit_count(audit, "people", seen.people, COUNTER_PEOPLE);
    audit_count(audit, "id numbers", seen.interned, COUNTER_PEOPLE);
    audit_count(audit, "people with a name", seen.named, COUNTER_NAMED);
}
