/* The city: who is in it, and what its departments believe. */
#include "simulation/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "domain/date.h"
#include "domain/identifiers.h"
#include "jineng/v1/common.pb-c.h"

static void
make_person(struct sim *sim, uint32_t i)
{
    char text[CITIZEN_TEXT], mended[CITIZEN_TEXT];
    bool was_mended;

    snprintf(text, sizeof(text), "1301%02u19%02u%02u%02u%03u0", 1 + i % 8, 60 + i % 40, 1 + i % 12, 1 + i % 28,
             (unsigned)(i % 1000));
    for (const char *last = "0123456789X"; *last; last++) {
        text[17] = *last;
        if (citizen_number(text, mended, &was_mended) == IDENTIFIER_OK)
            break;
    }
    memcpy(sim->city.id[i], text, CITIZEN_TEXT);
}

static void
make_institution(struct sim *sim, uint32_t i)
{
    char text[CREDIT_TEXT], mended[CREDIT_TEXT];
    bool inner_wrong;

    snprintf(text, sizeof(text), "52130100MA%06u00", 1000 + i);
    for (const char *check = "0123456789ABCDEFGHJKLMNPQRTUWXY"; *check; check++) {
        text[17] = *check;
        if (credit_code(text, mended, &inner_wrong) == IDENTIFIER_OK)
            break;
    }
    memcpy(sim->city.uscc[i], text, CREDIT_TEXT);
}

static void
add_agency(struct sim *sim, const char *name, uint32_t roles, int department)
{
    struct jn_agency *agency = &sim->config.agencies[sim->config.agencies_count];

    memset(agency, 0, sizeof(*agency));
    snprintf(agency->name, sizeof(agency->name), "%s", name);
    memset(agency->key, 0x40 + (int)sim->config.agencies_count++, sizeof(agency->key));
    agency->roles = roles;
    agency->department = (uint32_t)department;
}

static void
found_agencies(struct sim *sim)
{
    const uint32_t department = ROLE_ATTESTOR | ROLE_REVIEWER | ROLE_INBOX;

    add_agency(sim, "human_resources.administration", ROLE_ADMINISTRATION | ROLE_INBOX, 0);
    add_agency(sim, "human_resources.employment_service", ROLE_EMPLOYMENT_SERVICE | ROLE_INBOX, 0);
    add_agency(sim, "human_resources.appraisal", ROLE_APPRAISAL | ROLE_INBOX, 0);
    add_agency(sim, "operator", ROLE_OPERATOR, 0);
    add_agency(sim, "auditor", ROLE_AUDITOR, 0);
    add_agency(sim, "human_resources.checker", ROLE_ADMINISTRATION, 0);
    add_agency(sim, "finance", ROLE_FINANCE | ROLE_INBOX, COMMON__DEPARTMENT__FINANCE);
    add_agency(sim, "finance.checker", ROLE_FINANCE, 0);
    add_agency(sim, "finance.director", ROLE_FINANCE, 0);
    add_agency(sim, "human_resources", department, COMMON__DEPARTMENT__HUMAN_RESOURCES);
    add_agency(sim, "education", department, COMMON__DEPARTMENT__EDUCATION);
    add_agency(sim, "veterans", department, COMMON__DEPARTMENT__VETERANS);
    add_agency(sim, "disabled_federation", department, COMMON__DEPARTMENT__DISABLED_FEDERATION);
    add_agency(sim, "agriculture", department, COMMON__DEPARTMENT__AGRICULTURE);
    add_agency(sim, "civil_affairs", department, COMMON__DEPARTMENT__CIVIL_AFFAIRS);
    JN_ASSERT(sim->config.agencies_count == A_SERVICES);
    for (uint32_t i = 0; i < SIM_SERVICES; i++) {
        uint32_t own = i == LEDGER ? ROLE_PAYER : i == CERTIFICATION ? ROLE_CERTIFIER : 0;

        sim->machines[i].agency = (uint32_t)sim->config.agencies_count;
        add_agency(sim, sim_parts[i]->service->name, ROLE_SERVICE | own, 0);
    }
}

void
city_found(struct sim *sim)
{
    sim->city.people_count = sim->knobs.people < CITY_PEOPLE ? sim->knobs.people : CITY_PEOPLE;
    for (uint32_t i = 0; i < sim->city.people_count; i++)
        make_person(sim, i);
    for (uint32_t i = 0; i < CITY_INSTITUTIONS; i++)
        make_institution(sim, i);
    sim->config.city = 130100;
    found_agencies(sim);
}

int32_t
city_today(const struct sim *sim)
{
    return date_of_ms(sim->now_us / 1000);
}

void *
city_take(struct sim *sim, size_t bytes)
{
    return jn_arena_take(&sim->arena, bytes ? bytes : 1);
}

char *
city_print(struct sim *sim, const char *format, ...)
{
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return jn_arena_copy(&sim->arena, text, strlen(text) + 1);
}

