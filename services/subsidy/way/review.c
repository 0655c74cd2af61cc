/* Confirmation and review (确认与审核): commands over settlements, classes and single claims; what is returned goes on
 * alone when it is mended. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/nouns.h"
#include "subsidy/settlement/scope.h"

/* What one command moves at most: 400 standings of some 300 bytes, each written once. */
#define SETTLEMENTS_MAX 400
#define EXCEPT_MAX      200

struct reviewing {
    struct jn_decision *d;
    Policy__WayKind kind;
    const uint64_t *except;
    size_t except_count, moved;
    const char *reference;
};

/* ---- Whose turn it is ---- */

/* 2.12-c: no agency reviews twice on one way. */
static bool
reviewed_before(const struct jn_agency *who, const Subsidy__WayPlan *way, size_t count, char *const *passed_by)
{
    for (size_t i = 0; i < count && i < way->n_steps; i++)
        if (way->steps[i]->kind == POLICY__WAY_KIND__REVIEW && !strcmp(passed_by[i], who->name))
            return true;
    return false;
}

/* The step is of the command's kind, and this caller's to do. */
static bool
my_turn(const struct reviewing *r, const Subsidy__WayPlan *way, uint32_t at)
{
    const Policy__WayStep *step = way ? way_step(way, at) : NULL;

    return step && step->kind == r->kind && way_mine(r->d->who, step);
}

static enum jn_code
refuse_again(struct jn_decision *d)
{
    return jn_refuse(d, JN_REFUSED, "clause 2.12-c: %s has reviewed it before; another agency does the next review",
                     d->who->name);
}

static enum jn_code
refuse_turn(struct jn_decision *d)
{
    return jn_refuse(d, JN_WRONG_STATE, "nothing of it waits for this step by this key, or all of it is suspended");
}

/* ---- A row ---- */

static enum jn_code
move_settlement(struct reviewing *r, uint64_t number, const Subsidy__StandingRow *standing)
{
    struct moving moving = {.d = r->d,
                            .settlement = number,
                            .standing = standing,
                            .way = way_of(r->d->view, standing),
                            .from = standing->step,
                            .by = r->d->who->name,
                            .reference = r->reference};

    if (!my_turn(r, moving.way, standing->step) || !step_left(&moving, r->except, r->except_count))
        return refuse_turn(r->d);
    if (r->kind == POLICY__WAY_KIND__REVIEW &&
        reviewed_before(r->d->who, moving.way, standing->n_passed_by, standing->passed_by))
        return refuse_again(r->d);
    if (r->moved++ >= SETTLEMENTS_MAX)
        return jn_refuse(r->d, JN_TOO_LARGE, "one command moves %d settlements at most: split it", SETTLEMENTS_MAX);

    /* Decided. */
    step_on(&moving);
    return JN_OK;
}

static enum jn_code
row_settlement(struct reviewing *r, uint64_t number)
{
    const Subsidy__StandingRow *standing = standing_of(r->d->view, number);

    if (!standing || !settlement_in_scope(r->d, number, standing))
        return jn_refuse(r->d, JN_NOT_FOUND, "there is no settlement %" PRIu64, number);
    return move_settlement(r, number, standing);
}

/* Those of its settlements whose turn it is. */
static enum jn_code
row_class(struct reviewing *r, const char *class_no)
{
    uint64_t class = class_numbered(r->d->view, class_no);
    const Subsidy__ClassNoted *facts = class ? class_find(r->d->view, class) : NULL;
    Subsidy__ProgressRow progress;
    enum jn_code code = JN_OK;
    bool any = false;

    if (!facts || !jn_in_scope_division(r->d->who, facts->division))
        return jn_refuse(r->d, JN_NOT_FOUND, "there is no class of that number (班级编号)");
    progress = progress_of(r->d->view, class);
    for (uint32_t i = 0; code == JN_OK && i < progress.settlements; i++) {
        uint64_t number = progress.first_settlement + i;
        const Subsidy__StandingRow *standing = standing_of(r->d->view, number);
        const Subsidy__WayPlan *way = standing ? way_of(r->d->view, standing) : NULL;

        if (!standing || !my_turn(r, way, standing->step) || standing_together(standing) == 0 ||
            !settlement_in_scope(r->d, number, standing))
            continue;
        code = move_settlement(r, number, standing);
        any = any || code == JN_OK;
        if (code == JN_WRONG_STATE)
            code = JN_OK; /* that one is suspended as a whole: the class's others go on */
    }
    if (code != JN_OK)
        return code;
    return any ? JN_OK : refuse_turn(r->d);
}

