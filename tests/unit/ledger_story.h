/* The ledger's stories: given money and settled claims, when the bank or finance speaks, then balances, queues and
 * batches. */
#ifndef TESTS_LEDGER_STORY_H
#define TESTS_LEDGER_STORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "domain/date.h"
#include "ledger/ledger.h"
#include "runtime/world.h"

#define CITY       130100u
#define CHANGAN    130102u
#define QIAOXI     130104u
#define XINHUA     130105u
#define EMPLOYMENT COMMON__FUND__EMPLOYMENT_SUBSIDY
#define INSURANCE  COMMON__FUND__UNEMPLOYMENT_INSURANCE
#define SKILLS     COMMON__FUND__SKILLS_ACCOUNT
#define PROVIDER   7u
#define EMPLOYER   8u

struct story {
    struct jn_world *w;
    struct jn_agency finance, checker, auditor, reviewer, county;
    uint64_t settlement, claim; /* the last ones settled */
    uint64_t class;             /* the one that is settled next */
    bool last;                  /* the next settlement is its class's last */
    const char *pack;
    uint64_t provider, employer;
    const int64_t *write_off_fen; /* what the pack says of it; NULL: nothing */
};

/* A row to be settled; fund and payee follow from the item unless given. */
struct due {
    Common__Item item;
    int64_t fen;
    Common__Fund fund;
    Common__Payee payee;
};
#define TRAINING(yuan)                                                                                                 \
    {                                                                                                                  \
        COMMON__ITEM__FREE_TRAINING, (yuan)*INT64_C(100), 0, 0                                                         \
    } /* employment_subsidy, institution */
#define LIVING(yuan)                                                                                                   \
    {                                                                                                                  \
        COMMON__ITEM__STUDENT_LIVING, (yuan)*INT64_C(100), 0, 0                                                        \
    } /* employment_subsidy, person */
#define UPGRADE(yuan)                                                                                                  \
    {                                                                                                                  \
        COMMON__ITEM__SKILL_UPGRADE, (yuan)*INT64_C(100), 0, 0                                                         \
    } /* unemployment_insurance, person */
#define CERTIFIED(yuan)                                                                                                \
    {                                                                                                                  \
        COMMON__ITEM__CERTIFIED_TRAINING, (yuan)*INT64_C(100), 0, 0                                                    \
    } /* skills_account, enterprise */

/* On 2019-11-01, with the pack listed. */
struct story *story_open(void);
struct story *story_open_bare(void);
struct story *story_open_with(const struct jn_service *service);
void story_close(struct story *s);
void on(struct story *s, const char *date);

/* Given. */
void list_pack(struct story *s);
enum jn_code appropriate(struct story *s, Common__Fund fund, uint32_t division, int64_t yuan);
enum jn_code earmark(struct story *s, Common__Fund fund, uint32_t division, Common__Item item, Common__Purpose purpose,
                     int64_t yuan);
/* Enrollment has designated PROVIDER and EMPLOYER. */
void designate(struct story *s);
void settle_rows(struct story *s, uint32_t division, const struct due *rows, size_t count);
#define settle(s, division, ...)                                                                                       \
    settle_rows(s, division, (const struct due[]){__VA_ARGS__},                                                        \
                sizeof((const struct due[]){__VA_ARGS__}) / sizeof(struct due))
void approve(struct story *s, uint64_t settlement, uint64_t first_claim, uint32_t claims);
void approve_but(struct story *s, uint64_t settlement, uint64_t first_claim, uint32_t claims, uint64_t held);
void hold(struct story *s, uint64_t claim);
void release(struct story *s, uint64_t claim, bool approved);
void grant_advance(struct story *s, uint64_t class, uint32_t division, Common__Fund fund, uint64_t institution,
                   int64_t yuan);