/* The operator moves a driven clock. */
bool
city_advance(struct sim *sim, struct sim_draft *draft)
{
    Runtime__AdvanceTo *message = city_take(sim, sizeof(*message));

    runtime__advance_to__init(message);
    message->time_ms = sim->now_us / 1000;
    draft->agency = A_OPERATOR;
    draft->message = message;
    return sim->config.driven_clock;
}

struct city_class *
city_pick(struct sim *sim, bool (*wanted)(const struct sim *, const struct city_class *))
{
    uint32_t count = sim->city.classes_count, from = (uint32_t)rng_below(&sim->work, count);

    for (uint32_t i = 0; i < count; i++) {
        struct city_class *class = &sim->city.classes[(from + i) % count];

        if (wanted(sim, class))
            return class;
    }
    return NULL;
}

bool
city_was_held(const struct sim *sim, const struct city_class *class)
{
    return class->finished && class->closed && class->end_day < city_today(sim);
}

/* ---- The end ---- */

/* As often as there is something of the kind to do. */
static unsigned
all_of(struct sim *sim, uint32_t machine, const char *method)
{
    const struct sim_generator *generator = sim_generator(machine, method);
    unsigned i;

    for (i = 0; i < 3 * CITY_CLASSES && sim_do(sim, machine, generator); i++) {
        if (i % 16 == 15)
            sim_settle_down(sim);
    }
    sim_settle_down(sim);
    return i;
}

static void
ask_all(struct sim *sim)
{
    for (uint32_t agency = A_HUMAN_RESOURCES; agency < A_SERVICES; agency++)
        sim_do(sim, ENROLLMENT, sim_generator(ENROLLMENT, "Requests"));
    sim_settle_down(sim);
    all_of(sim, ENROLLMENT, "People");
    all_of(sim, ENROLLMENT, "Attest");
}

static void
days_pass(struct sim *sim, unsigned days)
{
    for (unsigned i = 0; i < days; i++) {
        sim_jump(sim, (sim->now_us / SIM_DAY_US + 1) * SIM_DAY_US + 3600 * SIM_SECOND_US);
        if (sim->config.driven_clock) {
            for (uint32_t m = 0; m < SIM_SERVICES; m++)
                sim_do(sim, m, sim_generator(m, "Advance"));
        }
        sim_settle_down(sim);
    }
}

/* What stops payments ends: contradictions are settled, the frozen are thawed. */
static void
free_payments(struct sim *sim)
{
    static const char *const lists[] = {"Disagreements", "FrozenPayees", "FrozenPayees", "FrozenPayees",
                                        "FrozenPayees"};
    static const char *const ends[] = {"SettleDisagreement", "ThawPayees", "ThawPayees", "ConfirmThaws",
                                       "ConfirmThaws"};

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        sim_do(sim, LEDGER, sim_generator(LEDGER, lists[i]));
        sim_settle_down(sim);
        all_of(sim, LEDGER, ends[i]);
    }
}

/* Facts change when all is settled, and when much is paid. */
static void
change_facts(struct sim *sim)
{
    if (rng_chance(&sim->work, 1500))
        sim_do(sim, SUBSIDY, sim_generator(SUBSIDY, "Reassess"));
    if (rng_chance(&sim->work, 400))
        sim_do(sim, CERTIFICATION, sim_generator(CERTIFICATION, "RevokeCertificate"));
    if (rng_chance(&sim->work, 400))
        sim_do(sim, CERTIFICATION, sim_generator(CERTIFICATION, "CorrectCertificate"));
    if (rng_chance(&sim->work, 400))
        sim_do(sim, ENROLLMENT, sim_generator(ENROLLMENT, "CorrectAttendance"));
    if (rng_chance(&sim->work, 400))
        sim_do(sim, ENROLLMENT, sim_generator(ENROLLMENT, "WithdrawAttestation"));
    if (rng_chance(&sim->work, 300))
        sim_do(sim, SUBSIDY, sim_generator(SUBSIDY, "SetStandards"));
    if (rng_chance(&sim->work, 150))
        sim_do(sim, ENROLLMENT, sim_generator(ENROLLMENT, "CancelClass"));
    if (rng_chance(&sim->work, 400))
        sim_do(sim, SUBSIDY, sim_generator(SUBSIDY, "ApplyPackBackwards"));
    if (rng_chance(&sim->work, 300))
        sim_do(sim, ENROLLMENT, sim_generator(ENROLLMENT, "ImportHistory"));
    if (rng_chance(&sim->work, 300))
        sim_do(sim, ENROLLMENT, sim_generator(ENROLLMENT, "ImportEnterpriseHistory"));
}

/* Most claims are approved when the work is over: what may go wrong between finance and the bank goes wrong here, the
 * network and the machines being well. */
static void
look_into(struct sim *sim)
{
    static const char *const steps[] = {"OpenCase", "AddEvidence", "AddEvidence", "DecideCase", "DecideCase"};

    if (rng_chance(&sim->work, 3000))
        sim_do(sim, SUBSIDY, sim_generator(SUBSIDY, steps[rng_below(&sim->work, 5)]));
}

