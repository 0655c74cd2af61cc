/* Evaluation bodies (评价机构): institutions that may certify occupations, an enterprise's own among
 * them; 2.14-a, 2.14-b.
 *
 * TABLE_BODY_NUMBER: uscc -> NumberRow.  TABLE_BODY: institution -> BodyRow, without occupations where it may certify
 * no more. */
#include "certification/certification.h"

#include <string.h>

#include "domain/identifiers.h"

static struct jn_key
uscc_key(const char *uscc)
{
    return jn_key_bytes(uscc, strlen(uscc));
}

uint64_t
body_number(const struct jn_view *view, const char *uscc)
{
    const Certification__NumberRow *row = jn_get(view, TABLE_BODY_NUMBER, uscc_key(uscc));

    return row ? row->number : 0;
}

const Certification__BodyRow *
body_of(const struct jn_view *view, uint64_t institution)
{
    static const Certification__BodyRow none = CERTIFICATION__BODY_ROW__INIT;
    const Certification__BodyRow *row = jn_get(view, TABLE_BODY, JN_KEY(institution));

    return row ? row : &none;
}

bool
body_may_certify(const Certification__BodyRow *body, const char *occupation)
{
    for (size_t i = 0; i < body->n_certifies; i++)
        if (!strcmp(body->certifies[i], occupation))
            return true;
    return false;
}

/* Training institutions that never certified anything are most of the list and none of our business. */
static bool
concerns_us(const struct jn_view *view, const Enrollment__DesignatedInstitution *row)
{
    char uscc[CREDIT_TEXT];
    bool inner_wrong;

    if (!row->facts || row->institution == 0 || credit_code(row->facts->uscc, uscc, &inner_wrong) != IDENTIFIER_OK)
        return false;
    return row->facts->n_certifies > 0 || row->facts->kind == COMMON__INSTITUTION_KIND__EVALUATION ||
           jn_has(view, TABLE_BODY, JN_KEY(row->institution));
}

enum jn_code
react_institutions_designated(struct jn_decision *d, const Enrollment__InstitutionsDesignated *event,
                              const struct jn_source *source)
{
    Certification__BodiesNoted noted = CERTIFICATION__BODIES_NOTED__INIT;

    (void)source;
    noted.rows = jn_take(d->view, (event->n_rows + 1) * sizeof(*noted.rows));
    for (size_t i = 0; i < event->n_rows; i++) {
        const Enrollment__DesignatedInstitution *row = event->rows[i];
        Certification__NotedBody *body;

        if (!concerns_us(d->view, row))
            continue;
        body = jn_take(d->view, sizeof(*body));
        certification__noted_body__init(body);
        body->institution = row->institution;
        body->uscc = row->facts->uscc;
        body->n_certifies = row->facts->n_certifies;
        body->certifies = row->facts->certifies;
        noted.rows[noted.n_rows++] = body;
    }
    if (noted.n_rows == 0)
        return JN_OK;
    return jn_emit(d, CERTIFICATION__EVENT__BODY_BODIES_NOTED, &noted);
}

void
apply_bodies_noted(struct jn_tables *t, const Certification__BodiesNoted *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Certification__NotedBody *body = event->rows[i];
        Certification__NumberRow number = CERTIFICATION__NUMBER_ROW__INIT;
        Certification__BodyRow row = CERTIFICATION__BODY_ROW__INIT;
        uint64_t known = body_number(jn_view_of(t), body->uscc);

        /* A code is the one's who came with it first. */
        if (known != 0 && known != body->institution)
            continue;
        number.number = body->institution;
        row.uscc = body->uscc;
        row.n_certifies = body->n_certifies;
        row.certifies = body->certifies;
        jn_put(t, TABLE_BODY_NUMBER, uscc_key(body->uscc), &number);
        jn_put(t, TABLE_BODY, JN_KEY(body->institution), &row);
    }
}
