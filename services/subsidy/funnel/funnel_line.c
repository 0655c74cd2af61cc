/* The funnel as lines, and why fewer were paid than were filed in a sentence: the remark (备注) of a publication. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/funnel/funnel.h"
#include "subsidy/nouns.h"

#define LINES_MAX   100  /* a page */
#define LOOK_MAX    2000 /* classes that one page looks at, where most are not the caller's */
#define REMARK_MAX  4000
#define REASON_TEXT 48

/* What those who were lost, and those under way, are called; "3 <en>", "<zh>3人次". */
static const struct {
    const char *en, *zh;
} lost[LOSSES] =
    {
        [SUBSIDY__LOSS__LOSS_NOT_OPENED] = {"in a class that was not opened", "未开班"},
        [SUBSIDY__LOSS__LOSS_STOPPED] = {"in a class that was stopped", "停班"},
        [SUBSIDY__LOSS__LOSS_NOT_ATTENDED] = {"attended no day", "未参加培训"},
        [SUBSIDY__LOSS__LOSS_NO_CERTIFICATE] = {"without a certificate where nothing fits that needs none",
                                                "未取得证书且无其他适用项目"},
        [SUBSIDY__LOSS__LOSS_REVOKED] = {"with a certificate that was revoked", "证书被撤销"},
        [SUBSIDY__LOSS__LOSS_NOT_ATTESTED] = {"not of the group that was claimed", "人员类别未经认定"},
        [SUBSIDY__LOSS__LOSS_NOTHING_FITS] = {"for whom no item provides", "不符合任何补贴项目"},
        [SUBSIDY__LOSS__LOSS_NOT_JUDGED] = {"whose facts cannot be judged", "信息无法核定"},
        [SUBSIDY__LOSS__LOSS_REFUSED] = {"refused", "不予补贴"},
        [SUBSIDY__LOSS__LOSS_WITHDRAWN] = {"withdrawn before approval", "核准前撤销"},
        [SUBSIDY__LOSS__LOSS_RELEASED] = {"approved and then not paid", "核准后未予支付"},
},
  under_way[STEPS] = {
      [SUBSIDY__STEP__STEP_FILED] = {"in a class not yet opened", "待开班"},
      [SUBSIDY__STEP__STEP_ENROLLED] = {"in training or not yet settled", "培训或核算中"},
      [SUBSIDY__STEP__STEP_DUE] = {"on public notice or under review", "公示或审核中"},
      [SUBSIDY__STEP__STEP_APPROVED] = {"approved and not yet paid", "已核准待支付"},
};

/* ---- A line's words ---- */

/* "same_occupation_level" as people read it. */
static const char *
reason_en(int reason, char buf[REASON_TEXT])
{
    strncpy(buf, word_name(&words_reasons, reason), REASON_TEXT - 1);
    buf[REASON_TEXT - 1] = '\0';
    for (char *at = buf; *at; at++)
        if (*at == '_')
            *at = ' ';
    return buf;
}

struct remark {
    char en[REMARK_MAX], zh[REMARK_MAX];
    size_t en_used, zh_used;
    int parts;
};

static void
remark_add(struct remark *remark, int64_t count, const char *en, const char *zh)
{
    int wrote;

    wrote = snprintf(remark->en + remark->en_used, REMARK_MAX - remark->en_used, "%s%" PRId64 " %s",
                     remark->parts ? ", " : "", count, en);
    if (wrote > 0 && (size_t)wrote < REMARK_MAX - remark->en_used)
        remark->en_used += (size_t)wrote;
    wrote = snprintf(remark->zh + remark->zh_used, REMARK_MAX - remark->zh_used, "%s%s%" PRId64 "人次",
                     remark->parts ? "，" : "", zh, count);
    if (wrote > 0 && (size_t)wrote < REMARK_MAX - remark->zh_used)
        remark->zh_used += (size_t)wrote;
    remark->parts++;
}

