/* What the ledger's stories are told with. */
#include "ledger_story.h"

#include <string.h>

/* ---- Beginning and end ---- */

static int64_t
ms(const char *date)
{
    int32_t day;

    assert_true(date_parse(date, &day));
    return date_to_ms(day) + 8 * 3600 * 1000;
}

struct story *
story_open_with(const struct jn_service *service)
{
    struct story *s = calloc(1, sizeof(*s));

    assert_non_null(s);
    s->w = jn_world_open(service, ms("2019-11-01"));
    s->finance = jn_world_agency("finance", ROLE_FINANCE);
    s->checker = jn_world_agency("finance.checker", ROLE_FINANCE);
    s->auditor = jn_world_agency("auditor", ROLE_AUDITOR);
    s->reviewer = jn_world_agency("reviewer", ROLE_REVIEWER);
    s->county = jn_world_agency("county", ROLE_FINANCE);
    s->county.divisions[0] = QIAOXI;
    s->county.divisions_count = 1;
    s->class = 1;
    s->pack = "shijiazhuang-2019";
    s->provider = PROVIDER;
    s->employer = EMPLOYER;
    return s;
}

struct story *
story_open_bare(void)
{
    return story_open_with(&ledger_service);
}

struct story *
story_open(void)
{
    struct story *s = story_open_bare();

    list_pack(s);
    return s;
}

void
story_close(struct story *s)
{
    jn_world_close(s->w);
    free(s);
}

int
story_setup(void **state)
{
    *state = story_open();
    return 0;
}

int
story_teardown(void **state)
{
    story_close(*state);
    return 0;
}

void
on(struct story *s, const char *date)
{
    jn_world_advance(s->w, ms(date));
}

/* ---- Given ---- */

static const struct {
    Common__Item item;
    Common__Fund fund;
    Common__Payee payee;
    const char *clause;
} uses[] = {
    {COMMON__ITEM__FREE_TRAINING, EMPLOYMENT, COMMON__PAYEE__PAYEE_INSTITUTION, "2.2-a"},
    {COMMON__ITEM__STUDENT_LIVING, EMPLOYMENT, COMMON__PAYEE__PAYEE_PERSON, "2.2-c"},
    {COMMON__ITEM__SKILL_UPGRADE, INSURANCE, COMMON__PAYEE__PAYEE_PERSON, "2.1-d"},
    {COMMON__ITEM__CERTIFIED_TRAINING, SKILLS, COMMON__PAYEE__PAYEE_ENTERPRISE, "2.1-b"},
    {COMMON__ITEM__APPRENTICESHIP_TRAINING, SKILLS, COMMON__PAYEE__PAYEE_ENTERPRISE, "2.1-c"},
};
#define USES (sizeof(uses) / sizeof(uses[0]))

void
list_pack(struct story *s)
{
    Subsidy__PackAdopted event = SUBSIDY__PACK_ADOPTED__INIT;
    Policy__Pack pack = POLICY__PACK__INIT;
    Policy__Rule rule = POLICY__RULE__INIT, *rules[] = {&rule};
    Subsidy__FundOfItem rows[USES], *pointers[USES];
    Policy__GrantUse bases = POLICY__GRANT_USE__INIT, contests = bases, *grants[] = {&bases, &contests};
    Policy__WriteOff write_off = POLICY__WRITE_OFF__INIT;

    rule.item = COMMON__ITEM__APPRENTICESHIP_TRAINING;
    rule.purpose = (char *)(uintptr_t) "apprentice training only";
    pack.id = (char *)(uintptr_t)s->pack;
    pack.n_rules = 1;
    pack.rules = rules;
    bases.purpose = COMMON__PURPOSE__TRAINING_BASE;
    bases.funds = 1u << EMPLOYMENT | 1u << COMMON__FUND__LOCAL_TALENT;
    bases.clause = (char *)(uintptr_t) "2.4-c";
    contests.purpose = COMMON__PURPOSE__COMPETITION;
    contests.funds = 1u << COMMON__FUND__LOCAL_TALENT;
    contests.clause = (char *)(uintptr_t) "2.11-d";
    if (s->write_off_fen) {
        write_off.most_fen = *s->write_off_fen;
        pack.write_off = &write_off;
    }
    pack.n_grants = 2;
    pack.grants = grants;
    for (size_t i = 0; i < USES; i++) {
        pointers[i] = &rows[i];
        subsidy__fund_of_item__init(&rows[i]);
        rows[i].item = uses[i].item;
        rows[i].fund = uses[i].fund;
        rows[i].clause = (char *)(uintptr_t)uses[i].clause;
    }
    event.pack = &pack;
    event.n_funds = USES;
    event.funds = pointers;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_PACK_ADOPTED, &event);
}

