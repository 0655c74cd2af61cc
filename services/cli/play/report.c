/* What came of a campaign: the totals for a program, the report for a person. */
#include "cli/play/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/items.h"
#include "domain/money.h"
#include "domain/words.h"
#include "jineng/v1/certification.pb-c.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/notification.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"

static json_t *
money(int64_t fen)
{
    char text[MONEY_TEXT];

    return json_string(money_format(fen, text));
}

static json_t *
count_amount(uint64_t count, int64_t fen)
{
    return json_pack("{s:I, s:o}", "count", (json_int_t)count, "amount", money(fen));
}

static bool
add_enrollment(struct play *play, json_t *totals)
{
    Enrollment__TotalsRequest request = ENROLLMENT__TOTALS_REQUEST__INIT;
    const Enrollment__TotalsView *view;
    struct jn_answer answer;

    if (!play_ask(play, AGENT_OPERATOR, ENROLLMENT, "Totals", &request, &answer))
        return false;
    view = answer.reply;
    json_object_set_new(totals, "people", json_integer((json_int_t)view->people));
    json_object_set_new(totals, "classes", json_integer((json_int_t)view->classes));
    json_object_set_new(totals, "trained", json_integer((json_int_t)view->trained));
    return true;
}

static bool
add_certification(struct play *play, json_t *totals)
{
    Certification__TotalsRequest request = CERTIFICATION__TOTALS_REQUEST__INIT;
    struct jn_answer answer;

    if (!play_ask(play, AGENT_OPERATOR, CERTIFICATION, "Totals", &request, &answer))
        return false;
    json_object_set_new(totals, "certified",
                        json_integer((json_int_t)((const Certification__TotalsView *)answer.reply)->certified));
    return true;
}

static bool
add_subsidy(struct play *play, json_t *totals)
{
    Subsidy__TotalsRequest request = SUBSIDY__TOTALS_REQUEST__INIT;
    const Subsidy__TotalsView *view;
    json_t *due = json_object(), *refused = json_object();
    struct jn_answer answer;

    json_object_set_new(totals, "due", due);
    json_object_set_new(totals, "refused", refused);
    if (!play_ask(play, AGENT_OPERATOR, SUBSIDY, "Totals", &request, &answer))
        return false;
    view = answer.reply;
    for (size_t i = 0; i < view->n_due; i++)
        json_object_set_new(due, item_name((int)view->due[i]->item),
                            count_amount(view->due[i]->count, view->due[i]->amount_fen));
    for (size_t i = 0; i < view->n_refused; i++)
        json_object_set_new(refused, word_name(&words_reasons, (int)view->refused[i]->reason),
                            json_integer((json_int_t)view->refused[i]->count));
    return true;
}

static json_t *
of_count_amount(const Ledger__CountAmount *from)
{
    return from ? count_amount(from->count, from->amount_fen) : count_amount(0, 0);
}

static bool
add_ledger(struct play *play, json_t *totals)
{
    Ledger__TotalsRequest request = LEDGER__TOTALS_REQUEST__INIT;
    const Ledger__TotalsView *view;
    json_t *funds = json_object(), *divisions = json_object();
    struct jn_answer answer;

    if (!play_ask(play, AGENT_OPERATOR, LEDGER, "Totals", &request, &answer))
        return false;
    view = answer.reply;
    json_object_set_new(totals, "paid", of_count_amount(view->paid));
    json_object_set_new(totals, "waiting", of_count_amount(view->waiting));
    for (size_t i = 0; i < view->n_by_fund; i++) {
        if (view->by_fund[i]->paid && view->by_fund[i]->paid->count > 0)
            json_object_set_new(funds, word_name(&words_funds, (int)view->by_fund[i]->fund),
                                money(view->by_fund[i]->paid->amount_fen));
    }
    for (size_t i = 0; i < view->n_by_division; i++) {
        char code[16];

        snprintf(code, sizeof(code), "%u", view->by_division[i]->division);
        if (view->by_division[i]->paid && view->by_division[i]->paid->count > 0)
            json_object_set_new(divisions, code, money(view->by_division[i]->paid->amount_fen));
    }
    json_object_set_new(totals, "by_fund", funds);
    json_object_set_new(totals, "by_division", divisions);
    return true;
}

