/* Claims (补贴申领): where one stands, what it waits for, and how it was reckoned. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/explanation/explanation.h"
#include "subsidy/facts/doubt.h"
#include "subsidy/nouns.h"
#include "subsidy/settlement/scope.h"

uint64_t
settlement_of(const struct jn_view *view, uint64_t claim)
{
    const Subsidy__NumberRow *row;
    struct jn_key found;

    if (claim == 0 || claim > jn_counter(view, COUNTER_CLAIM))
        return 0;
    row = jn_first(view, TABLE_CLAIM, JN_KEY(claim), 0, &found);
    return row ? row->number : 0;
}

const Subsidy__StandingRow *
standing_of(const struct jn_view *view, uint64_t settlement)
{
    return jn_get(view, TABLE_STANDING, JN_KEY(settlement));
}

/* What an accessor returns is a copy of the message's own already. */
bool
standing_edit(const struct jn_view *view, uint64_t settlement, Subsidy__StandingRow *out)
{
    const Subsidy__StandingRow *row = standing_of(view, settlement);

    if (row)
        *out = *row;
    return row != NULL;
}

/* ---- States in words ---- */

static const struct claim_state money_states[] = {
    [SUBSIDY__MONEY__MONEY_UNSPECIFIED] = {"approved",
                                           {"Approved; the ledger has not taken it up yet.", "已核准，待资金入账。"}},
    [SUBSIDY__MONEY__COMMITTED] = {"committed",
                                   {"Approved and its money is set aside; payment follows.",
                                    "已核准并锁定资金，待支付。"}},
    [SUBSIDY__MONEY__WAITING] = {"waiting",
                                 {"Approved, and it waits in its turn for money of its fund.",
                                  "已核准，资金不足，按序等候拨款。"}},
    [SUBSIDY__MONEY__INSTRUCTED] = {"instructed", {"The bank has been told to pay it.", "已提交银行支付。"}},
    [SUBSIDY__MONEY__PAID] = {"paid", {"Paid.", "已支付。"}},
    [SUBSIDY__MONEY__FAILED] = {"failed",
                                {"The bank could not pay it: correct the payee's account.",
                                 "银行支付失败，请更正收款账户。"}},
    [SUBSIDY__MONEY__RELEASED] = {"released",
                                  {"It will not be paid: its money was given back.", "不予支付，资金承诺已释放。"}},
    [SUBSIDY__MONEY__REVERSED] = {"reversed", {"It was paid and must be paid back.", "已支付，须全额退回。"}},
};

static const struct claim_state way_states[STAGES] = {
    [SUBSIDY__STAGE__CONFIRMING] = {"confirming",
                                    {"It waits for whom it is due to to confirm it.", "待申领对象确认。"}},
    [SUBSIDY__STAGE__REVIEWING] = {"reviewing", {"It is under review.", "审核中。"}},
    [SUBSIDY__STAGE__AT_GATES] = {"gated",
                                  {"Its notice is over; something still keeps it from being paid.",
                                   "公示期满，尚有支付条件未满足。"}},
    [SUBSIDY__STAGE__ENDED] = {"ended", {"It will not be paid, by decision.", "经认定不予支付。"}},
};

static const struct bilingual returned_to[] = {
    [SUBSIDY__RETURN_TO__TO_PAYEE] = {"the payee", "申领对象"},
    [SUBSIDY__RETURN_TO__TO_INSTITUTION] = {"the institution", "培训机构"},
    [SUBSIDY__RETURN_TO__TO_EMPLOYMENT_SERVICE] = {"the employment service", "就业服务机构"},
    [SUBSIDY__RETURN_TO__TO_APPRAISAL] = {"appraisal", "鉴定部门"},
    [SUBSIDY__RETURN_TO__TO_REGISTER] = {"the department that attested", "认定部门"},
};

/* To whom, and what is to be mended. */
static struct claim_state
returned_state(const struct jn_decision *d, const Subsidy__ApartRow *apart)
{
    size_t to = (size_t)apart->returned;

    if (to >= sizeof(returned_to) / sizeof(returned_to[0]) || !returned_to[to].en)
        return (struct claim_state){"returned", {"Returned to be mended.", "已退回，待补正。"}};
    return (struct claim_state){
        "returned",
        {jn_arena_print(d->arena, "Returned to %s to be mended: %s.", returned_to[to].en, apart->reason),
         jn_arena_print(d->arena, "已退回%s补正：%s。", returned_to[to].zh, apart->reason)}};
}

