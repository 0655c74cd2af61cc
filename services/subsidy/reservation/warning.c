/* Warnings (预警) of a class's roster, for whoever can still change it. */
#include <inttypes.h>

#include "subsidy/nouns.h"

static const char *
other_en(const struct jn_decision *d, const Subsidy__WarnedRow *row, const char *class_no)
{
    if (!row->other_class)
        return "";
    return jn_arena_print(
        d->arena, "; a seat is held in %s%s too, which is settled %s: one of the two alone can be paid for",
        *class_no ? "class " : "a class of another division", class_no, row->other_first ? "first" : "later");
}

static const char *
other_zh(const struct jn_decision *d, const Subsidy__WarnedRow *row, const char *class_no)
{
    if (!row->other_class)
        return "";
    return jn_arena_print(d->arena, "；同时在%s%s占有席位，该班%s核算，两班只能补贴其一",
                          *class_no ? "班级" : "其他县（市、区）的班级", class_no, row->other_first ? "先行" : "随后");
}

static void
say(const struct jn_decision *d, Subsidy__Warning *warning)
{
    const Subsidy__WarnedRow *row = warning->row;
    char day[DATE_TEXT];
    const char *earlier_en = "", *earlier_zh = "";
    struct item_words item = packs_item_words(d->view, row->item);

    if (row->earlier) {
        date_format(row->earlier_day, day);
        earlier_en =
            jn_arena_print(d->arena, "; %" PRIu32 " earlier benefit(s) count, the last of %s", row->earlier, day);
        earlier_zh = jn_arena_print(d->arena, "；已有%" PRIu32 "笔补贴计入，最近一笔为%s", row->earlier, day);
    }
    warning->en = jn_arena_print(d->arena, "seat %" PRIu32 ": %s will be refused, %s (clause %s)%s%s.", row->seat,
                                 item.name, word_name(&words_reasons, (int)row->reason), row->clause, earlier_en,
                                 other_en(d, row, warning->other_class_no));
    warning->zh = jn_arena_print(d->arena, "席位%" PRIu32 "：%s将不予补贴，%s（条款%s）%s%s。", row->seat, item.zh,
                                 word_zh(&words_reasons, (int)row->reason), row->clause, earlier_zh,
                                 other_zh(d, row, warning->other_class_no));
}

/* What lies in a division that is not the caller's is told without its number; that it is there, he must know. */
static Subsidy__Warning *
warning_of(const struct jn_decision *d, const Subsidy__WarnedRow *kept)
{
    Subsidy__Warning *warning = jn_take(d->view, sizeof(*warning));
    Subsidy__WarnedRow *row = jn_take(d->view, sizeof(*row));
    const Subsidy__ClassNoted *other = kept->other_class ? class_find(d->view, kept->other_class) : NULL;

    *warning = (Subsidy__Warning)SUBSIDY__WARNING__INIT;
    *row = *kept;
    warning->row = row;
    if (other && jn_in_scope_division(d->who, other->division))
        warning->other_class_no = other->class_no;
    say(d, warning);
    if (!*warning->other_class_no && kept->other_class)
        row->other_class = UINT64_MAX;
    if (d->who->divisions_count)
        row->earlier_claim = 0;
    return warning;
}

/* One filing of the roster a page. */
enum jn_code
answer_warnings(struct jn_decision *d, const Subsidy__WarningsRequest *query)
{
    Subsidy__WarningsView reply = SUBSIDY__WARNINGS_VIEW__INIT;
    uint64_t class = class_numbered(d->view, query->class_no);
    const Subsidy__ClassNoted *facts = class ? class_find(d->view, class) : NULL;
    const Subsidy__Warned *warned = NULL;
    struct jn_key found;

    if (!facts || d->who->groups || !jn_in_scope_division(d->who, facts->division))
        return jn_refuse(d, JN_NOT_FOUND, "there is no class of that number (班级编号)");
    if (query->after < progress_of(d->view, class).warnings)
        warned = jn_first(d->view, TABLE_WARNING, JN_KEY(class, query->after + 1), sizeof(uint64_t), &found);
    if (warned) {
        reply.through = jn_key_number(&found, 1);
        reply.more = reply.through < progress_of(d->view, class).warnings;
        reply.rows = jn_take(d->view, warned->n_rows * sizeof(*reply.rows));
        for (size_t i = 0; i < warned->n_rows; i++)
            reply.rows[reply.n_rows++] = warning_of(d, warned->rows[i]);
    }
    jn_reply(d, &reply.base);
    return JN_OK;
}