enum jn_code
appropriate(struct story *s, Common__Fund fund, uint32_t division, int64_t yuan)
{
    Ledger__Appropriate cmd = LEDGER__APPROPRIATE__INIT;

    cmd.fund = fund;
    cmd.division = division;
    cmd.amount_fen = yuan * 100;
    assert_true(date_parse("2019-10-27", &cmd.day));
    cmd.document = (char *)(uintptr_t) "石财社〔2019〕1号";
    return jn_world_command(s->w, &s->finance, "Appropriate", &cmd, NULL);
}

void
settle_rows(struct story *s, uint32_t division, const struct due *rows, size_t count)
{
    Subsidy__Settled event = SUBSIDY__SETTLED__INIT;
    Subsidy__SettledClaim *claims = calloc(count + 1, sizeof(*claims)),
                          **pointers = calloc(count + 1, sizeof(*pointers));

    event.settlement = ++s->settlement;
    event.class_ = s->class;
    event.class_no = (char *)(uintptr_t) "C-1";
    event.division = division;
    event.provider = s->provider;
    event.employer = s->employer;
    event.pack = (char *)(uintptr_t)s->pack;
    event.last = s->last;
    event.n_claims = count;
    event.claims = pointers;
    for (size_t i = 0; i < count; i++) {
        pointers[i] = &claims[i];
        subsidy__settled_claim__init(&claims[i]);
        claims[i].claim = ++s->claim;
        claims[i].seat = (uint32_t)i + 1;
        claims[i].person = 100 + i;
        claims[i].item = rows[i].item;
        claims[i].amount_fen = rows[i].fen;
        claims[i].fund = rows[i].fund;
        claims[i].payee = rows[i].payee;
        for (size_t u = 0; u < USES; u++) {
            if (uses[u].item == rows[i].item && !rows[i].fund)
                claims[i].fund = uses[u].fund;
            if (uses[u].item == rows[i].item && !rows[i].payee)
                claims[i].payee = uses[u].payee;
        }
    }
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_SETTLED, &event);
    free(claims);
    free(pointers);
}

void
approve_but(struct story *s, uint64_t settlement, uint64_t first_claim, uint32_t claims, uint64_t held)
{
    Subsidy__Approved event = SUBSIDY__APPROVED__INIT;

    event.settlement = settlement;
    event.class_ = s->class;
    event.first_claim = first_claim;
    event.claims = claims;
    event.n_held = held != 0;
    event.held = &held;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_APPROVED, &event);
}

void
approve(struct story *s, uint64_t settlement, uint64_t first_claim, uint32_t claims)
{
    approve_but(s, settlement, first_claim, claims, 0);
}

void
hold(struct story *s, uint64_t claim_number)
{
    Subsidy__Held event = SUBSIDY__HELD__INIT;

    event.claim = claim_number;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_HELD, &event);
}

void
release(struct story *s, uint64_t claim_number, bool approved)
{
    Subsidy__Released event = SUBSIDY__RELEASED__INIT;

    event.claim = claim_number;
    event.approved = approved;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_RELEASED, &event);
}