static Subsidy__FunnelLoss *
add_loss(const struct jn_decision *d, Subsidy__FunnelLine *line, int loss, int64_t count)
{
    Subsidy__FunnelLoss *row = line->losses[line->n_losses++] = jn_take(d->view, sizeof(*row));
    *row = (Subsidy__FunnelLoss)SUBSIDY__FUNNEL_LOSS__INIT;
    row->after = funnel_lost_after(loss);
    row->loss = (Subsidy__Loss)loss;
    row->count = (uint64_t)count;
    row->en = (char *)(uintptr_t)lost[loss].en;
    row->zh = (char *)(uintptr_t)lost[loss].zh;
    return row;
}

/* By the reasons for which it was refused. */
static void
add_refused(const struct jn_decision *d, Subsidy__FunnelLine *line, struct remark *remark, const int64_t *refused)
{
    Subsidy__FunnelLoss *row;
    char en[REASON_TEXT];

    for (int reason = 0; reason < (int)REASONS; reason++) {
        if (refused[reason] <= 0)
            continue;
        row = add_loss(d, line, SUBSIDY__LOSS__LOSS_REFUSED, refused[reason]);
        row->reason = (Common__Reason)reason;
        row->en = jn_arena_print(d->arena, "refused: %s", reason_en(reason, en));
        row->zh = jn_arena_print(d->arena, "%s", word_zh(&words_reasons, reason));
        remark_add(remark, refused[reason], row->en, row->zh);
    }
}

/* By the causes for which a reassessment took it off; 0: no reassessment did. */
static void
add_given_back(const struct jn_decision *d, Subsidy__FunnelLine *line, struct remark *remark, int loss,
               const int64_t *by)
{
    Subsidy__FunnelLoss *row;

    for (int cause = 0; cause < CAUSES; cause++) {
        struct cause_word word = cause_words_of((Subsidy__Cause)cause);

        if (by[cause] <= 0)
            continue;
        row = add_loss(d, line, loss, by[cause]);
        row->cause = (Subsidy__Cause)cause;
        if (cause) {
            row->en = jn_arena_print(d->arena, "%s: %s", lost[loss].en, word.en);
            row->zh = jn_arena_print(d->arena, "%s（%s）", lost[loss].zh, word.zh);
        }
        remark_add(remark, by[cause], row->en, row->zh);
    }
}

static void
write_loss(const struct jn_decision *d, Subsidy__FunnelLine *line, struct remark *remark, const struct funnel *funnel,
           Subsidy__Loss loss)
{
    if (loss == SUBSIDY__LOSS__LOSS_REFUSED) {
        add_refused(d, line, remark, funnel->refused);
        return;
    }
    if (loss == SUBSIDY__LOSS__LOSS_WITHDRAWN || loss == SUBSIDY__LOSS__LOSS_RELEASED) {
        add_given_back(d, line, remark, (int)loss,
                       loss == SUBSIDY__LOSS__LOSS_RELEASED ? funnel->released_by : funnel->withdrawn_by);
        return;
    }
    if (funnel->losses[loss] <= 0)
        return;
    add_loss(d, line, (int)loss, funnel->losses[loss]);
    remark_add(remark, funnel->losses[loss], lost[loss].en, lost[loss].zh);
}

/* In the order of the steps, those who are under way behind those who were lost there. */
static void
write_step(const struct jn_decision *d, Subsidy__FunnelLine *line, struct remark *remark, const struct funnel *funnel,
           int step)
{
    Subsidy__FunnelStep *row = line->steps[line->n_steps++] = jn_take(d->view, sizeof(*row));
    int64_t left = funnel_under_way(funnel, step);

    *row = (Subsidy__FunnelStep)SUBSIDY__FUNNEL_STEP__INIT;
    row->step = (Subsidy__Step)step;
    row->count = (uint64_t)funnel->steps[step];
    row->under_way = (uint64_t)left;
    for (int loss = 1; loss < LOSSES; loss++) {
        if ((int)funnel_lost_after(loss) != step)
            continue;
        write_loss(d, line, remark, funnel, (Subsidy__Loss)loss);
    }
    if (left > 0 && under_way[step].en)
        remark_add(remark, left, under_way[step].en, under_way[step].zh);
}

