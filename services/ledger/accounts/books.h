/* Grants, pools, releases, forecasts, staff education: what these nouns do, and what others ask of them. */
#ifndef LEDGER_BOOKS_H
#define LEDGER_BOOKS_H

#include "ledger/ledger.h"

/* ---- Tills ---- */

/* What a division's pool of this year has left for claims, 2.10-e: one for all the tills of a decision. */
struct purse {
    bool open;
    bool sources[FUNDS], waits[FUNDS]; /* waits: claims of the fund do, and have its money first */
    int64_t left_fen[FUNDS];
    struct fence fence;
};
/* A claim's net, divided over the sources that may pay its item, by what is left of each: into its shares. False where
 * its own fund is no source, or they have not enough. */
bool purse_take(struct jn_decision *d, struct purse *purse, uint32_t division, struct claim *claim);

/* The accounts that an entitlement of the fund and division can be paid from, with what they still have to give: the
 * division's own and the city's, general money and what is earmarked. */
struct till {
    bool open;
    bool blocked;        /* something waits for general money: nobody overtakes */
    uint32_t came_first; /* bit n: a claim of item n, of the settlement under way, waits */
    struct account own, city;
    int64_t own_fen, city_fen;
    struct purse *purse; /* of the division's pool; NULL: it bears nothing here */
    struct earmark {
        bool open;
        int64_t own_fen, city_fen;
    } earmarks[PURPOSES];
};
void till_open(struct jn_decision *d, struct till *till, Common__Fund fund, uint32_t division);
/* The whole amount from one account, the division's own first. False where neither has it. */
bool till_take(struct till *till, int64_t fen, struct account *from);
/* For a claim, which then says who bears it: first what is earmarked for its item, the division's own, then the city's;
 * then the division's pool; then general money in the same order. */
bool till_take_for(struct jn_decision *d, struct till *till, struct claim *claim);
/* For a claim that comes now: from all of them where nothing waits; else only what is earmarked for its item, and only
 * where no claim of the item waits. False: it waits, too. */
bool till_take_claim(struct jn_decision *d, struct till *till, struct claim *claim);
/* Earmarked money alone. */
bool till_take_earmarked(struct jn_decision *d, struct till *till, uint32_t purpose, int64_t fen, struct account *from);

/* ---- Queues ---- */

/* NULL where nothing waits. */
const Ledger__Waiting *waiting_get(const struct jn_view *view, Common__Fund fund, uint32_t division);
/* Does the claim wait in that fund's queue? */
bool waits_for(const struct claim *claim, Common__Fund fund);

/* ---- Release, terms, forecast ---- */

/* Claims of one settlement whose money returns to the account that reserved it. */
struct releasing {
    struct jn_decision *d;
    const Ledger__Claims *claims;
    Ledger__CommitmentReleased event;
};
void releasing_open(struct releasing *r, struct jn_decision *d, const Ledger__Claims *claims, size_t rows);
/* amount 0: the rest of it. */
void releasing_add(struct releasing *r, const struct claim *claim, int64_t amount_fen);
/* And whoever waits for money is looked at. */
void releasing_emit(struct releasing *r);

/* Of what was earned so much was not, after all: the claim will not be paid. */
void advance_unearn(struct jn_tables *t, Ledger__Books *books, uint64_t class, Common__Fund fund, uint64_t institution,
                    int64_t fen, int32_t day);

/* Those of the settlement were committed: they lapse when the term is over. */
void expiry_begin(struct jn_tables *t, const Ledger__Committed *event, int64_t now_ms);
/* The least notice of a shortfall, and after how many days commitments lapse; 0: they do not. */
uint32_t terms_notice_days(const struct jn_view *view);
uint32_t terms_commitment_days(const struct jn_view *view);
/* So much was committed that day from the account. */
void rate_add(struct jn_tables *t, struct account account, int32_t day, int64_t fen);
/* Tells finance where the account will soon have nothing left, once until money comes. */
void shortfall_look(struct jn_decision *d, struct account account);
/* The same for each account that bears one of the rows. */
void shortfall_look_at(struct jn_decision *d, const Ledger__Committed *event);
void shortfall_clear(struct jn_tables *t, struct account account);
/* Money came back to the account: those who wait are freed. */
void money_came(struct jn_decision *d, Common__Fund fund, uint32_t division);

