/* People (人员): who an id number is, and the name that is printed on a certificate.
 *
 * TABLE_PERSON_NUMBER: id number -> NumberRow, the one random-key row a person costs.
 * TABLE_NAMES: person / 32 -> NamesRow; whoever came with history alone is not in it. */
#include "certification/certification.h"

#include <string.h>

#include "domain/identifiers.h"

#define NAMES_TOGETHER 32

static struct jn_key
id_key(const char *id_number)
{
    return jn_key_bytes(id_number, strlen(id_number));
}

uint64_t
person_number(const struct jn_view *view, const char *id_number)
{
    const Certification__NumberRow *row = jn_get(view, TABLE_PERSON_NUMBER, id_key(id_number));

    return row ? row->number : 0;
}

static const Certification__NamesRow *
names_of(const struct jn_view *view, uint64_t person)
{
    return jn_get(view, TABLE_NAMES, JN_KEY(person / NAMES_TOGETHER));
}

const char *
person_name(const struct jn_view *view, uint64_t person)
{
    const Certification__NamesRow *names = names_of(view, person);

    for (size_t i = 0; names && i < names->n_people; i++)
        if (names->people[i] == person)
            return names->names[i];
    return "";
}

enum jn_code
react_people_registered(struct jn_decision *d, const Enrollment__PeopleRegistered *event,
                        const struct jn_source *source)
{
    Certification__PeopleNoted noted = CERTIFICATION__PEOPLE_NOTED__INIT;

    (void)source;
    noted.rows = jn_take(d->view, (event->n_rows + 1) * sizeof(*noted.rows));
    for (size_t i = 0; i < event->n_rows; i++) {
        const Enrollment__RegisteredPerson *row = event->rows[i];
        Certification__NotedPerson *person;

        if (row->person == 0 || strlen(row->id_number) != CITIZEN_TEXT - 1)
            continue;
        person = jn_take(d->view, sizeof(*person));
        certification__noted_person__init(person);
        person->person = row->person;
        person->id_number = row->id_number;
        person->name = row->name;
        noted.rows[noted.n_rows++] = person;
    }
    if (noted.n_rows == 0)
        return JN_OK;
    return jn_emit(d, CERTIFICATION__EVENT__BODY_PEOPLE_NOTED, &noted);
}

/* The name last given stands: a person may come again once the name is known, or with it put right. */
static void
name_one(Certification__NamesRow *names, uint64_t person, char *name)
{
    size_t i = 0;

    if (name[0] == '\0')
        return;
    while (i < names->n_people && names->people[i] != person)
        i++;
    names->people[i] = person;
    names->names[i] = name;
    if (i == names->n_people)
        names->n_people = ++names->n_names;
}

static void
put_names(struct jn_tables *t, Certification__NotedPerson *const *rows, size_t count)
{
    const struct jn_view *view = jn_view_of(t);
    const Certification__NamesRow *old = names_of(view, rows[0]->person);
    Certification__NamesRow names = CERTIFICATION__NAMES_ROW__INIT;

    names.people = jn_take(view, NAMES_TOGETHER * sizeof(*names.people));
    names.names = jn_take(view, NAMES_TOGETHER * sizeof(*names.names));
    for (size_t i = 0; old && i < old->n_people; i++)
        name_one(&names, old->people[i], old->names[i]);
    for (size_t i = 0; i < count; i++)
        name_one(&names, rows[i]->person, rows[i]->name);
    if (names.n_people > 0)
        jn_put(t, TABLE_NAMES, JN_KEY(rows[0]->person / NAMES_TOGETHER), &names);
}

/* New people come with consecutive numbers: a roster of 50 touches two or three rows of names. */
void
apply_people_noted(struct jn_tables *t, const Certification__PeopleNoted *event, const struct jn_stamp *stamp)
{
    size_t from = 0;

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        Certification__NumberRow number = CERTIFICATION__NUMBER_ROW__INIT;

        number.number = event->rows[i]->person;
        jn_put(t, TABLE_PERSON_NUMBER, id_key(event->rows[i]->id_number), &number);
        if (i + 1 < event->n_rows &&
            event->rows[i + 1]->person / NAMES_TOGETHER == event->rows[from]->person / NAMES_TOGETHER)
            continue;
        put_names(t, event->rows + from, i + 1 - from);
        from = i + 1;
    }
}