static void
write_remark(const struct jn_decision *d, Subsidy__FunnelLine *line, const struct remark *remark,
             const struct funnel *funnel)
{
    int64_t filed = funnel->steps[SUBSIDY__STEP__STEP_FILED], paid = funnel->steps[SUBSIDY__STEP__STEP_PAID];
    const char *en = "", *zh = "";

    if (filed > paid) {
        en = jn_arena_print(d->arena, "Of %" PRId64 " filed, %" PRId64 " were paid; the other %" PRId64 ": %s.", filed,
                            paid, filed - paid, remark->en);
        zh = jn_arena_print(d->arena, "申报%" PRId64 "人次，拨付%" PRId64 "人次，相差%" PRId64 "人次：%s。", filed,
                            paid, filed - paid, remark->zh);
    }
    if (funnel->owed_back > 0) {
        en = jn_arena_print(d->arena, "%s%sOf those paid, %" PRId64 " must pay all of it back.", en, *en ? " " : "",
                            funnel->owed_back);
        zh = jn_arena_print(d->arena, "%s已拨付人次中，%" PRId64 "人次须全额退回。", zh, funnel->owed_back);
    }
    line->remark_en = (char *)(uintptr_t)en;
    line->remark_zh = (char *)(uintptr_t)zh;
}

/* The remark is a workplace, and the same one for all lines of a reply. */
static Subsidy__FunnelLine *
line_of(const struct jn_decision *d, const struct funnel *funnel, struct remark *remark)
{
    Subsidy__FunnelLine *line = jn_take(d->view, sizeof(*line));

    *line = (Subsidy__FunnelLine)SUBSIDY__FUNNEL_LINE__INIT;
    line->steps = jn_take(d->view, STEPS * sizeof(*line->steps));
    line->losses = jn_take(d->view, (LOSSES + REASONS + 2 * CAUSES) * sizeof(*line->losses));
    memset(remark, 0, sizeof(*remark));
    for (int step = SUBSIDY__STEP__STEP_FILED; step <= SUBSIDY__STEP__STEP_PAID; step++)
        write_step(d, line, remark, funnel, step);
    line->owed_back = (uint64_t)funnel->owed_back;
    write_remark(d, line, remark, funnel);
    return line;
}

/* ---- Which lines ---- */

/* The groups on a class are known when it is settled: before, it is nothing to who sees some groups alone. */
static bool
class_seen(const struct jn_decision *d, const Subsidy__ClassNoted *class)
{
    Subsidy__ProgressRow progress = progress_of(d->view, class->class_);

    if (progress.judged == 0)
        return d->who->groups == 0 && jn_in_scope_division(d->who, class->division);
    return review_in_scope(d->who, class->division, progress.groups, progress.women);
}

static bool
seen(const struct jn_decision *d, int by, uint64_t number)
{
    const Subsidy__ClassNoted *class;

    if (by == SUBSIDY__FUNNEL_BY__BY_DIVISION)
        return jn_in_scope_division(d->who, (uint32_t)number);
    if (by != SUBSIDY__FUNNEL_BY__BY_CLASS)
        return true;
    class = class_find(d->view, number);
    return class && class_seen(d, class);
}

static void
label(const struct jn_decision *d, Subsidy__FunnelLine *line, int by, uint64_t number, uint64_t quarter)
{
    const Subsidy__ClassNoted *class = by == SUBSIDY__FUNNEL_BY__BY_CLASS ? class_find(d->view, number) : NULL;

    line->number = number;
    line->year = (uint32_t)(quarter / 10);
    line->quarter = (uint32_t)(quarter % 10);
    if (by == SUBSIDY__FUNNEL_BY__BY_INSTITUTION)
        line->institution = number;
    if (by == SUBSIDY__FUNNEL_BY__BY_DIVISION)
        line->division = (uint32_t)number;
    if (class) {
        line->class_no = class->class_no;
        line->division = class->division;
        line->institution = class->provider;
    }
}

struct listing {
    const struct jn_decision *d;
    Subsidy__FunnelView *reply;
    struct remark *remark;
    int by;
};

