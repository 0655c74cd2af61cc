/* What finance asks beside claims: grants, pools, releases, terms, staff-education funds, forecasts. */
#include "simulation/books.h"

#include "jineng/v1/ledger.pb-c.h"
#include "simulation/make.h"

#define GRANT_IDS 300 /* few enough to come twice, with the same content or other */

bool
books_grant(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__Grant, ledger__grant__init);

    MAKE_LIST(sim, message->rows, message->n_rows, 1 + rng_below(&sim->work, 4), Ledger__GrantAsked,
              ledger__grant_asked__init);
    for (size_t i = 0; i < message->n_rows; i++) {
        Ledger__GrantAsked *row = message->rows[i];
        uint64_t id = rng_below(&sim->work, GRANT_IDS);

        row->id = city_print(sim, "支持-%u", (unsigned)id);
        row->fund = rng_chance(&sim->work, 7000) ? COMMON__FUND__EMPLOYMENT_SUBSIDY
                                                 : (Common__Fund)(1 + rng_below(&sim->work, 5));
        row->division = city_divisions[id % CITY_DIVISIONS];
        row->pooled = id % 2 == 0;
        if (row->pooled)
            row->fund = COMMON__FUND__FUND_UNSPECIFIED;
        row->purpose = (Common__Purpose)(COMMON__PURPOSE__TRAINING_BASE + rng_below(&sim->work, 6));
        row->institution = 1 + rng_below(&sim->work, CITY_INSTITUTIONS);
        row->amount_fen = rng_between(&sim->work, 1, 120000);
        row->document = text_of("石财社〔2019〕");
    }
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

bool
books_pool(struct sim *sim, struct sim_draft *draft)
{
    static const Common__Fund funds[] = {COMMON__FUND__EMPLOYMENT_SUBSIDY, COMMON__FUND__LOCAL_TALENT,
                                         COMMON__FUND__UNEMPLOYMENT_INSURANCE, COMMON__FUND__SKILLS_ACCOUNT};
    MAKE(sim, message, Ledger__Pool, ledger__pool__init);
    uint64_t from = rng_chance(&sim->work, 500) ? 3 : rng_below(&sim->work, 2);

    MAKE_LIST(sim, message->sources, message->n_sources, 1 + rng_below(&sim->work, 2), Ledger__PoolShare,
              ledger__pool_share__init);
    for (size_t i = 0; i < message->n_sources; i++) {
        message->sources[i]->fund = funds[(from + i) % 4];
        message->sources[i]->amount_fen = rng_between(&sim->work, 1, 400000);
    }
    message->division = city_divisions[rng_below(&sim->work, CITY_DIVISIONS)];
    message->document = city_print(sim, "统筹-%u", (unsigned)rng_below(&sim->work, 40));
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

bool
books_dissolve(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__DissolvePool, ledger__dissolve_pool__init);

    message->division = city_divisions[rng_below(&sim->work, CITY_DIVISIONS)];
    message->year = rng_chance(&sim->work, 5000) ? 0 : 2019 + (uint32_t)rng_below(&sim->work, 2);
    message->document = text_of("解散");
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

static uint64_t
some_grant(struct sim *sim)
{
    return 1 + rng_below(&sim->work, sim->city.grants_told + 1);
}

bool
books_grant_paid(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__RecordGrantPaid, ledger__record_grant_paid__init);

    message->grant = some_grant(sim);
    message->amount_fen = rng_between(&sim->work, 1, 60000);
    message->day = city_today(sim);
    message->document = city_print(sim, "拨付-%u", (unsigned)rng_below(&sim->work, 12));
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

/* Documents come twice, with the same amount or another, and meet those that were paid by hand. */
bool
books_disburse(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__DisburseGrants, ledger__disburse_grants__init);

    MAKE_LIST(sim, message->rows, message->n_rows, 1 + rng_below(&sim->work, 6), Ledger__Disburse,
              ledger__disburse__init);
    for (size_t i = 0; i < message->n_rows; i++) {
        Ledger__Disburse *row = message->rows[i];

        row->grant = some_grant(sim);
        row->amount_fen = rng_chance(&sim->work, 3000) ? 5000 : rng_between(&sim->work, 1, 60000);
        row->document = city_print(sim, "拨付-%u", (unsigned)rng_below(&sim->work, 12));
    }
    draft->agency = A_FINANCE;
    draft->message = message;
    return sim->city.grants_told > 0;
}

bool
books_grant_release(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ReleaseGrant, ledger__release_grant__init);

    message->grant = some_grant(sim);
    message->amount_fen = rng_chance(&sim->work, 4000) ? 0 : rng_between(&sim->work, 1, 60000);
    message->document = text_of("取消");
    message->lapsed = rng_chance(&sim->work, 3000);
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

bool
books_grants(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__GrantsRequest, ledger__grants_request__init);

    message->after = sim->city.grants_told;
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

void
books_grants_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Ledger__GrantsView *view = reply;

    (void)task;
    for (size_t i = 0; code == JN_OK && i < view->n_rows; i++) {
        if (view->rows[i]->grant > sim->city.grants_told)
            sim->city.grants_told = view->rows[i]->grant;
    }
}

bool
books_release(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ReleaseCommitment, ledger__release_commitment__init);

    message->claim = 1 + rng_below(&sim->work, 1 + sim->city.claims_told);
    message->amount_fen = rng_chance(&sim->work, 5000) ? 0 : rng_between(&sim->work, 1, 100000);
    message->document = text_of("异议成立");
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

bool
books_terms(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__SetTerms, ledger__set_terms__init);

    message->commitment_days = 5 + (uint32_t)rng_below(&sim->work, 60);
    message->notice_days = (uint32_t)rng_below(&sim->work, 60);
    if (rng_chance(&sim->work, 3000)) {
        message->commitment_days = 0;
        message->no_expiry = true;
    }
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

bool
books_education(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__StaffEducation, ledger__staff_education__init);

    message->enterprise = 1 + rng_below(&sim->work, CITY_INSTITUTIONS);
    message->division = city_divisions[message->enterprise % CITY_DIVISIONS];
    message->year = 2018 + (uint32_t)rng_below(&sim->work, 3);
    message->wages_fen = rng_between(&sim->work, 1, 900000000);
    message->drawn_fen = rng_between(&sim->work, 0, 80000000);
    message->spent_fen = rng_between(&sim->work, 0, 80000000);
    message->front_line_fen = message->spent_fen ? (int64_t)rng_below(&sim->work, (uint64_t)message->spent_fen) : 0;
    message->document = text_of("职教");
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

bool
books_forecast(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ForecastRequest, ledger__forecast_request__init);

    message->fund = (Common__Fund)(1 + rng_below(&sim->work, 3));
    message->division = city_divisions[rng_below(&sim->work, CITY_DIVISIONS)];
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

bool
books_check(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__CheckStaffEducationRequest, ledger__check_staff_education_request__init);
    bool made = books_education(sim, draft);

    message->statement = (Ledger__StaffEducation *)draft->message;
    draft->message = message;
    return made;
}