static struct claim_state
published_state(const struct jn_decision *d, int32_t through)
{
    char day[DATE_TEXT];

    date_format(through, day);
    return (struct claim_state){"published",
                                {jn_arena_print(d->arena, "On public notice through %s; approved the day after.", day),
                                 jn_arena_print(d->arena, "公示至%s，期满次日核准。", day)}};
}

struct claim_state
claim_state(const struct jn_decision *d, const Subsidy__StandingRow *standing, uint64_t claim)
{
    uint8_t state = standing->states.data[claim - standing->first_claim];
    unsigned money = state & CLAIM_MONEY;
    struct place place;

    if ((money >= SUBSIDY__MONEY__INSTRUCTED && money <= SUBSIDY__MONEY__PAID) || money == SUBSIDY__MONEY__RELEASED ||
        money == SUBSIDY__MONEY__REVERSED)
        return money_states[money];
    if (state & CLAIM_HELD)
        return (struct claim_state){"held", {"Held by a reviewer until it is released.", "已被审核部门暂缓。"}};
    if (!place_find(d->view, claim, &place))
        return money_states[0]; /* the tables have gone quiet */
    if (objection_open(d->view, claim))
        return (struct claim_state){"objected", {"Objected to: it waits for the decision.", "有异议，待处理。"}};
    if (place.apart && place.apart->returned)
        return returned_state(d, place.apart);
    if (place.stage == SUBSIDY__STAGE__ON_NOTICE)
        return published_state(d, place.apart ? place.apart->notice_to_day : standing->notice_to_day);
    if (place.stage != SUBSIDY__STAGE__THROUGH)
        return way_states[place.stage];
    return money_states[money <= SUBSIDY__MONEY__RELEASED ? money : 0];
}

/* ---- Finding ---- */

static bool
find_numbered(const struct jn_view *view, uint64_t claim, struct sought *out)
{
    uint64_t settlement = settlement_of(view, claim);

    if (!settlement)
        return false;
    out->settled = jn_get(view, TABLE_SETTLEMENT, JN_KEY(settlement));
    if (!out->settled)
        return false;
    out->claim = out->settled->claims[claim - out->settled->claims[0]->claim];
    return true;
}

static bool
find_in(const Subsidy__Settled *settled, uint32_t seat, Common__Item item, struct sought *out)
{
    if (!settled)
        return false;
    out->settled = settled;
    for (size_t i = 0; i < settled->n_claims; i++)
        if (settled->claims[i]->seat == seat && settled->claims[i]->item == item) {
            out->claim = settled->claims[i];
            return true;
        }
    for (size_t i = 0; i < settled->n_refused; i++)
        if (settled->refused[i]->seat == seat && settled->refused[i]->item == item) {
            out->refusal = settled->refused[i];
            return true;
        }
    return false;
}

/* A class of 2,000 seats has some twenty settlements. */
static bool
find_in_class(const struct jn_view *view, uint64_t class, uint32_t seat, Common__Item item, struct sought *out)
{
    Subsidy__ProgressRow progress = progress_of(view, class);
    struct parts at = {0};
    const Subsidy__Settled *settled;

    while ((settled = settlement_next(view, class, &progress, &at)) != NULL)
        if (find_in(settled, seat, item, out))
            return true;
    return false;
}

/* ---- One claim ---- */

static const char *
clause_of(const Policy__Pack *pack, uint32_t number)
{
    const Policy__Rule *rule = pack_rule_numbered(pack, number);
    const Policy__Limit *limit = rule ? NULL : pack_limit_numbered(pack, number);

    if (rule)
        return rule->clause;
    return limit ? limit->clause : "";
}