void
grant_advance(struct story *s, uint64_t class, uint32_t division, Common__Fund fund, uint64_t institution, int64_t yuan)
{
    Subsidy__AdvanceGranted event = SUBSIDY__ADVANCE_GRANTED__INIT;
    Subsidy__AdvancePart part = SUBSIDY__ADVANCE_PART__INIT, *parts[] = {&part};

    event.class_ = class;
    event.class_no = (char *)(uintptr_t) "C-1";
    event.division = division;
    event.n_parts = 1;
    event.parts = parts;
    part.fund = fund;
    part.institution = institution;
    part.payee = institution == EMPLOYER ? COMMON__PAYEE__PAYEE_ENTERPRISE : COMMON__PAYEE__PAYEE_INSTITUTION;
    part.amount_fen = yuan * 100;
    if (part.amount_fen <= AMOUNT_FEN_MAX)
        part.expected_fen = part.amount_fen * 2; /* an advance of half */
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_ADVANCE_GRANTED, &event);
}

/* ---- When ---- */

/* The command's own code, or that of its one row. */
static enum jn_code
row_code(enum jn_code code, size_t n_refused, Common__Outcome *const *refused)
{
    return code == JN_OK && n_refused ? (enum jn_code)refused[0]->code : code;
}

enum jn_code
submit_as(struct story *s, const struct jn_agency *who, uint64_t number, uint32_t rows, int64_t fen)
{
    Ledger__SubmitBatches cmd = LEDGER__SUBMIT_BATCHES__INIT;
    Ledger__Declaration row = LEDGER__DECLARATION__INIT, *list[] = {&row};
    const void *reply = NULL;
    enum jn_code code;

    row.batch = number;
    row.rows = rows;
    row.amount_fen = fen;
    cmd.n_rows = 1;
    cmd.rows = list;
    code = jn_world_command(s->w, who, "SubmitBatches", &cmd, &reply);
    return code != JN_OK ? code
                         : row_code(code, ((const Ledger__Outcomes *)reply)->n_refused,
                                    ((const Ledger__Outcomes *)reply)->refused);
}

enum jn_code
release_batch_as(struct story *s, const struct jn_agency *who, uint64_t number)
{
    Ledger__ReleaseBatches cmd = LEDGER__RELEASE_BATCHES__INIT;
    const void *reply = NULL;
    enum jn_code code;

    cmd.n_batches = 1;
    cmd.batches = &number;
    code = jn_world_command(s->w, who, "ReleaseBatches", &cmd, &reply);
    return code != JN_OK ? code
                         : row_code(code, ((const Ledger__Releases *)reply)->n_refused,
                                    ((const Ledger__Releases *)reply)->refused);
}

enum jn_code
send_back(struct story *s, const struct jn_agency *who, uint64_t number)
{
    Ledger__SendBackBatches cmd = LEDGER__SEND_BACK_BATCHES__INIT;
    const void *reply = NULL;
    enum jn_code code;

    cmd.n_batches = 1;
    cmd.batches = &number;
    cmd.reason = (char *)(uintptr_t) "look at it again";
    code = jn_world_command(s->w, who, "SendBackBatches", &cmd, &reply);
    return code != JN_OK ? code
                         : row_code(code, ((const Ledger__Outcomes *)reply)->n_refused,
                                    ((const Ledger__Outcomes *)reply)->refused);
}

enum jn_code
withdraw(struct story *s, uint64_t number, uint64_t claim_number)
{
    Ledger__WithdrawClaims cmd = LEDGER__WITHDRAW_CLAIMS__INIT;
    const void *reply = NULL;
    enum jn_code code;

    cmd.batch = number;
    cmd.n_claims = 1;
    cmd.claims = &claim_number;
    code = jn_world_command(s->w, &s->finance, "WithdrawClaims", &cmd, &reply);
    return code != JN_OK ? code
                         : row_code(code, ((const Ledger__Outcomes *)reply)->n_refused,
                                    ((const Ledger__Outcomes *)reply)->refused);
}