/* When. */
struct asked {
    const char *id;
    Common__Fund fund;
    uint32_t division;
    Common__Purpose purpose;
    int64_t yuan;
};
/* The row's own code. */
enum jn_code ask_grant(struct story *s, struct asked asked);
enum jn_code pay_grant(struct story *s, uint64_t grant, int64_t yuan, const char *document);
enum jn_code release_grant(struct story *s, uint64_t grant, int64_t yuan);
enum jn_code release_commitment(struct story *s, uint64_t claim_number, int64_t yuan);
enum jn_code submit_as(struct story *s, const struct jn_agency *who, uint64_t batch, uint32_t rows, int64_t fen);
enum jn_code release_batch_as(struct story *s, const struct jn_agency *who, uint64_t batch);
enum jn_code send_back(struct story *s, const struct jn_agency *who, uint64_t batch);
enum jn_code withdraw(struct story *s, uint64_t batch, uint64_t claim);
/* One of the three names the payee. */
enum jn_code freeze(struct story *s, uint64_t person, uint64_t institution, uint64_t claim);
enum jn_code ask_thaw_as(struct story *s, const struct jn_agency *who, uint64_t person, uint64_t institution,
                         uint64_t claim);
enum jn_code confirm_thaw_as(struct story *s, const struct jn_agency *who, uint64_t person, uint64_t institution,
                             uint64_t claim);
/* Finance asks, its checker confirms. */
enum jn_code thaw(struct story *s, uint64_t person, uint64_t institution, uint64_t claim);
/* A draft is submitted by finance and released by its checker; another batch is left as it is. So do the next two. */
void to_bank(struct story *s, uint64_t batch);
enum jn_code bank_pays(struct story *s, uint64_t batch);
enum jn_code bank_says(struct story *s, uint64_t batch, uint64_t claim, bool paid, const char *reason);
enum jn_code resend(struct story *s, uint64_t batch, uint64_t claim);
enum jn_code recover(struct story *s, uint64_t class, Common__Fund fund, int64_t yuan);
uint64_t batches_so_far(struct story *s);
const Ledger__BatchShort *batch_head(struct story *s, uint64_t number);
/* A class of one row: its claim, and its batch, which is a draft. */
uint64_t one_draft(struct story *s, uint32_t division, int64_t yuan);

/* Then. */
const Ledger__TotalsView *totals(struct story *s);
const Ledger__AccountView *account(struct story *s, Common__Fund fund, uint32_t division, uint32_t year);
const Ledger__AccountView *earmarked(struct story *s, Common__Fund fund, uint32_t division, Common__Item item,
                                     Common__Purpose purpose);
const Ledger__ClaimView *claim(struct story *s, uint64_t number);
const Ledger__QueueView *queue(struct story *s, Common__Fund fund, uint32_t division, uint64_t after);
const Ledger__BatchView *batch(struct story *s, uint64_t number);
const Ledger__QuarterView *quarter(struct story *s, uint32_t year, uint32_t quarter);
void is(struct story *s, uint64_t claim_number, const char *state);
void has(struct story *s, Common__Fund fund, uint32_t division, int64_t available_yuan);
void counts(const Ledger__CountAmount *sum, uint64_t count, int64_t yuan);

extern const struct CMUnitTest ledger_budget[], ledger_bank[], ledger_advance[], ledger_hostile[], ledger_model[],
    ledger_audits[], ledger_recovery[], ledger_recovery_play[], ledger_period[], ledger_paying[], ledger_doubt[];
extern const size_t ledger_budget_count, ledger_bank_count, ledger_advance_count, ledger_hostile_count,
    ledger_model_count, ledger_audits_count, ledger_recovery_count, ledger_recovery_play_count, ledger_period_count,
    ledger_paying_count, ledger_doubt_count;

extern const struct CMUnitTest ledger_grants[], ledger_earmarks[], ledger_releases[], ledger_forecasts[],
    ledger_education[], ledger_pools[], ledger_pool_claims[];
extern const size_t ledger_grants_count, ledger_earmarks_count, ledger_releases_count, ledger_forecasts_count,
    ledger_education_count, ledger_pools_count, ledger_pool_claims_count;

extern const struct CMUnitTest ledger_reassessments[];
extern const size_t ledger_reassessments_count;
extern const struct CMUnitTest ledger_investigations[];
extern const size_t ledger_investigations_count;
extern const struct CMUnitTest ledger_disbursements[], ledger_bookings[];
extern const size_t ledger_disbursements_count, ledger_bookings_count;

int story_setup(void **state);
int story_teardown(void **state);
#define STORY(function) cmocka_unit_test_setup_teardown(function, story_setup, story_teardown)

#endif