static enum jn_code
row_claim(struct reviewing *r, uint64_t claim)
{
    struct place place;
    struct moving moving = {.d = r->d, .claim = claim, .by = r->d->who->name, .reference = r->reference};
    bool mended;

    if (!place_find(r->d->view, claim, &place) || !claim_in_scope(r->d, &place))
        return jn_refuse(r->d, JN_NOT_FOUND, "there is no claim %" PRIu64, claim);
    if (!place.apart || place.apart->ended)
        return jn_refuse(r->d, JN_WRONG_STATE, "the claim does not go on alone: name its settlement or its class");
    mended = place.apart->returned && r->kind == POLICY__WAY_KIND__CONFIRM;
    if ((place.state & CLAIM_HELD) || objection_open(r->d->view, claim) || (place.apart->returned && !mended))
        return jn_refuse(r->d, JN_WRONG_STATE, "the claim is suspended: held, objected to, or returned to be mended");
    if (!mended && !my_turn(r, place.way, place.step))
        return refuse_turn(r->d);
    if (r->kind == POLICY__WAY_KIND__REVIEW &&
        reviewed_before(r->d->who, place.way, place.apart->n_passed_by, place.apart->passed_by))
        return refuse_again(r->d);

    /* Decided. */
    moving.settlement = place.settlement;
    moving.standing = place.standing;
    moving.way = place.way;
    moving.from = place.step;
    if (mended)
        return hand_in_again(&moving);
    step_on(&moving);
    return JN_OK;
}

static enum jn_code
row(struct reviewing *r, const Subsidy__WayRow *row)
{
    if ((row->settlement != 0) + (*row->class_no != '\0') + (row->claim != 0) != 1)
        return jn_refuse(r->d, JN_MALFORMED, "name a settlement, a class or a claim, one of the three");
    if (row->settlement)
        return row_settlement(r, row->settlement);
    return row->claim ? row_claim(r, row->claim) : row_class(r, row->class_no);
}

static enum jn_code
rows(struct reviewing *r, size_t count, Subsidy__WayRow *const *list)
{
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, r->d, count, NULL);

    if (code != JN_OK)
        return code;
    for (size_t i = 0; i < count; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, row(r, list[i]));
    }
    return bulk_reply(&bulk);
}

static enum jn_code
form(struct jn_decision *d, const char *reference, size_t except_count)
{
    if (!text_given(reference, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the reference of what was signed or decided, 1 to %d bytes",
                         TEXT_BYTES_MAX);
    if (except_count > EXCEPT_MAX)
        return jn_refuse(d, JN_TOO_LARGE, "at most %d claims are excepted by one command: split it", EXCEPT_MAX);
    return JN_OK;
}

/* ---- Confirmation (确认), 2.13-c ---- */

enum jn_code
decide_confirm_claims(struct jn_decision *d, const Subsidy__ConfirmClaims *command)
{
    struct reviewing reviewing = {.d = d,
                                  .kind = POLICY__WAY_KIND__CONFIRM,
                                  .except = command->except,
                                  .except_count = command->n_except,
                                  .reference = command->reference};
    enum jn_code code = form(d, command->reference, command->n_except);

    return code == JN_OK ? rows(&reviewing, command->n_rows, command->rows) : code;
}

/* ---- Review (审核), A-hr, A-fin ---- */

static enum jn_code
give_back(const struct reviewing *r, const Subsidy__ReturnRow *row)
{
    struct jn_decision *d = r->d;
    Subsidy__ClaimReturned event = SUBSIDY__CLAIM_RETURNED__INIT;
    struct place place;

    if (row->to < SUBSIDY__RETURN_TO__TO_PAYEE || row->to > SUBSIDY__RETURN_TO__TO_REGISTER ||
        !text_given(row->reason, REASON_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "claim %" PRIu64 ": say who can mend it, and why, in 1 to %d bytes",
                         row->claim, REASON_BYTES_MAX);
    if (!place_find(d->view, row->claim, &place) || !claim_in_scope(d, &place))
        return jn_refuse(d, JN_NOT_FOUND, "there is no claim %" PRIu64, row->claim);
    if ((place.apart && (place.apart->returned || place.apart->ended)) || !my_turn(r, place.way, place.step))
        return jn_refuse(d, JN_WRONG_STATE, "claim %" PRIu64 " does not wait for a review by this key", row->claim);

    /* Decided. */
    event.claim = row->claim;
    event.settlement = place.settlement;
    event.step = place.step;
    event.to = row->to;
    event.reason = row->reason;
    event.class_ = place.standing->class_;
    event.division = place.standing->division;
    event.groups = place.standing->groups;
    event.due_day = way_due(d, place.standing->settled_day, way_step(place.way, place.step)->term_days);
    event.by = (char *)(uintptr_t)d->who->name;
    return jn_emit(d, EVENT_CLAIM_RETURNED, &event);
}

enum jn_code
decide_review_claims(struct jn_decision *d, const Subsidy__ReviewClaims *command)
{
    struct reviewing reviewing = {.d = d,
                                  .kind = POLICY__WAY_KIND__REVIEW,
                                  .except = command->except,
                                  .except_count = command->n_except,
                                  .reference = command->reference};
    Subsidy__Outcomes only_returned = SUBSIDY__OUTCOMES__INIT;
    enum jn_code code = form(d, command->reference, command->n_except);

    if (code == JN_OK && command->n_returned > JN_ROWS_MAX)
        code = jn_refuse(d, JN_TOO_LARGE, "at most %d claims are returned by one command: split it", JN_ROWS_MAX);
    for (size_t i = 0; code == JN_OK && i < command->n_returned; i++)
        code = give_back(&reviewing, command->returned[i]);
    if (code != JN_OK)
        return code;
    if (command->n_rows > 0 || command->n_returned == 0)
        return rows(&reviewing, command->n_rows, command->rows);
    jn_reply(d, &only_returned.base);
    return JN_OK;
}