static void
view_way(const struct jn_decision *d, uint64_t claim, Subsidy__ClaimView *reply)
{
    struct place place;

    if (!place_find(d->view, claim, &place))
        return;
    reply->stage = place.stage;
    reply->step = place.step;
    reply->alone = place.apart != NULL;
    reply->due_day = place.apart ? place.apart->due_day : place.standing->due_day;
    reply->passed_by = place.apart ? place.apart->passed_by : place.standing->passed_by;
    reply->n_passed_by = place.apart ? place.apart->n_passed_by : place.standing->n_passed_by;
    if (place.apart && place.apart->notice_to_day)
        reply->notice_to_day = place.apart->notice_to_day;
    gates_view(d, &place, reply);
}

static void
say_why(const struct jn_decision *d, struct bilingual why, Subsidy__ClaimView *reply)
{
    reply->why = jn_arena_print(d->arena, "%s %s", why.en, why.zh);
    reply->why_en = (char *)(uintptr_t)why.en;
    reply->why_zh = (char *)(uintptr_t)why.zh;
}

static void
view_claim(const struct jn_decision *d, const struct sought *found, const Policy__Pack *pack, Subsidy__ClaimView *reply)
{
    const Subsidy__SettledClaim *claim = found->claim;
    const Subsidy__StandingRow *standing = standing_of(d->view, found->settled->settlement);
    struct claim_state state;

    if (!standing)
        return; /* the tables have gone quiet */
    state = claim_state(d, standing, claim->claim);
    reply->claim = claim->claim;
    reply->state = (char *)(uintptr_t)state.name;
    say_why(d, state.why, reply);
    reply->seat = claim->seat;
    reply->person = claim->person;
    reply->item = claim->item;
    reply->amount_fen = claim->amount_fen;
    reply->fund = claim->fund;
    reply->payee = claim->payee;
    reply->clause = (char *)(uintptr_t)(pack ? clause_of(pack, claim->rule) : "");
    reply->notice_to_day = standing->notice_to_day;
    view_way(d, claim->claim, reply);
    reassessment_tell(d, found->settled->class_, claim, reply);
    reply->doubt = (char *)(uintptr_t)doubt_of_claim(d, found->settled, claim);
    if (!reply->doubt)
        reply->doubt = (char *)"";
}

static void
view_refusal(const struct jn_decision *d, const struct sought *found, const Policy__Pack *pack,
             Subsidy__ClaimView *reply)
{
    const Subsidy__SettledRefusal *refusal = found->refusal;
    int reason = (int)refusal->reason;
    const char *clause = "";

    reply->state = (char *)"refused";
    say_why(d,
            (struct bilingual){jn_arena_print(d->arena, "Not due: %s.", word_name(&words_reasons, reason)),
                               jn_arena_print(d->arena, "不予补贴：%s。", word_zh(&words_reasons, reason))},
            reply);
    reply->seat = refusal->seat;
    reply->person = refusal->person;
    reply->item = refusal->item;
    if (pack)
        steps_decider(d->view, pack, refusal, &clause);
    reply->clause = (char *)(uintptr_t)clause;
}

/* By the decision itself, and what stands since. */
static void
view_steps(const struct jn_decision *d, const struct sought *found, const Policy__Pack *pack, const struct facts *facts,
           Subsidy__ClaimView *reply)
{
    const Subsidy__Trace *trace = found->claim ? found->claim->trace : found->refusal->trace;
    struct told told = steps_tell(d, pack, (int)reply->item, trace, facts);

    reply->pack = found->settled->pack;
    reply->decided = reply->trace = told.lines;
    reply->n_decided = reply->n_trace = told.count;
    since_tell(d, found, reply);
    if (reply->since && reply->since->n_trace) {
        reply->trace = reply->since->trace;
        reply->n_trace = reply->since->n_trace;
    }
}

/* What is not the caller's to review is nothing to him. */
static bool
may_see(const struct jn_decision *d, const struct sought *found)
{
    uint32_t seat = found->claim ? found->claim->seat : found->refusal->seat;

    return seat_in_scope(d, found->settled->division, found->settled->class_, seat);
}

static int
denied_by(const struct attested *attested, int group)
{
    return attested[group].department ? attested[group].department : word_keeper(group);
}

static enum jn_code
refuse_unknown(struct jn_decision *d)
{
    return jn_refuse(d, JN_NOT_FOUND, "nothing has been settled for that class, seat and item");
}

/* Of a seat that was judged nothing is on record for an item that does not fit: a group that was claimed and denied is
 * told, since that is what it hangs on. */