static bool
list_line(void *context, const struct jn_key *key, const void *row)
{
    struct listing *listing = context;
    struct funnel funnel = funnel_of_row(row);
    uint64_t number = jn_key_number(key, 2);
    uint64_t quarter = listing->by == SUBSIDY__FUNNEL_BY__BY_QUARTER ? number : jn_key_number(key, 1);
    Subsidy__FunnelLine *line;

    if (listing->reply->n_lines == LINES_MAX) {
        listing->reply->more = true;
        return false;
    }
    listing->reply->through = number;
    if (!seen(listing->d, listing->by, number))
        return true;
    line = listing->reply->lines[listing->reply->n_lines++] = line_of(listing->d, &funnel, listing->remark);
    label(listing->d, line, listing->by, number, quarter);
    return true;
}

static enum jn_code
answer_class(struct jn_decision *d, const char *class_no)
{
    Subsidy__FunnelView reply = SUBSIDY__FUNNEL_VIEW__INIT;
    uint64_t number = class_numbered(d->view, class_no);
    const Subsidy__ClassNoted *class = number ? class_find(d->view, number) : NULL;
    struct funnel funnel;
    Subsidy__FunnelLine *line;

    if (!class || !class_seen(d, class))
        return jn_refuse(d, JN_NOT_FOUND, "there is no class of that number (班级编号)");
    funnel = funnel_of_row(jn_get(d->view, TABLE_FUNNEL, funnel_key(class, SUBSIDY__FUNNEL_BY__BY_CLASS)));
    line = line_of(d, &funnel, jn_take(d->view, sizeof(struct remark)));
    label(d, line, SUBSIDY__FUNNEL_BY__BY_CLASS, number, funnel_quarter(class->end_day));
    reply.lines = &line;
    reply.n_lines = 1;
    reply.through = number;
    jn_reply(d, &reply.base);
    return JN_OK;
}

static enum jn_code
shape(struct jn_decision *d, const Subsidy__FunnelRequest *query)
{
    bool quarters = query->by == SUBSIDY__FUNNEL_BY__BY_QUARTER;

    if (query->by < SUBSIDY__FUNNEL_BY__BY_CLASS || query->by > SUBSIDY__FUNNEL_BY__BY_QUARTER)
        return jn_refuse(d, JN_MALFORMED,
                         "give a class's number, or say by what: class, institution, division, quarter");
    if (!quarters && (query->year < 1970 || query->year > 2199 || query->quarter < 1 || query->quarter > 4))
        return jn_refuse(d, JN_MALFORMED, "give the year, 1970 to 2199, and its quarter, 1 to 4");
    if ((quarters || query->by == SUBSIDY__FUNNEL_BY__BY_INSTITUTION) && d->who->divisions_count)
        return jn_refuse(d, JN_DENIED, "quarters and institutions go over all divisions: ask by division, or by class");
    return JN_OK;
}

enum jn_code
answer_funnel(struct jn_decision *d, const Subsidy__FunnelRequest *query)
{
    Subsidy__FunnelView reply = SUBSIDY__FUNNEL_VIEW__INIT;
    struct listing listing = {.d = d, .reply = &reply, .by = (int)query->by};
    uint64_t quarter = (uint64_t)query->year * 10 + query->quarter;
    enum jn_code code;

    if (*query->class_no)
        return answer_class(d, query->class_no);
    code = shape(d, query);
    if (code != JN_OK)
        return code;
    if (query->by == SUBSIDY__FUNNEL_BY__BY_QUARTER)
        quarter = 0;
    reply.lines = jn_take(d->view, LINES_MAX * sizeof(*reply.lines));
    listing.remark = jn_take(d->view, sizeof(*listing.remark));
    if (query->after < UINT64_MAX &&
        !jn_scan(d->view, TABLE_FUNNEL, JN_KEY((uint64_t)query->by, quarter, query->after + 1), 2 * sizeof(uint64_t),
                 LOOK_MAX, list_line, &listing))
        reply.more = true;
    jn_reply(d, &reply.base);
    return JN_OK;
}