/* ---- Grants ---- */

/* NULL where there is none; one beyond the caller's scope is none to him. */
const Ledger__GrantRow *grant_get(const struct jn_decision *d, uint64_t number);
/* Neither paid nor released. */
int64_t grant_open(const Ledger__GrantRow *grant);
struct account grant_account(const Ledger__GrantRow *grant);
/* Apply's copy, to be changed and put back; it must exist. */
Ledger__GrantRow *grant_take(struct jn_tables *t, uint64_t number);
/* Instalments of one grant, however they are paid. */
#define GRANT_PAYMENTS_MAX 24
/* From 1; 0 where the document has paid nothing of the grant yet. */
uint32_t grant_payment_of(const Ledger__GrantRow *grant, const char *document);
enum jn_code grant_too_much(struct jn_decision *d, const Ledger__GrantRow *grant);
/* What each source of the pool bears of the amount, by what is open of its share; none where one account bears all. */
size_t grant_divide(const struct jn_view *view, const Ledger__GrantRow *grant, int64_t amount_fen,
                    Ledger__PoolShare ***out);
/* So much goes into a batch (instalments 1), or is answered and out of it again (below nothing, -1). */
void grant_order(Ledger__GrantRow *grant, int64_t fen, size_t count, Ledger__PoolShare *const *shares, int instalments);
struct instalment {
    uint64_t grant, disbursement, batch; /* of the last two neither where it was paid outside the bank's files */
    int64_t amount_fen;
    int32_t day;
    const char *document;
    Ledger__PoolShare **shares; /* of a pool */
    size_t shares_count;
};
/* granted -> grant_paid */
void grant_paid(struct jn_decision *d, const struct instalment *instalment);
/* What was paid of it must come back: OpenRecovery, and apply's part. */
enum jn_code grant_recover(struct jn_decision *d, const Ledger__OpenRecovery *cmd);
void grant_reversed(struct jn_tables *t, Ledger__Books *books, const Ledger__Reversed *event);

/* ---- Pools ---- */

/* A grant's amount, divided over the sources of the division's pool that may pay for the purpose, by what is left of
 * each: fund and amount, in the order of funds. */
enum jn_code pool_take(struct jn_decision *d, uint32_t division, Common__Purpose purpose, int64_t amount_fen,
                       size_t *count, Ledger__PoolShare ***shares);
/* The amount over the weights, the largest remainders rounded up, the earlier among equals: exact, and none gets more
 * than its weight. The amount is at most their sum. */
void pool_divide(int64_t amount_fen, const int64_t *weights, size_t count, int64_t *out);
Ledger__PoolShare *pool_share(const struct jn_view *view, Common__Fund fund, int64_t fen);
/* The source's share of the grant; there must be one. */
Ledger__GrantShare *pool_share_in(const Ledger__GrantRow *grant, Common__Fund fund);
/* A pooled grant's shares, as it is promised, paid or released: to_year is the pool's own where they return to it. */
void pool_promised(struct jn_tables *t, Ledger__Books *books, const Ledger__GrantRow *grant);
void pool_paid(struct jn_tables *t, Ledger__Books *books, const Ledger__GrantRow *grant, size_t count,
               Ledger__PoolShare *const *shares);
void pool_released(struct jn_tables *t, Ledger__Books *books, const Ledger__GrantRow *grant, size_t count,
                   Ledger__PoolShare *const *shares, uint32_t to_year);

/* Claims that pools bear, a row of the tally a source: promised, paid. */
void pool_claims_committed(struct jn_tables *t, Ledger__Books *books, const struct tally *sources);
void pool_claims_paid(struct jn_tables *t, const struct tally *sources);
/* What will not be paid of a claim: each source's share of the amount; back to the pool within its year, later to the
 * source itself. */
