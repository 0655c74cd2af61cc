/* What the stories of grants, earmarks and releases are told with. */
#include "ledger_story.h"

static int32_t
today(struct story *s)
{
    return date_of_ms(jn_world_now(s->w));
}

void
designate(struct story *s)
{
    Enrollment__InstitutionsDesignated event = ENROLLMENT__INSTITUTIONS_DESIGNATED__INIT;
    Enrollment__DesignatedInstitution provider = ENROLLMENT__DESIGNATED_INSTITUTION__INIT, employer = provider,
                                      *rows[] = {&provider, &employer};
    Enrollment__Institution facts = ENROLLMENT__INSTITUTION__INIT;

    provider.institution = PROVIDER;
    employer.institution = EMPLOYER;
    provider.facts = employer.facts = &facts;
    event.n_rows = 2;
    event.rows = rows;
    jn_world_event(s->w, "enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, &event);
}

enum jn_code
earmark(struct story *s, Common__Fund fund, uint32_t division, Common__Item item, Common__Purpose purpose, int64_t yuan)
{
    Ledger__Appropriate cmd = LEDGER__APPROPRIATE__INIT;

    cmd.fund = fund;
    cmd.division = division;
    cmd.amount_fen = yuan * 100;
    cmd.day = today(s);
    cmd.item = item;
    cmd.purpose = purpose;
    return jn_world_command(s->w, &s->finance, "Appropriate", &cmd, NULL);
}

enum jn_code
ask_grant(struct story *s, struct asked asked)
{
    Ledger__Grant cmd = LEDGER__GRANT__INIT;
    Ledger__GrantAsked row = LEDGER__GRANT_ASKED__INIT, *rows[] = {&row};
    const void *reply;
    enum jn_code code;

    row.id = (char *)(uintptr_t)asked.id;
    row.fund = asked.fund;
    row.division = asked.division;
    row.purpose = asked.purpose;
    row.institution = PROVIDER;
    row.amount_fen = asked.yuan * 100;
    row.document = (char *)(uintptr_t) "石财社〔2019〕7号";
    cmd.n_rows = 1;
    cmd.rows = rows;
    code = jn_world_command(s->w, &s->finance, "Grant", &cmd, &reply);
    if (code == JN_OK && ((const Ledger__Outcomes *)reply)->n_refused)
        code = (enum jn_code)((const Ledger__Outcomes *)reply)->refused[0]->code;
    return code;
}

enum jn_code
pay_grant(struct story *s, uint64_t grant, int64_t yuan, const char *document)
{
    Ledger__RecordGrantPaid cmd = LEDGER__RECORD_GRANT_PAID__INIT;

    cmd.grant = grant;
    cmd.amount_fen = yuan * 100;
    cmd.day = today(s);
    cmd.document = (char *)(uintptr_t)document;
    return jn_world_command(s->w, &s->finance, "RecordGrantPaid", &cmd, NULL);
}

enum jn_code
release_grant(struct story *s, uint64_t grant, int64_t yuan)
{
    Ledger__ReleaseGrant cmd = LEDGER__RELEASE_GRANT__INIT;

    cmd.grant = grant;
    cmd.amount_fen = yuan * 100;
    cmd.document = (char *)(uintptr_t) "G-1";
    return jn_world_command(s->w, &s->finance, "ReleaseGrant", &cmd, NULL);
}

enum jn_code
release_commitment(struct story *s, uint64_t claim_number, int64_t yuan)
{
    Ledger__ReleaseCommitment cmd = LEDGER__RELEASE_COMMITMENT__INIT;

    cmd.claim = claim_number;
    cmd.amount_fen = yuan * 100;
    cmd.document = (char *)(uintptr_t) "异议成立 1号";
    return jn_world_command(s->w, &s->finance, "ReleaseCommitment", &cmd, NULL);
}

const Ledger__AccountView *
earmarked(struct story *s, Common__Fund fund, uint32_t division, Common__Item item, Common__Purpose purpose)
{
    Ledger__AccountRequest request = LEDGER__ACCOUNT_REQUEST__INIT;
    const void *reply;

    request.fund = fund;
    request.division = division;
    request.item = item;
    request.purpose = purpose;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Account", &request, &reply), JN_OK);
    return reply;
}