/* The three commands have one shape. */
static enum jn_code
payee_command(struct story *s, const struct jn_agency *who, const char *method, uint64_t person, uint64_t institution,
              uint64_t claim_number)
{
    Ledger__FreezePayee row = LEDGER__FREEZE_PAYEE__INIT, *rows[] = {&row};
    Ledger__FreezePayees freeze_cmd = LEDGER__FREEZE_PAYEES__INIT;
    Ledger__ThawPayees thaw_cmd = LEDGER__THAW_PAYEES__INIT;
    Ledger__ConfirmThaws confirm_cmd = LEDGER__CONFIRM_THAWS__INIT;
    bool freezes = strcmp(method, "FreezePayees") == 0, thaws = strcmp(method, "ThawPayees") == 0;
    const void *reply = NULL;
    enum jn_code code;

    row.person = person;
    row.institution = institution;
    row.claim = claim_number;
    row.document = (char *)(uintptr_t)(freezes || thaws ? "石人社监〔2020〕3号" : "");
    row.reason = (char *)(uintptr_t)(freezes ? "rosters are looked into" : "");
    freeze_cmd.n_rows = thaw_cmd.n_rows = confirm_cmd.n_rows = 1;
    freeze_cmd.rows = thaw_cmd.rows = confirm_cmd.rows = rows;
    code = jn_world_command(s->w, who, method,
                            freezes ? (const void *)&freeze_cmd
                            : thaws ? (const void *)&thaw_cmd
                                    : (const void *)&confirm_cmd,
                            &reply);
    return code != JN_OK ? code
                         : row_code(code, ((const Ledger__Outcomes *)reply)->n_refused,
                                    ((const Ledger__Outcomes *)reply)->refused);
}

enum jn_code
freeze(struct story *s, uint64_t person, uint64_t institution, uint64_t claim_number)
{
    return payee_command(s, &s->finance, "FreezePayees", person, institution, claim_number);
}

enum jn_code
ask_thaw_as(struct story *s, const struct jn_agency *who, uint64_t person, uint64_t institution, uint64_t claim_number)
{
    return payee_command(s, who, "ThawPayees", person, institution, claim_number);
}

enum jn_code
confirm_thaw_as(struct story *s, const struct jn_agency *who, uint64_t person, uint64_t institution,
                uint64_t claim_number)
{
    return payee_command(s, who, "ConfirmThaws", person, institution, claim_number);
}

enum jn_code
thaw(struct story *s, uint64_t person, uint64_t institution, uint64_t claim_number)
{
    enum jn_code code = ask_thaw_as(s, &s->finance, person, institution, claim_number);

    return code == JN_OK ? confirm_thaw_as(s, &s->checker, person, institution, claim_number) : code;
}

void
to_bank(struct story *s, uint64_t number)
{
    Ledger__BatchRequest request = LEDGER__BATCH_REQUEST__INIT;
    const void *reply;
    uint32_t rows;
    int64_t fen;

    request.batch = number;
    if (jn_world_query(s->w, &s->finance, "Batch", &request, &reply) != JN_OK ||
        ((const Ledger__BatchView *)reply)->head->state != LEDGER__BATCH_STATE__DRAFT)
        return;
    rows = ((const Ledger__BatchView *)reply)->head->rows;
    fen = ((const Ledger__BatchView *)reply)->head->amount_fen;
    assert_int_equal(submit_as(s, &s->finance, number, rows, fen), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, number), JN_OK);
}

enum jn_code
bank_pays(struct story *s, uint64_t number)
{
    Ledger__RecordBankResults cmd = LEDGER__RECORD_BANK_RESULTS__INIT;

    to_bank(s, number);

    cmd.batch = number;
    cmd.all = true;
    return jn_world_command(s->w, &s->finance, "RecordBankResults", &cmd, NULL);
}

enum jn_code
bank_says(struct story *s, uint64_t number, uint64_t claim_number, bool paid, const char *reason)
{
    Ledger__RecordBankResults cmd = LEDGER__RECORD_BANK_RESULTS__INIT;
    Ledger__BankResult row = LEDGER__BANK_RESULT__INIT, *rows[] = {&row};
    const void *reply;
    const Ledger__Outcomes *outcomes;
    enum jn_code code;

    to_bank(s, number);
    row.claim = claim_number;
    row.paid = paid;
    row.reason = (char *)(uintptr_t)reason;
    cmd.batch = number;
    cmd.n_rows = 1;
    cmd.rows = rows;
    code = jn_world_command(s->w, &s->finance, "RecordBankResults", &cmd, &reply);
    outcomes = reply;
    return code == JN_OK && outcomes->n_refused ? (enum jn_code)outcomes->refused[0]->code : code;
}