static void
print_dues(const json_t *map)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)map, name, value)
    {
        int item = item_find(name);

        printf("    %-28s %8lld %18s  %s\n", name, (long long)json_integer_value(json_object_get(value, "count")),
               json_string_value(json_object_get(value, "amount")), item ? item_zh(item) : "");
    }
}

static void
print_total(const json_t *totals, const char *key, const char *label)
{
    const json_t *value = json_object_get(totals, key);

    printf("  %-30s %8lld %18s\n", label, (long long)json_integer_value(json_object_get(value, "count")),
           json_string_value(json_object_get(value, "amount")));
}

static void
print_amounts(const struct play *play, const json_t *map, bool divisions)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)map, name, value)
    {
        const struct word *word = divisions ? NULL : word_find(&words_funds, name);
        const char *zh = word ? word->zh : "";

        for (uint32_t i = 0; divisions && i < play->campaign->divisions_count; i++) {
            if (play->campaign->divisions[i].code == (uint32_t)strtoul(name, NULL, 10))
                zh = play->campaign->divisions[i].name;
        }
        printf("    %-28s %27s  %s\n", name, json_string_value(value), zh);
    }
}

static void
print_refusals(const json_t *map)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)map, name, value)
    {
        const struct word *word = word_find(&words_reasons, name);

        printf("    %-28s %8lld %18s  %s\n", name, (long long)json_integer_value(value), "", word ? word->zh : "");
    }
}

static bool
print_inboxes(struct play *play)
{
    Notification__InboxesRequest request = NOTIFICATION__INBOXES_REQUEST__INIT;
    const Notification__InboxesView *view;
    struct jn_answer answer;

    if (!play_ask(play, AGENT_OPERATOR, NOTIFICATION, "Inboxes", &request, &answer))
        return false;
    view = answer.reply;
    printf("  Inboxes 部门收件箱                delivered  acknowledged  overdue\n");
    for (size_t i = 0; i < view->n_rows; i++)
        printf("    %-32s %7llu %13llu %8llu\n", view->rows[i]->agency, (unsigned long long)view->rows[i]->delivered,
               (unsigned long long)view->rows[i]->acknowledged, (unsigned long long)view->rows[i]->overdue);
    return true;
}

static bool
print_report(struct play *play, const json_t *totals)
{
    const struct campaign *c = play->campaign;

    printf("\nThe campaign in %s 培训补贴行动\n", play->folder);
    printf("  people 人数 %lld   classes 班级 %lld   trained 培训人次 %lld   certified 取证 %lld\n",
           (long long)json_integer_value(json_object_get(totals, "people")),
           (long long)json_integer_value(json_object_get(totals, "classes")),
           (long long)json_integer_value(json_object_get(totals, "trained")),
           (long long)json_integer_value(json_object_get(totals, "certified")));
    printf("  %-30s %8s %18s\n", "Due 应发", "claims", "yuan");
    print_dues(json_object_get(totals, "due"));
    printf("  Refused 不予补贴\n");
    print_refusals(json_object_get(totals, "refused"));
    print_total(totals, "paid", "Paid 已发放");
    print_total(totals, "waiting", "Waiting for money 待资金到位");
    printf("  By fund 按资金来源\n");
    print_amounts(play, json_object_get(totals, "by_fund"), false);
    printf("  By division 按区县\n");
    print_amounts(play, json_object_get(totals, "by_division"), true);
    if (!print_inboxes(play))
        return false;
    if (c->rejections_count > 0)
        printf("  %u rows could not be used 不可用的行: see %s/rejected.csv\n", c->rejections_count,
               play->config->data);
    if (c->notes_count > 0)
        printf("  %u cells were put right or passed over 已更正或忽略\n", c->notes_count);
    return true;
}

int
report_print(struct play *play, bool json)
{
    json_t *totals = json_object();
    bool well = add_enrollment(play, totals) && add_certification(play, totals) && add_subsidy(play, totals) &&
                add_ledger(play, totals);

    json_object_set_new(totals, "rejected_rows", json_integer((json_int_t)play->campaign->rejections_count));
    if (well && !json)
        well = print_report(play, totals);
    if (well && json) {
        json_dumpf(totals, stdout, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
        printf("\n");
    }
    json_decref(totals);
    return well && fflush(stdout) == 0 ? 0 : 1;
}