size_t pool_claim_shares(const struct jn_view *view, const struct claim *claim, int64_t fen, Ledger__PoolShare ***out);
void pool_claim_released(struct jn_tables *t, Ledger__Books *books, Ledger__Claims *claims, const struct claim *claim,
                         const Ledger__ReleasedRow *row, uint32_t to_year);
/* Money came to the division's pool of this year: who waits for one of its sources is freed. */
void pool_came(struct jn_decision *d, uint32_t division);
/* Nothing of the fund waits in the division any more: claims of the pool's other sources may have its money. */
void pool_unblocked(struct jn_decision *d, Common__Fund fund, uint32_t division);
/* A pack was listed: pools may have money now for who waits. */
void pools_may_more(struct jn_decision *d);
/* What the pool of that year has left for a claim of the fund and item; by the last pack. */
int64_t pool_has(const struct jn_view *view, uint32_t year, uint32_t division, Common__Fund fund, uint32_t item);

/* ---- Grants, release, forecast, staff education ---- */

enum jn_code decide_pool(struct jn_decision *d, const Ledger__Pool *cmd);
enum jn_code decide_dissolve_pool(struct jn_decision *d, const Ledger__DissolvePool *cmd);
void apply_pool_contributed(struct jn_tables *t, const Ledger__PoolContributed *event, const struct jn_stamp *stamp);
void apply_pool_dissolved(struct jn_tables *t, const Ledger__PoolDissolved *event, const struct jn_stamp *stamp);
enum jn_code answer_pools(struct jn_decision *d, const Ledger__PoolsRequest *request);
enum jn_code decide_grant(struct jn_decision *d, const Ledger__Grant *cmd);
enum jn_code decide_record_grant_paid(struct jn_decision *d, const Ledger__RecordGrantPaid *cmd);
enum jn_code decide_release_grant(struct jn_decision *d, const Ledger__ReleaseGrant *cmd);
enum jn_code decide_release_commitment(struct jn_decision *d, const Ledger__ReleaseCommitment *cmd);
enum jn_code decide_set_terms(struct jn_decision *d, const Ledger__SetTerms *cmd);
enum jn_code decide_file_staff_education(struct jn_decision *d, const Ledger__StaffEducation *cmd);

enum jn_code fire_expiry(struct jn_decision *d, uint64_t id);

void apply_grant_committed(struct jn_tables *t, const Ledger__GrantCommitted *event, const struct jn_stamp *stamp);
void apply_grant_paid(struct jn_tables *t, const Ledger__GrantPaid *event, const struct jn_stamp *stamp);
void apply_grant_released(struct jn_tables *t, const Ledger__GrantReleased *event, const struct jn_stamp *stamp);
void apply_commitment_released(struct jn_tables *t, const Ledger__CommitmentReleased *event,
                               const struct jn_stamp *stamp);
void apply_shortfall_foreseen(struct jn_tables *t, const Ledger__ShortfallForeseen *event,
                              const struct jn_stamp *stamp);
void apply_terms_set(struct jn_tables *t, const Ledger__TermsSet *event, const struct jn_stamp *stamp);
void apply_staff_education_filed(struct jn_tables *t, const Ledger__StaffEducationFiled *event,
                                 const struct jn_stamp *stamp);

enum jn_code answer_check_staff_education(struct jn_decision *d, const Ledger__CheckStaffEducationRequest *request);
enum jn_code answer_grants(struct jn_decision *d, const Ledger__GrantsRequest *request);
enum jn_code answer_grant_use(struct jn_decision *d, const Ledger__GrantUseRequest *request);
enum jn_code answer_forecast(struct jn_decision *d, const Ledger__ForecastRequest *request);
enum jn_code answer_terms(struct jn_decision *d, const Ledger__TermsRequest *request);
enum jn_code answer_staff_education(struct jn_decision *d, const Ledger__StaffEducationRequest *request);

#endif
