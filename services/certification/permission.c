/* Permission to work (上岗资格): may this person work in this occupation? 2.1-f, 2.14-c. Live certificates decide. */
#include "certification/certification.h"

#include <string.h>

#include "domain/identifiers.h"

#define OCCUPATION_BYTES_MAX 32

/* The certificates of one person, looked through for the one that permits most. */
struct search {
    struct jn_decision *d;
    const char *occupation;
    struct certificate best;
    enum certificate_state state;
    bool found;
};

static void
look_at(void *context, uint64_t number)
{
    struct search *search = context;
    struct certificate certificate;
    enum certificate_state state;

    if (!certificate_find(search->d->view, number, &certificate))
        return;
    if (strcmp(class_of(search->d->view, certificate.together->class_)->occupation, search->occupation) != 0)
        return;
    state = certificate_state(&certificate, search->d->today);
    if (search->found && state >= search->state)
        return;
    search->best = certificate;
    search->state = state;
    search->found = true;
}

/* An auditor learns whether the rule was kept, and nothing that names a person's papers. */
static bool
may_see_numbers(const struct jn_agency *who)
{
    return jn_may(who, ROLE_APPRAISAL | ROLE_EMPLOYMENT_SERVICE | ROLE_REVIEWER);
}

static const char *
why(const struct search *search)
{
    if (!search->found)
        return "no live certificate of this occupation (无有效证书): train and pass before going on post, 2.1-f";
    if (search->state == CERTIFICATE_NOT_YET_VALID)
        return "the certificate of this occupation is dated later than today";
    return search->state == CERTIFICATE_VALID ? "holds a valid certificate of this occupation"
                                              : "the certificate of this occupation has lapsed (已失效)";
}

enum jn_code
answer_may_work(struct jn_decision *d, const Certification__MayWorkRequest *request)
{
    struct search search = {.d = d, .occupation = request->occupation};
    Certification__MayWorkReply reply = CERTIFICATION__MAY_WORK_REPLY__INIT;
    char id_number[CITIZEN_TEXT];
    size_t length = strlen(request->occupation);
    bool mended;
    enum identifier_fault fault = citizen_number(request->id_number, id_number, &mended);
    uint64_t person;

    if (fault != IDENTIFIER_OK)
        return jn_refuse(d, JN_MALFORMED, "id number (身份证号): %s", identifier_fault_text(fault));
    if (length == 0 || length > OCCUPATION_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "give the code of the occupation (职业编码)");
    person = person_number(d->view, id_number);
    if (person != 0)
        holdings_of(d->view, person, look_at, &search);
    reply.may = search.found && search.state == CERTIFICATE_VALID;
    reply.why = (char *)(uintptr_t)why(&search);
    if (reply.may && may_see_numbers(d->who))
        reply.certificate_no = (char *)(uintptr_t)certificate_no(d->view, &search.best);
    jn_reply(d, &reply.base);
    return JN_OK;
}