static enum jn_code
refuse_unfitting(struct jn_decision *d, uint64_t class, uint32_t seat, const Subsidy__ProgressRow *progress)
{
    struct roster roster = roster_of(d->view, class, progress, false);
    struct attested attested[GROUPS_COUNT];
    const Subsidy__Seat *found = roster_seat(&roster, seat);

    if (!found)
        return refuse_unknown(d);
    attestations_of(d->view, class, seat, 0, attested);
    for (int group = 1; group < GROUPS_COUNT; group++)
        if (found->denied & 1u << group)
            return jn_refuse(d, JN_NOT_FOUND,
                             "no item of that kind fits seat %" PRIu32 ": group %s was claimed and not confirmed by %s"
                             " 席位%" PRIu32 "无符合的项目：所申报的%s身份未获%s部门认定",
                             seat, word_name(&words_groups, group),
                             word_name(&words_departments, denied_by(attested, group)), seat,
                             word_zh(&words_groups, group), word_zh(&words_departments, denied_by(attested, group)));
    return jn_refuse(d, JN_NOT_FOUND,
                     "seat %" PRIu32 " was settled, and the item fits neither its groups nor its training"
                     " 席位%" PRIu32 "已核算，人员类别或培训情形不符合该项目",
                     seat, seat);
}

/* Of a seat whose facts cannot be judged it is said which: that is the answer for every item. */
static enum jn_code
refuse_unsettled(struct jn_decision *d, uint64_t class, uint32_t seat)
{
    const Subsidy__ClassNoted *facts = class_find(d->view, class);
    Subsidy__ProgressRow progress = progress_of(d->view, class);
    bool visible = facts && seat_in_scope(d, facts->division, class, seat);
    const char *why = visible ? doubt_unjudged(d, class, seat) : NULL;

    if (why)
        return jn_refuse(d, JN_WRONG_STATE, "nothing is settled for seat %" PRIu32 ": %s", seat, why);
    return visible && seat <= SEATS_MAX && seats_settled(d->view, class, &progress)[seat]
               ? refuse_unfitting(d, class, seat, &progress)
               : refuse_unknown(d);
}

enum jn_code
claim_seek(struct jn_decision *d, uint64_t claim, const char *class_no, uint32_t seat, Common__Item item,
           struct sought *out)
{
    uint64_t class;

    *out = (struct sought){NULL, NULL, NULL};
    if (claim)
        return find_numbered(d->view, claim, out) && may_see(d, out)
                   ? JN_OK
                   : jn_refuse(d, JN_NOT_FOUND, "there is no claim %" PRIu64, claim);
    if (!*class_no || !seat || !item)
        return jn_refuse(d, JN_MALFORMED, "give a claim's number, or class number, seat and item");
    class = class_numbered(d->view, class_no);
    if (class && find_in_class(d->view, class, seat, item, out))
        return may_see(d, out) ? JN_OK : refuse_unknown(d);
    return class ? refuse_unsettled(d, class, seat) : refuse_unknown(d);
}

Subsidy__ClaimView
claim_view(const struct jn_decision *d, const struct sought *found, const Policy__Pack *pack, const struct facts *facts)
{
    Subsidy__ClaimView reply = SUBSIDY__CLAIM_VIEW__INIT;

    reply.class_no = found->settled->class_no;
    reply.settled_day = found->settled->day;
    if (found->claim)
        view_claim(d, found, pack, &reply);
    else
        view_refusal(d, found, pack, &reply);
    view_steps(d, found, pack, facts, &reply);
    return reply;
}

enum jn_code
answer_claim(struct jn_decision *d, const Subsidy__ClaimRequest *query)
{
    struct past *past = jn_take(d->view, sizeof(*past));
    Subsidy__ClaimView reply;
    struct sought found;
    bool known;
    enum jn_code code = claim_seek(d, query->claim, query->class_no, query->seat, query->item, &found);

    if (code != JN_OK)
        return code;
    known = past_open(past, d->view, &found) && past->same;
    reply = claim_view(d, &found, pack_named(d->view, found.settled->pack), known ? &past->judgement.facts : NULL);
    jn_reply(d, &reply.base);
    return JN_OK;
}