static void
trouble(struct sim *sim)
{
    static const char *const steps[] = {"Batches",         "Batch",
                                        "FreezePayees",    "SubmitBatches",
                                        "ReleaseBatches",  "Batch",
                                        "WithdrawClaims",  "FreezePayees",
                                        "Batches",         "RecordBankResults",
                                        "ReleaseBatches",  "Batch",
                                        "SubmitBatches",   "Resend",
                                        "FrozenPayees",    "RecordBankResults",
                                        "Batches",         "SendBackBatches",
                                        "Batch",           "Unknowns",
                                        "Disagreements",   "ThawPayees",
                                        "ReleaseBatches",  "SettleDisagreement",
                                        "FrozenPayees",    "ConfirmThaws",
                                        "OpenRecovery",    "Receivables",
                                        "RecordRepayment", "Receivables",
                                        "WriteOff",        "ArrangeRecovery"};
    size_t count = sizeof(steps) / sizeof(steps[0]);

    sim->city.troubled = true;
    for (size_t i = 0; i < 5 * count; i++) {
        sim_do(sim, LEDGER,
               sim_generator(LEDGER, steps[rng_chance(&sim->work, 7000) ? i % count : rng_below(&sim->work, count)]));
        if (rng_chance(&sim->work, 1000))
            sim_do(sim, SUBSIDY, sim_generator(SUBSIDY, "HoldClaim"));
        look_into(sim);
        change_facts(sim);
        if (i % 2 == 1)
            sim_settle_down(sim);
    }
    sim_settle_down(sim);
    sim->city.troubled = false;
}

static void
pay_all(struct sim *sim)
{
    free_payments(sim);
    for (unsigned i = 0; i < 40; i++) {
        sim_do(sim, LEDGER, sim_generator(LEDGER, "Batches"));
        sim_settle_down(sim);
        if (sim->city.batches_count == 0)
            break;
        /* What was submitted while all went wrong is looked at anew. */
        if (i == 0 && all_of(sim, LEDGER, "SendBackBatches") > 0)
            continue;
        all_of(sim, LEDGER, "Batch");
        all_of(sim, LEDGER, "RecordBankResults");
        sim_do(sim, LEDGER, sim_generator(LEDGER, "Batches"));
        sim_settle_down(sim);
        all_of(sim, LEDGER, "SubmitBatches");
        all_of(sim, LEDGER, "ReleaseBatches");
    }
    sim_do(sim, LEDGER, sim_generator(LEDGER, "Debts"));
    sim_settle_down(sim);
    all_of(sim, LEDGER, "RecordRecovery");
}

/* Most claims are settled when the work is over: what people may have against one they have here. */
static void
contend(struct sim *sim)
{
    static const char *const steps[] = {"ConfirmClaims", "ReviewClaims", "ReviewClaims",    "Object",
                                        "ReleaseClaim",  "OpenCase",     "DecideObjection", "AddEvidence",
                                        "DecideCase",    "OverrideGate", "OverrideGate",    "IssueReceipt",
                                        "Explain",       "ClassClaims",  "Claim",           "Reassessments"};

    sim->city.contending = true;
    for (size_t i = 0; i < 24 && sim->city.claims_told > 0; i++) {
        sim_do(sim, SUBSIDY, sim_generator(SUBSIDY, steps[rng_below(&sim->work, sizeof(steps) / sizeof(steps[0]))]));
        if (rng_chance(&sim->work, 1500))
            sim_do(sim, ENROLLMENT, sim_generator(ENROLLMENT, "ImportHistory"));
        if (i % 4 == 3)
            sim_settle_down(sim);
    }
    sim_settle_down(sim);
    sim->city.contending = false;
}

/* Whoever has something to decide or to review does it. */
static void
review_all(struct sim *sim)
{
    all_of(sim, SUBSIDY, "DecideObjection");
    all_of(sim, SUBSIDY, "DecideCase");
    all_of(sim, SUBSIDY, "ConfirmClaims");
    for (unsigned finance = 0; finance < 2; finance++) {
        sim->city.finance_reviews = finance;
        all_of(sim, SUBSIDY, "ReviewClaims");
    }
}

void
city_close(struct sim *sim)
{
    all_of(sim, LEDGER, "SetPaymentLimits");
    all_of(sim, LEDGER, "ConfirmPaymentLimits");
    days_pass(sim, 1);
    all_of(sim, ENROLLMENT, "OpenClass");
    ask_all(sim);
    days_pass(sim, 40);
    all_of(sim, CERTIFICATION, "CloseResults");
    all_of(sim, ENROLLMENT, "FinishClass");
    for (unsigned i = 0; i < 200; i++) {
        sim->city.settled_all = false;
        sim_do(sim, SUBSIDY, sim_generator(SUBSIDY, "SettleDay"));
        sim_settle_down(sim);
        if (sim->city.settled_all)
            break;
    }
    for (unsigned round = 0; round < 2; round++) {
        contend(sim);
        sim->city.way_at = 0;
        review_all(sim);
        days_pass(sim, 8);
        contend(sim);
        sim->city.way_at = 0;
        review_all(sim);
        days_pass(sim, 7);
        trouble(sim);
        days_pass(sim, 1); /* where the clock is driven, what goes on by itself goes on with it */
        pay_all(sim);
    }
}