enum jn_code
resend(struct story *s, uint64_t batch_number, uint64_t claim_number)
{
    Ledger__Resend cmd = LEDGER__RESEND__INIT;

    cmd.batch = batch_number;
    cmd.claim = claim_number;
    return jn_world_command(s->w, &s->finance, "Resend", &cmd, NULL);
}

enum jn_code
recover(struct story *s, uint64_t class, Common__Fund fund, int64_t yuan)
{
    Ledger__RecordRecovery cmd = LEDGER__RECORD_RECOVERY__INIT;

    cmd.class_ = class;
    cmd.fund = fund;
    cmd.amount_fen = yuan * 100;
    cmd.document = (char *)(uintptr_t) "R-1";
    return jn_world_command(s->w, &s->finance, "RecordRecovery", &cmd, NULL);
}

uint64_t
batches_so_far(struct story *s)
{
    return jn_world_count(s->w, LEDGER__EVENT__BODY_INSTRUCTED) +
           jn_world_count(s->w, LEDGER__EVENT__BODY_ADVANCE_PAID) +
           jn_world_count(s->w, LEDGER__EVENT__BODY_ADVANCE_SENT);
}

const Ledger__BatchShort *
batch_head(struct story *s, uint64_t number)
{
    return batch(s, number)->head;
}

uint64_t
one_draft(struct story *s, uint32_t division, int64_t yuan)
{
    settle(s, division, TRAINING(yuan));
    approve(s, s->settlement, s->claim, 1);
    return batches_so_far(s);
}

/* ---- Then ---- */

static const void *
ask(struct story *s, const struct jn_agency *who, const char *method, const void *request)
{
    const void *reply;

    assert_int_equal(jn_world_query(s->w, who, method, request, &reply), JN_OK);
    assert_non_null(reply);
    return reply;
}

const Ledger__TotalsView *
totals(struct story *s)
{
    Ledger__TotalsRequest request = LEDGER__TOTALS_REQUEST__INIT;

    return ask(s, &s->auditor, "Totals", &request);
}

const Ledger__AccountView *
account(struct story *s, Common__Fund fund, uint32_t division, uint32_t year)
{
    Ledger__AccountRequest request = LEDGER__ACCOUNT_REQUEST__INIT;

    request.fund = fund;
    request.division = division;
    request.year = year;
    return ask(s, &s->auditor, "Account", &request);
}

const Ledger__ClaimView *
claim(struct story *s, uint64_t number)
{
    Ledger__ClaimRequest request = LEDGER__CLAIM_REQUEST__INIT;

    request.claim = number;
    return ask(s, &s->reviewer, "Claim", &request);
}

const Ledger__QueueView *
queue(struct story *s, Common__Fund fund, uint32_t division, uint64_t after)
{
    Ledger__QueueRequest request = LEDGER__QUEUE_REQUEST__INIT;

    request.fund = fund;
    request.division = division;
    request.after = after;
    return ask(s, &s->reviewer, "Queue", &request);
}

const Ledger__BatchView *
batch(struct story *s, uint64_t number)
{
    Ledger__BatchRequest request = LEDGER__BATCH_REQUEST__INIT;

    request.batch = number;
    return ask(s, &s->finance, "Batch", &request);
}

const Ledger__QuarterView *
quarter(struct story *s, uint32_t year, uint32_t number)
{
    Ledger__QuarterRequest request = LEDGER__QUARTER_REQUEST__INIT;

    request.year = year;
    request.quarter = number;
    return ask(s, &s->auditor, "Quarter", &request);
}

void
is(struct story *s, uint64_t claim_number, const char *state)
{
    assert_string_equal(claim(s, claim_number)->state, state);
}

void
has(struct story *s, Common__Fund fund, uint32_t division, int64_t available_yuan)
{
    assert_int_equal(account(s, fund, division, 0)->available_fen, available_yuan * 100);
}

void
counts(const Ledger__CountAmount *sum, uint64_t count, int64_t yuan)
{
    assert_non_null(sum);
    assert_int_equal(sum->count, count);
    assert_int_equal(sum->amount_fen, yuan * 100);
}
